"""Scans at the desks: receiving, packing, shipping."""
