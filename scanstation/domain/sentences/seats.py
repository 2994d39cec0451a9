"""Why a seat is not set up on a host, or not taken away; and what is said of one that is."""

from collections.abc import Sequence

from scanstation.domain.codes import visible
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.sentences.texts import Texts

_TEXTS = Texts(
    {
        "seat-host": "A seat is set up on Linux with systemd; {what}. The documentation's page Stations says "
        "what else runs it.",
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
        "seat-failed": (
            "`{command}` failed: {error}. What had been written was taken back; the group scanstation may stay."
        ),
        "seat-left": "`{command}` failed: {error}. The seat is not wholly taken away: mend that, and do it again.",
    }
)
_PARTS = Texts(
    {
        "seat-made": "The seat {name} is set up.",
        "seat-gone": "The seat {name} is taken away.",
        "seat-console-note": "Its station opens on {console} when the computer starts; at once by: systemctl restart "
        "getty@{console}",
        "seat-ssh-note": "From the handheld: ssh -t -e none {name}@HOST",
        "seat-key-note": "Its acts are sealed with a key of its own. Give it the key of the others "
        "(the documentation's page Security).",
        "seat-kept-note": "{path} was there and stays as it is.",
        "seat-left-note": "The store, its config.toml and /home/{name} stay.",
        "seat-later-note": "systemd does not run here: what it reads is in force when the computer starts.",
    }
)


def not_a_host(what: str) -> Refused:
    """A system without what a seat is made of."""
    return _TEXTS.refused("seat-host", what=what)


def name_of_no_user(name: str) -> Refused:
    """What cannot be the name of a user."""
    return _TEXTS.refused("seat-name", name=visible(name))


def no_plain_folder(folder: str) -> Refused:
    """A path that would mean something in a unit or a rule."""
    return _TEXTS.refused("seat-folder", folder=visible(folder))


def user_is_there(name: str) -> Refused:
    """A user of the host who is no seat."""
    return _TEXTS.refused("seat-user", name=visible(name))


def seat_file_is_there(path: str) -> Refused:
    """A file that another hand wrote."""
    return _TEXTS.refused("seat-file", path=visible(path))


def console_is_taken(path: str) -> Refused:
    """Two seats at one console."""
    return _TEXTS.refused("seat-console", path=visible(path))


def no_console(console: str) -> Refused:
    """What is no console."""
    return _TEXTS.refused("seat-console/name", console=visible(console))


def no_font(font: str) -> Refused:
    """What cannot be the name of a font."""
    return _TEXTS.refused("seat-font", font=visible(font))


def program_is_closed(program: str) -> Refused:
    """A program that the seat's user may not run."""
    return _TEXTS.refused("seat-program", program=visible(program))


def no_program(program: str) -> Refused:
    """A program that is not there."""
    return _TEXTS.refused("seat-program/none", program=visible(program))


def no_public_key() -> Refused:
    """A file with something else than public keys."""
    return _TEXTS.refused("seat-keys")


def host_lacks(package: str) -> Refused:
    """A host without a program that the seat needs."""
    return _TEXTS.refused("seat-lacks", package=package)


def sshd_reads_no_folder(folder: str) -> Refused:
    """An sshd whose settings are in one file."""
    return _TEXTS.refused("seat-unread", folder=folder)


def only_root_sets_up() -> Refused:
    """Another user."""
    return _TEXTS.refused("seat-root")


def seat_is_unknown(name: str, seats: str) -> Refused:
    """Taking away what is not there."""
    return _TEXTS.refused("seat-unknown", name=visible(name), seats=seats)


def seat_failed(command: str, error: str) -> Refused:
    """A step that failed; nothing of the seat is left."""
    return _TEXTS.refused("seat-failed", command=visible(command), error=visible(error))


def seat_is_left(command: str, error: str) -> Refused:
    """A step of taking it away that failed."""
    return _TEXTS.refused("seat-left", command=visible(command), error=visible(error))


def seat_is_made(name: str, notes: Sequence[str]) -> Done:
    """Set up; in what follows."""
    return Done(_PARTS("seat-made", name=name), tuple(notes))


def seat_is_gone(name: str) -> Done:
    """Taken away; what stays."""
    return Done(_PARTS("seat-gone", name=name), (_PARTS("seat-left-note", name=name),))


def opens_at(console: str) -> str:
    """A note: where the station of a console is seen."""
    return _PARTS("seat-console-note", console=console)


def signs_in_by(name: str) -> str:
    """A note: how a handheld signs in."""
    return _PARTS("seat-ssh-note", name=name)


def has_its_own_key() -> str:
    """A note: the seat is not the first of its host."""
    return _PARTS("seat-key-note")


def stays_as_it_is(path: str) -> str:
    """A note: a file of the site's own."""
    return _PARTS("seat-kept-note", path=path)


def in_force_later() -> str:
    """A note: the host is not running."""
    return _PARTS("seat-later-note")
