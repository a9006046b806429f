"""Registers `reforms` with Django."""

from django.apps import AppConfig


class ReformsConfig(AppConfig):
    """Mergers and splits of units and offices."""

    name = "linli.ground.reforms"
    label = "reforms"
