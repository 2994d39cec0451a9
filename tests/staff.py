"""Operators for tests: somebody with every right, and others, with badges and one PIN."""

from scanstation.workflows.access import operator_book, signing_in
from scanstation.workflows.access.operator_book import Given
from scanstation.workflows.site import Site

PIN = "135790"


def badge_of(site: Site, name: str, *roles: str, pin: str = PIN) -> str:
    """A new operator; the badge's code."""
    assert isinstance(operator_book.add(site, name, roles, [], pin=pin), Given)
    made = operator_book.badge(site, name)
    assert isinstance(made, Given)
    return made.secret


def turn_on(site: Site) -> None:
    """Sign-in, by the manager Mia, who goes again."""
    badge_of(site, "Mia", "manager")
    assert operator_book.sign_in(site, on=True)
    assert signing_in.is_on(site)
