"""A scan while a code is owed: which code of its label answers the prompt, and the other one too if it has both."""

from dataclasses import replace

from scanstation.domain import sentences as say
from scanstation.domain.codes import Code
from scanstation.domain.not_serials import Kind, NoSerial
from scanstation.domain.owed_codes import code_on, label_of_other_product, other_code_differs
from scanstation.domain.reading import Reading
from scanstation.domain.scan import Scan
from scanstation.domain.tracking import Asks
from scanstation.domain.verdict import CodeKind, Prompt, Verdict
from scanstation.domain.work import OwedPiece
from scanstation.workflows.codes import label_serials, lookup
from scanstation.workflows.scanning.act_context import ActContext, part_of
from scanstation.workflows.scanning.owed_code import OwedCode
from scanstation.workflows.scanning.product_codes import ProductCodes


class SerialScan:
    """A label that is to answer the prompt of a piece."""

    def __init__(self, act: ActContext, scan: Scan, owed: OwedPiece, reading: Reading) -> None:
        self._act, self._scan, self._owed = act, scan, owed
        self._product = act.line(owed.piece.line_id).product
        self._codes = ProductCodes(act, self._product)
        is_known = not (reading.is_plain and reading.gtin is None) and self._codes.is_known(reading.text)
        if is_known:
            reading = Reading(reading.text)  # a unit was given it whole, before it was read as a label
        elif label_serials.takes_out(self._product) and not self._codes.is_known(reading.text):
            reading = label_serials.with_parts(self._product, reading)
        self._reading = reading

    def take(self) -> Verdict:
        """Take the code that is owed, and the other one too if the label carries both: all of it, or nothing."""
        act, owed, reading, scan = self._act, self._owed, self._reading, self._scan
        prompt = act.prompt_of(owed)
        if refusal := self._other_product(prompt) or self._other_unit(prompt):
            return refusal
        is_code = reading.is_plain and not (reading.serial or reading.secondary)
        text = reading.text if is_code else code_on(reading, prompt)
        if not is_code:
            scan = replace(scan, second_of_two=False)  # the label itself says which serial it carries
        is_first = prompt.kind is CodeKind.PRIMARY and owed.piece.unit_id is None
        if text is None and is_first and reading.secondary and act.asks_of(owed.piece) is Asks.BOTH:
            # The label tells which of the two it is, so it may come first.
            text, prompt = reading.secondary, replace(prompt, kind=CodeKind.SECONDARY)
        if reading.is_plain:
            text = text and reading.text  # out of which the patterns take it again
        if text is None and reading.is_sscc:
            return say.not_a_serial(scan.text, NoSerial(Kind.SSCC), prompt)
        if text is None:
            return say.no_such_serial(scan.text, prompt, reading.note)
        lot = act.label_lot(reading)
        first = OwedCode(act, scan, owed, prompt, text, reading.doubt, lot)
        other = reading.secondary if prompt.kind is CodeKind.PRIMARY else None
        if other is None and not reading.says_how_many:
            return first.take()
        with act.trial() as take_back:
            verdict = first.take()
            more = act.owed
            if other is not None and verdict.accepted and more and more.piece.id == owed.piece.id:
                second = text if reading.is_plain else other
                verdict = OwedCode(act, part_of(scan, 3), more, act.prompt_of(more), second, None, lot).take()
            if verdict.accepted:
                verdict = act.one_unit(scan, reading) or verdict
            if not verdict.accepted:
                take_back()
        return verdict

    def code(self) -> Code | Verdict:
        """The code alone that answers the prompt, taken by nobody yet; or why the label has none."""
        prompt = self._act.prompt_of(self._owed)
        if refusal := self._other_product(prompt) or self._other_unit(prompt):
            return refusal
        reading = self._reading
        is_code = reading.is_plain and not (reading.serial or reading.secondary)
        text = reading.text if is_code or reading.is_plain else code_on(reading, prompt)
        if text is None:
            return say.no_such_serial(self._scan.text, prompt, reading.note)
        code = self._codes.read([prompt.kind], text)
        return code if isinstance(code, Code) else say.bad_code(code)

    def _other_product(self, prompt: Prompt) -> Verdict | None:
        """Why a label that names a product cannot answer this product's prompt."""
        if self._reading.is_plain and self._reading.gtin is None:
            return None
        named = lookup.named_products(self._act.tx, self._act.order.client_id, self._reading)
        return label_of_other_product(self._scan.text, self._product, prompt, self._reading, named)

    def _other_unit(self, prompt: Prompt) -> Verdict | None:
        """Why a label with two serials cannot answer a prompt: it is of another unit, or of two."""
        serial, secondary = self._reading.serial, self._reading.secondary
        if not (serial and secondary):
            return None
        if prompt.known:
            other = secondary if prompt.kind is CodeKind.PRIMARY else serial
            return other_code_differs(prompt, other, self._codes.read([prompt.kind.other], other))
        if prompt.either:
            both = [self._codes.read([*CodeKind], text) for text in (serial, secondary)]
            owners = [self._codes.owner(code.key) for code in both if isinstance(code, Code)]
            if len({unit.id for unit in owners if unit}) > 1:
                return say.label_of_two_units(serial, secondary)
        return None
