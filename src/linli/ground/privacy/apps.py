"""Registers `privacy` with Django, and the data that stands lower than it."""

from importlib import import_module

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Terms of keeping, and the register of impact assessments."""

    name = "linli.ground.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Consents lie lower than their term."""
        import_module("linli.ground.privacy.kept_consents")
