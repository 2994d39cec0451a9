"""The key of a site is its user's alone, is told from a mistyped one, and says nothing of itself."""

import stat
from pathlib import Path

import pytest

from scanstation import site_key
from scanstation.domain.file_errors import UnwritableFile
from scanstation.site_key import SiteKey


def test_a_key_is_kept_for_this_user_alone_and_found_by_its_name() -> None:
    key = SiteKey.new()
    assert site_key.find(key.name) is None
    file = site_key.keep(key)
    assert site_key.keep(key) == file
    assert site_key.find(key.name) == key
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)) == (0o600, 0o700)
    assert [*file.parent.iterdir()] == [file]


def test_a_mistyped_or_foreign_key_is_none() -> None:
    key, other = SiteKey.new(), SiteKey.new()
    assert SiteKey.read(f" {key.text}\n") == key
    for wrong in ("", key.text[:-1], key.text.replace(key.name, other.name), f"{key.text} {key.text}", "ключ"):
        assert SiteKey.read(wrong) is None
    site_key.keep(key).write_text(other.text, encoding="ascii")
    assert site_key.find(key.name) is None


def test_nothing_that_is_shown_holds_the_secret() -> None:
    key = SiteKey.new()
    assert key.secret.hex() not in f"{key!r} {key.name} {key.derived('seal').hex()} {key.derived('pepper').hex()}"
    assert key.derived("seal") != key.derived("pepper")


def test_a_folder_that_cannot_be_written_is_told(home: Path) -> None:
    (home / ".local").write_text("a file")
    with pytest.raises(UnwritableFile, match="key cannot be kept"):
        site_key.keep(SiteKey.new())
