"""Registers `territory` with Django."""

from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    """District, streets, communities and grids."""

    name = "linli.ground.territory"
    label = "territory"
