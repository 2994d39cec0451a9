"""NOTICE lists what is installed beside the program, and nothing else."""

from tests.notice import FILE, notice


def test_notice_lists_every_package_with_its_licence() -> None:
    assert FILE.read_text(encoding="utf-8") == notice(), "run `make notice`"
