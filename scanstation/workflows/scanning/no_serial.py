"""A unit whose serial nobody can read (RULES 2.8): it is asked why, and the site gives it the next of its own."""

from scanstation.domain import sentences as say
from scanstation.domain.house_serials import CHOICES, WhyNone
from scanstation.domain.operators import PIN, Deed
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import Verdict
from scanstation.domain.work import OwedPiece
from scanstation.workflows.scanning.act_context import ActContext
from scanstation.workflows.scanning.owed_code import OwedCode


def without_serial(act: ActContext, scan: Scan, owed: OwedPiece) -> Verdict:
    """Give the unit that owes a serial a house serial, where a new one may be given.

    At packing that takes a right of its own. A PIN is asked for last, when it was said why.
    """
    prompt = act.prompt_of(owed)
    if prompt.may_lack:
        return say.other_not_due(scan.text, prompt.known, prompt.kind)
    if act.rules.wants_known(owed, prompt.kind, act.site.policy_of(owed.piece.scenario)):
        return say.known_serial_due(scan.text, prompt.sku)
    lacking = None
    if act.rules.kind is OrderKind.SHIPMENT:
        lacking = act.site.why_not(act.tx, Deed.PACK_WITHOUT_SERIAL)
    if lacking and lacking.name != PIN:
        return say.refused_with(lacking, scan.text)
    asked = say.why_no_serial(scan.text, prompt.sku, prompt.kind, CHOICES)
    why = act.answers.chosen(asked)
    if not why:
        return asked
    if lacking:
        return say.refused_with(lacking, scan.text)
    return OwedCode(act, scan, owed, prompt, "", None).give_house_serial(WhyNone(why))
