"""Products: a list that typing narrows and a scan of a SKU or a barcode opens; Enter opens the marked one."""

from collections import Counter
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from scanstation.domain import sentences as say
from scanstation.domain.codes import code_key, visible
from scanstation.domain.language import worded
from scanstation.domain.products import ListedProduct
from scanstation.domain.scan import Scan
from scanstation.domain.store_errors import StoreError
from scanstation.domain.verdict import Verdict
from scanstation.screens.acting import ActingScreen
from scanstation.screens.base import GoWanted, HelpPage, StyleSheets
from scanstation.screens.home import way_to
from scanstation.screens.picking import Found, PickScreen
from scanstation.screens.station import Go, Station, Where
from scanstation.screens.widgets.key_bar import KeyHint
from scanstation.screens.widgets.pick_list import Column, Pick, PickList
from scanstation.workflows.master_data import products
from scanstation.workflows.scanning.home import DESKS, ToDesk

_COLUMNS = (
    Column("SKU", most=28),
    Column("Client", rank=2, most=16),
    Column("Description", grows=True, rank=2, most=60),
    Column("Serials", most=14),
)
_BEFORE_THE_END = 10
"""The next page is read when the mark comes so near to the last row."""


class ProductsScreen(ActingScreen, inherit_bindings=True):
    """Reads a page at a time: what is narrowed down is looked for in the store."""

    CSS_PATH: ClassVar[StyleSheets] = ["station.tcss", "products.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", id="up"),
        Binding("down", "move(1)", "Down", id="down"),
        Binding("pageup", "move(-10)", "Page up", id="page-up"),
        Binding("pagedown", "move(10)", "Page down", id="page-down"),
        Binding("f5", "new", "New product", id="new-product"),
        Binding("f6", "filter", "Filter", id="filter"),
    ]

    def __init__(self, station: Station) -> None:
        super().__init__(station)
        self._wanted = ""
        self._client = ""
        """The client whose products are shown; empty for all."""
        self._listed: list[ListedProduct] = []
        self._whole = False
        """Is the last product among those found?"""
        self._marked: int | None = None

    def compose_body(self) -> ComposeResult:
        yield PickList(_COLUMNS, id="products", empty="No such product.")

    async def enter(self, go: Go) -> None:
        """Read the list anew: one of them may have been changed."""
        if go.verdict:
            self.show_verdict(go.verdict)
        self.slot.show_scan("Scan a product, or type a part", "of SKU or description; Enter opens")
        hints = [
            KeyHint("F1", "Help", short="?"),
            KeyHint("↑↓ Enter", "Open"),
            KeyHint("F5", "New"),
            KeyHint("F6", "Client", rank=2),
        ]
        self.keys.show([*hints, KeyHint("Esc", "Back")])
        await self.refresh_counts()

    async def refresh_counts(self) -> None:
        """As many products as were shown before, read anew."""
        products_in_sight = len(self._listed)
        self._wanted = self.slot.field.value.strip(" ")
        await self._first_page()
        while len(self._listed) < products_in_sight and not self._whole:
            await self._next_page()
        count = await self.station.run(products.count, self.station.site)
        self.header.show_place(
            "Products", visible(self._client) if self._client else worded("{count} in all", count=count)
        )
        self._draw()

    async def _read_page(self, wanted: str, after: ListedProduct | None = None) -> list[ListedProduct]:
        return await self.station.run(products.page, self.station.site, wanted, after, client=self._client)

    async def _first_page(self) -> None:
        self._listed = await self._read_page(self._wanted)
        self._whole = len(self._listed) < products.PAGE

    async def _next_page(self) -> None:
        more = await self._read_page(self._wanted, self._listed[-1])
        self._listed += more
        self._whole = len(more) < products.PAGE

    def help_page(self) -> HelpPage:
        now = [
            "The products of all clients. Scan a SKU or a barcode to open its product, or type a part of the SKU or of "
            "the description to narrow the list down.",
            "“Serials” says what its five settings make of it: asked by scan, by import, or not tracked.",
            "F5 makes a new product; many at once are loaded from a sheet (Import).",
        ]
        keys = [
            ("↑ ↓ Enter", "open a product"),
            ("F5", "make a new one"),
            ("F6", "of one client"),
            ("Esc  {}HOME", "back"),
        ]
        return HelpPage("Products", now, keys)

    def _draw(self) -> None:
        skus = Counter(code_key(one.product.sku) for one in self._listed)
        self.query_one(PickList).show([_pick(one, skus[code_key(one.product.sku)] > 1) for one in self._listed])

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list while typing; what was typed meanwhile is looked for next."""
        event.stop()
        wanted = event.value.strip(" ")
        # Enter empties the line before it is heard of: what was marked until then is what is meant.
        self._marked = None if wanted else self._chosen_id
        if wanted != self._wanted:
            self._wanted = wanted
            self.run_worker(self._narrow(wanted), name="narrow", group="narrow", exclusive=True)

    async def _narrow(self, wanted: str) -> None:
        try:
            page = await self._read_page(wanted)
        except StoreError as error:
            self.show_verdict(say.store_trouble(error))
            return
        if wanted == self._wanted:
            self._listed, self._whole = page, len(page) < products.PAGE
            self._draw()
            self.query_one(PickList).mark_first()

    @property
    def _chosen_id(self) -> int | None:
        chosen = self.query_one(PickList).chosen
        return chosen.value if chosen is not None and isinstance(chosen.value, int) else None

    def entered(self, text: str) -> None:
        """Enter opens the marked product; what was typed has narrowed the list to it."""
        if text:
            self._open(text.strip(" "), self._marked)
        elif (product_id := self._chosen_id) is not None:
            self.post_message(GoWanted(Go(Where.PRODUCT, product_id=product_id)))

    @work
    async def _open(self, wanted: str, marked: int | None) -> None:
        """The marked product, or the first that fits: the list may still be that of the text before the last key."""
        async with self.station.turn:
            try:
                page = await self._read_page(wanted)
            except StoreError as error:
                self.show_verdict(say.store_trouble(error))
                return
        ids = [one.product.id for one in page]
        if not ids:
            self.show_verdict(say.no_product_with(wanted))
            return
        self.post_message(GoWanted(Go(Where.PRODUCT, product_id=marked if marked in ids and marked else ids[0])))

    async def answer(self, scan: Scan) -> Go | None:
        """A scanned product is opened; of several clients' the list shows which."""
        matches = await self.station.run(products.of_scan, self.station.site, scan)
        if isinstance(matches, Verdict):
            self.show_verdict(matches)
            return None
        if not isinstance(matches, tuple):
            if matches.act in DESKS:
                return way_to(ToDesk(DESKS[matches.act]), scan)
            self.show_verdict(say.product_wanted(scan.text))
            return None
        if len(matches) == 1:
            product = matches[0].product
            return Go(Where.PRODUCT, product_id=product.id, verdict=say.product_open(scan.text, product.sku))
        self._listed, self._whole = list(matches), True
        self._draw()
        self.show_verdict(say.product_of_several(scan.text, [one.client for one in matches]))
        return None

    def action_move(self, by: int) -> None:
        """Mark another product; near the end the next page is read."""
        listed = self.query_one(PickList)
        listed.move(by)
        chosen = listed.chosen
        last = {one.product.id for one in self._listed[-_BEFORE_THE_END:]}
        if not self._whole and chosen is not None and chosen.value in last:
            self.run_worker(self._read_on(self._wanted), name="page", group="page", exclusive=True)

    def action_new(self) -> None:
        """F5: a product that is not there yet."""
        self.post_message(GoWanted(Go(Where.PRODUCT, new=True)))

    @work
    async def action_filter(self) -> None:
        """F6: only the products of one client."""

        def read(beginning: str) -> Found:
            names = products.clients(self.station.site)
            return [(name, "") for name in names if code_key(name).startswith(code_key(beginning))], False

        chosen: str | None = await self.app.push_screen_wait(PickScreen(self.station, "Of which client?", read))
        if chosen is not None:
            self._client, self._listed = chosen, []
            self.in_turn(self.refresh_counts)

    async def _read_on(self, wanted: str) -> None:
        try:
            more = await self._read_page(wanted, self._listed[-1])
        except StoreError as error:
            self.show_verdict(say.store_trouble(error))
            return
        known = {one.product.id for one in self._listed}
        if wanted == self._wanted and not any(one.product.id in known for one in more):
            self._listed += more
            self._whole = len(more) < products.PAGE
            self._draw()


def _pick(one: ListedProduct, sku_is_shared: bool) -> Pick:
    product, client = one.product, visible(one.client)
    cells = (visible(product.sku), client, visible(product.description), products.serials_word(product))
    return Pick(product.id, cells, quiet=not product.settings.track, brief=client if sku_is_shared else "")
