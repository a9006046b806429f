"""The two full-text indexes over matters."""

from typing import Any, ClassVar

from django.db import migrations

INDEXES = ("matters_search_staff", "matters_search_public")


def create(apps: Any, schema_editor: Any) -> None:
    """FTS5 on SQLite, a tsvector with GIN on PostgreSQL."""
    for index in INDEXES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"CREATE TABLE {index} (matter bigint PRIMARY KEY, vector tsvector NOT NULL)")
            schema_editor.execute(f"CREATE INDEX {index}_words ON {index} USING gin (vector)")
        else:
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {index} USING fts5(title, body, reply, tokenize='unicode61')"
            )


def drop(apps: Any, schema_editor: Any) -> None:
    """Drop both indexes; they can be built again from the entries."""
    for index in INDEXES:
        schema_editor.execute(f"DROP TABLE {index}")


class Migration(migrations.Migration):
    """Search over matters."""

    dependencies: ClassVar = [("matters", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(create, drop)]
