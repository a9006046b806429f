"""Registers `files` with Django."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Uploaded files, served only through a permission check."""

    name = "linli.ground.files"
    label = "files"
