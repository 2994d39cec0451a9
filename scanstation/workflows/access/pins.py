"""PINs as the store keeps them: Argon2id over the PIN under the site's key."""

import hmac
import secrets
from functools import cache
from typing import TYPE_CHECKING

from scanstation.site_key import SiteKey

if TYPE_CHECKING:
    from argon2 import PasswordHasher


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # a station starts without it

    # RFC 9106 has more memory; this is OWASP's least, so that a PIN takes a handheld's server a twentieth of a second.
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hashed(key: SiteKey, pin: str) -> str:
    """The hash of a PIN."""
    return _hasher().hash(_peppered(key, pin))


def fits(key: SiteKey, pin: str, kept: str) -> bool:
    """Is this the PIN of a hash? Takes as long where there is none."""
    if not kept:
        spend_a_hash()
        return False
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(kept, _peppered(key, pin))
    except (VerificationError, InvalidHashError):
        return False


def spend_a_hash() -> None:
    """Take as long as a wrong PIN: how long a refusal takes tells nobody what there is."""
    _hasher().hash(secrets.token_bytes(32))


def _peppered(key: SiteKey, pin: str) -> bytes:
    return hmac.digest(key.derived("pepper"), pin.encode(), "sha256")
