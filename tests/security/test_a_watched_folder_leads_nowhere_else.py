"""Whoever hands files over cannot have the watch write elsewhere, and no name is too long for its reason."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scanstation.store.store import open_store
from scanstation.workflows.master_data.watched_folder import Watch
from scanstation.workflows.site import Site
from tests.builders import product
from tests.workflows.watched import BAD, ORDER, Folder


@pytest.fixture
def folder(site: Site, tmp_path: Path) -> Iterator[Folder]:
    product(site, "CAM-500", 5)
    (tmp_path / "in").mkdir()
    watch = Watch(tmp_path / "in", lambda: Site(open_store(f"sqlite:///{site.store.path}"), "erp", "office"))
    watch.begin()
    yield Folder(watch)
    watch.end()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A file that is nobody's business."""
    file = tmp_path / "elsewhere.txt"
    file.write_text("as it was")
    return file


@pytest.mark.parametrize("is_there", [True, False])
def test_a_link_in_the_place_of_a_reason_is_not_followed(folder: Folder, elsewhere: Path, is_there: bool) -> None:
    if not is_there:
        elsewhere.unlink()
    (folder.path / "failed").mkdir()
    (folder.path / "failed" / "orders.csv.reason.txt").symlink_to(elsewhere)
    folder.put("orders.csv", BAD)
    assert "failed/orders-2.csv" in " ".join(folder.arrive())
    assert elsewhere.exists() == is_there
    assert not is_there or elsewhere.read_text() == "as it was"
    assert "NO-SUCH" in folder.reason("orders-2.csv")


@pytest.mark.parametrize("target", ["failed", "loaded", "results"])
def test_a_link_in_the_place_of_a_folder_is_named_and_the_file_stays(
    folder: Folder, tmp_path: Path, target: str
) -> None:
    (tmp_path / "away").mkdir()
    (folder.path / target).symlink_to(tmp_path / "away")
    folder.put("orders.csv", BAD if target == "failed" else ORDER)
    assert "it is a link and not a folder. It stays" in " ".join(folder.arrive())
    assert (folder.path / "orders.csv").exists()
    assert not [*(tmp_path / "away").iterdir()]


@pytest.mark.parametrize(
    "name",
    ["n" * 251 + ".csv", "ö" * 125 + ".csv", "n" * 240 + ".csv", "a." + "x" * 253],
    ids=["cut", "cut within two bytes", "cut for its reason", "no suffix"],
)
def test_a_name_that_leaves_no_room_for_its_reason_gets_a_shortened_one(folder: Folder, name: str) -> None:
    for number in ("", "-2"):
        folder.put(name, BAD)
        assert "It is failed/" in " ".join(folder.arrive())
        assert len(folder.files) == (2 if not number else 4), folder.files
    reasons = [path for path in (folder.path / "failed").iterdir() if path.name.endswith(".reason.txt")]
    assert all("NO-SUCH" in reason.read_text() for reason in reasons)
    assert {path.name.split("-2")[0] != path.name for path in reasons} == {True, False}, "each has its own"
    assert (folder.path / "failed" / name).exists()
