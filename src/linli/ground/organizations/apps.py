"""Registers `organizations` with Django."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    """Departments, street offices and their units, committees, social organizations."""

    name = "linli.ground.organizations"
    label = "organizations"
