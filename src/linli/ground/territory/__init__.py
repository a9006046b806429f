"""District, streets, communities and grids."""
