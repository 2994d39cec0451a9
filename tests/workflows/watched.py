"""A watched folder, and what is put into it."""

import json
from pathlib import Path
from typing import Any

from scanstation.workflows.master_data.watched_folder import QUIET_S, Watch

PRODUCTS = (
    "Client,SKU,Description,Barcodes,Track Serial Number,Both Receiving and Packing,Only Packing,"
    "Skip Scan Serial Number,Scan Secondary Serial Number\n"
    "NORDWIND,CAM-500,Camera,,x,x,,x,\n"
)
HEADER = "Warehouse,Client,PO Number,SKU,Quantity\n"
ORDER = f"{HEADER}W-EAST,NORDWIND,N-1,CAM-500,3\n"
BAD = f"{HEADER}W-EAST,NORDWIND,N-2,NO-SUCH,3\n"


class Folder:
    """A watched folder, and a clock."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.path = watch.folder
        self.now = 1000.0

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def look(self, after: float = 0.0) -> list[str]:
        """What is told at a look so many seconds later."""
        self.now += after
        return [news.text for news in self.watch.look(self.now)]

    def arrive(self) -> list[str]:
        """What is told once everything has stood still for long enough."""
        return [*self.look(), *self.look(QUIET_S)]

    @property
    def files(self) -> list[str]:
        """Everything in it, with its folder; without the lock and the results."""
        found = (path for path in self.path.rglob("*") if not path.is_dir() and not path.name.startswith("."))
        return sorted(str(path.relative_to(self.path)) for path in found if path.parent.name != "results")

    @property
    def results(self) -> list[str]:
        """Everything among the results, hidden files too."""
        return sorted(path.name for path in (self.path / "results").iterdir())

    def result(self, name: str) -> Any:
        """What is answered of a file."""
        return json.loads((self.path / "results" / f"{name}.result.json").read_text(encoding="utf-8"))

    def reason(self, name: str) -> str:
        return (self.path / "failed" / f"{name}.reason.txt").read_text()
