"""Registers demands with Django and with the ground."""

from importlib import import_module

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Demands (诉求): filed, dispatched, handled in time, answered, rated."""

    name = "linli.services.cases"
    label = "cases"

    def ready(self) -> None:
        """Register every action, how long demands are kept, and what follows the log."""
        # By name: models, and whatever imports them, may be imported only now.
        import_module("linli.ground.matters.features").load_actions(self.name)
        import_module("linli.services.cases.keeping")
        import_module("linli.services.cases.advice.suggesting")
