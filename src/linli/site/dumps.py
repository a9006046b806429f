"""A consistent copy of the database, out and in: a file of SQLite's own, or one COPY text per table of PostgreSQL."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

SQLITE_FILE = "linli.sqlite3"
SEQUENCES = "sequences.json"
MIGRATIONS_TABLE = "django_migrations"
CHUNK = 1024 * 1024

Rows = Callable[[str], Iterable[tuple[Any, ...]]]
Migrations = list[tuple[str, str]]


def write_dump(folder: Path) -> None:
    """Write one moment of the database into an empty folder; the application may go on writing meanwhile."""
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        _write_tables(folder)
        return
    with closing(sqlite3.connect(folder / SQLITE_FILE)) as target:
        connection.connection.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")


def load_dump(folder: Path, migrations: Migrations, check: Callable[[Rows], None]) -> None:
    """Replace the content of the database by a dump, whole or not at all.

    Args:
        migrations: those that were applied when the dump was written.
        check: reads the dump and raises when it is not to be loaded.
    """
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with transaction.atomic():
            _drop_everything()
            MigrationExecutor(connection).migrate(_newest_of(migrations))
            _read_tables(folder)
            check(_rows_of_connection)
        return
    with closing(sqlite3.connect(folder / SQLITE_FILE)) as source:
        check(source.execute)
        source.backup(connection.connection)


def applied_migrations() -> Migrations:
    """Every migration that the database has seen."""
    return sorted(MigrationRecorder(connection).applied_migrations())


def unknown_migrations(migrations: Migrations) -> Migrations:
    """Those that this program does not know: the dump is of a newer one."""
    known = MigrationExecutor(connection).loader.disk_migrations
    return [each for each in migrations if each not in known]


def has_column(rows: Rows, table: str, column: str) -> bool:
    """Whether the dump knows a column; an older program may have had none."""
    if connection.vendor == "postgresql":
        sql = (
            "SELECT 1 FROM information_schema.columns WHERE table_schema = 'public' "
            f"AND table_name = '{table}' AND column_name = '{column}'"
        )
    else:
        sql = f"SELECT 1 FROM pragma_table_info('{table}') WHERE name = '{column}'"
    return bool(list(rows(sql)))


def _newest_of(migrations: Migrations) -> Migrations:
    """The last migration of each app: what to migrate an empty database to."""
    graph = MigrationExecutor(connection).loader.graph
    known = {each for each in migrations if each in graph.node_map}
    return [
        each
        for each in sorted(known)
        if not any(child.key in known and child.key[0] == each[0] for child in graph.node_map[each].children)
    ]


@contextmanager
def _one_moment() -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _write_tables(folder: Path) -> None:
    with _one_moment():
        for table, columns in _tables():
            copy = f"COPY {_name(table)} ({columns}) TO STDOUT"
            with (
                (folder / f"{table}.copy").open("wb") as file,
                connection.connection.cursor() as cursor,
                cursor.copy(copy) as rows,
            ):
                file.writelines(rows)
        sequences = _rows_of_connection(
            "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
        )
        (folder / SEQUENCES).write_text(json.dumps(dict(sequences), indent=1, sort_keys=True))


def _read_tables(folder: Path) -> None:
    """Fill the empty tables; foreign keys are compared at the end."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # migrating has made them immediate
    for table, columns in _tables():
        source = folder / f"{table}.copy"
        if not source.exists():
            continue
        copy = f"COPY {_name(table)} ({columns}) FROM STDIN"
        with source.open("rb") as file, connection.connection.cursor() as cursor, cursor.copy(copy) as rows:
            while block := file.read(CHUNK):
                rows.write(block)
    with connection.cursor() as cursor:
        for name, value in json.loads((folder / SEQUENCES).read_text()).items():
            cursor.execute("SELECT setval(%s::regclass, %s)", [f"public.{_name(name)}", value])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _drop_everything() -> None:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE IF EXISTS {_name(table)} CASCADE")
        cursor.execute("DROP FUNCTION IF EXISTS record_is_append_only() CASCADE")


def _tables() -> list[tuple[str, str]]:
    """Every table but the list of migrations, with its columns in an order that does not depend on the database."""
    with connection.cursor() as cursor:
        names = sorted(set(connection.introspection.table_names(cursor)) - {MIGRATIONS_TABLE})
        return [(name, ", ".join(sorted(_name(each.name) for each in _columns(cursor, name)))) for name in names]


def _columns(cursor: Any, table: str) -> list[Any]:
    return list(connection.introspection.get_table_description(cursor, table))


def _rows_of_connection(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _name(name: str) -> str:
    return connection.ops.quote_name(name)
