"""Registers `portal` with Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The residents' face."""

    name = "linli.faces.portal"
    label = "portal"
