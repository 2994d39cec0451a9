"""The import wizard: what, which file, its columns, a preview, and then all of it or nothing."""

from scanstation.screens.import_wizard.screen import ImportScreen

__all__ = ["ImportScreen"]
