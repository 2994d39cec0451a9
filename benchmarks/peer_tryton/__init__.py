"""Tryton 8.2 with stock_lot, the peer: another program that tracks serial numbers, in an environment of its own.

`setting_up.py` makes the environment from the package index and a database of it (SQLite, in a folder that it is
given). `dock.py` runs there and does at Tryton what a station does here, as often as it is told. Tryton is given what
helps it: called in its own process without its protocol, one connection kept open, the lock that packing needs asked
for at once. It commits as we do, synced; as shipped it does not. It does more than a station in some ways (stock moves
with their postings and prices) and less in others (two lots may have one number).
"""
