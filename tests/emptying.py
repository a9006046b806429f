"""Emptying the database after a transactional test: the record refuses it, so its triggers are taken off around it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import TransactionTestCase

from linli.ground.record import triggers


@contextmanager
def record_that_can_be_emptied() -> Iterator[None]:
    """Take the append-only triggers off around the flush that ends a transactional test, and only there."""
    flush = TransactionTestCase._fixture_teardown

    def unguarded(self: TransactionTestCase) -> None:
        with connection.schema_editor() as editor:
            triggers.drop(None, editor)
        try:
            flush(self)
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM matters_search_staff")
                cursor.execute("DELETE FROM matters_search_public")
        finally:
            with connection.schema_editor() as editor:
                triggers.create(None, editor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", unguarded)
        yield
