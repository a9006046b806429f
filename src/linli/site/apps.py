"""Registers `site` with Django."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The Django project: settings, addresses, clock and command line."""

    name = "linli.site"
    label = "linli_site"
