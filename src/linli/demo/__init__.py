"""The story of a fictional district, played through the real actions."""
