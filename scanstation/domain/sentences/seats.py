"""Why a seat is not set up on a host, or not taken away; and what is said of one that is."""

from collections.abc import Sequence

from scanstation.domain.codes import visible
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.sentences.texts import Texts

_TEXTS = Texts(
    {
        "seat-host": "A seat is set up on Linux with systemd; {what}. docs/station.md says what else runs it.",
        "seat-name": "{name} cannot be the name of a user. Use a small letter, then small letters, digits, - and _, "
        "31 at most.",
        "seat-folder": "{folder} is no plain path from the root on. Name one such as /srv/scanstation.",
        "seat-user": "There is a user {name} already, and not of a seat. Choose another name.",
        "seat-file": "{path} is there already, and not of a seat. Move it away, or choose another name.",
        "seat-console": "{path} is the console of another seat. Name another with --console, such as tty2.",
        "seat-console/name": "{console} is no console. Name one such as tty1.",
        "seat-font": "{font} is no name of a font. Name one such as Lat15-Terminus16.",
        "seat-program": "{program} may not be run by other users than its own. Install ScanStation where everybody may "
        "read it, such as in /opt, and name it with --program.",
        "seat-program/none": "There is no program {program}. Name ScanStation's with --program.",
        "seat-keys": "A line of the file is no public key. Name the one that `ssh-keygen` ends in .pub.",
        "seat-lacks": "{package} is not installed on this host. Install it: apt install {package}",
        "seat-unread": "sshd does not read {folder} here. Put `Include {folder}/*.conf` at the head of sshd_config.",
        "seat-root": "Only root may set up a seat. Run it with sudo.",
        "seat-unknown": "There is no seat {name} on this host. Its seats: {seats}.",
        "seat-failed": "`{command}` failed: {error}. What had been written was taken back.",
        "seat-left": "`{command}` failed: {error}. The seat is not wholly taken away: mend that, and do it again.",
    }
)
_DONE = Texts(
    {
        "made": "The seat {name} is set up.",
        "gone": "The seat {name} is taken away.",
        "console": "Its station opens on {console} when the computer starts; at once by: systemctl restart "
        "getty@{console}",
        "ssh": "From the handheld: ssh -t -e none {name}@HOST",
        "key": "Its acts are sealed with a key of its own. Give it the other seats' key: docs/security.md says how.",
        "kept": "{path} was there and stays as it is.",
        "left": "The store, its config.toml and /home/{name} stay.",
        "later": "systemd does not run here: what it reads is in force when the computer starts.",
    }
)


def not_a_host(what: str) -> Refused:
    """A system without what a seat is made of."""
    return _TEXTS.refused("seat-host", what=what)


def seat_refused(name: str, /, **fields: str) -> Refused:
    """The other refusals, by their names; what came from the command line is made visible."""
    return _TEXTS.refused(name, **{key: visible(value) for key, value in fields.items()})


def seat_is_made(name: str, notes: Sequence[str]) -> Done:
    """Set up; in what follows."""
    return Done(_DONE("made", name=name), tuple(notes))


def seat_is_gone(name: str, notes: Sequence[str]) -> Done:
    """Taken away; what stays."""
    return Done(_DONE("gone", name=name), tuple(notes))


def seat_note(name: str, /, **fields: str) -> str:
    """A line that follows."""
    return _DONE(name, **fields)
