"""Writes of tokens."""
