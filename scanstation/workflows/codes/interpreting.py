"""What a barcode says: the one place that distinguishes a command, GS1, a link, an envelope and a plain code.

What each kind of label is made of stands in a module of its own: `element_strings.py`, `links.py`, `envelopes.py`,
`data_identifiers.py`; `label_parts.py` takes from their fields what the station uses.
"""

from dataclasses import replace
from functools import lru_cache

from scanstation.domain import sentences as say
from scanstation.domain.codes import trim
from scanstation.domain.commands import MAX_QUANTITY, Act, read_command
from scanstation.domain.gtin import is_digits
from scanstation.domain.language import spoken
from scanstation.domain.reading import Doubt, Form, Reading
from scanstation.domain.scan import Fault
from scanstation.workflows.codes.aim import OF_CARRIERS, split_aim, symbology_of, unescaped
from scanstation.workflows.codes.element_strings import is_element_string, read_element_string
from scanstation.workflows.codes.envelopes import headless, read_envelope
from scanstation.workflows.codes.gs1_fields import GROUP_SEPARATOR, BrokenLabel
from scanstation.workflows.codes.label_parts import retail_product, with_parts
from scanstation.workflows.codes.links import link_from_product, linked_fields
from scanstation.workflows.codes.separators import (
    ENVELOPE,
    ENVELOPE_HEAD,
    MARKED_ENVELOPE,
    SPELT_ENVELOPE,
    find_spelt_separator,
    is_label,
    mark_between_fields,
)

_LABELS_KEPT = 128
"""A scan is read in several places, and a product's label is scanned again and again."""


def interpret(text: str, *, command_prefix: str) -> Reading:
    """Read a barcode's text; never raises, whatever the text.

    The first of these that fits decides:

    1. An AIM identifier in front (`]C1`) is taken off; it says which barcode it was. Unknown ones are text.
    2. A command barcode: exactly the site's prefix and a command's word. In other letters it is nothing else either,
       and neither is a quantity out of range.
    3. A GS1 element string, on evidence only: a GS1 AIM identifier; a group separator; `(01)…` with its fields in
       brackets; or 01 and 14 digits with the right check digit, with nothing or a known field after. Bare digits
       of any other kind stay what they are.
    4. A GS1 Digital Link with a product in its path, of any host; it is never opened.
    5. An ISO 15434 envelope; formats 05 (GS1 fields) and 06 (data identifiers) are read, others are named.
    6. An EAN or UPC, if the AIM identifier says so: a UPC-E in its long form, an add-on of a magazine left out.
    7. Plain text.

    What is sure to be 3 to 6 and does not parse has a fault that says what is wrong, and no parts. Fields that the
    station does not use are in nobody's way, right or wrong. A serial in which a separator may be hidden, spelt out
    or left out, has a `doubt`.
    """
    return _interpreted(text, command_prefix, spoken())


@lru_cache(_LABELS_KEPT)
def _interpreted(text: str, command_prefix: str, in_language: object) -> Reading:  # noqa: ARG001 (tells readings apart)
    whole = trim(text)
    aim, body = split_aim(whole)
    body, damaged = unescaped(aim, body)
    if aim and not body:
        return Reading(whole, fault=Fault.TOO_SHORT)
    reading = Reading(body, symbology=symbology_of(aim))
    if damaged:
        return replace(reading, fault=say.no_escape(damaged, f"]{aim}"))
    if command := read_command(body, command_prefix):
        return replace(reading, form=Form.COMMAND, command=command)
    if read_command(body.swapcase(), command_prefix) or read_command(body.upper(), command_prefix):
        return replace(reading, fault=say.command_in_other_letters())
    if is_digits(body.removeprefix(f"{command_prefix}{Act.QUANTITY.value}-")) and not is_digits(body):
        return replace(reading, fault=say.quantity_out_of_range(MAX_QUANTITY))
    try:
        if is_element_string(body, aim):
            reading = replace(reading, form=Form.GS1)
            return read_element_string(reading, body, aim)
        if link := link_from_product(body):
            reading = replace(reading, form=Form.LINK)
            return with_parts(reading, linked_fields(*link))
        if aim in OF_CARRIERS and GROUP_SEPARATOR in body and not ENVELOPE.match(body):
            return replace(reading, form=Form.ENVELOPE, note=say.carriers_label())
        if any(head.match(body) for head in (ENVELOPE, SPELT_ENVELOPE, MARKED_ENVELOPE)):
            reading = replace(reading, form=Form.ENVELOPE)
            return read_envelope(reading, body)
        if body.startswith(ENVELOPE_HEAD):
            reading = replace(reading, form=Form.ENVELOPE)
            raise BrokenLabel(headless(body))
        if spelt := find_spelt_separator(body, evident=False):
            return replace(reading, doubt=Doubt((body[: spelt.start()],), spelt[0]))
        if (mark := mark_between_fields(body)) and is_label(body.split(mark)):
            return replace(reading, doubt=Doubt((body[: body.index(mark)],), mark))
        product = retail_product(body, aim)
        return reading if product is None else replace(reading, gtin=product)
    except BrokenLabel as broken:
        return replace(reading, fault=broken.fault)
