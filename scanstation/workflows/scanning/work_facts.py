"""What is read of one work and its order in one transaction, each once; what a desk has at hand is not read again."""

from dataclasses import replace

from scanstation.domain.order_lines import OrderLines
from scanstation.domain.orders import Order, OrderLine
from scanstation.domain.owed_codes import prompt_for
from scanstation.domain.products import Product
from scanstation.domain.status import OrderKind
from scanstation.domain.tracking import Asks, TrackingPolicy
from scanstation.domain.verdict import Prompt
from scanstation.domain.work import OwedPiece, Piece, Shares, Standing
from scanstation.domain.work_rules import WORK_RULES
from scanstation.store import orders, works
from scanstation.store.store import Transaction
from scanstation.workflows.site import Site


class WorkFacts:
    """Open work and its order as they stand; they may not outlive their transaction."""

    def __init__(
        self, site: Site, tx: Transaction, order: Order, work_id: int, at_hand: OrderLines | None = None
    ) -> None:
        self.site, self.tx, self.order, self.work_id = site, tx, order, work_id
        self.rules = WORK_RULES[order.kind]
        self._at_hand = at_hand
        """This order's lines as they were kept from another transaction."""
        self._lines: OrderLines | None = None
        self._owed: list[OwedPiece | None] = []
        """The piece that owes a code, or None for none; empty until it is read."""
        self._standing: Standing | None = None

    @property
    def lines(self) -> OrderLines:
        """The order's lines as they stand now."""
        if self._lines is None:
            kept, changes = self._at_hand, self.order.changes
            if kept is None or kept.changes < self.order.relined:
                self._lines = self._all_lines(changes)
            else:
                self._lines = kept if kept.changes == changes else self._brought_up(kept, changes)
        return self._lines

    def _all_lines(self, changes: int) -> OrderLines:
        return OrderLines(orders.lines(self.tx, self.order.id), changes)

    def _brought_up(self, lines: OrderLines, changes: int) -> OrderLines:
        """The lines with all that has changed since they were read, by this act or by another station."""
        news = orders.lines_changed(self.tx, self.order.id, lines.changes)
        if news is None:
            return lines.with_changed((), changes)
        if news.relined > lines.changes:
            return self._all_lines(news.changes)
        return lines.with_changed(news.lines, news.changes)

    def line(self, line_id: int) -> OrderLine:
        """One of them."""
        return self.lines.of_id(line_id)

    @property
    def standing(self) -> Standing:
        """How this work stands among the others on the order."""
        if self._standing is None:
            lines, kept = self.lines, self.lines.shares
            # The order is locked, or stands still in a look: what others have is as it was then, or as this act began.
            if kept and (kept.work_id != self.work_id or kept.changes not in (self.order.changes, lines.changes)):
                kept = None
            self._standing = works.standing(self.tx, self.order.id, self.work_id, kept.others if kept else None)
            lines.shares = Shares(work_id=self.work_id, changes=lines.changes, others=self._standing.others)
        return self._standing

    @property
    def owed(self) -> OwedPiece | None:
        """The piece of this work that owes a code."""
        if not self._owed:
            self._owed = [works.owed(self.tx, self.work_id)]
        return self._owed[0]

    @property
    def prompt(self) -> Prompt | None:
        """The code that is owed now."""
        return self.prompt_of(self.owed) if self.owed else None

    def prompt_of(self, owed: OwedPiece) -> Prompt:
        """What a piece owes."""
        prompt = prompt_for(owed, self.line(owed.piece.line_id), self.asks_of(owed.piece))
        # At receiving a unit has a code that is asked only where it is known already, and comes back.
        may_lack = self.rules.kind is OrderKind.PURCHASE and owed.code(prompt.kind) is not None
        return replace(prompt, may_lack=True) if may_lack else prompt

    def asks_of(self, piece: Piece) -> Asks:
        """Which codes a piece has to give: by the scenario that its product had when it was taken."""
        return self.rules.asks(self.site.policy_of(piece.scenario))

    def policy(self, product: Product) -> TrackingPolicy:
        """What the site asks of a product now."""
        return self.site.policy(product.settings)
