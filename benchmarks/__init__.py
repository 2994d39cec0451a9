"""Figures, not tests: each is held against a limit or a peer measured in the same sitting. Only ratios travel.

A module for each family states its rows, what each is held to and must reach, and measures them; `frame.py` holds what
they share, `running.py` runs them, `showing.py` prints, keeps and writes up what came out.
"""
