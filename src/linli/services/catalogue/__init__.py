"""Topics of demands, the units responsible for them and the promised limits."""
