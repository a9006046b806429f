"""Statements that every act runs again, compiled once.

The ORM builds the SQL of a wide row anew each time, which costs ten times what the database needs to answer. Values go
through the same fields and converters as ever; a table is no other for it.
"""

import threading
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.db import DatabaseError, connection, connections, models, transaction

RowT = TypeVar("RowT", bound=models.Model)
Columns = list[Any]  # fields that have a column


class PreparedRow(Generic[RowT]):
    """One row by its key, with what the query joins and locks."""

    def __init__(self, rows: "models.QuerySet[RowT]") -> None:
        self._rows = rows
        self._compiled = threading.local()  # a compiler belongs to a connection, and that to a thread

    def get(self, key: int) -> RowT | None:
        """The row, or None.

        Raises:
            TransactionManagementError: the query locks, and there is no transaction that could hold the lock.
        """
        rows = self._prepared()
        if rows.query.select_for_update and not connection.in_atomic_block:
            raise transaction.TransactionManagementError("a row is locked in a transaction")
        self._compiled.key = key
        return next(iter(rows), None)

    def _prepared(self) -> "models.QuerySet[RowT]":
        """The query whose compiler gives the SQL that it made at first, with another key."""
        known, mine = self._compiled, connections[self._rows.db]
        if getattr(known, "connection", None) is not mine:
            rows = self._rows.filter(pk=0)
            compiler: Any = rows.query.get_compiler(connection=mine)
            sql, _ = compiler.as_sql()
            converters = compiler.get_converters([each[0] for each in compiler.select])
            compiler.as_sql = lambda: (sql, (known.key,))
            compiler.get_converters = lambda _: converters
            query: Any = rows.query
            query.get_compiler = lambda using=None: compiler
            known.connection, known.rows = mine, rows
        return _fresh(known.rows)


def _fresh(rows: "models.QuerySet[RowT]") -> "models.QuerySet[RowT]":
    """The same query with nothing fetched yet."""
    rows._result_cache = None
    return rows


def insert_row(row: models.Model) -> None:
    """Insert a row; a key that the database gives is set."""
    sql, fields, is_serial = _insertion(type(row), connection.vendor)
    values = [_stored(field, field.pre_save(row, True)) for field in fields]  # noqa: FBT003
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        if is_serial:
            row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


def update_row(row: models.Model, fields: Columns) -> None:
    """Write these columns of a row.

    Raises:
        DatabaseError: the row is not there.
    """
    if not fields:
        return
    quote, meta = connection.ops.quote_name, row._meta
    columns = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    values = [_stored(field, field.pre_save(row, False)) for field in fields]  # noqa: FBT003
    key: Any = meta.pk
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {quote(key.column)} = %s", [*values, row.pk]
        )
        if cursor.rowcount != 1:
            raise DatabaseError(f"{meta.label} {row.pk} is not there")


def values_of(row: models.Model) -> dict[str, Any]:
    """What a row's columns hold now, to tell later which have changed."""
    return dict(row.__dict__)


def changed_fields(row: models.Model, before: dict[str, Any]) -> Columns:
    """The columns that hold something else than before, and those whose value may have been changed in place."""
    columns, mutable = _columns(type(row))
    names = {name for name, value in row.__dict__.items() if name in columns and value != before.get(name)}
    return [columns[name] for name in names | mutable]


@lru_cache(maxsize=64)
def _columns(model: type[models.Model]) -> tuple[dict[str, Any], frozenset[str]]:
    """The columns beside the key by attribute, and which of them hold values that can be changed in place."""
    columns: dict[str, Any] = {field.attname: field for field in model._meta.concrete_fields if not field.primary_key}
    return columns, frozenset(name for name, field in columns.items() if isinstance(field, models.JSONField))


def _stored(field: Any, value: Any) -> Any:
    """The value as the database takes it; plain text and nothing need no field to tell."""
    if value is None or (type(value) is str and type(field) in {models.CharField, models.TextField}):
        return value
    return field.get_db_prep_save(value, connection)


@lru_cache(maxsize=64)
def _insertion(model: type[models.Model], _vendor: str) -> tuple[str, Columns, bool]:
    quote, meta = connection.ops.quote_name, model._meta
    key: Any = meta.pk
    is_serial = isinstance(key, models.AutoField)
    fields: Columns = [field for field in meta.concrete_fields if not (is_serial and field.primary_key)]
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    returning = f" RETURNING {quote(key.column)}" if is_serial else ""
    return f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({marks}){returning}", fields, is_serial
