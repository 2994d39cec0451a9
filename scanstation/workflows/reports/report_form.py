"""What a person asks of a report, as words: read, checked, and repeated in one line."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from scanstation import languages
from scanstation.domain import sentences as say
from scanstation.domain.codes import code_key, trim, visible
from scanstation.domain.language import joined, said_later, worded
from scanstation.domain.outcome import Reason, Refused
from scanstation.domain.status import OrderKind, UnitStatus
from scanstation.domain.written_days import NoDay, read_day
from scanstation.store import orders, reports
from scanstation.store.report_conditions import REPORTED
from scanstation.store.store import Transaction
from scanstation.workflows.reports.reporting import Filters, narrowed
from scanstation.workflows.site import Site

_MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is narrowed to; everything left empty lets all pass."""

    client: str = ""
    warehouse: str = ""
    sku: str = ""
    status: UnitStatus | None = None
    purchase_order: str = ""
    shipment_order: str = ""
    code: str = ""
    """The beginning of either code, or its end with a leading `*`."""
    since: date | None = None
    until: date | None = None
    """Local days, both included."""

    def filters(self) -> Filters:
        """As the store takes it."""
        return narrowed(
            client=self.client,
            warehouse=self.warehouse,
            sku=self.sku,
            statuses=[self.status] if self.status else [],
            purchase_order=self.purchase_order,
            shipment_order=self.shipment_order,
            code=self.code,
            since=self.since,
            until=self.until,
        )

    def words(self) -> str:
        """In one line, what says most first; empty where nothing is asked."""
        filter_texts = [
            *([worded("PO {number}", number=visible(self.purchase_order))] if self.purchase_order else []),
            *([worded("SO {number}", number=visible(self.shipment_order))] if self.shipment_order else []),
            *([_code_words(self.code)] if self.code else []),
            *([self.status.value] if self.status else []),
            *(visible(name) for name in (self.sku, self.client, self.warehouse) if name),
            *([worded("since {day}", day=str(self.since))] if self.since else []),
            *([worded("until {day}", day=str(self.until))] if self.until else []),
        ]
        return joined(filter_texts, " · ")


FIELDS = (
    ("client", said_later("Client"), said_later("a client's name")),
    ("warehouse", said_later("Warehouse"), said_later("a warehouse's name")),
    ("sku", said_later("SKU"), said_later("a product's SKU")),
    ("status", said_later("Status"), said_later("Received, Packed or Shipped")),
    ("purchase_order", said_later("PO"), said_later("a purchase order's number")),
    ("shipment_order", said_later("SO"), said_later("a shipment order's number")),
    ("code", said_later("Code"), said_later("its beginning, or *4711 for its end")),
    ("since", said_later("Since"), said_later("a day: 2026-11-22")),
    ("until", said_later("Until"), said_later("a day: 2026-11-22")),
)
"""The form: the field of `Asked`, its title, what it takes."""
LISTED = frozenset({"client", "warehouse", "sku", "purchase_order", "shipment_order"})
"""The fields whose values can be listed."""
_MOST_LISTED = 200


def as_typed(asked: Asked) -> dict[str, str]:
    """The form's fields, filled in."""
    values = ((name, getattr(asked, name)) for name, _, _ in FIELDS)
    return {name: "" if value is None else str(value) for name, value in values}


def without(asked: Asked, name: str) -> Asked:
    """The same with one field empty."""
    empty: Any = getattr(Asked(), name)
    return replace(asked, **{name: empty})


def values(site: Site, asked: Asked, name: str, beginning: str) -> tuple[list[tuple[str, str]], bool]:
    """The values that a listed field may have and that begin so, each with what it is; and whether there are more.

    SKUs and orders are those of the client, and of the warehouse, that the form has already.
    """
    beginning = trim(beginning)
    with site.store.read() as tx:
        if name in ("client", "warehouse"):
            names = reports.known_names(tx)[name == "warehouse"]
            choices = [(one, "") for one in names if code_key(one).startswith(code_key(beginning))]
        elif name == "sku":
            choices = reports.skus(tx, beginning, asked.client, _MOST_LISTED + 1)
        else:
            kind = OrderKind.PURCHASE if name == "purchase_order" else OrderKind.SHIPMENT
            choices = [
                (order.number, f"{order.client} · {order.status.value}")
                for order in orders.beginning(
                    tx, kind, beginning, _MOST_LISTED + 1, client=asked.client, warehouse=asked.warehouse
                )
            ]
    return choices[:_MOST_LISTED], len(choices) > _MOST_LISTED


def next_status(typed: str) -> str:
    """The status after this one, for a field that turns through them; empty after the last."""
    words = ["", *(status.value for status in REPORTED)]
    return words[(words.index(typed) + 1) % len(words)]


def read(site: Site, typed: dict[str, str]) -> Asked | Refused:
    """What was typed into the form, or everything that is wrong with it, each with what is allowed."""
    given = {name: trim(text) for name, text in typed.items()}
    wrong: list[Reason] = []
    with site.store.read() as tx:
        wrong += _unknown(tx, given)
    status = next((one for one in REPORTED if one.value.casefold() == given["status"].casefold()), None)
    if given["status"] and status is None:
        allowed = ", ".join(one.value for one in REPORTED)
        wrong.append(say.no_status(text=given["status"], allowed=allowed))
    days: dict[str, date | None] = {}
    for name in ("since", "until"):
        day = read_day(given[name], day_is_first=languages.day_is_first()) if given[name] else None
        if isinstance(day, NoDay):
            wrong.append(say.no_day(text=given[name], may_be_two=day is NoDay.TWO_DAYS))
            day = None
        days[name] = day
    since, until = days["since"], days["until"]
    if since and until and since > until:
        wrong.append(say.days_reversed(since=since, until=until))
    if wrong:
        return Refused(tuple(wrong))
    names = {name: given[name] for name in ("client", "warehouse", "sku", "purchase_order", "shipment_order", "code")}
    return Asked(**names, status=status, since=since, until=until)


def _unknown(tx: Transaction, given: dict[str, str]) -> Iterator[Reason]:
    for field, names in zip(("client", "warehouse"), reports.known_names(tx), strict=True):
        if given[field] and code_key(given[field]) not in map(code_key, names):
            there_are = ", ".join(visible(name) for name in names[:_MOST_NAMES]) or worded("none yet")
            more = ", …" if len(names) > _MOST_NAMES else ""
            yield say.no_such_name(reason=field, field=field, name=given[field], known=there_are, more=more)
    if given["sku"] and not reports.has_product(tx, Filters(sku=given["sku"])):
        yield say.no_such_sku(sku=given["sku"])
    for field, kind in (("purchase_order", OrderKind.PURCHASE), ("shipment_order", OrderKind.SHIPMENT)):
        if given[field] and not orders.find(tx, given[field], kind=kind):
            yield say.no_such_order_number(reason=field, kind=kind.noun, number=given[field])


def _code_words(code: str) -> str:
    if code.startswith("*"):
        return worded("ends in {end}", end=visible(code[1:]))
    return worded("begins with {beginning}", beginning=visible(code))
