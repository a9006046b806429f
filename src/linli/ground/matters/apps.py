"""Registers matters with Django, their search and their spans with the log."""

from importlib import import_module

from django.apps import AppConfig


class MattersConfig(AppConfig):
    """The matter (事): everything that somebody is owed an answer to."""

    name = "linli.ground.matters"
    label = "matters"

    def ready(self) -> None:
        """The index and the spans follow the log; the verification looks at titles."""
        import_module("linli.ground.matters.checks")
        import_module("linli.ground.matters.search")
        import_module("linli.ground.matters.spans")
