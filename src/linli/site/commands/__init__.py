"""The commands, one file per subject; each offers `register(group)`."""
