"""Registers `catalogue` with Django."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Topics of demands, the units responsible for them and the promised limits."""

    name = "linli.services.catalogue"
    label = "catalogue"
