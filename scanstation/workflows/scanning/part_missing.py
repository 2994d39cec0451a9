"""A unit of two codes that comes back on a purchase order without one of its parts (RULES 2.22)."""

from dataclasses import replace

from scanstation.domain import sentences as say
from scanstation.domain.codes import shorten
from scanstation.domain.scan import Scan
from scanstation.domain.verdict import Verdict
from scanstation.domain.work import PART_MISSING, OwedPiece
from scanstation.store import works
from scanstation.workflows.scanning.act_context import ActContext


def part_missing(act: ActContext, scan: Scan, owed: OwedPiece) -> Verdict:
    """No, while the other code of a unit that comes back is owed: it comes without, and goes on hold for that."""
    prompt, piece = act.prompt_of(owed), owed.piece
    missing = owed.code(prompt.kind) or ""
    summary = f"{prompt.sku} {shorten(prompt.known)}, part missing"
    act.enter(replace(scan, text=missing), PART_MISSING, summary, piece.id)
    works.change_piece(act.tx, piece.id, owed=False, unit_id=piece.unit_id, source=piece.source)
    act.codes_changed()
    return say.part_missing(prompt.known, prompt.sku, missing)
