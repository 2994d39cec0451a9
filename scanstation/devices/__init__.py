"""Scans in, answers out: the keyboard wedge, serial ports, replay, and the pipe they all pass. No screens in here."""
