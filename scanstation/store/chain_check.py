"""Is what was done as it was sealed: which rows were changed, taken out or put in since, and by which link that shows.

A look from the first link to the last, or over the newest alone. Without the site's key it still sees what is missing
or too much, but not what was changed.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.engine import Connection

from scanstation.domain.codes import code_key, visible
from scanstation.domain.language import word, worded
from scanstation.domain.plurals import counted
from scanstation.site_key import SiteKey
from scanstation.store import tables as t
from scanstation.store.schema import StoreFinding
from scanstation.store.sealing import FORMS, STATION, UNIT, Link, SealedRows, Sealer, TableRows

_LINKS_AT_ONCE = 500
_LINKS_KEPT = 2_000
_ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link of a chain."""

    station: str
    number: int
    digest: str
    at: str


@dataclass(slots=True)
class _Expected:
    """The rows of one table that a link sealed, and how far the table was held against them."""

    rows: TableRows
    place: int = 0

    def skipped(self, row_id: int) -> Iterator[int]:
        """The places that are passed over on the way to a row: what is missing there."""
        while self.place < len(self.rows.ids) and self.rows.ids[self.place] < row_id:
            yield self.place
            self.place += 1

    @property
    def is_next(self) -> int | None:
        return self.rows.ids[self.place] if self.place < len(self.rows.ids) else None


@dataclass(slots=True)
class ChainCheck:
    """One look through the chains of a store, as it stands in one transaction."""

    tx: Connection
    key: SiteKey | None
    key_name: str = ""
    """Of the store's key, which this host may lack."""
    newest: int | None = None
    """So many of the newest links are looked at with their rows; None for all."""
    kept_heads: Iterable[Head] = ()
    """What was seen of the chains before: an end that was cut off leaves no other trace in a store with one chain."""
    links: dict[int, Link] = field(default_factory=dict)
    unproved: dict[str, int] = field(default_factory=dict)
    """Links that this host cannot prove: name of the key → how many; an empty name: sealed without a key."""
    _numbers: dict[tuple[str, int], Link] = field(default_factory=dict)
    _bad: set[int] = field(default_factory=set)
    _blobs: OrderedDict[int, bytes] = field(default_factory=OrderedDict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def findings(self) -> Iterator[StoreFinding]:
        """All that does not agree."""
        self._read_links()
        yield from self._gaps()
        yield from self._cut_ends()
        first = self._first_looked_at()
        yield from self._links(first)
        for table in {name: None for form in FORMS.values() for name in form}:
            yield from self._rows(table, first)

    def heads(self) -> list[Head]:
        """The newest link of each chain, after `findings`."""
        newest: dict[str, Link] = {}
        for (chain, number), link in self._numbers.items():
            if chain not in newest or newest[chain].number < number:
                newest[chain] = link
        return [Head(one.station, one.number, one.digest, one.at) for _, one in sorted(newest.items())]

    # Links

    def _read_links(self) -> None:
        seal = t.seal.c
        columns = (seal.id, seal.station, seal.number, seal.at, seal.form, seal.key_name, seal.beside_id, seal.digest)
        for row in self.tx.execute(select(*columns).order_by(seal.id)):
            link = Link(**row._mapping)
            self.links[link.id] = link
            self._numbers[code_key(link.station), link.number] = link

    def _gaps(self) -> Iterator[StoreFinding]:
        chains: dict[str, list[int]] = {}
        for chain, number in self._numbers:
            chains.setdefault(chain, []).append(number)
        for chain, numbers in sorted(chains.items()):
            for before, number in pairwise((0, *sorted(numbers))):
                if number == before + 1:
                    continue
                after = self._numbers[chain, number]
                yield StoreFinding(
                    "link-missing",
                    worded(
                        "Link {last} of the chain of {station} is missing: the store no longer knows what was done "
                        "before {at}."
                        if number == before + 2
                        else "Links {first} to {last} of the chain of {station} are missing: the store no longer knows "
                        "what was done before {at}.",
                        first=before + 1,
                        last=number - 1,
                        station=_chain(after),
                        at=_time(after.at),
                    ),
                )

    def _cut_ends(self) -> Iterator[StoreFinding]:
        for head in self.kept_heads:
            link = self._numbers.get((code_key(head.station), head.number))
            if link is None or link.digest != head.digest:
                yield StoreFinding(
                    "head",
                    worded(
                        "Link {number} of the chain of {station} is another than the one that this host saw ({at}): "
                        "the end of the chain was cut off, or an older copy of the store put back."
                        if link
                        else "Link {number} of the chain of {station}, which this host saw ({at}), is missing: the end "
                        "of the chain was cut off, or an older copy of the store put back.",
                        number=head.number,
                        station=_named(head.station),
                        at=_time(head.at),
                    ),
                )

    def _first_looked_at(self) -> int:
        if self.newest is None or len(self.links) <= self.newest:
            return 0
        return sorted(self.links)[-self.newest]

    def _links(self, first: int) -> Iterator[StoreFinding]:
        sealers = {"": Sealer(None)} | ({self.key.name: Sealer(self.key)} if self.key else {})
        for link_id, kept in self._all_blobs(first):
            link = self.links[link_id]
            if not link.key_name or link.key_name not in sealers:
                self.unproved[link.key_name] = self.unproved.get(link.key_name, 0) + 1
            try:
                rows = SealedRows.unpacked(kept, len(FORMS[link.form]))
            except (ValueError, KeyError):
                self._bad.add(link_id)
                yield StoreFinding(
                    "link-changed", worded("{link} was changed: what it sealed cannot be read.", link=_link(link))
                )
                continue
            for table, sealed_rows in zip(FORMS[link.form], rows.tables, strict=True):
                if sealed_rows.ids:
                    self._counts.setdefault(table, {})[link_id] = len(sealed_rows.ids)
            before = self._numbers.get((code_key(link.station), link.number - 1))
            beside = self.links.get(link.beside_id) if link.beside_id else None
            if link.beside_id and beside is None:
                yield StoreFinding(
                    "link-missing",
                    worded(
                        "A link that was the newest when {station} recorded something ({at}) is missing: what was done "
                        "with it is no longer in the store.",
                        station=_chain(link),
                        at=_time(link.at),
                    ),
                )
            elif (link.number == 1 or before) and (sealer := sealers.get(link.key_name)) is not None:
                seen = (before.digest if before else "", beside.digest if beside else "")
                if sealer.digest(link, *seen, kept) != link.digest:
                    yield StoreFinding(
                        "link-changed", worded("{link} was changed, or one that it follows.", link=_link(link))
                    )

    def _all_blobs(self, first: int) -> Iterator[tuple[int, bytes]]:
        ids = [link_id for link_id in self.links if link_id >= first]
        for link_id in ids:
            yield link_id, self._blob(link_id)

    def _blob(self, link_id: int) -> bytes:
        if link_id not in self._blobs:
            query = select(t.seal.c.id, t.seal.c.rows).where(t.seal.c.id >= link_id).order_by(t.seal.c.id)
            for row in self.tx.execute(query.limit(_LINKS_AT_ONCE)):
                self._blobs[row.id] = row.rows
            while len(self._blobs) > _LINKS_KEPT:
                self._blobs.popitem(last=False)
        return self._blobs[link_id]

    # Rows

    def _rows(self, table: str, first: int) -> Iterator[StoreFinding]:
        names = [*{name: None for form in FORMS.values() for name in form.get(table, ())}]
        columns = t.metadata.tables[table].c
        query = select(*(columns[name] for name in names)).order_by(columns.id)
        counts = self._counts.get(table, {})
        if first:
            ids = [self._expected(table, link_id).rows.ids[0] for link_id in counts]
            query = query.where(columns.id >= min(ids, default=0) if ids else columns.seal_id >= first)
        pick = {
            number: itemgetter(*(names.index(name) for name in form[table]))
            for number, form in FORMS.items()
            if table in form
        }
        sealers = {"": Sealer(None)} | ({self.key.name: Sealer(self.key)} if self.key else {})
        own = self._numbers.get(("", 1))
        open_links: dict[int, _Expected] = {}
        done: set[int] = set()
        for row in self.tx.execution_options(yield_per=_ROWS_AT_ONCE).execute(query):
            link = own if row[1] is None else self.links.get(row[1])
            if first and (row[1] is None or row[1] < first):
                continue
            if link is None or link.id in done:
                yield self._inserted(table, row)
                continue
            if link.id in self._bad:
                continue
            expected = open_links.get(link.id)
            if expected is None:
                expected = open_links[link.id] = self._expected(table, link.id)
            for place in expected.skipped(row[0]):
                yield self._missing(table, link, expected.rows, place)
            if expected.is_next != row[0]:
                yield self._inserted(table, row)
                continue
            sealer = sealers.get(link.key_name)
            if sealer is not None and sealer.mac(pick[link.form](row)) != expected.rows.mac(expected.place):
                yield self._changed(table, link, row)
            expected.place += 1
            if expected.is_next is None:
                counts.pop(link.id, None)
                del open_links[link.id]
                done.add(link.id)
        for link_id in counts:
            expected = open_links.get(link_id) or self._expected(table, link_id)
            for place in range(expected.place, len(expected.rows.ids)):
                yield self._missing(table, self.links[link_id], expected.rows, place)

    def _expected(self, table: str, link_id: int) -> _Expected:
        form = FORMS[self.links[link_id].form]
        if table not in form:
            return _Expected(TableRows())
        return _Expected(SealedRows.unpacked(self._blob(link_id), len(form)).tables[[*form].index(table)])

    # Sentences

    def _changed(self, table: str, link: Link, row: Row[Any]) -> StoreFinding:
        what = self._row(table, row[0], row[UNIT], row)
        return StoreFinding(
            "event-changed",
            worded(
                "{what}, recorded {at} at {station}, was changed.", what=what, at=_time(link.at), station=_chain(link)
            ),
        )

    def _missing(self, table: str, link: Link, rows: TableRows, place: int) -> StoreFinding:
        what = self._row(table, rows.ids[place], rows.unit_ids[place] if rows.unit_ids else None, None)
        return StoreFinding(
            "event-missing",
            worded(
                "{what}, recorded {at} at {station}, is missing.", what=what, at=_time(link.at), station=_chain(link)
            ),
        )

    def _inserted(self, table: str, row: Row[Any]) -> StoreFinding:
        what = self._row(table, row[0], row[UNIT], row)
        return StoreFinding(
            "event-inserted",
            worded(
                "{what}, of {at} at {station}, was put in by another hand: no link seals it.",
                what=what,
                at=_time(row.at),
                station=_named(row[STATION]),
            ),
        )

    def _row(self, table: str, row_id: int, unit_id: int | None, row: Row[Any] | None) -> str:
        if table == "unit_event":
            code = self._code(unit_id)
            named = visible(code) if code else word("unit {number}", number=unit_id)
            return (
                word("The event of {named}", named=named)
                if row is None
                else word("The event “{what}” of {named}", what=visible(row.what), named=named)
            )
        if table == "import_batch":
            return word("The import with number {row_id}", row_id=row_id)
        if row is None:
            return word("The act with number {number} in {table}", number=row_id, table=table)
        act = visible(row.what if table == "product_act" else row.act)
        return word("The act “{act}” with number {number} in {table}", act=act, number=row_id, table=table)

    def _code(self, unit_id: int | None) -> str | None:
        code = t.unit_code.c
        query = select(code.text).where(code.unit_id == unit_id).order_by(code.live.desc(), code.kind, code.id.desc())
        return self.tx.execute(query.limit(1)).scalar()

    def notes(self) -> list[str]:
        """What could not be proved, after `findings`."""
        notes = []
        if not self.key_name:
            notes.append(
                worded(
                    "This store has no key: what is done in it is sealed by nothing that another hand could not make."
                )
            )
        elif self.key is None:
            notes.append(
                worded(
                    "This host lacks the site's key {name}: it can prove nothing of what was done, and what it "
                    "seals itself proves nothing. Bring the key with `scanstation operators key import FILE`.",
                    name=self.key_name,
                )
            )
        for name, count in sorted(self.unproved.items()):
            if name and name != self.key_name:
                notes.append(
                    worded(
                        "{count} cannot be proved: sealed by another key, {name}.",
                        count=counted(count, "link"),
                        name=visible(name),
                    )
                )
            elif not name and self.key_name:
                notes.append(
                    worded(
                        "{count} of hosts without the site's key: what they seal is proved only by a later link with "
                        "the key at that station.",
                        count=counted(count, "link"),
                    )
                )
        return notes


def _named(station: str) -> str:
    return visible(station) if station else word("the store itself")


def _chain(link: Link) -> str:
    return _named(link.station)


def _link(link: Link) -> str:
    return word(
        "Link {number} of the chain of {station} ({at})", number=link.number, station=_chain(link), at=_time(link.at)
    )


def _time(at: str) -> str:
    return f"{at[:10]} {at[11:19]} UTC"
