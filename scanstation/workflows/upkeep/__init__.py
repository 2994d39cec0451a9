"""The store's upkeep, the stations' names, the command sheet."""
