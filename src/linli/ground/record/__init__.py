"""The append-only record and its public log."""
