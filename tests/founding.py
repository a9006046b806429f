"""The small district of the tests, founded once per process by the real actions and then written row by row."""

from copy import deepcopy
from functools import cache

from django.apps import apps
from django.db.models import Model

from linli.ground.territory.models import Unit
from tests.world import World


def founded() -> World:
    """The district in an empty database. Founding it anew for each of a thousand tests would take half their time."""
    if Unit.objects.exists():
        return World()
    if not _kept.cache_info().currsize:
        _kept()
    else:
        for model, rows in _kept()[1]:
            model._base_manager.bulk_create(deepcopy(rows))
    return deepcopy(_kept()[0])


@cache
def _kept() -> tuple[World, list[tuple[type[Model], list[Model]]]]:
    world = World()
    models = [model for model in apps.get_models() if model.__module__.startswith("linli.")]
    rows = [(model, list(model._base_manager.order_by("pk"))) for model in models]
    return world, [(model, found) for model, found in rows if found]
