"""Registers `api` with Django."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The face for other programs."""

    name = "linli.faces.api"
    label = "api"
