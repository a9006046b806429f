"""Writes: one file, one function, one record event each."""
