"""What is wrong with a label, or what it is in place of a product's or a unit's: parts that follow the code."""

from collections.abc import Sequence

from scanstation.domain.codes import shorten
from scanstation.domain.language import joined, word
from scanstation.domain.sentences.texts import Texts

_PARTS = Texts(
    {
        # What to do about it; it follows a fault's first sentence
        "again": "Scan it again, or check how the scanner is set up",
        "scanner": "Check how the scanner is set up",
        "alone": "Scan the barcode that carries the serial alone",
        # Faults
        "no-field": "is no whole GS1 code: no field begins with “{text}”. {way}",
        "empty-field": "is cut short: nothing follows its field {field}. {way}",
        "short-field": "is cut short: its field {field} has {count} of {most} characters. {way}",
        "long-field": "has {count} characters in its field {field}, which takes {most}: "
        "the scanner seems to leave out the group separators. {way}",
        "misfit": "is no whole GS1 code: “{text}” cannot be in its field {field}. {way}",
        "strange": "is no whole GS1 code: “{text}” cannot be in one. {way}",
        "beside-separator": "has a group separator beside “{text}”, which is no field of GS1: the scanner adds it. "
        "{way}",
        "no-head": "has fields of an ISO 15434 label ({names}) without its head “{head}”: it is cut short, "
        "or printed so. {way}",
        "several": "is no single code: a group separator stands between “{first}” and “{second}”. {way}",
        "no-separators": "has lost the separators between its fields. {way}",
        "no-separator": "has lost the separator in front of its field {field}. {way}",
        "bare-head": "is cut short: nothing follows its head “{head}”. {way}",
        "damaged-head": "is a damaged label of ISO 15434: “{text}” stands behind its head “{head}” "
        "in place of a separator and a format. {way}",
        "escape": "is a damaged label: “{text}” is no escape that {aim} sends. {way}",
        "cut-link": "is cut short: nothing follows “/{text}”. {way}",
        "no-link": "is no whole GS1 link: its path “{text}” does not fit. {way}",
        "two": "carries two {what}, {one} and {other}. Scan the label of one unit",
        "check-digit": "has a wrong check digit: product number {digits} should end in {expected}. "
        "Scan it again, or have the label looked at",
        "other-letters": "is a command barcode in other letters: Caps Lock seems to be on",
        "no-quantity": "is no quantity: a product scan takes 1 to {most}",
        # What a label without a product and a serial is, to follow 'is'
        "package": "the label of a package, without a product or a serial",
        "of-form": "a label of {form} without a product or a serial",
        "foreign": "{what} (ISO 15434, format {form}): no product or serial is read from it",
        "carrier": "a carrier's label (MaxiCode): no product or serial is read from it",
        # What was left aside
        "unread-field": "its field ({field}) cannot be read and was left aside",
        "unread-count": "its count “{text}” is no whole number and was left aside",
        # Barcodes as people write them
        "read-as": "{code} was read as {read_as}, {why}",
        "read-as-one": "{code} was read as one barcode; several are written with ; between them",
        "read-as-many": "{text} was read as {count} barcodes, {barcodes}",
        "lost-zero": "the UPC-A whose first zero was lost",
        "its-product": "its product number",
        "behind-mark": "what stands behind the mark of the scanner",
        "without-blanks": "without the blanks",
        "without-hyphens": "without the hyphens",
        "without-product": "is a label without a product",
        "something-else": "is read as something else",
        # Patterns
        "pattern-long": "is too long: {most} characters at most",
        "pattern-digits": "does not say how many digits: write luhn:15, with 2 to {most} digits",
        "pattern-none": "is not a regular expression that can be used here: {why}",
    }
)


def _again() -> str:
    return _PARTS("again")


def _scanner() -> str:
    return _PARTS("scanner")


def _alone() -> str:
    return _PARTS("alone")


def begins_no_field(text: str) -> str:
    """Where a field should begin, none does."""
    return _PARTS("no-field", text=shorten(text), way=_again())


def field_is_empty(field: str) -> str:
    """An identifier is the last of a label."""
    return _PARTS("empty-field", field=field, way=_again())


def field_is_short(field: str, count: int, most: int) -> str:
    """A field of fixed length that is not whole."""
    return _PARTS("short-field", field=field, count=count, most=most, way=_again())


def field_is_long(field: str, count: int, most: int) -> str:
    """Two fields run together."""
    return _PARTS("long-field", field=field, count=count, most=most, way=_scanner())


def value_misfits(field: str, text: str) -> str:
    """A value that its field cannot have."""
    return _PARTS("misfit", field=field, text=shorten(text), way=_again())


def strange_character(text: str) -> str:
    """A character that GS1 does not have."""
    return _PARTS("strange", text=shorten(text), way=_again())


def added_separator(text: str) -> str:
    """A separator beside a text that is no field."""
    return _PARTS("beside-separator", text=shorten(text, 20), way=_scanner())


def without_head(names: Sequence[str], head: str) -> str:
    """Fields of ISO 15434 without the head of its envelope."""
    return _PARTS("no-head", names=joined(names), head=head, way=_alone())


def several_codes(first: str, second: str) -> str:
    """Two codes with a separator between them."""
    return _PARTS("several", first=shorten(first, 20), second=shorten(second, 20), way=_alone())


def separators_lost() -> str:
    """An envelope whose fields run together."""
    return _PARTS("no-separators", way=_scanner())


def separator_lost(field: str) -> str:
    """A serial that ends in a whole field."""
    return _PARTS("no-separator", field=field, way=_scanner())


def bare_head(head: str) -> str:
    """The head of an envelope, and nothing more."""
    return _PARTS("bare-head", head=head, way=_again())


def damaged_head(text: str, head: str) -> str:
    """The head of an envelope before something that is no format."""
    return _PARTS("damaged-head", text=shorten(text), head=head, way=_scanner())


def no_escape(text: str, aim: str) -> str:
    """An escape that the kind of barcode does not have."""
    return _PARTS("escape", text=shorten(text, 12), aim=aim, way=_again())


def link_is_short(text: str) -> str:
    """A link that ends in a name."""
    return _PARTS("cut-link", text=shorten(text), way=_again())


def link_misfits(text: str) -> str:
    """A link whose path is not one of GS1's."""
    return _PARTS("no-link", text=shorten(text), way=_again())


def carries_two(what: str, one: str, other: str) -> str:
    """A label of more than one unit; `what` is a word of the catalog."""
    return _PARTS("two", what=word(what), one=shorten(one), other=shorten(other))


def product_check_digit(digits: str, expected: str) -> str:
    """A product number that was read or printed wrong."""
    return _PARTS("check-digit", digits=digits, expected=expected)


def command_in_other_letters() -> str:
    """A card that Caps Lock has changed."""
    return _PARTS("other-letters")


def quantity_out_of_range(most: int) -> str:
    """A quantity card with too large a number."""
    return _PARTS("no-quantity", most=most)


def package_alone() -> str:
    """The label of a package that says nothing of what is in it."""
    return _PARTS("package")


def label_of_form(form: str) -> str:
    """A label in fields, none of which the station uses."""
    return _PARTS("of-form", form=form)


def foreign_label(what: str, form: str) -> str:
    """A label in a format that is not read; `what` is a word of the catalog."""
    return _PARTS("foreign", what=word(what), form=shorten(form))


def carriers_label() -> str:
    """A parcel service's barcode."""
    return _PARTS("carrier")


def unread_field(field: str) -> str:
    """A date or lot that is none."""
    return _PARTS("unread-field", field=field)


def unread_count(text: str) -> str:
    """A count that is none."""
    return _PARTS("unread-count", text=shorten(text))


def read_as_another(code: str, read_as: str, why: str) -> str:
    """What a written barcode was taken for."""
    return _PARTS("read-as", code=shorten(code), read_as=shorten(read_as), why=why)


def read_as_one(code: str) -> str:
    """What may have been meant as a list."""
    return _PARTS("read-as-one", code=shorten(code))


def read_as_many(text: str, barcodes: Sequence[str]) -> str:
    """What was taken for a list."""
    return _PARTS("read-as-many", text=shorten(text), count=len(barcodes), barcodes=joined([*map(shorten, barcodes)]))


def with_lost_zero() -> str:
    """Why a barcode is read with a zero before it."""
    return _PARTS("lost-zero")


def its_product_number() -> str:
    """Why a label is read as a number."""
    return _PARTS("its-product")


def behind_scanners_mark() -> str:
    """Why a code is read without its beginning."""
    return _PARTS("behind-mark")


def without_blanks(*, hyphens: bool) -> str:
    """Why digits are read together."""
    return _PARTS("without-hyphens" if hyphens else "without-blanks")


def label_without_product() -> str:
    """Why no scan finds a product by it."""
    return _PARTS("without-product")


def read_as_something_else() -> str:
    """The same, of a code that is read in another way each time."""
    return _PARTS("something-else")


def pattern_is_long(most: int) -> str:
    """A pattern that nobody reads."""
    return _PARTS("pattern-long", most=most)


def pattern_lacks_digits(most: int) -> str:
    """`luhn:` without a number."""
    return _PARTS("pattern-digits", most=most)


def pattern_is_none(why: str) -> str:
    """A pattern that RE2 cannot read; `why` is its own words."""
    return _PARTS("pattern-none", why=why)
