"""Figures, not tests: each is shown beside something to compare it with, measured in the same sitting."""
