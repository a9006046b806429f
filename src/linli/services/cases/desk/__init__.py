"""Pages of demands for staff."""
