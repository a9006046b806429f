"""Statements that every act runs again, compiled once.

The ORM builds the SQL of a wide row anew each time, which costs ten times what the database needs to answer. Values go
through the same fields and converters as ever; a table is no other for it.
"""

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import chain, zip_longest
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, models, transaction
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable

RowT = TypeVar("RowT")
Columns = list[Any]  # fields that have a column
WHOLE = (models.AutoField, models.BigAutoField, models.IntegerField, models.BigIntegerField)
SMALL = (models.SmallIntegerField, models.PositiveIntegerField, models.PositiveSmallIntegerField)
# Values of these kinds are stored as they are, in fields of exactly these kinds; numbers on SQLite alone, since
# PostgreSQL is told the width of their column, by which it knows a prepared statement again.
PLAIN: dict[type, frozenset[type]] = {
    str: frozenset({models.CharField, models.TextField}),
    bool: frozenset({models.BooleanField}),
}
PLAIN_ON_SQLITE = PLAIN | {int: frozenset({*WHOLE, *SMALL, models.ForeignKey})}
NO_KIND: frozenset[type] = frozenset()
MOST_VALUES = 30_000  # of one statement on SQLite, which takes 32,766


class Prepared(Generic[RowT]):
    """The first row that a query finds, asked again and again with other values.

    Args:
        rows: the query, with what it joins and locks.
        slots: the values in it that stand for those to come, all different.
    """

    def __init__(self, rows: Any, *slots: Any) -> None:
        self._rows, self._slots = rows, slots
        self._compiled = threading.local()  # a compiler belongs to a connection, and that to a thread

    def first(self, *values: Any) -> RowT | None:
        """The first row, or None; related rows that the query selects are loaded with it.

        Raises:
            TransactionManagementError: the query locks, and there is no transaction that could hold the lock.
        """
        known = self._known()
        if self._rows.query.select_for_update and not known.connection.in_atomic_block:
            raise transaction.TransactionManagementError("a row is locked in a transaction")
        here = known.connection
        params = [each if slot is None else plain_value(values[slot], here) for slot, each in known.params]
        found, _ = run_statement(known.connection, known.sql, params)
        if not found:
            return None
        loaded: RowT = _loaded(known.info, known.names, converted(found[0], known.converters, known.connection))
        return loaded

    def _known(self) -> Any:
        """What the first compiling on this connection has brought."""
        known, mine = self._compiled, own_connection()
        if getattr(known, "connection", None) is not mine:
            known.compiler = self._rows.query.get_compiler(connection=mine)
            known.sql, params = known.compiler.as_sql()
            slots = [plain_value(each, mine) for each in self._slots]
            known.params = [(slots.index(each) if each in slots else None, each) for each in params]
            known.converters = known.compiler.get_converters([each[0] for each in known.compiler.select])
            known.names = [getattr(getattr(each[0], "target", None), "attname", "") for each in known.compiler.select]
            known.info = known.compiler.klass_info if self._rows._iterable_class is ModelIterable else None
            known.connection = mine
        return known


def converted(row: Sequence[Any], converters: dict[int, Any], here: Any) -> list[Any]:
    """The values of a row as its fields give them; nothing stays nothing in all of them."""
    values = list(row)
    for place, (convert, expression) in converters.items():
        value = values[place]
        if value is not None:
            for each in convert:
                value = each(value, expression, here)
            values[place] = value
    return values


def _loaded(info: dict[str, Any] | None, names: list[str], row: Any) -> Any:
    """A row with its related ones, as the ORM would make it; where only values are asked for, the first of them."""
    if info is None:
        return row[0]
    made = _made(info, names, row)
    for related in info.get("related_klass_infos", ()):
        other = _loaded(related, names, row)
        related["local_setter"](made, other)
        if other is not None:
            related["remote_setter"](other, made)
    return made


def _made(info: dict[str, Any], names: list[str], row: Any) -> Any:
    model: type[models.Model] = info["model"]
    values = {names[place]: row[place] for place in info["select_fields"]}
    key: Any = model._meta.pk
    if values[key.attname] is None:
        return None
    made = model.__new__(model)
    made._state = ModelState()
    made._state.adding, made._state.db = False, DEFAULT_DB_ALIAS
    made.__dict__.update(values)
    return made


def plain_value(value: Any, here: Any) -> Any:
    """A key, a moment or a day as the database takes it; other values are taken as they are."""
    match value:
        case UUID():
            return value if here.features.has_native_uuid_field else value.hex
        case datetime():
            return here.ops.adapt_datetimefield_value(value)
        case date():
            return here.ops.adapt_datefield_value(value)
        case _:
            return value


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Insert rows of one kind by one statement; keys that the database gives are set.

    Both databases give them in the order of the rows; Django's own `bulk_create` rests on that too.
    """
    if not rows:
        return
    keys = insert_values(type(rows[0]), [row.__dict__ for row in rows])
    for row, key in zip_longest(rows, keys):
        if key is not None:
            row.pk = key
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def insert_values(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows of these values by column attribute, all of which are given; the keys that the database gives."""
    insertion = _insertion(model, own_connection().vendor)
    return [int(key) for (key,) in _inserted(insertion, rows, insertion.returning)]


def insert_many(rows: Sequence[models.Model]) -> None:
    """Insert rows of one kind whose keys nobody asks for; those that are there already stay as they are."""
    if rows:
        insertion = _insertion(type(rows[0]), own_connection().vendor)
        _inserted(insertion, [row.__dict__ for row in rows], " ON CONFLICT DO NOTHING")


def _inserted(insertion: "_Insertion", rows: Sequence[Mapping[str, Any]], ending: str) -> list[Any]:
    """What the statement gives that inserts these rows."""
    here = own_connection()
    values = [[_stored(field, row[field.attname], here) for field in insertion.fields] for row in rows]
    if len(rows) == 1:
        return run_statement(here, f"{insertion.head} VALUES {insertion.row}{ending}", values[0])[0]
    if here.vendor == "postgresql":
        sql, arrays = _as_columns(insertion, list(zip(*values, strict=True)))
        return run_statement(here, f"{insertion.head} {sql}{ending}", arrays)[0]
    given: list[Any] = []
    together = MOST_VALUES // len(insertion.fields)
    for start in range(0, len(rows), together):
        some = values[start : start + together]
        every = ", ".join([insertion.row] * len(some))
        given += run_statement(here, f"{insertion.head} VALUES {every}{ending}", [*chain.from_iterable(some)])[0]
    return given


def _as_columns(insertion: "_Insertion", columns: Sequence[Sequence[Any]]) -> tuple[str, list[list[Any]]]:
    """What selects the rows from one array for each column, and these; a column that holds nothing needs none.

    A statement has as many values as columns then, however many rows there are, and PostgreSQL knows it again. They
    travel in binary form: as text, every sign would be escaped that arrays quote, and JSON is full of them.
    """
    chosen: list[str] = []
    aliases: list[str] = []
    arrays: list[tuple[str, list[Any]]] = []
    for kind, column in zip(insertion.kinds, columns, strict=True):
        if all(value is None for value in column):
            chosen.append(f"NULL::{kind}")
            continue
        aliases.append(f"column_{len(aliases)}")
        chosen.append(aliases[-1])
        arrays.append((f"%b::{kind}[]", list(column)))
    marks = ", ".join(mark for mark, _ in arrays)
    sql = f"SELECT {', '.join(chosen)} FROM unnest({marks}) AS given ({', '.join(aliases)})"
    return sql, [column for _, column in arrays]


def update_row(row: models.Model, fields: Columns) -> None:
    """Write these columns of a row.

    Raises:
        DatabaseError: the row is not there.
    """
    if not fields:
        return
    here, meta = own_connection(), row._meta
    quote = here.ops.quote_name
    columns = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    values = [_stored(field, row.__dict__[field.attname], here) for field in fields]
    key: Any = meta.pk
    sql = f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {quote(key.column)} = %s"
    _, written = run_statement(here, sql, [*values, row.pk])
    if written != 1:
        raise DatabaseError(f"{meta.label} {row.pk} is not there")


def run_statement(here: Any, sql: str, params: Sequence[Any]) -> tuple[list[Any], int]:
    """Run a statement: the rows that it gives, and how many it found or wrote.

    On SQLite an act asks a dozen of them, each answered faster than Django's layers around a cursor are built; where
    nobody counts or watches the queries, they are left out.

    Raises:
        DatabaseError: as Django tells it, whichever way was taken.
    """
    if here.vendor != "sqlite" or here.queries_logged or here.execute_wrappers or here.connection is None:
        with here.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall() if cursor.description else [], cursor.rowcount
    here.validate_no_broken_transaction()
    with here.wrap_database_errors:
        bare = here.connection.execute(_marked(sql), params)
        return bare.fetchall(), bare.rowcount


@lru_cache(maxsize=1024)
def _marked(sql: str) -> str:
    """The statement with the marks that SQLite knows."""
    return re.sub(r"(?<!%)%s", "?", sql).replace("%%", "%")


def values_of(row: models.Model) -> dict[str, Any]:
    """What a row's columns hold now, to tell later which have changed."""
    return dict(row.__dict__)


def changed_fields(row: models.Model, before: dict[str, Any]) -> Columns:
    """The columns that hold something else than before, and those whose value may have been changed in place."""
    columns, mutable = _columns(type(row))
    names = [name for name, value in row.__dict__.items() if name in columns and value != before.get(name)]
    return [columns[name] for name in dict.fromkeys((*names, *mutable))]


@lru_cache(maxsize=64)
def _columns(model: type[models.Model]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The columns beside the key by attribute, and which of them hold values that can be changed in place."""
    columns: dict[str, Any] = {field.attname: field for field in model._meta.concrete_fields if not field.primary_key}
    return columns, tuple(name for name, field in columns.items() if isinstance(field, models.JSONField))


def own_connection() -> Any:
    """The connection of this thread itself: its name in Django is looked up anew at each use."""
    return connections[DEFAULT_DB_ALIAS]


def _stored(field: Any, value: Any, here: Any) -> Any:
    """The value as the database takes it; nothing, and what is plain there, need no field to tell."""
    plain = PLAIN_ON_SQLITE if here.vendor == "sqlite" else PLAIN
    if value is None or type(field) in plain.get(type(value), NO_KIND):
        return value
    return field.get_db_prep_save(value, here)


@dataclass(frozen=True)
class _Insertion:
    """The parts of the statement that inserts rows of one kind; `returning` asks for keys that the database gives."""

    head: str
    fields: Columns
    row: str
    kinds: tuple[str, ...]
    returning: str


@lru_cache(maxsize=64)
def _insertion(model: type[models.Model], _vendor: str) -> _Insertion:
    here, meta = own_connection(), model._meta
    quote, key = here.ops.quote_name, cast("Any", meta.pk)
    is_serial = isinstance(key, models.AutoField)
    fields: Columns = [field for field in meta.concrete_fields if not (is_serial and field.primary_key)]
    return _Insertion(
        head=f"INSERT INTO {quote(meta.db_table)} ({', '.join(quote(field.column) for field in fields)})",
        fields=fields,
        row=f"({', '.join(['%s'] * len(fields))})",
        kinds=tuple(str(field.db_type(here)) for field in fields),
        returning=f" RETURNING {quote(key.column)}" if is_serial else "",
    )
