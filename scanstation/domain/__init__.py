"""The rules of serial tracking: pure Python, no I/O, no clock."""
