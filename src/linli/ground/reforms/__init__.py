"""Reforms: mergers and splits of units and offices, carried out whole with all that follows from them."""
