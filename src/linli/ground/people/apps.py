"""Registers `people` with Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Accounts, appointments and residents."""

    name = "linli.ground.people"
    label = "people"
