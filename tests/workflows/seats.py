"""A site that people sign in to, and somebody in its seat, without a PIN's slow hash."""

from dataclasses import replace

from scanstation.domain.operators import Operator, Right
from scanstation.store import operators
from scanstation.store.store import Transaction
from scanstation.workflows.site import Seat, Site


def turn_on(site: Site) -> None:
    """Sign-in, as `operators sign-in on` turns it on."""

    def do(tx: Transaction) -> None:
        operators.begin(tx, "check")
        operators.turn_sign_in(tx, on=True, stamp=site.stamp())

    site.store.act(do)


def with_somebody(site: Site, *rights: Right, pin: str = "hash", proved: str = "hash") -> Site:
    """The site with somebody in its seat."""
    one = Operator(0, "-".join(["Ana", *rights]), (), frozenset(rights), frozenset(rights), pin=pin)

    def add(tx: Transaction) -> int:
        known = operators.named(tx, one.name)
        return known.id if known else operators.add(tx, one, site.stamp())

    there = replace(site, seat=Seat())
    there.seat.sit_down(replace(one, id=site.store.act(add)))
    there.seat.proved_pin = proved
    return there
