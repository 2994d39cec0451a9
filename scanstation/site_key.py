"""The key of a site: what its record is sealed with, and what PINs are hashed with. It is never in the store.

Each store has one key, named by a few of its digits; every host of the site has a copy, in a file of its user alone.
Whoever copies the store learns nothing of the key, and whoever changes the store cannot seal it anew.
"""

import hashlib
import hmac
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from platformdirs import user_data_path

from scanstation.domain.file_errors import UnwritableFile
from scanstation.domain.language import worded
from scanstation.files import private, sync_folder

_BYTES = 32
_NAME_DIGITS = 12
_TEXT = re.compile(r"scanstation-key-1 ([0-9a-f]{12}) ([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class SiteKey:
    """A secret of 32 random bytes."""

    secret: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """A key that nobody has."""
        return cls(secrets.token_bytes(_BYTES))

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The key that a line says, as `text` writes it; None where it is none, or was mistyped."""
        match = _TEXT.fullmatch(text.strip())
        if match is None:
            return None
        key = cls(bytes.fromhex(match[2]))
        return key if key.name == match[1] else None

    @property
    def name(self) -> str:
        """By what a store knows its key; tells nothing of it."""
        return self.derived("name").hex()[:_NAME_DIGITS]

    @property
    def text(self) -> str:
        """One line with all of it, for a file that goes to another host."""
        return f"scanstation-key-1 {self.name} {self.secret.hex()}"

    def derived(self, use: str) -> bytes:
        """32 bytes for one use, such as `seal` or `pepper`: what is learnt of one says nothing of another."""
        return hmac.digest(self.secret, use.encode(), hashlib.sha256)


def find(name: str) -> SiteKey | None:
    """The key of this name, if this user has it on this host."""
    try:
        key = SiteKey.read(_file(name).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return key if key is not None and key.name == name else None


def keep(key: SiteKey) -> Path:
    """Keep a key on this host, for this user alone; returns the file.

    Raises:
        UnwritableFile: the folder of the user's data cannot be written.
    """
    file = _file(key.name)
    if find(key.name) is not None:
        return file
    part = file.with_suffix(f".{os.getpid()}.part")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(part, "w", encoding="ascii", opener=private) as written:
            written.write(f"{key.text}\n")
            written.flush()
            os.fsync(written.fileno())
        part.replace(file)
        sync_folder(file.parent)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise UnwritableFile(
            worded(
                "The site's key cannot be kept in {folder}: {why}.", folder=file.parent, why=error.strerror or error
            ),
            worded("Give this user a folder of its own that can be written."),
        ) from error
    return file


def _file(name: str) -> Path:
    return user_data_path("scanstation") / "keys" / f"{name}.key"
