"""Registers `standards` with Django."""

from django.apps import AppConfig


class StandardsConfig(AppConfig):
    """The face of public standards."""

    name = "linli.faces.standards"
    label = "standards"
