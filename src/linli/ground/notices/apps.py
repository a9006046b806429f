"""Registers notices with Django and with the log."""

from importlib import import_module

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Notices in the application, by e-mail and by text message."""

    name = "linli.ground.notices"
    label = "notices"

    def ready(self) -> None:
        """Notices follow the log, and have a term."""
        import_module("linli.ground.notices.keeping")
        import_module("linli.ground.notices.telling")
