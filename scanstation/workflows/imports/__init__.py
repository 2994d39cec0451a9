"""Serials from sheets: judged, written, removed."""
