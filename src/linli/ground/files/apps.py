"""Registers `files` with Django."""

from importlib import import_module

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Uploaded files, served only through a permission check."""

    name = "linli.ground.files"
    label = "files"

    def ready(self) -> None:
        """Verification of the record looks at the files too."""
        import_module("linli.ground.files.checks")
