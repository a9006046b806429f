"""Registers indicators with Django."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Rates of response, solution and satisfaction (响应率、解决率、满意率)."""

    name = "linli.insight.indicators"
    label = "indicators"
