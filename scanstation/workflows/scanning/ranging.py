"""A range of serials in a run (SS-RANGE): its first serial, its last or how many, a look at all of them, one yes."""

from dataclasses import dataclass, replace

from scanstation.domain import sentences as say
from scanstation.domain.codes import Code, code_key
from scanstation.domain.commands import MAX_QUANTITY, Act, Command
from scanstation.domain.language import worded
from scanstation.domain.lots import NO_LOT, LotFacts
from scanstation.domain.ranges import Range, Unfit, between, counted_from, in_runs, is_address, is_counting
from scanstation.domain.reading import Reading
from scanstation.domain.scan import Scan, Source
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import CodeKind, Prompt, Verdict
from scanstation.domain.work import OwedPiece
from scanstation.store import units
from scanstation.workflows.codes import label_serials, serial_pattern
from scanstation.workflows.scanning.act_context import ActContext, part_of
from scanstation.workflows.scanning.owed_code import OwedCode
from scanstation.workflows.scanning.serial_scan import SerialScan


@dataclass(frozen=True, slots=True)
class Ranging:
    """How far a range is. Nothing of it is in the store before it was seen and said yes to."""

    run: int | None
    """The product scan whose units it is for."""
    first: Code | None = None
    lot: LotFacts = NO_LOT
    """What the label of its first serial says of lot and dates."""
    collisions: tuple[str, ...] = ()
    """Why what was just scanned cannot be taken, a sentence each, where they are too many for one."""

    def is_for(self, owed: OwedPiece) -> bool:
        """Is it still the same run that owes?"""
        return self.run == owed.piece.entry_id

    def asked(self, prompt: Prompt) -> Prompt:
        """What the panel asks in place of one serial."""
        if self.first is None:
            return replace(prompt, end="first", hint=worded("of units in a row; Esc: one by one"))
        return replace(prompt, end="last", hint=worded("or how many, from {first} on", first=self.first.text))


Step = tuple[Ranging | None, Verdict]
"""How far it is after a scan, None where it is over; and the answer."""


def begin(act: ActContext, scan: Scan, owed: OwedPiece) -> Ranging | Verdict:
    """SS-RANGE while a serial is owed; or why there is no range of these."""
    product = act.line(owed.piece.line_id).product
    if act.site.policy_of(owed.piece.scenario).two_codes:
        return say.range_of_two_codes(scan.text, product.sku)
    pattern = label_serials.pattern_of(product, CodeKind.PRIMARY)
    if serial_pattern.has_check_digit(pattern):
        return say.range_with_check_digit(scan.text, product.sku)
    if pattern.lower() == "mac":
        return say.range_of_addresses(product.sku)
    if owed.run_left < 2:
        return say.range_of_one(scan.text)
    return Ranging(owed.piece.entry_id)


def take(act: ActContext, at: Ranging, scan: Scan, reading: Reading, owed: OwedPiece) -> Step:
    """One end of the range, or how many; a refusal leaves it where it is."""
    at = replace(at, collisions=())
    if at.first is not None and (count := _count(scan, at.first)) is not None:
        return as_many(act, at, scan, owed, count)
    label = SerialScan(act, scan, owed, reading)
    code = label.code()
    if isinstance(code, Verdict):
        return at, code
    alone = _refused_alone(act, owed, label, code) if at.first is None else None
    if refusal := alone or _cannot_count(act, owed, code):
        return at, refusal
    lot = act.label_lot(reading)
    if at.first is None:
        return replace(at, first=code, lot=lot), say.range_first(code.text)
    serial_range = between(at.first.text, code.text)
    if isinstance(serial_range, Unfit):
        return at, say.no_range(code.text, at.first.text, serial_range)
    if lot != at.lot:
        return at, say.range_of_other_lot(code.text, at.first.text)
    return _take_all(act, at, scan, owed, serial_range)


def commanded(act: ActContext, at: Ranging, scan: Scan, owed: OwedPiece, command: Command) -> Step:
    """A card while a range is begun: how many, or that it is dropped; others wait."""
    if command.act in (Act.CANCEL, Act.UNDO, Act.NO):
        return None, say.range_dropped(scan.text)
    if command.act is Act.QUANTITY and at.first is not None:
        return as_many(act, at, scan, owed, command.quantity or owed.run_left)
    return at, say.range_first_of_all(scan.text, wants_last=at.first is not None)


def as_many(act: ActContext, at: Ranging, scan: Scan, owed: OwedPiece, count: int) -> Step:
    """So many from the first one on."""
    assert at.first is not None
    if count == 1:
        return at, say.no_range(at.first.text, at.first.text, Unfit.SAME)
    found = counted_from(at.first.text, count)
    if isinstance(found, Unfit):
        return at, say.no_range(at.first.text, at.first.text, found, count)
    return _take_all(act, at, scan, owed, found)


def _count(scan: Scan, first: Code) -> int | None:
    """How many, where that was typed; what is as long as the first serial is the last one."""
    text = scan.text.strip(" ")
    is_number = (
        scan.source is Source.TYPED and text.isascii() and text.isdigit() and len(text) <= len(str(MAX_QUANTITY))
    )
    return (
        int(text) if is_number and int(text) and not (first.text.isdigit() and len(text) == len(first.text)) else None
    )


def _cannot_count(act: ActContext, owed: OwedPiece, code: Code) -> Verdict | None:
    """Why there is no next code to this one."""
    if is_address(code.text):
        return say.range_of_addresses(code.text)
    if serial_pattern.is_imei(code.text):
        return say.range_with_check_digit(code.text, act.line(owed.piece.line_id).product.sku)
    return None if is_counting(code.text) else say.range_without_number(code.text)


def _refused_alone(act: ActContext, owed: OwedPiece, label: SerialScan, code: Code) -> Verdict | None:
    """Why the first serial would be refused by itself, or asked about: it is said at once."""
    seen = act.seen_of_lists
    with act.trial() as take_back:
        verdict = label.take()
        take_back()
    act.seen_of_lists = seen
    if verdict.question:
        return say.range_cannot_begin(code.text, say.range_member_doubtful(code.text))
    is_known = bool(_owners(act, owed, code.text))
    if verdict.accepted and act.rules.kind is OrderKind.SHIPMENT and not is_known:
        return say.range_cannot_begin(code.text, say.range_member_not_received(code.text))
    if verdict.accepted and act.rules.kind is OrderKind.PURCHASE and is_known:
        return say.range_cannot_begin(code.text, say.range_comes_back(code.text))
    return None if verdict.accepted else verdict


def _owners(act: ActContext, owed: OwedPiece, text: str) -> list[int]:
    """The unit of the product that has a code, if one has."""
    product = act.line(owed.piece.line_id).product
    return [unit.id for unit in act.owners(code_key(text)) if unit.product_id == product.id]


def _take_all(act: ActContext, at: Ranging, scan: Scan, owed: OwedPiece, of: Range) -> Step:
    """Take all of a range once it was seen and said yes to; or none of it."""
    if of.count > owed.run_left:
        return at, say.range_beyond_run(scan.text, of, owed.run_left)
    if of.count > act.site.rules.range_max:
        return at, say.range_too_long(scan.text, of, act.site.rules.range_max)
    left, line_id, seen = owed.run_left, owed.piece.line_id, act.seen_of_lists
    product = act.line(line_id).product
    with act.trial() as take_back:
        bad, known, doubts = _try(act, scan, of, at.lot)
        answer = _refused(act, scan, of, bad, known)
        answer = answer or act.unless_yes(say.range_asked(scan.text, of, product.sku, left))
        if answer:
            take_back()
            act.seen_of_lists = seen  # none of it came
            is_long = len(in_runs([*bad])) > say.MOST_RUNS
            return replace(at, collisions=tuple(bad.values()) if is_long else ()), answer
    line, prompt = act.line(line_id), act.prompt
    taken = say.range_taken(
        scan.text,
        of,
        product.sku,
        done=line.done + line.in_work,
        ordered=line.wanted,
        prompt=prompt,
        order_full="" if prompt else act.if_full(),
    )
    return None, say.range_with_doubts(taken, doubts) if doubts else taken


def _try(act: ActContext, scan: Scan, of: Range, lot: LotFacts) -> tuple[dict[str, str], list[int], list[Verdict]]:
    """Take each code of a range in its turn.

    Returns why some cannot be taken, by code; the known units of the others; and the CHECKs of what was taken.
    """
    scanned = replace(scan, text=" to ".join((of.first, of.last)), source=Source.RANGE)
    bad: dict[str, str] = {}
    known: list[int] = []
    doubts: list[Verdict] = []
    for number, text in enumerate(of.codes(), 1):
        owed = act.owed
        assert owed is not None, "no more are taken than the run owes"
        part = scanned if number == 1 else part_of(scanned, number)
        owners = _owners(act, owed, text)
        if act.rules.kind is OrderKind.SHIPMENT and not owners:
            bad[text] = say.range_member_not_received(text)
            continue
        verdict = OwedCode(act, part, owed, act.prompt_of(owed), text, None, lot).take()
        if verdict.accepted and owners and act.rules.kind is OrderKind.PURCHASE:
            bad[text] = say.range_comes_back(text)
        elif verdict.accepted:
            known += owners
            doubts += [verdict] if verdict.booked else []
        else:
            bad[text] = say.range_member_doubtful(text) if verdict.question else verdict.text
    return bad, known, doubts


def _refused(act: ActContext, scan: Scan, of: Range, bad: dict[str, str], known: list[int]) -> Verdict | None:
    """Why none of a range is taken."""
    if bad:
        return say.range_collides(scan.text, of.count, len(bad), in_runs([*bad]), next(iter(bad.values())))
    if known and not _came_together(units.origins(act.tx, known)):
        return say.range_of_several_origins(scan.text, of)
    return None


def _came_together(origins: set[tuple[int | None, int | None, str | None]]) -> bool:
    """Did units come in on one order, by one import, or as one load of opening stock?"""
    orders, batches, _ = (set(one) for one in zip(*origins, strict=True))
    return (len(orders) == 1 and orders != {None}) or (len(batches) == 1 and batches != {None}) or len(origins) == 1
