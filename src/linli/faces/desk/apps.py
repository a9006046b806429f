"""Registers `desk` with Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The staff's face."""

    name = "linli.faces.desk"
    label = "desk"
