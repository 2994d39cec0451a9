"""Receiving: a known serial that is scanned with no prompt open (RULES 2.10)."""

from scanstation.domain import sentences as say
from scanstation.domain.codes import Code
from scanstation.domain.lots import NO_LOT, LotFacts
from scanstation.domain.scan import Scan
from scanstation.domain.verdict import Verdict
from scanstation.domain.work_rules import RECEIVING, Unavailable
from scanstation.store import catalog
from scanstation.workflows.scanning.act_context import ActContext
from scanstation.workflows.scanning.product_codes import known_meaning, read_otherwise


def known_serial(act: ActContext, scan: Scan, code: Code, lot: LotFacts = NO_LOT) -> Verdict | None:
    """Refuse it with what it is; None when nobody knows the code."""
    del scan, lot  # nothing of it is kept
    owners = act.owners(code.key)
    if not owners and (known := known_meaning(act, code, act.lines.peculiar_products(read_otherwise))):
        code, owners = known, act.owners(known.key)
    if not owners:
        return None
    unit = RECEIVING.meant(owners, act.work.id, act.lines.product_ids)
    if unit.free:
        sku = catalog.product(act.tx, unit.product_id).sku
        return say.serial_without_prompt(code.text, sku, f"Received in {unit.warehouse} already")
    return act.refuse(code, Unavailable(unit))
