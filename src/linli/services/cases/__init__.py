"""Demands (诉求): filed, dispatched, handled in time, answered, rated."""
