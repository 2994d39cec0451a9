"""GS1 Digital Links, taken apart here: biip's takes a `+` for a blank, and refuses the words of the first edition,
qualifiers in another order, and a link with anything wrong in a parameter that nobody needs.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import parse_qsl, unquote

from scanstation.domain import lots
from scanstation.domain import sentences as say
from scanstation.domain.gtin import KEY_LENGTH
from scanstation.workflows.codes.data_identifiers import COUNT
from scanstation.workflows.codes.gs1_fields import (
    UNREADABLE,
    BrokenLabel,
    Field,
    element_field,
    gs1_text,
    identifier_of,
    is_identifier,
)

_LINK = re.compile(r"https?://[^/?#]*/(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?", re.IGNORECASE)
_LINKED_GTIN = re.compile(r"[0-9]{8}|[0-9]{12,14}")
_LINK_WORDS = {"gtin": "01", "cpv": "22", "lot": "10", "ser": "21"}
"""What links of the first edition of the standard write in place of numbers."""


def link_from_product(body: str) -> tuple[list[str], str] | None:
    """The path of a link from its product on, and its query; None if it is no link of GS1's."""
    link = _LINK.match(body)
    if link is None:
        return None
    path = [unquote(part) for part in link["path"].rstrip("/").split("/")]
    for place, (name, value) in enumerate(pairwise(path)):
        if _LINK_WORDS.get(name.lower(), name) == "01" and _LINKED_GTIN.fullmatch(value):
            return path[place:], link["query"] or ""
    return None


def linked_fields(path: list[str], query: str) -> Iterator[Field]:
    """The fields of a link. Host, path in front and foreign parameters say nothing and are left out."""
    if len(path) % 2:
        raise BrokenLabel(say.link_is_short(path[-1]))
    # The standard has an order for what follows the product; a label with another says the same.
    in_path = zip(path[::2], path[1::2], strict=True)
    # A link is no form: its “+” is no blank.
    told = parse_qsl(query.replace(";", "&").replace("+", "%2B"), keep_blank_values=True)
    in_query = [pair for pair in told if pair[0] in ("21", "250") or (pair[0] == "30" and COUNT.fullmatch(pair[1]))]
    for name, value in told:
        if name in lots.DATES and lots.is_gs1_day(value):
            in_query.append((name, value))
        elif name in lots.DATES and value.strip("0"):
            yield UNREADABLE, name
    for name, value in (*in_path, *in_query):
        digits = _LINK_WORDS.get(name.lower(), name)
        identifier = identifier_of(digits) if is_identifier(digits) else None
        if identifier is None:
            raise BrokenLabel(say.link_misfits("/".join(path)))
        yield element_field(identifier, gs1_text(value.zfill(KEY_LENGTH) if digits == "01" else value))
