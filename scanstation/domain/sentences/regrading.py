"""Why a unit is not regraded to another SKU."""

from scanstation.domain.codes import shorten, visible
from scanstation.domain.outcome import Refused
from scanstation.domain.sentences.texts import Texts

_TEXTS = Texts(
    {
        "unknown-product/regrading": "{client} has no product {sku}. Check it.",
        "as-it-is/regrading": "{unit} is a {sku} already: nothing to regrade.",
        "not-tracked": "{sku} is not tracked: its units have no serials, and {unit} has one.",
        "in-use/regrading": "{sku} has a unit with the serial {code} already: correct one of the two first.",
    }
)


def no_product_to_regrade_to(client: str, sku: str) -> Refused:
    """The client has no such SKU."""
    return _TEXTS.refused("unknown-product/regrading", client=visible(client), sku=shorten(sku))


def regraded_already(unit: str, sku: str) -> Refused:
    """It is one of these."""
    return _TEXTS.refused("as-it-is/regrading", unit=unit, sku=visible(sku))


def regraded_to_untracked(unit: str, sku: str) -> Refused:
    """Units of the other SKU have no serials."""
    return _TEXTS.refused("not-tracked", unit=unit, sku=visible(sku))


def regraded_into_another(sku: str, code: str) -> Refused:
    """The other SKU has the code in use."""
    return _TEXTS.refused("in-use/regrading", sku=visible(sku), code=shorten(code))
