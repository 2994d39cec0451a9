"""What a product's serials look like: a supervisor's regular expression, matched where it cannot hang a station.

RE2 matches in time that grows with the code's length alone, whatever the pattern: `(a+)+$` would keep Python's
own `re` busy for hours with one scan. What RE2 cannot do (back-references, looking around) is refused where a
pattern is given.
"""

from functools import lru_cache

import re2

from scanstation.domain.codes import visible

LONGEST = 200


def refusal(pattern: str) -> str | None:
    """Why a text cannot be a pattern, to follow it; None when it can."""
    if len(pattern) > LONGEST:
        return f"is too long: {LONGEST} characters at most"
    try:
        _compiled(pattern)
    except re2.error as error:
        said = error.args[0]
        told = visible(said.decode(errors="replace") if isinstance(said, bytes) else str(said))
        return f"is not a regular expression that can be used here: {told}"
    return None


def fits(pattern: str, code: str) -> bool:
    """Does the whole code match, whatever its case? A pattern that cannot be read fits nothing."""
    try:
        return _compiled(pattern).fullmatch(code) is not None
    except re2.error:
        return False


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re2._Regexp:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return re2.compile(pattern, options)
