"""The one place at the bottom that says what to do next: scan, give the code that is owed, answer, or type."""

from enum import Enum

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.color import Color
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from scanstation.domain.codes import visible
from scanstation.domain.verdict import Prompt, Question
from scanstation.screens.widgets.rows import fit


class Mode(Enum):
    """What the slot is for now."""

    SCAN = "scan"
    PROMPT = "prompt"
    QUESTION = "question"
    ENTRY = "entry"


_COLOURS = {Mode.SCAN: "$rule", Mode.PROMPT: "$owed", Mode.QUESTION: "$check-word", Mode.ENTRY: "$foreground"}


class EntryField(Input):
    """The line that takes typed characters. It has the focus all the time; scans never pass through it.

    Enter is answered here and not by `Input`'s binding, which would run after the characters behind it.
    """

    class Entered(Message):
        """Text was typed and Enter pressed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Answered(Message):
        """Y or N was pressed while a question is open."""

        def __init__(self, yes: bool) -> None:
            super().__init__()
            self.yes = yes

    def __init__(self) -> None:
        super().__init__(id="entry", select_on_focus=False, compact=True)
        self.cursor_blink = False
        self.asking = False

    async def _on_key(self, event: events.Key) -> None:
        if self.asking:
            if event.character is not None and event.is_printable:
                _handled(event)
                if event.character.lower() in ("y", "n"):
                    self.post_message(self.Answered(event.character.lower() == "y"))
            elif event.key == "enter":
                _handled(event)
        elif event.key == "enter":
            _handled(event)
            text, self.value = self.value, ""
            self.post_message(self.Entered(text))


def _handled(event: events.Key) -> None:
    event.stop()
    event.prevent_default()


class EntrySlot(Vertical):
    """Four rows that never move: a title, the line, a hint, the lower edge."""

    def __init__(self) -> None:
        super().__init__(id="slot")
        self._shown: object = None
        self.mode = Mode.SCAN
        """What the slot is for now."""
        self._title = ("", "", "")

    def compose(self) -> ComposeResult:
        """The question, the line and the hint."""
        yield Static(id="question", markup=False)
        yield EntryField()
        yield Static(id="hint", markup=False)

    @property
    def field(self) -> EntryField:
        """The line."""
        return self.query_one(EntryField)

    def show_scan(self, what: str, hint: str = "") -> None:
        """Nothing is owed: say what to scan."""
        self._show(Mode.SCAN, what, "", hint)

    def show_prompt(self, prompt: Prompt) -> None:
        """A code is owed."""
        which = f"{prompt.unit} of {prompt.ordered}"
        either = "either of the unit's two serials" if prompt.either else ""
        known = f"of {visible(prompt.known)}" if prompt.known else ""
        hint = " · ".join(words for words in (either, visible(prompt.hint), known) if words)
        self._show(Mode.PROMPT, prompt.title, which, hint, subject=prompt.sku)

    def show_question(self, question: Question) -> None:
        """Something is to be answered before anything else."""
        self._show(Mode.QUESTION, "Question", "Y yes · N no", "", question=question.text)

    def show_entry(self, title: str, hint: str, value: str = "") -> None:
        """Something is to be typed: a quantity, a path, a reason."""
        self._show(Mode.ENTRY, title, "", hint)
        self.field.value = value
        self.field.cursor_position = len(value)

    def on_resize(self) -> None:
        """Fit the title to the width."""
        self._draw_title()

    def _show(self, mode: Mode, left: str, right: str, hint: str, *, subject: str = "", question: str = "") -> None:
        shown = (mode, left, right, hint, subject, question)
        if shown == self._shown:
            return
        self._shown = shown
        self.mode = mode
        # Set here and not by classes: matching the style sheet anew would take longer than all the rest of a scan.
        self.styles.border = ("solid" if self.app.native_ansi_color else "round", self._colour)
        self.set_class(mode is Mode.QUESTION, "-question")
        # What was typed for one thing is no answer to the next.
        self.field.value = ""
        self.field.asking = mode is Mode.QUESTION
        self._title = (visible(left), visible(subject), right)
        self._draw_title()
        self.query_one("#hint", Static).update(Content(visible(hint)), layout=False)
        if mode is Mode.QUESTION:
            self.query_one("#question", Static).update(Content(visible(question)))

    def _draw_title(self) -> None:
        left, subject, right = self._title
        room = self.size.width - 2  # the border draws a blank on either side
        if subject:
            # The count always stays whole; a long SKU gives way.
            subject = fit(subject, min(cell_len(subject), max(1, room - cell_len(left) - cell_len(right) - 6)))
            right = f"{subject} · {right}"
        line = room - cell_len(left) - cell_len(right) - 2
        style = f"bold {_COLOURS[self.mode]}" if self.mode in (Mode.PROMPT, Mode.QUESTION) else "bold $foreground"
        if not right or line < 1:
            self.border_title = Content.styled(fit(left, room).rstrip(" "), style)
        else:
            between = (f" {'─' * line} ", f"not bold {_COLOURS[self.mode]}")
            self.border_title = Content.assemble((left, style), between, (right, style))

    @property
    def _colour(self) -> Color:
        return Color.parse(self.app.theme_variables[_COLOURS[self.mode].removeprefix("$")])
