"""Why a row that was written down while the station was away is not entered."""

from scanstation.domain.codes import shorten, visible
from scanstation.domain.outcome import Reason
from scanstation.domain.plurals import counted
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.verdict import CodeKind, Verdict

_TEXTS = Texts(
    {
        "written-time": "{at} is no time. Write it as 09:20, or 2026-11-30 09:20.",
        "written-time/none": "No time is said. Fill in At, or say one for all rows.",
        "not-yet": "{at} is still to come: it is {now} now. Correct the time.",
        "too-early/order": "{number} was loaded {loaded}, later than {at}. Correct the time.",
        "too-early/unit": "{code}: its last event, {what}, was {last}, later than {at}. Correct the time, or the "
        "serial.",
        "unknown-sku/written": "{sku} is no product of {client}. Correct the SKU.",
        "not-a-sku/written": "{text} is a pack of {count}. Write its SKU, {sku}, and count units.",
        "serial-given": "Of {sku} no serial is asked here. Empty the cell, and write how many into Quantity.",
        "secondary-given/written": "Of {sku} one serial a unit is asked here. Empty one of the two cells.",
        "serials-wanted": "Of {sku} the {which} serial of each unit is asked. Write it, one unit a row.",
        "serials-wanted/count": "Of {sku} each unit has a row of its own with its serial. Leave Quantity empty.",
        "spoiled/written": "{code} {why}. Format the column as Text and write it again.",
        "unreadable-cell/written": "{value} {why}. {mend}",
        "card-given": "{code} is a card, and no serial. Correct it.",
        "written-before": "{code} of {at} by {operator} was entered on {number} before. Enter it once more?",
        "nothing-written": "Nothing is filled in below the header.",
        "many-rows": "The sheet has {count} rows filled in. Enter at most {most} at once: they hold up who scans.",
    }
)
_PARTS = Texts(
    {
        "yes-enters": "{question} --yes enters it.",
        "entered": "{units} of {number}, written down by {operator}, entered. {done}",
        "left-blank": "{rows} left blank.",
    }
)


def entered_text(units: int, number: str, operator: str, done: str) -> str:
    """How it ended; what became of the order follows."""
    told = counted(units, "unit", grouped=True)
    return _PARTS("entered", units=told, number=visible(number), operator=visible(operator), done=done)


def rows_left_blank(rows: int) -> str:
    """Rows that nobody filled in."""
    return _PARTS("left-blank", rows=counted(rows, "row"))


def no_time(at: str) -> Reason:
    """A cell or an option that says no time of day."""
    return _TEXTS.reason("written-time", at=shorten(at)) if at else _TEXTS.reason("written-time/none")


def not_yet(at: str, now: str) -> Reason:
    """A time that is still to come."""
    return _TEXTS.reason("not-yet", at=at, now=now)


def before_order(number: str, at: str, loaded: str) -> Reason:
    """A time before the order was there."""
    return _TEXTS.reason("too-early/order", number=visible(number), at=at, loaded=loaded)


def before_last_event(code: str, *, at: str, what: str, last: str) -> Reason:
    """A time before what last happened to the unit."""
    return _TEXTS.reason("too-early/unit", code=shorten(code), at=at, what=what, last=last)


def unknown_sku_written(sku: str, client: str) -> Reason:
    """A SKU that the order's client does not have."""
    return _TEXTS.reason("unknown-sku/written", sku=shorten(sku), client=visible(client))


def pack_written(text: str, sku: str, count: int) -> Reason:
    """A pack's barcode in place of a SKU."""
    return _TEXTS.reason("not-a-sku/written", text=shorten(text), sku=visible(sku), count=count)


def no_serial_asked(sku: str) -> Reason:
    """A serial of goods whose serials are not asked."""
    return _TEXTS.reason("serial-given", sku=visible(sku))


def one_serial_asked(sku: str) -> Reason:
    """Two serials where one is asked."""
    return _TEXTS.reason("secondary-given/written", sku=visible(sku))


def serial_not_written(sku: str, kind: CodeKind) -> Reason:
    """A serial is missing."""
    return _TEXTS.reason("serials-wanted", sku=visible(sku), which=kind.word)


def one_unit_a_row(sku: str) -> Reason:
    """A quantity beside a serial."""
    return _TEXTS.reason("serials-wanted/count", sku=visible(sku))


def spoiled_when_written(code: str, why: str) -> Reason:
    """A serial of which a program has made something else."""
    return _TEXTS.reason("spoiled/written", code=shorten(code), why=why)


def unreadable_when_written(value: str, why: str, mend: str) -> Reason:
    """A cell that cannot be taken."""
    return _TEXTS.reason("unreadable-cell/written", value=shorten(value), why=why, mend=mend)


def card_written(code: str) -> Reason:
    """A command barcode in place of a serial."""
    return _TEXTS.reason("card-given", code=shorten(code))


def yes_enters(question: str) -> str:
    """What a desk would ask, and nobody was there to answer."""
    return _PARTS("yes-enters", question=question)


def written_before(sku: str, number: str, at: str, operator: str) -> Verdict:
    """Goods without serials that were entered with the same time and person before."""
    return _TEXTS.ask("written-before", sku, at=at, operator=visible(operator), number=visible(number))


def nothing_written() -> Reason:
    """Rows without a serial or a quantity, or none."""
    return _TEXTS.reason("nothing-written")


def many_rows_written(count: int, most: int) -> Reason:
    """More than is entered in one act."""
    return _TEXTS.reason("many-rows", count=count, most=most)
