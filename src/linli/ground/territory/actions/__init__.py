"""The writes of `territory`, one per file."""
