"""What a wheel holds beside the package: the manual page, completions, the example configuration, the udev rule."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_DAY_OF_NO_DAY = 1580601600  # hatchling's own, where SOURCE_DATE_EPOCH says none


class SharedFiles(BuildHookInterface):  # type: ignore[type-arg]
    """Made from the commands: what is installed says what they say."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Hatchling calls this before it packs."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        try:
            from scanstation.cli.manual import shared_files
        finally:
            sys.path.remove(self.root)
        folder = Path(tempfile.mkdtemp())
        for number, (path, text) in enumerate(
            shared_files(int(os.environ.get("SOURCE_DATE_EPOCH", _DAY_OF_NO_DAY))).items()
        ):
            file = folder / str(number)
            file.write_text(text, encoding="utf-8")
            build_data["shared_data"][str(file)] = path
        self._made = folder

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Hatchling calls this after it has packed."""
        import shutil

        if version != "editable":
            shutil.rmtree(self._made)
