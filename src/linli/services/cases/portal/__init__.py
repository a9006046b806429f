"""Pages of demands for residents."""
