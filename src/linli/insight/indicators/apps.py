"""Registers indicators with Django, their figures with the log."""

from importlib import import_module

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Rates of response, solution and satisfaction (响应率、解决率、满意率), and the figures of the board."""

    name = "linli.insight.indicators"
    label = "indicators"

    def ready(self) -> None:
        """The figures follow the log."""
        import_module("linli.insight.indicators.figures")
