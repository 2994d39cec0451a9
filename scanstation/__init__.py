"""ScanStation: the terminal that tracks every serial number from dock to truck."""

__version__ = "0.1.0"
