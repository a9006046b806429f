"""Registers `board` with Django."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    """The board of the district."""

    name = "linli.faces.board"
    label = "board"
