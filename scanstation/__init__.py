"""ScanStation: the terminal that tracks every serial number from dock to truck."""
