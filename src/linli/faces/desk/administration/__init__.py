"""Pages of the three administrators: offices and accounts, the guard over accounts, the log of both."""
