"""Notices in the application, by e-mail and by text message."""
