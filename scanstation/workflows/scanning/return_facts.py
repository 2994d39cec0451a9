"""What a station has open of what comes back (RULES 2.22)."""

from scanstation.domain.returns import Owed, Return, ReturnPiece, ReturnWork
from scanstation.domain.verdict import CodeKind, Prompt
from scanstation.store import catalog, returns
from scanstation.store.store import Transaction
from scanstation.workflows.site import Site


class ReturnFacts:
    """What a station has open of what comes back, as it stands in one transaction."""

    def __init__(self, site: Site, tx: Transaction, work: ReturnWork | None) -> None:
        self.site, self.tx, self.work = site, tx, work
        self.pieces = returns.pieces(tx, work.id) if work else []

    @property
    def of(self) -> Return | None:
        """The return that is open here."""
        return returns.get(self.tx, self.work.return_id) if self.work else None

    @property
    def owing(self) -> ReturnPiece | None:
        """The piece that lacks something."""
        return next((piece for piece in self.pieces if piece.owed is not Owed.NOTHING), None)

    @property
    def count(self) -> int:
        """How much is in hand, without what still lacks something."""
        return sum(piece.quantity for piece in self.pieces if piece.owed is Owed.NOTHING)

    @property
    def prompt(self) -> Prompt | None:
        """The code that is owed; None where nothing is, or a product."""
        piece = self.owing
        if piece is None or piece.owed is Owed.PRODUCT or piece.product_id is None:
            return None
        product = catalog.product(self.tx, piece.product_id)
        mine = [one for one in self.pieces if one.product_id == product.id]
        unit = sum(one.quantity for one in mine)
        if piece.owed is Owed.OTHER and piece.other:
            hint = product.secondary_hint if piece.other is CodeKind.SECONDARY else product.serial_hint
            return Prompt(piece.other, product.sku, unit, unit, hint, known=piece.code, may_lack=True)
        return Prompt(CodeKind.PRIMARY, product.sku, unit, unit, product.serial_hint, either=product.settings.secondary)
