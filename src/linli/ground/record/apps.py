"""Registers `record` with Django."""

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """The append-only record and its public log."""

    name = "linli.ground.record"
    label = "record"
