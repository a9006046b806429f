"""Registers `exchange` with Django."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Tokens for other programs, and what was answered to them."""

    name = "linli.ground.exchange"
    label = "exchange"
