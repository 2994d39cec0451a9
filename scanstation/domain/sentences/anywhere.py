"""Scans, commands and questions as such: what may be said on any screen."""

from collections.abc import Sequence
from dataclasses import replace

from scanstation.domain.codes import BadCode, shorten, visible
from scanstation.domain.keyboards import of_another_keyboard
from scanstation.domain.language import english, joined, translated
from scanstation.domain.outcome import Done, Reason, Refused
from scanstation.domain.plurals import counted
from scanstation.domain.scan import fault_text
from scanstation.domain.sentences.phrases import phrase
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.store_errors import StoreError
from scanstation.domain.verdict import Prompt, Question, Tone, Verdict, stop

STORE = "store"
QUESTION_BELOW = "Answer the question below."
"""Where a question is one sentence, which stands in the panel."""
_TEXTS = Texts(
    {
        "faulty-scan": "{code} {fault}.",
        "read-twice": "{code} was read twice at once and counted once.",
        "check-card": "The check card: open the scanners screen (F9, Scanners) and scan it there.",
        "many-lines": "{code} and {more} more lines were pasted at once. A list of serials is better imported.",
        "bad-code": "{bad}. Scan {wanted}{doubt}.",
        "question-open": "Answer the question first. {code} was not kept.",
        "question-open/key": "Answer the question first.",
        "key-needed": "{code} does not count here: press Y on the keyboard, or N.",
        "no-such-reason": "{code} does not count here: there are the reasons 1 to {most}.",
        "no-such-reason/key": "There are the reasons 1 to {most}.",
        "no-such-reason/none": "{code} does not count here: no reason is asked.",
        "no-such-reason/list": "{code} does not count here: config.toml lists no such reason under rules.reasons.",
        "which-reason": "{code} does not say which: scan {prefix}REASON-1 to {most}, or press the number.",
        "no-question": "There is no question to answer.",
        "answered-no": "Nothing was changed. Scan on.",
        "serial-owed": "A serial is owed: scan {which} serial of {sku}, or cancel the unit.",
        "help": "Help. {code} reads on; any other scan closes it and is answered.",
        "back": "Back.",
        "screen": "{title}.",
        "no-order": "No order is open. Scan the number of an order.",
        "no-order/swap": "No packed order is on the screen. Scan its number, then this card again.",
        "hold": "A hold: the unit is not to leave.",
        "hold/desk": "{code} does not count here. Scan it on the screen of an order, or on Home.",
        "swap": "A swap: one unit comes out, another goes in.",
        "late": "{what} The store has not answered; wait.{waiting}",
        "store": "{error} {hint}",
        "store/away": "The store is away: nothing can be saved until it is back.",
        "read-first": "Read this first, then Esc. {scan} was not kept.",
        "not-printed": "{why}",
        "exporting": "A report is being written; wait, or stop it with Esc. {scan} was not kept.",
    }
)
_PARTS = Texts(
    {
        "other-keyboard": "; if it says something else, the keyboard language of the scanner does not match",
        "not-saved": "Not saved yet: {code}.",
        "not-done": "Not done yet.",
        "aside": "on {number}",
        "back-on": "back on {number}",
        "also-open": "also open here: {numbers}",
        "noted": "{text} ({note})",
        "noted-question": "({note}) {text}",
        "waiting": " {more}.",
        "close-station": "Close this station? Open work stays open.",
        "take-lines": "{count} lines were pasted. Take each of them as a scan?",
        "open-as": "{taken} Open this one as {name}?",
        "spelt-separator": "is a damaged label: the scanner spells the separator as “{spelt}”. "
        "Let it send GS (0x1D) itself, or set gs_substitute",
    }
)


def faulty(code: str, fault: str) -> Verdict:
    """The pipe would not vouch for the code; the fault is a sentence that follows it."""
    return _TEXTS.stop("faulty-scan", code, fault=fault_text(fault))


def spelt_separator(spelt: str) -> str:
    """What is wrong with a scanner that writes a separator out; the fault of a code, which it follows."""
    return _PARTS("spelt-separator", spelt=visible(spelt))


def read_twice(code: str) -> Verdict:
    """A scanner that read one label twice."""
    return _TEXTS.check("read-twice", code)


def check_card() -> Verdict:
    """The card that shows how a scanner is set up, on a screen that does not look at it."""
    return _TEXTS.check("check-card")


def many_lines(first: str, count: int) -> Verdict:
    """A paste that may be a whole list."""
    return _TEXTS.check("many-lines", first, more=count - 1)


def bad_code(bad: BadCode, wanted: str = "the serial label") -> Verdict:
    """It cannot be anybody's code; what is wanted in its place."""
    reason = "too-long" if "too long" in english(bad.reason) else "bad-code"
    doubt = _PARTS("other-keyboard") if of_another_keyboard(bad.text) else ""
    return _TEXTS.stop("bad-code", bad.text, reason=reason, bad=bad, wanted=phrase(wanted), doubt=doubt)


# Questions and commands


def answer_first(code: str) -> Verdict:
    """A scan or a key while a question is open, which the panel says; it is not kept."""
    return _TEXTS.stop("question-open" if code else "question-open/key", code)


def key_needed(code: str) -> Verdict:
    """SS-YES to a question whose yes no scan may give."""
    return _TEXTS.stop("key-needed", code)


def no_such_reason(code: str, most: int) -> Verdict:
    """SS-REASON-n where there are fewer, or where none is asked."""
    if not most:
        return _TEXTS.stop("no-such-reason/none", code)
    return _TEXTS.stop("no-such-reason" if code else "no-such-reason/key", code, most=most)


def no_listed_reason(code: str) -> Verdict:
    """SS-REASON-n where a reason is asked, and the site lists none of that number."""
    return _TEXTS.stop("no-such-reason/list", code)


def which_reason(code: str, prefix: str, most: int) -> Verdict:
    """SS-YES where one of several reasons is asked."""
    return _TEXTS.stop("which-reason", code, prefix=prefix, most=most)


def no_question(code: str) -> Verdict:
    """SS-YES or SS-NO with nothing to answer."""
    return _TEXTS.check("no-question", code)


def left_as_it_is() -> Verdict:
    """The question was answered with no."""
    return _TEXTS.check("answered-no")


def serial_owed(code: str, prompt: Prompt) -> Verdict:
    """A command that has to wait."""
    return _TEXTS.stop("serial-owed", code, which=prompt.which, sku=prompt.sku)


def help_shown(code: str) -> Verdict:
    """The help page was asked for by a card."""
    return _TEXTS.shown("help", code)


def back(code: str) -> Verdict:
    """A card has led to the screen before."""
    return _TEXTS.shown("back", code)


def screen_shown(code: str, title: str) -> Verdict:
    """A card has led to another screen."""
    return _TEXTS.shown("screen", code, title=translated(title))


def no_order_open(code: str) -> Verdict:
    """A command that needs an order."""
    return _TEXTS.check("no-order", code)


def hold_begun(code: str) -> Verdict:
    """SS-HOLD: a unit goes on hold."""
    return _TEXTS.shown("hold", code)


def hold_elsewhere(code: str) -> Verdict:
    """SS-HOLD where no screen takes it."""
    return _TEXTS.check("hold/desk", code)


def swap_begun(code: str) -> Verdict:
    """SS-SWAP where a packed order is shown."""
    return _TEXTS.shown("swap", code)


def swap_wants_order(code: str) -> Verdict:
    """SS-SWAP where no packed order is shown."""
    return _TEXTS.check("no-order/swap", code)


def read_first(code: str) -> Verdict:
    """A scan while a list waits to be read."""
    return _TEXTS.stop("read-first", scan=shorten(code))


def report_in_writing(code: str) -> Verdict:
    """A scan while a report is written to a file."""
    return _TEXTS.stop("exporting", scan=shorten(code))


# What an answer is told with


def with_note(verdict: Verdict, note: str | None) -> Verdict:
    """A verdict with a remark on its scan; a question still ends in its question mark."""
    if not note:
        return verdict
    name = "noted" if verdict.question is None else "noted-question"
    return replace(verdict, text=_PARTS(name, text=verdict.text, note=note))


def taken_aside(verdict: Verdict, number: str) -> Verdict:
    """What was taken, or taken back, on an order that is not the one on the desk."""
    return with_note(verdict, _PARTS("aside", number=number))


def back_on(verdict: Verdict, number: str) -> Verdict:
    """The order is on the desk again that was there before."""
    return with_note(verdict, _PARTS("back-on", number=number))


def also_open_here(verdict: Verdict, numbers: Sequence[str]) -> Verdict:
    """What was completed, with the orders that took scans meanwhile and are not."""
    return with_note(verdict, _PARTS("also-open", numbers=joined(numbers)))


# Asked of a person, and not by a scan


def close_station() -> Question:
    """Before the program ends."""
    return Question(_PARTS("close-station"))


def take_lines(count: int) -> Question:
    """Before a long paste is taken line by line."""
    return Question(_PARTS("take-lines", count=count))


def open_as(taken: str, name: str) -> Question:
    """Before a terminal whose station's name is taken is opened under another."""
    return Question(_PARTS("open-as", taken=taken, name=name))


# What an act came to


def refused_with(reason: Reason, code: str = "") -> Verdict:
    """A refusal of an act as the answer to a scan."""
    return stop(reason.name, reason.text, code)


def how_it_ended(outcome: Done | Refused) -> Verdict:
    """How an act ended, for the bar; of several reasons the first."""
    return Verdict(Tone.OK if isinstance(outcome, Done) else Tone.STOP, outcome.text)


def not_saved_yet(code: str, waiting: int) -> Verdict:
    """The store takes its time with a scan's code, or with a key where there is none; so many scans wait after it."""
    what = _PARTS("not-saved", code=shorten(code)) if code else _PARTS("not-done")
    after = _PARTS("waiting", more=counted(waiting, "more waits", "more wait")) if waiting else ""
    return _TEXTS.check("late", code, what=what, waiting=after)


def not_printed(reason: Reason) -> Verdict:
    """A paper did not reach its printer; nothing of the order is changed by that."""
    return _TEXTS.check("not-printed", why=reason.text)


def store_away() -> str:
    """What stands on every screen while the store cannot be reached."""
    return _TEXTS("store/away")


def store_trouble(error: StoreError, code: str = "") -> Verdict:
    """The answer when the store could not be used: nothing was changed, and the scan stays on the screen."""
    return Verdict(Tone.STOP, _TEXTS("store", error=error, hint=error.hint), shorten(code) if code else "", STORE)
