"""Insight (研判): what the matters of a district tell about it."""
