"""The one place at the bottom that says what to do next: scan, give the code that is owed, answer, or type.

What the line does with what comes, by its mode:

    SCAN, PROMPT   a character   goes into the line
    SCAN, PROMPT   Enter         enters the line as a typed code; refused, if its beginning was taken away
    SCAN, PROMPT   Esc           empties the line
    SCAN, PROMPT   a refusal     of a typed code leaves it in the line, marked: typing replaces it, ← and ⌫ mend it
    SCAN, PROMPT   ↑             brings the last refused one back into an empty line
    SCAN, PROMPT   a scan        empties the line; what was begun there is refused with the scan
    QUESTION       Y, N, number  answers when it has stayed alone for 300 ms; a number where there are reasons to choose
    QUESTION       other text    is a typed code: SS-YES answers, others are refused; all are that came right behind
    QUESTION       a scan        as in SCAN
    ENTRY          a character   goes into the line
    ENTRY          Enter, Esc    are the screen's to answer
    ENTRY          a scan        as in SCAN; a reason or a path stays
"""

from collections.abc import Callable, Sequence
from enum import Enum
from functools import partial
from itertools import takewhile
from math import inf

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.geometry import Region
from textual.message import Message
from textual.widgets import Input
from textual.widgets.input import Selection

from scanstation.domain.codes import visible
from scanstation.domain.language import translated, worded
from scanstation.domain.scan import Fault
from scanstation.domain.verdict import Prompt, Question
from scanstation.screens.widgets.rows import Row, Rows, fit, wrapped


class Mode(Enum):
    """What the slot is for now."""

    SCAN = "scan"
    PROMPT = "prompt"
    QUESTION = "question"
    ENTRY = "entry"


_USUAL_HINT = "the serial on the unit's label"
_EDGES = {Mode.SCAN: "rule", Mode.PROMPT: "owed", Mode.QUESTION: "check-word", Mode.ENTRY: ""}
_TITLES = {Mode.SCAN: "strong", Mode.PROMPT: "owed-strong", Mode.QUESTION: "check-title", Mode.ENTRY: "strong"}
_ROUND, _SQUARE = "╭╮╰╯", "┌┐└┘"
_MOST_QUESTION = 5
_ONE_CODE_S = 0.3
"""Keys further apart are not of one code."""
_SEPARATORS = {"\x1d": "␝", "\x1e": "␞"}
"""What stands in the line for the separators inside a code: without them its fields run together."""
_ANSWERS = frozenset("yn")
_NUMBERS = "123456789"
_SIDES = 4
"""The edge and a blank, on either side."""


class Together(events.Paste):
    """Characters that came out of the keyboard at once, too few for a scan, and the key that ended them, if any.

    Screens come and go between two keys. These have one line, and are entered whole. A single character comes so too
    where it was not `apart`.
    """

    def __init__(self, text: str, end: str = "", *, apart: bool = True, in_burst: bool = False) -> None:
        super().__init__(text)
        self.end = end
        """`enter`, `tab` or nothing."""
        self.apart = apart
        """Did nothing come for a moment before them?"""
        self.in_burst = in_burst
        """Did they come at a scanner's pace?"""


class Alone(events.Paste):
    """Nothing came for a moment after a character that had come by itself: it is no beginning of a code."""

    def __init__(self) -> None:
        super().__init__("")


class EntryField(Input):
    """The line that takes typed characters. It has the focus all the time; scans never pass through it.

    Enter is answered here and not by `Input`'s binding, which would run only after the characters that follow it.
    """

    class Entered(Message):
        """Text was typed and Enter pressed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Answered(Message):
        """Y, N or a number was pressed by itself while a question is open."""

        def __init__(self, yes: bool, at: float, number: int = 0) -> None:
            super().__init__()
            self.yes = yes
            self.at = at
            """When, on the clock of `time.monotonic`."""
            self.number = number
            """Which of several reasons; 0 for yes and no."""

    class Asked(Message):
        """A scan comes after the keys before it: the line is emptied for it."""

        def __init__(self, then: Callable[[str], None], *, is_refused: bool) -> None:
            super().__init__()
            self.then = then
            """Called when all that the keys led to is done, with what was begun in the line and not entered."""
            self.is_refused = is_refused
            """Is the scan a refusal? Then nothing that was typed is kept."""

    class Through(Message):
        """Handled by the screen after all that the earlier keys posted, which then does it."""

        def __init__(self, then: Callable[[], None]) -> None:
            super().__init__()
            self.then = then

    class Covered(Message):
        """Another screen is in front: what was begun here is over."""

    class Dropped(Message):
        """A text that was begun was taken away, by no key of the person who typed it."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Rest(Message):
        """Enter was pressed after such a text: what was entered is the rest of it."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class NotTaken(Message):
        """What was keyed must not count here."""

        def __init__(self, text: str, fault: Fault) -> None:
            super().__init__()
            self.text = text
            self.fault = fault

    def __init__(self) -> None:
        super().__init__(id="entry", select_on_focus=False, compact=True)
        self.cursor_blink = False
        self.asking = False
        self.takes_codes = True
        """Is what is typed a code, and no reason or quantity?"""
        self.takes_text = False
        """Is it a reason or a path, which no scan takes away?"""
        self.answers = _ANSWERS
        """The keys that answer the question that is open."""
        self.dropped = ""
        """What was begun and taken away: neither the next entry nor the next scan is believed."""
        self._is_put = False
        """Is what stands in the line put there, to be mended? That is no entry that somebody has begun."""
        self._refused = ""
        """The last typed code that was refused."""
        self._is_persons = False
        """Was the last key one that no scanner sends, such as Esc? Who presses it gives up what was begun."""
        self._keyed, self._keyed_at = "", 0.0
        """Keys that answer no question, and when the last of them came: a code of a scanner too slow for a scan."""
        self._keyed_apart = True
        """Did nothing come for a moment before the first of them? Else one label may hold them and the question."""
        self._may_answer = False
        """Are they one Y or N? It stands in the line and answers when it has stayed alone."""
        self._heard_at = 0.0
        """When the last key was read."""
        self._typed_at: list[float] = []
        """The same for each character in the line."""

    def watch_value(self, old: str, new: str) -> None:
        """Keep when each character was typed: what was put in between is as old as the last key."""
        self._is_put = False
        head = _alike(old, new)
        tail = _alike(old[head:][::-1], new[head:][::-1])
        self._typed_at[head : len(old) - tail] = [self._heard_at] * (len(new) - tail - head)

    def turn_to(self, *, asking: bool, takes_codes: bool, since: float) -> None:
        """Have the line for something else.

        What was typed for one thing is no answer to the next, but what was typed since then (`time.monotonic`) came
        after the answer already and may be.
        """
        if self._may_answer:
            self._may_answer = False
            self._set("")
        kept = "".join(each for each, at in zip(self.value, self._typed_at, strict=True) if at >= since)
        if asking and not self.asking:
            self._keyed, self._keyed_at, self._keyed_apart = kept, self._heard_at if kept else 0.0, not kept
            self._end_soon()
            kept = ""
        elif self.asking and not asking:
            kept, self._keyed = self._keyed if self._keyed_at >= since else "", ""
        elif kept != self.value and self.takes_codes:
            self.dropped = self._begun or self.dropped
        self.asking, self.takes_codes = asking, takes_codes
        if kept != self.value:
            self._set(kept)

    def on_entry_field_asked(self, event: Asked) -> None:
        """What the keys before have led to is on its way up; this goes after it."""
        event.stop()
        self.post_message(self.Through(partial(event.then, self._given_up(is_refused=event.is_refused))))

    def _given_up(self, *, is_refused: bool) -> str:
        """Empty the line for a scan; what was begun there and not entered."""
        if self.takes_text and not is_refused:
            return ""
        begun = self._keyed if self.asking else self.dropped or ("" if self._is_put else self.value)
        self._keyed, self._may_answer, self.dropped = "", False, ""
        if self.value:
            self._set("")
        return begun

    def on_entry_field_covered(self, event: Covered) -> None:
        """Nothing half typed comes back with the screen; where a scan led away, a note says something was begun."""
        event.stop()
        begun, self._keyed, self._may_answer = self._begun if self.takes_codes else "", "", False
        if begun:
            self.post_message(self.Dropped(begun))
        if self.value and not self.takes_text:
            self._set("")

    @property
    def _begun(self) -> str:
        """What was typed and not entered, unless whoever typed it has gone on to something else."""
        return "" if self._is_put or self._is_persons else self.value

    def put(self, text: str) -> None:
        """Have this text in the line, to be mended and typed on from its end. It goes with the next scan."""
        self._set(text)
        self._is_put = bool(text)

    def keep_refused(self, text: str) -> None:
        """Leave a typed code that was refused in the line, unless something was typed since.

        It is selected: the next code, by hand or by a scanner too slow for a scan, takes its place and is not its end.
        """
        self._refused = text
        if self.takes_codes and not (self.asking or self.value):
            self._put_selected(text)

    def forget_refused(self) -> None:
        """A code was taken: nothing is left to be mended."""
        self._refused = ""

    def _put_selected(self, text: str) -> None:
        self.put(text)
        self.selection = Selection(0, len(text))

    def _replace_put(self) -> None:
        """Something is typed: a refused code that stands selected is gone, and no character of it counts as typed."""
        if self._is_put and not self.selection.is_empty:
            self._set("")

    def forget_put(self) -> None:
        """A scan came: what was to be mended is over."""
        if self._is_put and not self.takes_text:
            self._set("")

    def _set(self, text: str) -> None:
        self.value = text
        self.cursor_position = len(text)
        self._show_cursor()

    def on_resize(self) -> None:
        """A long text shows the end that is typed at, however wide the line is."""
        self._show_cursor()

    @property
    def hides(self) -> tuple[bool, bool]:
        """Is there text beyond the left end of the line, and beyond its right one?"""
        left = round(self.scroll_x)
        return left > 0, cell_len(self.value) - left > self.size.width

    def _show_cursor(self) -> None:
        # `Input` looks after this itself, but for the first text and before it has a size.
        at = cell_len(self.value[: self.cursor_position])
        self.scroll_to_region(Region(at, 0, 1, 1), force=True, animate=False)

    async def _on_key(self, event: events.Key) -> None:
        self._heard_at = event.time
        is_text = event.character is not None and event.is_printable
        self._is_persons = not is_text and event.key not in ("enter", "tab")
        if event.key == "escape" and not self.takes_text:
            self._set("")
            self.dropped = ""
            if self._may_answer:
                self._keyed, self._may_answer = "", False
        if self._is_put and event.key in ("backspace", "left"):
            self.cursor_position = len(self.value)  # it is mended, and not replaced
        elif is_text:
            self._replace_put()
        if event.key == "up" and self._refused and self.takes_codes and not (self.asking or self.value):
            _handled(event)
            self._put_selected(self._refused)
            return
        if self.asking:
            if event.character is not None and is_text:
                _handled(event)
                self._answer(event.character)
            elif event.key in ("enter", "tab"):
                _handled(event)
                self._end_answer()
            elif self._may_answer:
                self._end_answer()
        elif event.key == "enter" or (event.key == "tab" and self.takes_codes and self.value):
            # A scanner that is too slow for a scan may end its codes with Tab, and nothing else begins with that key.
            _handled(event)
            self._enter()
        elif picture := _SEPARATORS.get(event.character or ""):
            _handled(event)
            self._replace_put()
            self.insert_text_at_cursor(picture)

    def on_together(self, event: Together) -> None:
        """As if the keys had come one by one, but nothing comes between them."""
        event.stop()
        self._heard_at = event.time
        self._is_persons = False
        if self.asking:
            self._answer(event.text, apart=event.apart, alone=event.apart and not event.end)
            if event.end:
                self._end_answer()
        elif event.in_burst and self.takes_text:
            self.post_message(self.NotTaken(event.text, Fault.TYPED_LINE))
        else:
            self._replace_put()
            self.replace(event.text, *self.selection)
            if event.end == "enter" or (event.end == "tab" and self.takes_codes):
                self._enter()

    def on_alone(self, event: Alone) -> None:
        """A question is answered."""
        event.stop()
        if self.asking and self._may_answer:
            yes, at = self._keyed in "yY", self._keyed_at
            number = int(self._keyed) if self._keyed in _NUMBERS else 0
            self._keyed, self._keyed_at, self._may_answer = "", 0.0, False
            self._set("")
            self.post_message(self.Answered(yes, at, number))

    def _end_soon(self) -> None:
        """Nothing may say that a key, or a code without a suffix, is over: it is refused aloud all the same."""
        kept_at = self._keyed_at

        def end() -> None:
            if self._keyed_at == kept_at:
                self._end_answer()

        self.set_timer(_ONE_CODE_S, end)

    def _enter(self) -> None:
        text, self.value = self.value, ""
        is_rest, self.dropped = bool(text and self.dropped), ""
        self.post_message(self.Rest(text) if is_rest else self.Entered(text))

    def _answer(self, text: str, *, apart: bool = True, alone: bool = True) -> None:
        """Y or N by itself answers if it stays alone; other keys are a code, which is handed on."""
        at = self._heard_at
        is_by_itself = at - self._keyed_at > _ONE_CODE_S
        if is_by_itself:
            self._end_answer()
            self._keyed_apart = apart
        self._may_answer = is_by_itself and alone and text.lower() in self.answers
        self._keyed, self._keyed_at = f"{self._keyed}{text}", at
        self._set(text if self._may_answer else "")
        if not self._may_answer:
            self._end_soon()

    def _end_answer(self) -> None:
        keyed, self._keyed, self._keyed_at = self._keyed, "", 0.0
        if self._may_answer:
            self._may_answer = False
            self._set("")
        if keyed and (not self._keyed_apart or set(keyed.lower()) <= self.answers):
            self.post_message(self.NotTaken(keyed, Fault.TOO_SOON))
        elif keyed:
            self.post_message(self.Entered(keyed))


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _handled(event: events.Key) -> None:
    event.stop()
    event.prevent_default()


class EntrySlot(Rows):
    """Four rows that never move: a title, the line, a hint, the lower edge. A long question takes as many as it needs.

    The edge is drawn here and is no border of the style sheet's, which would cost a scan more than all its other rows.
    """

    def __init__(self, answering_since: Callable[[], float]) -> None:
        super().__init__(id="slot")
        self._answering_since = answering_since
        """When what is being answered came in; later than anything while nothing is."""
        self._slot_texts: tuple[Mode, str, str, str, str, str] | None = None
        self.mode = Mode.SCAN
        """What the slot is for now."""

    def compose(self) -> ComposeResult:
        """The line; what is around it is drawn."""
        yield EntryField()

    def on_mount(self) -> None:
        """Text beyond the ends of the line is marked at its ends."""
        for changes in ("scroll_x", "value"):
            self.watch(self.field, changes, self.redraw, init=False)

    @property
    def field(self) -> EntryField:
        return self.query_one(EntryField)

    def show_scan(self, what: str, hint: str = "", left: str = "") -> None:
        """Nothing is owed: say what to scan, and what is left to be done."""
        self._show(Mode.SCAN, translated(what), left, translated(hint))

    def show_prompt(self, prompt: Prompt) -> None:
        """A code is owed."""
        known = worded("of {code}", code=visible(prompt.known)) if prompt.known else ""
        is_narrow = self.screen.has_class("-narrow")
        both = worded("Primary serial or Secondary serial") if is_narrow else worded("either of the unit's two serials")
        either = translated(both) if prompt.either else ""
        hint = " · ".join(words for words in (either, visible(prompt.hint), known) if words)
        title = prompt.short_title if is_narrow else prompt.title
        self._show(Mode.PROMPT, title, prompt.counts, hint or translated(_USUAL_HINT), subject=prompt.sku)

    def show_question(self, question: Question, *, why_is_said: bool = False) -> None:
        """Something is to be answered before anything else: all of it, or what is asked where the bar says why."""
        text = question.asked if why_is_said else question.text
        if choices := question.choices:
            listed = "\n".join(f"{number} {visible(translated(one))}" for number, one in enumerate(choices, 1))
            self._show(
                Mode.QUESTION,
                translated(text),
                worded("1 to {count} · N no", count=len(choices)),
                "",
                question=listed,
            )
        else:
            no = worded("no, {meaning}", meaning=question.no) if question.no else worded("no")
            self._show(
                Mode.QUESTION,
                translated("Question"),
                worded("Y yes · N {no}", no=no),
                "",
                question=translated(text),
            )
        self.field.answers = _ANSWERS.union(_NUMBERS[: len(choices)])

    def show_entry(self, title: str, hint: str, value: str = "", *, takes_text: bool = False) -> None:
        """Something is to be typed: a quantity, a code, or a text of any kind, such as a reason or a path."""
        self._show(Mode.ENTRY, translated(title), "", translated(hint))
        self.field.takes_text = takes_text
        self.field.put(value)

    def on_resize(self) -> None:
        """Another width may wrap a question into more rows."""
        self._make_room()

    def _show(self, mode: Mode, left: str, right: str, hint: str, *, subject: str = "", question: str = "") -> None:
        content = (mode, left, subject, right, hint, question)
        if content == self._slot_texts:
            return
        since = inf if Mode.ENTRY in (self.mode, mode) else self._answering_since()
        self._slot_texts = content
        self.mode = mode
        self.field.turn_to(asking=mode is Mode.QUESTION, takes_codes=mode in (Mode.SCAN, Mode.PROMPT), since=since)
        self.field.takes_text = False
        self._make_room()
        self.redraw()

    def _make_room(self) -> None:
        """A row for each of a question's, in place of the hint."""
        asked = len(self._question_rows(self.size.width)) if self.mode is Mode.QUESTION and self.size.width else 0
        above = 1 + asked
        if self.field.styles.margin.top != above:
            self.field.styles.margin = (above, 2, 0, 2)
            self.styles.height = max(4, above + 2)

    def _question_rows(self, width: int) -> list[str]:
        question = self._slot_texts[-1] if self._slot_texts else ""
        rows = [row for part in question.split("\n") for row in wrapped(part, width - _SIDES)]
        kept = rows[: _MOST_QUESTION - 1]
        return rows if len(rows) <= _MOST_QUESTION else [*kept, fit(" ".join(rows[len(kept) :]), width - _SIDES)]

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """The edge, and what stands in it."""
        if self._slot_texts is None:
            return []
        edge, subject, hint = _EDGES[self.mode], self._slot_texts[2], self._slot_texts[4]
        if subject and self._subject_below(width):
            hint = f"{visible(subject)} · {hint}"
        corners = _SQUARE if self.app.native_ansi_color else _ROUND

        def inside(text: str, style: str) -> Row:
            return (("│ ", edge), (fit(text, width - _SIDES), style), (" │", edge))

        beyond_left, beyond_right = self.field.hides
        line = (("│", edge), ("…" if beyond_left else " ", "quiet"), (" " * (width - _SIDES), ""))
        rows: list[Row] = [self._title(width, corners)]
        if self.mode is Mode.QUESTION:
            rows += [inside(text, "strong") for text in self._question_rows(width)]
        rows.append((*line, ("…" if beyond_right else " ", "quiet"), ("│", edge)))
        if len(rows) < height - 1:
            rows.append(inside(hint, "quiet"))
        return [*rows, ((corners[2] + "─" * (width - 2) + corners[3], edge),)]

    def _subject_below(self, width: int) -> bool:
        """Does the SKU stand before the hint? On a small screen a long one would be torn in the title."""
        assert self._slot_texts is not None
        _, left, subject, right, *_ = self._slot_texts
        room = width - 6 - cell_len(left) - cell_len(right) - 6
        return self.screen.has_class("-narrow") and cell_len(visible(subject)) > room

    def _title(self, width: int, corners: str) -> Row:
        assert self._slot_texts is not None
        _, left, subject, right, *_ = self._slot_texts
        edge, style = _EDGES[self.mode], _TITLES[self.mode]
        room = width - 6
        if subject and not self._subject_below(width):
            # The count always stays whole; a long SKU is truncated.
            shown = fit(subject, min(cell_len(visible(subject)), max(1, room - cell_len(left) - cell_len(right) - 6)))
            right = f"{shown} · {right}"
        left = fit(left, min(cell_len(visible(left)), room))
        line = room - cell_len(left) - cell_len(right) - 2
        if not right or line < 1:
            between: Row = ((" " + "─" * (room - cell_len(left) + 1), edge),)
        else:
            between = ((f" {'─' * line} ", edge), (right, style), (" ─", edge))
        return ((f"{corners[0]}─ ", edge), (left, style), *between, (corners[1], edge))
