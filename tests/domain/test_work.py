"""Work and what is owed in it."""

import pytest

from scanstation.domain.verdict import CodeKind
from scanstation.domain.work import OwedPiece, Piece

PIECE = Piece(id=1, work_id=1, line_id=1, entry_id=None, scenario=3, quantity=1, owed=True, unit_id=None, source=None)


@pytest.mark.parametrize(("kind", "code"), [(CodeKind.PRIMARY, "A1"), (CodeKind.SECONDARY, None)])
def test_the_code_that_is_in_and_the_one_that_is_owed(kind: CodeKind, code: str | None) -> None:
    assert OwedPiece(piece=PIECE, waiting=1, known="A1", known_secondary=None).code(kind) == code
