"""Lists whose conditions have one of a few shapes, each compiled once.

A list asks for the same columns under conditions that are built anew for each reader: the ORM needs longer to turn
them into SQL than the database to answer. Two conditions of one shape (the same lookups of as many values) give the
same SQL; so it is compiled with marks in place of the values, and kept.
"""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.models import Q, QuerySet

from linli.ground.record.prepared import converted, own_connection, plain_value, run_statement

MOST_SHAPES = 256
SOME_MOMENT, SOME_DAY = datetime(1901, 1, 1, 3, 7, tzinfo=UTC), date(1901, 1, 1)
Rows = Callable[[Q], QuerySet[Any, Any]]


class Shapeless(Exception):
    """A condition holds something else than plain values, or a lookup changes them."""


class Shaped:
    """The rows of a query under any condition, as values.

    Args:
        rows: the query under a condition; it asks for `values`.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._kept = threading.local()  # a compiler belongs to a connection, and that to a thread

    def dicts(self, condition: Q) -> list[dict[str, Any]]:
        """What the query finds under the condition."""
        values: list[Any] = []
        try:
            shape = _walked(condition, values, None)[0]
            known = self._known(shape, condition)
        except Shapeless:
            return list(self._rows(condition))
        if known is None:
            return []
        here = known.connection
        params = [each if place is None else plain_value(values[place], here) for place, each in known.params]
        found, _ = run_statement(here, known.sql, params)
        if known.converters:
            found = [tuple(converted(row, known.converters, here)) for row in found]
        return [dict(zip(known.names, row, strict=True)) for row in found]

    def _known(self, shape: Any, condition: Q) -> Any:
        """What compiling a condition of this shape has brought on this connection; None if it admits nothing."""
        kept, mine = self._kept, own_connection()
        if getattr(kept, "connection", None) is not mine or len(kept.shapes) > MOST_SHAPES:
            kept.connection, kept.shapes = mine, {}
        if shape not in kept.shapes:
            kept.shapes[shape] = _compiled(self._rows, condition, mine)
        if kept.shapes[shape] is Shapeless:
            raise Shapeless
        return kept.shapes[shape]


class _Statement:
    """A compiled query; `params` are pairs of the place of a value and what stands there otherwise."""

    def __init__(self, rows: QuerySet[Any, Any], marks: list[Any], here: Any) -> None:
        compiler = rows.query.get_compiler(connection=here)
        self.connection = here
        self.sql, params = compiler.as_sql()
        places = {plain_value(mark, here): place for place, mark in enumerate(marks)}
        self.params = [(places.get(each) if isinstance(each, KINDS) else None, each) for each in params]
        if {place for place, _ in self.params} - {None} != set(range(len(marks))):
            raise Shapeless
        self.converters = compiler.get_converters([each[0] for each in compiler.select])
        self.names = (*rows.query.values_select, *rows.query.annotation_select)


KINDS = (str, UUID, datetime, date)


def _compiled(rows: Rows, condition: Q, here: Any) -> Any:
    marks: list[Any] = []
    marked = _walked(condition, marks, marks)[1]
    try:
        return _Statement(rows(marked), marks, here)
    except EmptyResultSet:
        return None
    except Shapeless:
        return Shapeless


def _walked(condition: Q, values: list[Any], marks: list[Any] | None) -> tuple[Any, Q]:
    """The shape of a condition, and the condition; its values are gathered, or marks made and put in their places.

    Raises:
        Shapeless: it compares with something else than plain values.
    """
    shapes: list[Any] = []
    children: list[Any] = []
    for child in condition.children:
        if isinstance(child, Q):
            shape, made = _walked(child, values, marks)
            shapes.append(shape)
            children.append(made)
        elif isinstance(child, tuple):
            lookup, value = child
            kind, put = _gathered(value, values, marks)
            shapes.append((lookup, kind))
            children.append((lookup, put))
        else:
            raise Shapeless
    if marks is None:
        return (condition.connector, condition.negated, tuple(shapes)), condition
    made = Q(_connector=condition.connector, _negated=condition.negated)
    made.children = children
    return (), made


def _gathered(value: Any, values: list[Any], marks: list[Any] | None) -> tuple[Any, Any]:
    """The kind of a value for the shape, and what is put in its place; numbers and the like are part of the shape."""
    if isinstance(value, str | UUID | date):
        plain = value.value if isinstance(value, Enum) else value
        if marks is None:
            values.append(plain)
            return type(plain), value
        marks.append(_mark(plain, len(marks)))
        return (), marks[-1]
    if value is None or isinstance(value, bool | int):
        return ("=", value), value
    if isinstance(value, list | tuple | set | frozenset):
        pairs = [_gathered(each, values, marks) for each in value]
        return tuple(pair[0] for pair in pairs), [pair[1] for pair in pairs]
    raise Shapeless


def _mark(value: Any, place: int) -> Any:
    """A value of the same kind that stands for it and for no other."""
    match value:
        case str():
            return f"\x01{place}"
        case UUID():
            return UUID(int=place)
        case datetime():
            return SOME_MOMENT + timedelta(seconds=place)
        case _:
            return SOME_DAY + timedelta(days=place)
