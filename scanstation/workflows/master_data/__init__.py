"""Products and orders as sheets bring them, and the products' own screens."""
