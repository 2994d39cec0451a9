"""The site's key for badges and PINs: this host's copy of the one that the store was begun with."""

import hmac

from scanstation import site_key
from scanstation.domain import sentences as say
from scanstation.domain.codes import code_key
from scanstation.domain.language import said_later, word
from scanstation.domain.outcome import Refused
from scanstation.site_key import SiteKey
from scanstation.store import operators
from scanstation.workflows.site import Site

BRING_IT = said_later(
    "Bring it from a host that has it: `operators key --output FILE` there, `operators key FILE` here."
)


def key_of(site: Site) -> SiteKey | Refused:
    """The key, or why nobody can sign in on this host."""
    with site.store.read() as tx:
        name = operators.key_name(tx)
    if not name:
        return say.no_operators()
    return site_key.find(name) or say.no_key_here(name=name, way=word(BRING_IT))


def own_key(site: Site) -> SiteKey | Refused:
    """The key; made where the site has none yet.

    Raises:
        UnwritableFile: it cannot be kept on this host.
    """
    with site.store.read() as tx:
        is_new = not operators.key_name(tx)
    if not is_new:
        return key_of(site)
    key = site.store.site_key or SiteKey.new()  # the one that its record is sealed with
    site_key.keep(key)
    return key


def badge_hash(key: SiteKey, code: str) -> str:
    """What the store keeps of a badge's code."""
    return hmac.digest(key.derived("badge"), code_key(code).encode(), "sha256").hex()
