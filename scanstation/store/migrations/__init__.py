"""Schema changes, from the first schema on."""
