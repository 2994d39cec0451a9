"""How a sentence is filled in: a template by its name, with named fields."""

from collections.abc import Collection, ItemsView, Iterable, Mapping, Sequence

from scanstation.domain.codes import shorten
from scanstation.domain.language import worded
from scanstation.domain.outcome import Done, Reason, Refused, refused
from scanstation.domain.verdict import Verdict, ask, check, ok, shown, stop


class Texts:
    """The templates of one subject by their names.

    The name of a refusal or a question is its reason, for the log and the tests. A reason that is said in several ways
    has a name for each, `reason/case`: what stands before the stroke is the reason. `{code}` is what was scanned,
    visible and shortened, and need not be given. One sentence for several reasons is given its `reason`.

        >>> texts = Texts({"over-order/full": "{code} is full: {done} are received."})
        >>> verdict = texts.stop("over-order/full", "CAM-300", done=4)
        >>> verdict.reason, verdict.text
        ('over-order', 'CAM-300 is full: 4 are received.')
    """

    def __init__(self, templates: Mapping[str, str]) -> None:
        self._templates = templates

    def __call__(self, name: str, /, **fields: object) -> str:
        """A sentence, or a part of one."""
        return worded(self._templates[name], **fields)

    def __contains__(self, name: str) -> bool:
        return name in self._templates

    def ok(self, name: str, scanned: str = "", /, **fields: object) -> Verdict:
        """It was taken."""
        return ok(self(name, code=shorten(scanned), **fields), scanned)

    def shown(self, name: str, scanned: str = "", /, **fields: object) -> Verdict:
        """It was opened, found, shown or taken back; nothing was booked."""
        return shown(self(name, code=shorten(scanned), **fields), scanned)

    def check(self, name: str, scanned: str = "", /, *, reason: str = "", **fields: object) -> Verdict:
        """Nothing is wrong, but somebody should look."""
        return check(reason or _reason(name), self(name, code=shorten(scanned), **fields), scanned)

    def ask(
        self,
        name: str,
        scanned: str = "",
        /,
        *,
        reason: str = "",
        whole: Sequence[str] = (),
        may_change: Collection[str] = (),
        no: str = "",
        again_is_yes: bool = False,
        choices: tuple[str, ...] = (),
        **fields: object,
    ) -> Verdict:
        """A CHECK that must be answered; its template ends in a question mark.

        A yes is one to all that was shown, and to `whole`, what was shown shortened. `may_change` names the fields that
        may be others by the time of the answer.
        """
        text, apart_from = self(name, code=shorten(scanned), **fields), ""
        if may_change:
            apart_from = self(name, code=shorten(scanned), **{**fields, **dict.fromkeys(may_change, "")})
        return ask(
            reason or _reason(name),
            text,
            scanned,
            whole=whole,
            apart_from=apart_from,
            no=no,
            again_is_yes=again_is_yes,
            choices=choices,
        )

    def stop(self, name: str, scanned: str = "", /, *, reason: str = "", **fields: object) -> Verdict:
        """It was refused."""
        return stop(reason or _reason(name), self(name, code=shorten(scanned), **fields), scanned)

    def reason(self, name: str, /, *, reason: str = "", **fields: object) -> Reason:
        """Why an act is refused, where there may be several reasons."""
        return Reason(reason or _reason(name), self(name, **fields))

    def refused(self, name: str, /, *, reason: str = "", **fields: object) -> Refused:
        """An act is refused, for one reason."""
        return refused(reason or _reason(name), self(name, **fields))

    def done(self, name: str, notes: Iterable[str] = (), /, **fields: object) -> Done:
        """An act was carried out; the notes say what else to know."""
        return Done(self(name, **fields), tuple(notes))

    def items(self) -> ItemsView[str, str]:
        """All templates by their names."""
        return self._templates.items()


def _reason(name: str) -> str:
    return name.partition("/")[0]
