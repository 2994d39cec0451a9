#!/usr/bin/env bash
# Makes the files in `fixtures/others/` with the programs that they are named after, from the project's folder:
#
#     tests/sheets/make_other_fixtures.sh
#
# Needs Debian's gnumeric, libspreadsheet-writeexcel-perl, r-base-core, libreoffice-calc and nodejs with npm. The committed
# files were made with Gnumeric 1.12.55, Spreadsheet::WriteExcel 2.40, R 4.2.2, LibreOffice 7.4.7 and SheetJS (npm's
# `xlsx`) 0.18.5. Made again they differ in their dates and in nothing that is read.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$here/fixtures/others
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

cat >"$work/sheetjs.js" <<'JS'
const X = require('xlsx');
const header = ['Warehouse', 'Client', 'PO Number', 'SKU', 'Primary Serial Number'];
const codes = ['000123', 'SN-0001', 'AB 12  CD', '1234567890123456', '3-4', 'SN-äß'];
const save = (rows, name, options) => {
  const book = X.utils.book_new();
  X.utils.book_append_sheet(book, X.utils.aoa_to_sheet(rows), 'Serials');
  X.writeFile(book, name, options);
};
const rows = [header, ...codes.map(code => ['W-EAST', 'NORDWIND', 'N-1', 'LAP', code])];
save(rows, 'sheetjs.ods');
save(rows, 'sheetjs.xlsb');
save(rows, 'sheetjs-sst.xlsb', { bookSST: true });
save(rows, 'sheetjs.fods');
save(rows, 'sheetjs-html.xls', { bookType: 'html' });
// Gaps, a number, a logical value and a date among the texts.
const mixed = [
  header,
  ['W-EAST', 'NORDWIND', 'N-1', 'LAP', 5],
  ['W-EAST', null, 'N-1', 'LAP', true],
  ['W-EAST', 'NORDWIND', null, 'LAP', 12345678.5],
  [null, null, null, null, 'SN-1'],
  [],
  ['W-EAST', 'NORDWIND', 'N-1', 'LAP', new Date(Date.UTC(2026, 0, 31))],
];
save(mixed, 'sheetjs-mixed.ods');
save(mixed, 'sheetjs-mixed.xlsb');
JS
(cd "$work" && npm install --silent xlsx@0.18.5 && node sheetjs.js && cp sheetjs* "$out" && rm "$out/sheetjs.js")

cat >"$work/writeexcel.pl" <<'PERL'
use utf8;
use Spreadsheet::WriteExcel;
my $book = Spreadsheet::WriteExcel->new($ARGV[0]);
my $sheet = $book->add_worksheet("Serials");
my @rows = (
    ["Warehouse", "Client", "PO Number", "SKU", "Primary Serial Number"],
    map { ["W-EAST", "NORDWIND", "N-1", "LAP", $_] } ("000123", "SN-0001", "AB 12  CD", "1234567890123456", "3-4", "SN-äß", "SN-漢字"),
);
for my $row (0 .. $#rows) { $sheet->write_string($row, $_, $rows[$row][$_]) for 0 .. 4; }
$sheet->write_string(0, 6, "Remarks"), $sheet->write_string($_, 6, "remark $_ " x 40) for 1 .. $ARGV[1];
$book->close;
PERL
perl "$work/writeexcel.pl" "$out/writeexcel.xls" 0
# Many texts, so that the workbook is no small stream any more.
perl "$work/writeexcel.pl" "$out/writeexcel-long.xls" 40

for name in good cells formulas; do
  ssconvert -T Gnumeric_OpenCalc:odf "$here/fixtures/$name.xlsx" "$out/gnumeric-$name.ods"
done

cat >"$work/tables.R" <<'R'
rows <- data.frame(Warehouse = "W-EAST", Client = "NORDWIND", `PO Number` = "N-1", SKU = "LAP",
                   `Primary Serial Number` = c("000123", "SN-0001", "SN-2"), check.names = FALSE)
write.table(rows, "r-table.csv", sep = ",")
write.table(rows, "r-table-blanks.txt")
write.table(rows[2:3, ], "r-table-some.csv", sep = ";")
write.table(rows, "r-table-bare.tsv", sep = "\t", quote = FALSE)
rownames(rows) <- c("alpha", "beta", "gamma")
write.table(rows, "r-table-named.csv", sep = ",")
R
(cd "$out" && Rscript "$work/tables.R")
