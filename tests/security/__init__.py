"""What a label, a file, a folder or a missing right cannot do: one story a file, by its name."""
