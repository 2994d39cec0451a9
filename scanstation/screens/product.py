"""One product: its five settings and what they make of it, barcodes, serial patterns, and codes to try."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from scanstation.domain import sentences as say
from scanstation.domain import tracking
from scanstation.domain.codes import shorten, visible
from scanstation.domain.commands import Act
from scanstation.domain.language import joined, said_later, translated, word, worded
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import Barcode, ProductAct
from scanstation.domain.scan import Scan
from scanstation.domain.sheet_kinds import SERIAL_TAKES_UNIT
from scanstation.domain.verdict import Verdict
from scanstation.screens.acting import ActingScreen
from scanstation.screens.base import GoWanted, HelpPage, StyleSheets
from scanstation.screens.home import way_to
from scanstation.screens.overlays import TextScreen
from scanstation.screens.station import Go, Station, Where
from scanstation.screens.widgets.entry_slot import EntryField
from scanstation.screens.widgets.key_bar import KeyHint
from scanstation.screens.widgets.pick_list import Column, Pick, PickList
from scanstation.workflows.codes.barcodes import name_trouble
from scanstation.workflows.master_data import products
from scanstation.workflows.master_data.products import ProductForm
from scanstation.workflows.scanning.home import DESKS, ToDesk
from scanstation.workflows.site import Site, local_time

_TEXTS = {
    "description": (said_later("Description"), "what people call it"),
    "serial_pattern": (said_later("Pattern"), "a regular expression that a whole serial matches: CAM\\d{7}"),
    "serial_hint": (
        said_later("Hint"),
        "what is said where a code does not match: the code on the body, CAM + 7 digits",
    ),
    "secondary_pattern": (said_later("Secondary pattern"), "a regular expression for the secondary serial"),
    "secondary_hint": (said_later("Secondary hint"), "what is said where a secondary does not match"),
    "strip": (said_later("Marks"), "what labels put before a serial and is no part of it, ; between: SN:;S/N"),
    "secondary_strip": (said_later("Secondary marks"), "the same before the secondary serial"),
}
_NAMES = {
    "client": (said_later("Client"), "whose goods they are; a new name makes a new client"),
    "sku": (said_later("SKU"), "what orders call it, as its label has it"),
}
"""Of a new product only: orders and units hang on them."""
_SKU = ("name", "sku")
_TAKES_UNIT = "serial takes unit"
_ADD, _TRY, _SAVE, _ASK_AGAIN = "add", "try", "save", "ask again"


class AnyTextScreen(TextScreen):
    """A line of text that may be left empty."""

    def on_entry_field_entered(self, event: EntryField.Entered) -> None:
        """The text is complete, also where nothing is in it."""
        event.prevent_default()
        self.dismiss(event.text)


class ProductScreen(ActingScreen, inherit_bindings=True):
    """Nothing is saved until Save; F2 takes the last change back."""

    CSS_PATH: ClassVar[StyleSheets] = ["station.tcss", "product.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", id="up"),
        Binding("down", "move(1)", "Down", id="down"),
        Binding("pageup", "read(-3)", "Read up", id="read-up"),
        Binding("pagedown", "read(3)", "Read down", id="read-down"),
        Binding("f2", "undo", "Undo", id="undo"),
        Binding("f5", f"mark('{_ADD}')", "Add barcode", id="add-barcode"),
        Binding("f7", f"mark('{_TRY}')", "Try a code", id="try-code"),
        Binding("f10,f12", "save", "Save", id="save"),
    ]

    def __init__(self, station: Station) -> None:
        super().__init__(station)
        self._before: ProductForm | None = None
        self._drafts: list[ProductForm] = []
        """The product as it is, and after each change."""
        self._history: list[ProductAct] = []
        self._learned: list[Barcode] = []
        """The barcodes that SS-LEARN has taught it."""

    def compose_body(self) -> ComposeResult:
        """What can be changed, and what comes of it."""
        yield Container(
            PickList([Column(grows=True)], id="fields"),
            VerticalScroll(Static(id="steps-text", markup=False), id="steps", can_focus=False),
            id="product",
        )

    async def enter(self, go: Go) -> None:
        """Read the product, unless it is being changed just now."""
        if go.product_id or go.new:
            await self._begin(go)
        self._draw()
        if go.product_id or go.new:
            self.query_one("#fields", PickList).mark_first()
            self._draw_slot()
        if go.verdict:
            self.show_verdict(go.verdict)

    async def _begin(self, go: Go) -> None:
        site = self.station.site
        self._before = products.blank() if go.new else await self.station.run(products.read, site, go.product_id)
        self._drafts = [self._before]
        self._history = [] if go.new else await self.station.run(products.history, site, go.product_id)
        self._learned = [] if go.new else await self.station.run(products.learned_barcodes, site, go.product_id)

    def help_page(self) -> HelpPage:
        """What can be changed."""
        new = ["A new product needs a client and a SKU; on its SKU a scan fills it in."] if self._wanted.is_new else []
        now = [
            *new,
            "Space or Enter turns the marked setting on or off, and changes the marked text. The words beside it say "
            "what every step will do then. Nothing is saved until F10.",
            "On “Add a barcode” a scan is added to the list; type code=12 for a pack of 12. Enter on a barcode takes "
            "it off. Everywhere else a scan is only tried: it says what would be said at the serial prompt.",
        ]
        keys = [
            ("F2  {}UNDO", "take the last change back"),
            ("F5", "add a barcode"),
            ("F7", "try a code"),
            ("F10  {}COMPLETE", "save"),
            ("PgUp PgDn", "read what the steps do"),
            ("Esc  {}CANCEL", "back"),
        ]
        return HelpPage(worded("Product {sku}", sku=self._wanted.sku), now, keys)

    # What is shown

    @property
    def _wanted(self) -> ProductForm:
        """The product as the supervisor would have it."""
        return self._drafts[-1]

    @property
    def _changes(self) -> list[str]:
        assert self._before is not None
        return products.changes(self._before, self._wanted)

    def _draw(self) -> None:
        wanted, changes = self._wanted, self._changes
        # Where there is little room the name of the screen gives way: what is not saved is never hidden.
        unsaved = worded("Not saved yet") if changes else ""
        place = worded("Product")
        title, words = (unsaved or place, []) if self.has_class("-narrow") else (place, [unsaved.lower()])
        words = [one for one in (*words, wanted.client) if one]
        self.header.show_place(title, wanted.record.sku or worded("new"), *words)
        self.query_one("#fields", PickList).show([*self._picks(wanted, changes)])
        told = [*_steps(self.station.site, wanted), *self._history_rows()]
        self.query_one("#steps-text", Static).update(Content("\n").join(told))
        self._draw_slot()

    def _draw_slot(self) -> None:
        marked = self._marked
        if marked == _ADD:
            self.slot.show_scan("Scan a barcode to add it", "or type it; code=12: a pack of 12")
        elif marked == _SKU:
            self.slot.show_scan("Scan the new product's SKU", "or press Enter and type it")
        elif marked == _TRY:
            self.slot.show_scan("Scan a serial to try it", "or type it; nothing is booked")
        else:
            self.slot.show_scan("Space changes what is marked", "a scan is only tried; PgDn reads on")
        undo = [KeyHint("F2", "Undo", rank=2)] if len(self._drafts) > 1 else []
        ways = [KeyHint("F5", "Add barcode", rank=3), KeyHint("F7", "Try a code", rank=2)]
        save = [KeyHint("F10", "Save")] if self._changes else []
        self.keys.show([KeyHint("F1", "Help"), *undo, *ways, *save, KeyHint("Esc", "Back")])

    def _history_rows(self) -> Iterator[Content]:
        """What was changed of the product, the newest first."""
        now = self.station.site.store.clock()
        if self._history:
            yield Content.styled(worded("Changes"), "bold")
        for act in self._history:
            one = act.difference
            was, became = (_text_of(one.what, text) for text in (one.was, one.became))
            change_text = f"{translated(one.what)}: {was} → {became}"
            if one.what == products.NEW:
                change_text = worded("made new")
            who = worded(
                "{local_time} {operator} at {station}",
                local_time=local_time(act.at, now),
                operator=visible(act.operator),
                station=visible(act.station),
            )
            yield Content.assemble((f"{who}  ", "$quiet"), change_text)

    def _picks(self, wanted: ProductForm, changes: list[str]) -> Iterator[Pick]:
        if wanted.is_new:
            for field, text in (("client", wanted.client), ("sku", wanted.record.sku)):
                heading = worded("New product") if field == "client" else ""
                yield Pick(
                    ("name", field), (f"{translated(_NAMES[field][0])}: {visible(text) or '–'}",), heading=heading
                )
        for at, (field, name) in enumerate(products.SETTING_NAMES.items()):
            on = getattr(wanted.record.settings, field)
            idle = field != "track" and not wanted.record.settings.track
            told = f"{_box(on)} {name}"
            yield Pick(("setting", field), (told,), quiet=idle, heading="" if at else worded("Settings"))
        for at, barcode in enumerate(wanted.barcodes):
            many = (
                worded(", a pack of {pack_quantity}", pack_quantity=barcode.pack_quantity)
                if barcode.pack_quantity > 1
                else ""
            )
            taught = worded(", learned here") if barcode in self._learned else ""
            yield Pick(barcode, (f"{visible(barcode.text)}{many}{taught}",), heading="" if at else worded("Barcodes"))
        yield Pick(_ADD, (worded("Add a barcode …"),), heading="" if wanted.barcodes else worded("Barcodes"))
        for field, (name, _) in _TEXTS.items():
            heading = {"description": worded("Texts"), "serial_pattern": worded("Serials")}.get(field, "")
            text = visible(getattr(wanted.record, field)) or "–"
            yield Pick(("text", field), (f"{translated(name)}: {text}",), heading=heading)
        on = wanted.record.serial_takes_unit
        yield Pick(_TAKES_UNIT, (f"{_box(on)} {SERIAL_TAKES_UNIT}",), quiet=not wanted.record.serial_pattern)
        if wanted.record.told_apart:  # a person has said that units differ so, and it is asked no more
            yield Pick(_ASK_AGAIN, (worded("Ask “the same unit?” again …"),))
        yield Pick(_TRY, (worded("Try a code …"),))
        if changes:
            yield Pick(_SAVE, (worded("Save: {listed}", listed=_listed(changes)),), heading=worded("Not saved yet"))

    @property
    def _marked(self) -> object:
        chosen = self.query_one("#fields", PickList).chosen
        return chosen.value if chosen else None

    # Scans and keys

    async def answer(self, scan: Scan) -> Go | None:
        """Added as a barcode where the mark says so; tried everywhere else."""
        command = self.station.command(scan)
        if command is not None:
            return self._command(command.act, scan)
        if self._marked == _SKU and not scan.fault:
            self._change(self._wanted.with_text("sku", scan.text))
            self.show_verdict(say.sku_scanned(scan.text, self._wanted.sku))
            return None
        if self._marked != _ADD:
            self.show_verdict(await self.station.run(products.try_code, self.station.site, self._wanted, scan))
            return None
        added = await self.station.run(products.add_barcode, self.station.site, self._wanted, scan)
        if isinstance(added, Verdict):
            self.show_verdict(added)
            return None
        barcode = added.barcodes[-1]
        self._change(added)
        self.show_verdict(say.barcode_added(barcode.text, barcode.pack_quantity))
        return None

    def _command(self, act: Act, scan: Scan) -> Go | None:
        if act is Act.UNDO:
            self._undo(scan.text)
        elif act is Act.COMPLETE:
            self.save()
        elif act is Act.CANCEL:
            self.action_back()
        elif act in DESKS and self._changes:
            self.show_verdict(say.product_not_saved(scan.text))
        elif act in DESKS:
            return way_to(ToDesk(DESKS[act]), scan)
        else:
            self.show_verdict(say.nothing_asked_of_product(scan.text))
        return None

    def entered(self, text: str) -> None:
        """Typed text is a scan; Enter alone changes what is marked."""
        if text:
            super().entered(text)
        else:
            self._act()

    def _act(self) -> None:
        match self._marked:
            case ("setting", str() as field):
                on = getattr(self._wanted.record.settings, field)
                self._change(self._wanted.with_setting(field, not on))
            case ("text", str() as field):
                self._edit(field)
            case ("name", str() as field):
                self._edit_name(field)
            case Barcode() as barcode:
                self._take_off(barcode)
            case "serial takes unit":
                self._change(self._wanted.with_serial_taking_unit(not self._wanted.record.serial_takes_unit))
            case "save":
                self.save()
            case "ask again":
                self._change(self._wanted.asking_again())
            case _:
                self.show_verdict(say.nothing_scanned_of_product())

    def _change(self, wanted: ProductForm) -> None:
        self._drafts.append(wanted)
        self._draw()

    @work
    async def _edit(self, field: str) -> None:
        """Type one of the texts anew."""
        name, hint = _TEXTS[field]
        title = worded("{name} of {sku}", name=word(name), sku=self._wanted.sku)
        overlay = AnyTextScreen(self.station, title, hint, getattr(self._wanted.record, field))
        text: str | None = await self.app.push_screen_wait(overlay)
        if text is None:
            return
        wanted = self._wanted.with_text(field, text)
        wrong_in = products.strip_trouble if field.endswith("strip") else products.pattern_trouble
        if field.endswith(("pattern", "strip")) and (trouble := wrong_in(text.strip(" "))):
            self.show_verdict(say.refused_with(trouble))
        elif wanted != self._wanted:
            self._change(wanted)

    @work
    async def _edit_name(self, field: str) -> None:
        """Type the client or the SKU of a new product."""
        name, hint = _NAMES[field]
        now = self._wanted.client if field == "client" else self._wanted.record.sku
        text = await self.ask_text(worded("{name} of the new product", name=name), hint, now)
        if text is None:
            return
        site, wanted = self.station.site, self._wanted
        if trouble := name_trouble(name, text.strip(" ")):
            self.show_verdict(say.refused_with(trouble))
            return
        changed: list[ProductForm] = [wanted.with_text("sku", text)] if field == "sku" else []
        if field == "client":
            await self.act(lambda: changed.append(products.with_client(site, wanted, text)))
        if changed and changed[0] != wanted:
            self._change(changed[0])

    @work
    async def _take_off(self, barcode: Barcode) -> None:
        if await self.sure(
            worded("Take the barcode {text} off {sku}?", text=shorten(barcode.text), sku=self._wanted.sku)
        ):
            kept = tuple(one for one in self._wanted.barcodes if one != barcode)
            self._change(replace(self._wanted, barcodes=kept))

    @work
    async def save(self) -> None:
        """Say what it means, and save it after a yes."""
        site, before, wanted = self.station.site, self._before, self._wanted
        assert before is not None
        if not self._changes:
            self.show_verdict(say.nothing_changed())
            return
        answers: list[Refused | str] = []

        def look() -> None:
            answers.append(products.before_saving(site, before, wanted))

        await self.act(look)
        if not answers:
            return
        if isinstance(answers[0], str):
            if answers[0] and not await self.sure(worded("{answers} Save {sku}?", answers=answers[0], sku=wanted.sku)):
                return
            saved: list[ProductForm] = []

            def keep() -> Done | Refused:
                answer, product = products.save_as(site, before, wanted)
                saved.append(product)
                self._history = products.history(site, product.record.id)
                return answer

            outcome: Done | Refused | None = await self.act(keep)
            if isinstance(outcome, Done):
                self._before, self._drafts = saved[0], saved
                self._draw()
        else:
            outcome = answers[0]
        await self.tell(outcome)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Space alone changes what is marked: the field takes every printable key, and no code begins with a blank."""
        event.stop()
        if event.value == " ":
            event.input.value = ""
            if isinstance(self._marked, tuple | Barcode) or self._marked == _TAKES_UNIT:
                self._act()

    def action_move(self, by: int) -> None:
        """Mark another row."""
        self.query_one("#fields", PickList).move(by)
        self._draw_slot()

    def action_mark(self, value: str) -> None:
        """F5 and F7: straight to a row."""
        self.query_one("#fields", PickList).mark(value)
        self._draw_slot()

    def action_read(self, by: int) -> None:
        """Read on in what the steps do."""
        self.query_one("#steps", VerticalScroll).scroll_relative(y=by, animate=False)

    def action_undo(self) -> None:
        """Take the last change back."""
        self._undo("")

    def _undo(self, code: str) -> None:
        if len(self._drafts) > 1:
            self._drafts.pop()
            self._draw()
            self.show_verdict(say.change_undone(code))
        else:
            self.show_verdict(say.no_change_to_undo(code))

    def action_save(self) -> None:
        """Save what was changed."""
        self.save()

    def action_back(self) -> None:
        """Esc: what is not saved is asked about."""
        if self._changes:
            self._leave()
        else:
            self.post_message(GoWanted(Go(Where.BACK)))

    @work
    async def _leave(self) -> None:
        if await self.sure(
            worded(
                "Leave {sku} without saving what was changed ({listed})?",
                sku=self._wanted.sku,
                listed=_listed(self._changes),
            )
        ):
            self.post_message(GoWanted(Go(Where.BACK)))


def _box(on: bool) -> str:
    return "[x]" if on else "[ ]"


def _listed(changes: Sequence[str]) -> str:
    return joined([word(one) for one in changes])


def _text_of(what: str, text: str) -> str:
    if what in (*products.SETTING_NAMES.values(), SERIAL_TAKES_UNIT):
        return translated(text)
    return shorten(text) or "–"


def _steps(site: Site, wanted: ProductForm) -> Iterator[Content]:
    """What every step does with these settings, or why they cannot be."""
    settings = wanted.record.settings
    if (wrong := settings.refusal()) is not None:
        yield Content.assemble((worded("Cannot be saved so  "), "bold $stop-word"))
        yield Content(worded("{sku}: {wrong}.", sku=wanted.sku, wrong=wrong))
        return
    made = site.policy(settings)
    yield Content.styled(
        worded("Scenario {scenario}", scenario=made.scenario) if made.tracked else worded("No serials"), "bold"
    )
    for step, words in tracking.words(made):
        yield Content.assemble((f"{step} ", "bold"), words)
    if wanted.record.serial_takes_unit:
        words = products.serial_takes_unit_words(wanted.record)
        yield Content.assemble((f"{SERIAL_TAKES_UNIT} ", "bold"), words)
