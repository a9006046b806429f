"""Floor 5: the shells that mount the features' pages."""
