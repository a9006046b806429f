"""New keys for encrypted columns: every value is written again under the newest, a batch at a time.

The work can stop anywhere and be taken up again: a value says under which version it lies, so what is left to do is
always known. Blind indexes have a key of their own, which does not change.
"""

import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db import connection, transaction

from linli.ground.people.encryption import EncryptedField
from linli.ground.record.alone import alone
from linli.ground.record.keys import FieldKeys, field_keys, write_fields
from linli.ground.record.writing import keep
from linli.kernel.access import Actor

BATCH = 500


class ValueUnreadable(ValueError):
    """A stored value cannot be decrypted: it was altered, or its key is gone. Nothing is written over it."""


@dataclass(frozen=True)
class Column:
    """One encrypted column, as the database names it, and the context that binds its values."""

    table: str
    key: str
    name: str
    context: str


@dataclass(frozen=True)
class Rotated:
    """What a rotation did."""

    version: int
    values: int
    dropped: tuple[int, ...] = ()


def encrypted_columns() -> list[Column]:
    """Every encrypted column of every installed model, in the order of table and column."""
    columns = []
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedField) and model._meta.pk is not None:
                table, key = model._meta.db_table, model._meta.pk.column
                columns.append(Column(table, str(key), str(field.column), field.context))
    return sorted(columns, key=lambda each: (each.table, each.name))


def versions_in_use() -> Counter[int]:
    """How many values lie under each key version."""
    found: Counter[int] = Counter()
    position = "strpos" if connection.vendor == "postgresql" else "instr"
    for column in encrypted_columns():
        name = _name(column.name)
        version = f"substr({name}, 1, {position}({name}, ':') - 1)"
        sql = f"SELECT {version}, count(*) FROM {_name(column.table)} WHERE {name} <> '' GROUP BY 1"
        for text, values in _rows(sql):
            found[int(text)] += values
    return found


@alone()
def rotate_keys(*, actor: Actor, now: datetime, batch: int = BATCH) -> Rotated:
    """Write every encrypted value under a new key version, or finish the rotation that was interrupted.

    Old versions stay in the ring until `drop_old_keys`. Work that goes on meanwhile already encrypts under the
    newest version; the passes are repeated until none finds an older value.

    Raises:
        UnderWay: another process rotates; two at once would each write a ring that lacks the other's key.
        ValueUnreadable: a value cannot be decrypted; those before it are done, the rest can be continued.
    """
    keys = field_keys()
    if all(version == keys.newest for version in versions_in_use()):
        keys = FieldKeys(keys.versions | {keys.newest + 1: secrets.token_bytes(32)}, keys.index)
        write_fields(keys)
    written = 0
    while done := sum(_rewrite(column, keys, batch) for column in encrypted_columns()):
        written += done
    with transaction.atomic():
        keep("rotate_keys", actor=actor, now=now, codes={"version": keys.newest, "values": written})
    return Rotated(keys.newest, written)


@alone()
def drop_old_keys(*, actor: Actor, now: datetime) -> Rotated:
    """Take out of the ring every version but the newest that no value uses any more.

    Raises:
        UnderWay: another process rotates.
    """
    keys, used = field_keys(), versions_in_use()
    dropped = tuple(sorted(version for version in keys.versions if version != keys.newest and not used[version]))
    if dropped:
        # The ring is written last: should the record fail, no key is lost.
        with transaction.atomic():
            keep("drop_old_keys", actor=actor, now=now, codes={"versions": list(dropped)})
            left = {version: key for version, key in keys.versions.items() if version not in dropped}
            write_fields(FieldKeys(left, keys.index))
    return Rotated(keys.newest, 0, dropped)


def _rewrite(column: Column, keys: FieldKeys, batch: int) -> int:
    """One pass over a column; each batch is a transaction of its own. Returns how many values were written."""
    table, key, name = _name(column.table), _name(column.key), _name(column.name)
    select = (
        f"SELECT {key}, {name} FROM {table} WHERE {name} <> '' AND {name} NOT LIKE %s {{after}}"
        f"ORDER BY {key} LIMIT {int(batch)}"
    )
    update = f"UPDATE {table} SET {name} = %s WHERE {key} = %s AND {name} = %s"
    written, last = 0, None
    while True:
        after = "" if last is None else f"AND {key} > %s "
        found = list(_rows(select.format(after=after), f"{keys.newest}:%", *([] if last is None else [last])))
        if not found:
            return written
        with transaction.atomic(), connection.cursor() as cursor:
            for row, stored in found:
                # Only if nobody wrote it meanwhile.
                cursor.execute(update, [keys.seal(_opened(column, keys, row, stored), column.context), row, stored])
                written += cursor.rowcount
        last = found[-1][0]


def _opened(column: Column, keys: FieldKeys, row: Any, stored: str) -> str:
    try:
        return keys.open(stored, column.context)
    except (KeyError, ValueError, InvalidTag) as error:
        raise ValueUnreadable(f"{column.table}.{column.name} of {row} cannot be decrypted") from error


def _rows(sql: str, *values: Any) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        while found := cursor.fetchmany(2000):
            yield from found


def _name(name: str) -> str:
    return connection.ops.quote_name(name)
