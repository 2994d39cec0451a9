"""How an act on a count, a transfer or a return ends."""

from collections.abc import Iterable, Mapping, Sequence

from scanstation.domain.codes import listed, visible
from scanstation.domain.counts import Result
from scanstation.domain.language import joined, word
from scanstation.domain.outcome import Done
from scanstation.domain.plurals import counted
from scanstation.domain.sentences.counts import counted_units
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.transfers import Missing

_DONE = Texts(
    {
        "count-begun": "{number}: {what}. Nothing is counted yet.",
        "count-begun/again": "{number}: second round over what {first} lacks. Nothing is counted yet.",
        "units-counted": "{number}: {units} are counted, {pieces} by now.",
        "units-counted/one": "{number}: {code} is counted, {pieces} by now.",
        "goods-counted": "{number}: {quantity} of {sku} counted, {pieces} by now.",
        "count-taken-back": "{number}: {what} is taken back, {pieces} by now.",
        "count-closed": "{number} is closed: {sums}.",
        "written-off": "{number}: {units} written off.",
        "found-again": "{code} is found again: Received in {warehouse}.",
        "transfer-begun": "{number}: {sending} to {to}. Nothing is sent yet.",
        "units-sent": "{number}: {units} are in transit to {to}.",
        "units-sent/one": "{number}: {code} is in transit to {to}.",
        "units-arrived": "{number}: {units} are Received in {to}.",
        "units-arrived/one": "{number}: {code} is Received in {to}.",
        "goods-sent": "{number}: {quantity} of {sku} in transit to {to}.",
        "goods-arrived": "{number}: {quantity} of {sku} arrived in {to}.",
        "goods-found": "{number}: {quantity} of {sku} are found again in {warehouse}.",
        "transfer-closed": "{number} is closed: all arrived.",
        "transfer-closed/lost": "{number} is closed: {pieces} lost.",
        "transfer-closed/back": "{number} is closed: {pieces} back where they were sent from.",
        "transfer-closed/later": "{number} is closed: {pieces} still on the way.",
        "return-closed": "Return {number} is closed: {units} came back.",
    }
)
_PARTS = Texts(
    {
        "left": "{units} found Shipped: on hold now.",
        "on-hold-as-lot": "It is on hold, as its lot is.",
        "on-hold-again": "It is on hold again, as it was.",
        "not-listed": "{units} not on its list, and sent out with it.",
        "stay-on-hold": "{units} on hold, and stay so.",
        "not-back": "{units} of its list did not.",
    }
)


# Counts


def count_scope(warehouse: str, client: str, skus: Sequence[str], *, is_partial: bool) -> str:
    """Of what a count is: `part of Main, Acme, LAP-1`."""
    parts = [visible(warehouse), *([visible(client)] if client else [])]
    parts += [listed([visible(one) for one in skus], 3)] if skus else []
    return word("part of {what}", what=joined(parts)) if is_partial else joined(parts)


def count_is_begun(number: str, what: str) -> Done:
    """A new one."""
    return _DONE.done("count-begun", number=number, what=what)


def count_begun_again(number: str, first: str) -> Done:
    """A second round."""
    return _DONE.done("count-begun/again", number=number, first=first)


def units_are_counted(number: str, codes: Sequence[str], pieces: int) -> Done:
    """Units are there."""
    by_now = counted_units(pieces)
    if len(codes) == 1:
        return _DONE.done("units-counted/one", number=number, code=visible(codes[0]), pieces=by_now)
    units = counted(len(codes), "unit", grouped=True)
    return _DONE.done("units-counted", number=number, units=units, pieces=by_now)


def goods_are_counted(number: str, sku: str, quantity: int, pieces: int) -> Done:
    """Goods are there that go by quantity."""
    by_now = counted_units(pieces)
    return _DONE.done("goods-counted", number=number, sku=visible(sku), quantity=quantity, pieces=by_now)


def so_many_of(quantity: int, sku: str) -> str:
    """Goods by quantity, within a sentence: `3 of CAM-300`."""
    return word("{quantity} of {sku}", quantity=quantity, sku=visible(sku))


def count_taken_back(number: str, what: str, pieces: int) -> Done:
    """The last scan is not counted."""
    return _DONE.done("count-taken-back", number=number, what=what, pieces=counted_units(pieces))


def count_is_closed(number: str, sums: str, notes: Iterable[str]) -> Done:
    """A count has ended; what it came to."""
    return _DONE.done("count-closed", notes, number=number, sums=sums)


def found_shipped(count: int) -> str:
    """A note: what had left by the books."""
    return _PARTS("left", units=counted(count, "unit", grouped=True))


def count_sums(counts: Mapping[Result, int]) -> str:
    """What a count came to: `8 found, 1 missing, 0 moved, 2 staged`."""
    return joined([word("{count} {result}", count=count, result=_result(one)) for one, count in counts.items()])


def _result(one: Result) -> str:
    words = {
        Result.COUNTED: word("counted"),
        Result.FOUND: word("found"),
        Result.MISSING: word("missing"),
        Result.MOVED: word("moved"),
        Result.CAME_SINCE: word("came since"),
        Result.STAGED: word("staged"),
        Result.LEFT: word("shipped"),
        Result.ELSEWHERE: word("other warehouse"),
        Result.IN_TRANSIT: word("in transit"),
        Result.IN_WORK: word("in work"),
        Result.DISPOSED: word("disposed of"),
        Result.UNKNOWN: word("unknown serial"),
    }
    return words[one]


def units_written_off(number: str, count: int, notes: Iterable[str]) -> Done:
    """What both rounds lacked is lost."""
    units = counted(count, "unit is", "units are", grouped=True)
    return _DONE.done("written-off", notes, number=number, units=units)


def unit_found_again(code: str, warehouse: str, *, is_on_hold: bool, as_its_lot: bool = False) -> Done:
    """A unit that was written off is there after all."""
    notes = [_PARTS("on-hold-again")] if is_on_hold else [_PARTS("on-hold-as-lot")] if as_its_lot else []
    return _DONE.done("found-again", notes, code=visible(code), warehouse=visible(warehouse))


# Transfers


def goods_found_again(number: str, sku: str, quantity: int, warehouse: str) -> Done:
    """Goods that were lost are there after all."""
    return _DONE.done("goods-found", number=number, quantity=quantity, sku=visible(sku), warehouse=visible(warehouse))


def transfer_is_begun(number: str, sending: str, to: str) -> Done:
    """A new one."""
    return _DONE.done("transfer-begun", number=number, sending=visible(sending), to=visible(to))


def units_are_sent(number: str, codes: Sequence[str], to: str, notes: Iterable[str]) -> Done:
    """Units are on their way."""
    if len(codes) == 1:
        return _DONE.done("units-sent/one", notes, number=number, code=visible(codes[0]), to=visible(to))
    units = counted(len(codes), "unit", grouped=True)
    return _DONE.done("units-sent", notes, number=number, units=units, to=visible(to))


def units_have_arrived(number: str, codes: Sequence[str], to: str, notes: Iterable[str]) -> Done:
    """Units are in the other warehouse."""
    if len(codes) == 1:
        return _DONE.done("units-arrived/one", notes, number=number, code=visible(codes[0]), to=visible(to))
    units = counted(len(codes), "unit", grouped=True)
    return _DONE.done("units-arrived", notes, number=number, units=units, to=visible(to))


def goods_are_sent(number: str, sku: str, quantity: int, to: str) -> Done:
    """Goods without serials are on their way."""
    return _DONE.done("goods-sent", number=number, sku=visible(sku), quantity=quantity, to=visible(to))


def goods_have_arrived(number: str, sku: str, quantity: int, to: str) -> Done:
    """Goods without serials are in the other warehouse."""
    return _DONE.done("goods-arrived", number=number, sku=visible(sku), quantity=quantity, to=visible(to))


def were_not_listed(count: int) -> str:
    """A note: units came that nobody had sent out."""
    return _PARTS("not-listed", units=counted(count, "unit was", "units were"))


def stay_on_hold(count: int) -> str:
    """A note: a transfer lifts no hold."""
    return _PARTS("stay-on-hold", units=counted(count, "unit is", "units are"))


def transfer_is_closed(number: str, count: int, missing: Missing | None) -> Done:
    """A transfer has ended, and what became of what had not arrived."""
    if not count or missing is None:
        return _DONE.done("transfer-closed", number=number)
    pieces = counted(count, "piece")
    if missing is Missing.LOST:
        return _DONE.done("transfer-closed/lost", number=number, pieces=pieces)
    how = "transfer-closed/back" if missing is Missing.BACK else "transfer-closed/later"
    return _DONE.done(how, number=number, pieces=pieces)


# Returns


def return_is_closed(number: str, count: int, missing: int) -> Done:
    """Nothing more is expected of a return."""
    notes = [_PARTS("not-back", units=counted(missing, "unit"))] if missing else []
    return _DONE.done("return-closed", notes, number=visible(number), units=counted(count, "unit"))
