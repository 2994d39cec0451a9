"""The newest links of a store's chains as this user saw them last: an end that was cut off shows by them."""

import json
from collections.abc import Iterable
from pathlib import Path

from platformdirs import user_state_path

from scanstation.files import private
from scanstation.store.chain_check import Head


def kept(key_name: str) -> list[Head]:
    """What was seen of the store with this key."""
    try:
        return [Head(*head) for head in json.loads(_file(key_name).read_text(encoding="ascii"))]
    except (OSError, ValueError, TypeError):
        return []


def keep(key_name: str, heads: Iterable[Head]) -> None:
    """Keep what was seen now; where it cannot be kept nothing is lost but this way of seeing."""
    if not key_name:
        return
    lines = json.dumps([(head.station, head.number, head.digest, head.at) for head in heads])
    file = _file(key_name)
    part = file.with_suffix(".part")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(part, "w", encoding="ascii", opener=private) as written:
            written.write(lines)
        part.replace(file)
    except OSError:
        return


def forget(key_name: str) -> None:
    """The store was put back to an earlier state on purpose."""
    _file(key_name).unlink(missing_ok=True)


def _file(key_name: str) -> Path:
    return user_state_path("scanstation") / f"heads-{key_name}.json"
