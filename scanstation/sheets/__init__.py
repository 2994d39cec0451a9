"""Workbooks in and out: which columns a sheet has, reading what people send, writing what they asked for."""
