"""Registers `look` with Django."""

from django.apps import AppConfig


class LookConfig(AppConfig):
    """Layouts and components of every page."""

    name = "linli.ground.look"
    label = "look"
