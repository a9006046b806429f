"""Floor 3, dimension one: service and management."""
