"""A new code at a desk, held against suppliers' lists (RULES 2.26); nothing is read of products without any."""

from dataclasses import dataclass

from scanstation.domain import sentences as say
from scanstation.domain.codes import Code, code_key
from scanstation.domain.expected import MANY_IN_A_ROW, SILENT, ExpectedSerial, OnList, Standing, held_against
from scanstation.domain.lots import NO_LOT, LotFacts
from scanstation.domain.products import Product
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import CodeKind, Verdict
from scanstation.domain.work import OncePerWork
from scanstation.store import expected, works
from scanstation.workflows.codes import label_serials
from scanstation.workflows.scanning.act_context import ActContext


@dataclass(frozen=True, slots=True)
class Announcement:
    """What the lists say of a code that is taken."""

    words: str = ""
    """How its answer goes on."""
    lot: LotFacts = NO_LOT
    to_look_at: bool = False
    """Is it taken as a CHECK?"""
    code: Code | None = None
    """As the list spells it, where that is the same code otherwise."""


NOT_ANNOUNCED = Announcement()


class AgainstLists:
    """A new code of a product: at receiving against the order's own lists, at packing against all of its warehouse."""

    def __init__(self, act: ActContext, product: Product, code: Code, kind: CodeKind, other: str | None) -> None:
        self._act, self._product, self._code, self._kind = act, product, code, kind
        self._listed = label_serials.without_separators(product, code)
        """The code as a list has it."""
        self._other = other
        """The unit's other code, where that is in already."""
        self._at_receiving = act.rules.kind is OrderKind.PURCHASE

    def judge(self) -> Announcement | Verdict:
        """What the lists say of it; or why it is not taken, or what has to be asked first."""
        if not self._product.is_listed:
            return NOT_ANNOUNCED
        act, kind, key = self._act, self._kind, self._listed.key
        other = Code(self._other, code_key(self._other)) if self._other else None
        other_key = label_serials.without_separators(self._product, other).key if other else None
        rows = expected.of_codes(act.tx, self._product.id, act.order.warehouse_id, key, other_key)
        own = [row for row in rows if row.order_id == act.order.id] if self._at_receiving else rows
        on_list = held_against(key, kind, other_key, own)
        if on_list.standing is Standing.UNLISTED and not self._has_list():
            on_list = SILENT
        return self._answer(on_list, [row for row in rows if row not in own and row.key(kind) == key])

    def _has_list(self) -> bool:
        act, product_id = self._act, self._product.id
        if self._at_receiving:
            return expected.has_list(act.tx, product_id, order_id=act.order.id)
        return expected.has_any_list(act.tx, product_id, warehouse_id=act.order.warehouse_id)

    def _answer(self, on_list: OnList, elsewhere: list[ExpectedSerial]) -> Announcement | Verdict:
        act, code, row = self._act, self._code, on_list.row
        if on_list.standing is Standing.EXPECTED and row:
            act.unlisted = ()
            spelt = self._listed if self._listed.key != code.key else None
            return Announcement(say.is_expected(), row.lot if self._kind is CodeKind.PRIMARY else NO_LOT, code=spelt)
        if on_list.standing is Standing.OTHERWISE and row:
            asked = say.listed_otherwise(code.text, self._listed.key, self._kind, self._other, row)
            return act.unless_yes(asked) or NOT_ANNOUNCED
        if on_list.standing is Standing.UNLISTED:
            return self._unlisted(elsewhere[0].number if elsewhere else "")
        return NOT_ANNOUNCED

    def _unlisted(self, on_list_of: str) -> Announcement | Verdict:
        act, code, sku, number = self._act, self._code, self._product.sku, self._act.order.number
        how, before = act.site.rules.unlisted, works.said(act.tx, act.work.id, OncePerWork.WRONG_LIST)
        is_wrong = bool(before)
        if not is_wrong and code.key not in act.unlisted:
            act.unlisted = (*act.unlisted, code.key)
        in_a_row = len(act.unlisted)
        are_many = in_a_row >= MANY_IN_A_ROW
        if how == "refuse":
            return say.unlisted_refused(code.text, sku, number, act.rules.kind, on_list_of, in_a_row if are_many else 0)
        if are_many and not is_wrong:
            asked = say.wrong_list(code.text, sku, number, act.rules.kind, in_a_row)
            answer = act.answers.to(asked)
            if answer is not None:
                works.keep_said(act.tx, act.work.id, OncePerWork.WRONG_LIST, yes=answer)
                is_wrong = answer
            elif before is None and act.work.id not in act.remembered.wrong_lists:  # once for the work
                act.remembered.wrong_lists.add(act.work.id)
                return asked
        asked = say.unlisted(code.text, sku, number, act.rules.kind, on_list_of)
        if how == "confirm" and not is_wrong and (question := act.unless_yes(asked)):
            return question
        return Announcement(say.is_not_listed(), to_look_at=how == "take" and not is_wrong)
