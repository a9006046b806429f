"""Registers `notices` with Django."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Notices in the application, by e-mail and by text message."""

    name = "linli.ground.notices"
    label = "notices"
