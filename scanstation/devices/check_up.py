"""What a check card shows of the scanner that read it, and what would mend it.

What the station can do about it is offered as changes of config.toml; what has to be set at the scanner is a sentence.
"""

import math
from collections.abc import Iterator
from typing import Final

from scanstation.devices.framing import Framing
from scanstation.devices.serial_settings import SerialSettings
from scanstation.devices.wedge_settings import NO_SUFFIX, SUFFIX_CHARACTERS, Suffix, WedgeSettings
from scanstation.domain.check_card import CardFound
from scanstation.domain.codes import shorten, visible
from scanstation.domain.heard import CardFinding, Change, CheckUp, Heard, milliseconds
from scanstation.domain.language import joined, word, worded
from scanstation.domain.scan import Fault
from scanstation.domain.sentences.phrases import phrase
from scanstation.domain.verdict import Tone

_SLOWEST_MEAN_MS: Final = 60.0
"""Above this, allowing a scanner its pace would make scans of what people type."""
_ROOM = 1.3
"""The next code may come a little slower than the card did."""
_STEP_MS = 5

_SINGLE_SIGNS: Final = frozenset("!\"%&'()*+,-./:;<=>?_")

_FRAMINGS: Final[dict[str, Framing]] = {
    "\r": "line",
    "\n": "line",
    "\r\n": "line",
    "\t": "tab",
    "\x04": "eot",
    "\x03": "stx-etx",
    "": "idle",
}


def check_up(card: CardFound, heard: Heard, settings: WedgeSettings) -> CheckUp:
    """What a keyboard scanner's card shows, the worst first."""
    findings = [_layout(card), *_caps_lock(card)]
    changes: list[Change] = []
    optional: list[Change] = []
    if card.is_gs1:
        findings.append(_separator(card, settings, changes))
    if card.is_exact:
        findings += _start_mark(card, settings, optional)
    findings.append(_suffix(heard, settings, changes, optional))
    findings.append(_speed(heard, settings, changes))
    return CheckUp(_worst_first(findings), tuple(changes), tuple(optional))


def check_up_scanner(card: CardFound, heard: Heard, settings: SerialSettings) -> CheckUp:
    """What the card of a scanner on a serial port shows."""
    findings: list[CardFinding] = []
    changes: list[Change] = []
    optional: list[Change] = []
    if card.is_exact and not card.caps_lock and not card.layout:
        findings.append(CardFinding(Tone.OK, worded("Characters"), worded("right")))
    else:
        told = worded("not those of the card. Check baud, bytesize and parity, here and at the scanner.")
        findings.append(CardFinding(Tone.STOP, worded("Characters"), told))
    if card.is_gs1:
        findings.append(_separator(card, settings, changes))
    if card.is_exact:
        findings += _start_mark(card, settings, optional)
    findings.append(_framing(heard, settings, changes))
    return CheckUp(_worst_first(findings), tuple(changes), tuple(optional))


def _worst_first(findings: list[CardFinding]) -> tuple[CardFinding, ...]:
    return tuple(sorted(findings, key=lambda finding: -list(Tone).index(finding.tone)))


# One thing each


def _layout(card: CardFound) -> CardFinding:
    what = worded("Keyboard")
    if not card.is_exact:
        problem = worded(
            "characters were lost or changed. Scan the card again; then set the scanner's keyboard country."
        )
        if card.layout:
            problem = worded(
                "characters were lost or changed. It looks most like this keyboard: {layout}. Scan the card again; "
                "then set the scanner's keyboard country.",
                layout=phrase(card.layout[0].computer),
            )
        return CardFinding(Tone.STOP, what, problem)
    if not card.layout:
        return CardFinding(Tone.OK, what, worded("the layout is right"))
    computers = _either(dict.fromkeys(each.computer for each in card.layout))
    scanners = _either(dict.fromkeys(each.scanner for each in card.layout))
    return CardFinding(
        Tone.STOP,
        what,
        worded(
            "this computer's is {computers}, the scanner types for {scanners}. Set the scanner's keyboard country to "
            "{computers}.",
            computers=computers,
            scanners=scanners,
        ),
    )


def _either(names: dict[str, None]) -> str:
    *first, last = map(phrase, names)
    return joined([joined(first), last], " or ") if first else last


def _caps_lock(card: CardFound) -> Iterator[CardFinding]:
    if card.caps_lock:
        told = worded(
            "on, or the scanner changes the case. Press Caps Lock once; else set the scanner to no change of case."
        )
        yield CardFinding(Tone.STOP, worded("Caps Lock"), told)


def _scanner(settings: WedgeSettings | SerialSettings) -> str:
    """The [[serial]] table that a change belongs to; empty for [wedge]."""
    return settings.id if isinstance(settings, SerialSettings) else ""


def _separator(card: CardFound, settings: WedgeSettings | SerialSettings, changes: list[Change]) -> CardFinding:
    what = worded("Separator")
    if card.is_exact and settings.drops_separators is bool(card.separator):
        drops = not card.separator
        changes.append(Change("drops_separators", drops, settings.drops_separators, scanner=_scanner(settings)))
    if not card.separator:
        problem = worded(
            "the group separator is not sent. Let the scanner send GS (0x1D), or a character of your own for it."
        )
        return CardFinding(Tone.STOP, what, problem)
    if card.separator_name:
        return CardFinding(Tone.OK, what, worded("GS comes as {separator}", separator=word(card.separator_name)))
    separator = shorten(card.separator)
    if card.separator == settings.gs_substitute:
        return CardFinding(Tone.OK, what, worded("GS comes as “{separator}”, as it is set here", separator=separator))
    if visible(card.separator) != card.separator or _is_in_codes(card.separator):
        problem = worded(
            "GS comes as “{separator}”, which codes hold too. Let the scanner send GS (0x1D), or one rare character.",
            separator=separator,
        )
        return CardFinding(Tone.STOP, what, problem)
    changes.append(Change("gs_substitute", card.separator, settings.gs_substitute, scanner=_scanner(settings)))
    told = worded("GS comes as “{separator}”, which the station has to be told.", separator=separator)
    return CardFinding(Tone.CHECK, what, told)


def _is_in_codes(separator: str) -> bool:
    """Would other codes be torn apart by it? GS1 codes hold these characters (GS1's set 82), and serials do too."""
    return separator.isalnum() or separator in _SINGLE_SIGNS


def _start_mark(
    card: CardFound, settings: WedgeSettings | SerialSettings, optional: list[Change]
) -> Iterator[CardFinding]:
    """The AIM identifier and the prefix."""
    wedge = settings if isinstance(settings, WedgeSettings) else None
    what = worded("Barcode")
    if card.aim:
        yield CardFinding(Tone.OK, what, worded("{sent} is sent", sent=card.aim))
        if wedge and not wedge.require_aim:
            optional.append(Change("require_aim", True, False))
    elif wedge and wedge.require_aim:
        problem = worded(
            "no AIM identifier is sent, and require_aim is on. Turn it on at the scanner (“transmit AIM code ID”)."
        )
        yield CardFinding(Tone.STOP, what, problem)
    else:
        problem = worded("no AIM identifier is sent. With it, a cut code would be known by its missing head.")
        yield CardFinding(Tone.CHECK, what, problem)
    set_here = settings.prefix
    if card.prefix == set_here:
        return
    if not card.prefix:
        problem = worded(
            "“{prefix}” is expected and not sent. Set it at the scanner, or take it out of config.toml.",
            prefix=shorten(set_here),
        )
        yield CardFinding(Tone.STOP, worded("Prefix"), problem)
        return
    problem = worded("“{prefix}” is sent before the code. Take it off at the scanner.", prefix=shorten(card.prefix))
    yield CardFinding(Tone.CHECK, worded("Prefix"), problem)
    if not set_here and visible(card.prefix) == card.prefix:
        optional.append(Change("prefix", card.prefix, set_here, scanner=_scanner(settings)))


def _suffix(heard: Heard, settings: WedgeSettings, changes: list[Change], optional: list[Change]) -> CardFinding:
    what = worded("Suffix")
    if not heard.suffix:
        if not settings.needs_end:
            problem = worded(
                "none is sent, as it is set here: a code that is cut off may pass. Set Enter (CR) at the scanner."
            )
            return CardFinding(Tone.CHECK, what, problem)
        optional.append(Change("suffix", NO_SUFFIX[0], settings.suffix))
        problem = worded(
            "none is sent, and without its end no code is taken. Set the suffix Enter (CR) at the scanner; "
            "if it cannot send one, the station can do without."
        )
        return CardFinding(Tone.STOP, what, problem)
    if not settings.needs_end:
        optional.append(Change("suffix", WedgeSettings().suffix, settings.suffix))
        problem = worded(
            "{sent} is sent, and none is asked for here. A code that is cut off may pass.", sent=heard.suffix_name
        )
        return CardFinding(Tone.CHECK, what, problem)
    if heard.suffix[0] in settings.suffix_characters:
        return CardFinding(Tone.OK, what, heard.suffix_name)
    missing: list[Suffix] = [name for name, character in SUFFIX_CHARACTERS.items() if character == heard.suffix[0]]  # type: ignore[misc]
    if not missing:
        problem = worded("{sent} is sent. Set the suffix Enter (CR) at the scanner.", sent=heard.suffix_name)
        return CardFinding(Tone.STOP, what, problem)
    changes.append(Change("suffix", (*settings.suffix, *missing), settings.suffix))
    problem = worded("{sent} is sent, and does not end a code here.", sent=heard.suffix_name)
    return CardFinding(Tone.CHECK, what, problem)


def _speed(heard: Heard, settings: WedgeSettings, changes: list[Change]) -> CardFinding:
    what = worded("Speed")
    mean, largest = heard.mean_gap, heard.largest_gap
    speed = worded("all at once")
    if largest:
        speed = worded(
            "{mean} ms a character, {largest} ms at most", mean=milliseconds(mean), largest=milliseconds(largest)
        )
    fault = heard.scan.fault if heard.scan else None
    if heard.scan is not None and fault != Fault.PIECES:
        return CardFinding(Tone.OK, what, speed)
    if mean > _SLOWEST_MEAN_MS:
        problem = worded(
            "{speed}: as slow as a person. Set the scanner's delay between characters to none; over Bluetooth, go "
            "nearer.",
            speed=speed,
        )
        return CardFinding(Tone.STOP, what, problem)
    if mean <= settings.max_avg_ms and sum(gap > settings.max_gap_ms for gap in heard.gaps) <= 1:
        # A pause in a code that is fast enough: no setting mends that, and the next scan may be whole.
        problem = worded("{speed}: it stood still for a moment. Scan the card again.", speed=speed)
        return CardFinding(Tone.CHECK, what, problem)
    # A single pause says nothing about the scanner.
    gap = _with_room(sorted(heard.gaps)[-2] if len(heard.gaps) > 10 else largest)
    wanted = {"max_gap_ms": gap, "max_avg_ms": min(_with_room(mean), gap)}
    wanted["burst_gap_ms"] = max(settings.burst_gap_ms, gap)
    wanted["split_guard_ms"] = max(settings.split_guard_ms, wanted["burst_gap_ms"])
    for key, value in wanted.items():
        before: float = getattr(settings, key)
        if value > before:
            changes.append(Change(key, value, before))
    problem = worded("{speed}: slower than the station takes for a scan.", speed=speed)
    return CardFinding(Tone.CHECK, what, problem)


def _with_room(value: float) -> float:
    return float(math.ceil(value * _ROOM / _STEP_MS) * _STEP_MS)


def _framing(heard: Heard, settings: SerialSettings, changes: list[Change]) -> CardFinding:
    what = worded("Suffix")
    is_bracketed = "\x02" in heard.raw and "\x03" in heard.suffix
    sent: Framing | None = "stx-etx" if is_bracketed else _FRAMINGS.get(heard.suffix)
    framing_text = "STX … ETX" if is_bracketed else heard.suffix_name
    if heard.scan is not None and not heard.scan.fault:
        if settings.framing == "idle" and heard.suffix:
            problem = worded("{sent}. framing = “line” would be safer than “idle”.", sent=framing_text)
            return CardFinding(Tone.CHECK, what, problem)
        return CardFinding(Tone.OK, what, framing_text)
    if sent is None or sent == settings.framing:
        return CardFinding(Tone.CHECK, what, worded("{sent}. Scan the card again.", sent=framing_text))
    if sent == "idle":
        return CardFinding(Tone.STOP, what, worded("none is sent. Set the suffix CR LF at the scanner."))
    changes.append(Change("framing", sent, settings.framing, scanner=settings.id))
    problem = worded("{sent} is sent, and “{framing}” is expected here.", sent=framing_text, framing=settings.framing)
    return CardFinding(Tone.CHECK, what, problem)
