"""A store whose file this user may suddenly only read, as another user than root: root may always write."""

import os
import sys
from pathlib import Path

from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.store_errors import StoreError
from scanstation.store.store import open_store
from scanstation.store.upkeep import findings
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.reliability.writer import PRODUCT
from tests.reliability.writers import ORDER

_NOBODY = 65534


def main(path: Path) -> None:
    """Scan, lose the right, be told, get it back, and go on."""
    first = open_store(f"sqlite:///{path}")
    findings(first)  # whatever is imported late may lie where only root may read
    first.close()
    if os.geteuid() == 0:
        for folder in path.parents:
            if folder.stat().st_uid == 0 and folder != Path("/") and len(folder.parts) > 2:
                folder.chmod(0o755)
        for owned in (path.parent, *path.parent.glob("store.db*")):
            os.chown(owned, _NOBODY, _NOBODY)
        home = path.parent / "nobody"
        home.mkdir()
        os.chown(home, _NOBODY, _NOBODY)
        os.environ["HOME"] = str(home)
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    store = open_store(f"sqlite:///{path}")
    desk = Desk(Site(store, "Ana", "dock-1"), OrderKind.PURCHASE)
    for code in (ORDER, PRODUCT, "SN-1"):
        desk.answer(Scan(code))
    store.close()
    path.chmod(0o444)
    told = ""
    try:
        desk.answer(Scan(PRODUCT))
    except StoreError as error:
        told = type(error).__name__
    assert told, "it was taken without the right to write"
    for file in path.parent.glob("store.db*"):  # what was made meanwhile beside the file is as it was
        file.chmod(0o644)
    for code in (PRODUCT, "SN-2"):
        verdict = desk.answer(Scan(code)).verdict
        assert verdict is not None
        assert verdict.accepted, verdict
    assert findings(store) == []
    store.close()
    print(told)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
