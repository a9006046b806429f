"""The small district of the tests, founded once per process by the real actions and then written row by row."""

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.db.models.sql import InsertQuery

from linli.ground.territory.models import Unit
from tests.world import World


def founded() -> World:
    """The district in an empty database. Founding it anew for each of a thousand tests would take half their time."""
    if Unit.objects.exists():
        return World()
    if not _kept.cache_info().currsize:
        _kept()
    else:
        with connection.cursor() as cursor:
            for statement, values in _kept()[1]:
                cursor.execute(statement, values)
    return deepcopy(_kept()[0])


@cache
def _kept() -> tuple[World, list[tuple[str, Any]]]:
    """The district, and the statements that write its rows: Django makes them once and not for every test."""
    world = World()
    models = [model for model in apps.get_models() if model.__module__.startswith("linli.")]
    return world, [statement for model in models for statement in _inserts(model)]


def _inserts(model: type[Model]) -> Iterator[tuple[str, Any]]:
    fields, rows = model._meta.local_concrete_fields, list(model._base_manager.order_by("pk"))
    size = max(connection.ops.bulk_batch_size(fields, rows), 1)
    for first in range(0, len(rows), size):
        query = InsertQuery(model)
        query.insert_values(fields, rows[first : first + size], raw=True)
        yield from query.get_compiler(connection=connection).as_sql()
