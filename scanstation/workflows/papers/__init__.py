"""The papers of an order, and the way to the printer."""
