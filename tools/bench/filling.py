"""Runs within an installation: founds a district, plays some weeks, and copies what has ended back into the past.

The sample is played by the real actions, as the year of the demo is: topics, lengths, lives and texts are as measured.
A copy is written by the database itself, straight into the tables: other keys and numbers, all days moved back. So an
archive grows as that of a district does, while what is open stays as much as it was.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction

from linli.demo.year import Extent
from linli.ground.matters.models import Matter, MatterSpan
from linli.ground.matters.search import PUBLIC_INDEX, STAFF_INDEX
from linli.ground.record.models import Entry, Record
from linli.insight.indicators.figures import NAMES, TREES
from linli.insight.indicators.models import CountedCase, DailyFigures
from linli.insight.indicators.rules.figures import MEASURES, Cell, Counted, Values, added
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import ENDS
from linli.site.founding import found_installation

SAMPLE = Extent(demands=2500, writing_days=60, days=60, residents=400)
DAYS_BACK = 4
"""How far each copy lies behind the one before: 500 demands a day, and a million in five years and a half."""
RECORDED = 4
"""Every copy has its demands, spans, search documents and figures; one of so many has the rows of its record too."""
AT_ONCE = 20
USUAL = {"hashsize": 1024 * 1024, "automerge": 4, "crisismerge": 16}
IN_A_HURRY = {"hashsize": 64 * 1024 * 1024, "automerge": 0, "crisismerge": 1024}
TABLES = (Matter, Case, MatterSpan, CountedCase, Record, Entry, DailyFigures)


@dataclass(frozen=True)
class Sample:
    """What is copied.

    Args:
        matters, records: how many; behind `last_matter` and `last_record` the copies begin.
    """

    matters: int
    records: int
    last_matter: int
    last_record: int


def found(small: str = "") -> None:
    """Found the district and play its weeks; `small` plays little, for the test of the floor."""
    extent = Extent(demands=150, writing_days=30, days=30, residents=60) if small else SAMPLE
    found_installation(empty=False, say=_say, year=extent)


def copy_up_to(cases: int, say: Callable[[str], None]) -> int:
    """Copy until there are so many demands; returns how many there are."""
    sample = _noted_sample()
    here = Case.objects.count()
    first = _copies_made(sample)
    many = max(0, -(-(cases - here) // sample.matters))
    with _hurried(), _without_indexes():
        began = time.monotonic()
        for start in range(first, first + many, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, first + many))
            with transaction.atomic():
                for number in numbers:
                    _copy(sample, number)
            written = here + (numbers.stop - first) * sample.matters
            say(f"{connection.vendor}: {written} demands, {time.monotonic() - began:.0f} s")
    _tell_the_planner()
    return Case.objects.count()


def _noted_sample() -> Sample:
    """The ended demands of the sample that stand alone, numbered one after another, and the rows of their record."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_matter (old bigint PRIMARY KEY, place bigint)")
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_record (old bigint PRIMARY KEY, place bigint, matter bigint)")
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_last (matter bigint, record bigint)")
        cursor.execute("SELECT count(*) FROM bench_last")
        if not cursor.fetchone()[0]:
            alone = Matter.objects.filter(state__in=ENDS, links_in__isnull=True, links_out__isnull=True)
            keys = list(alone.order_by("id").values_list("id", flat=True))
            cursor.executemany("INSERT INTO bench_matter VALUES (%s, %s)", [(key, at) for at, key in enumerate(keys)])
            cursor.execute(
                "INSERT INTO bench_record SELECT record_id, row_number() OVER (ORDER BY record_id) - 1, matter "
                "FROM record_entry WHERE matter IN (SELECT old FROM bench_matter)"
            )
            cursor.execute(
                "INSERT INTO bench_last "
                "SELECT (SELECT max(id) FROM matters_matter), (SELECT max(id) FROM record_record)"
            )
            _note_sums(cursor)
        cursor.execute(
            "SELECT (SELECT count(*) FROM bench_matter), (SELECT count(*) FROM bench_record), matter, record "
            "FROM bench_last"
        )
        return Sample(*cursor.fetchone())


def _note_sums(cursor: Any) -> None:
    """What the demands of one copy add to the figures, cell by cell."""
    cursor.execute("SELECT old FROM bench_matter")
    keys = [row[0] for row in cursor.fetchall()]
    sums: dict[Cell, Values] = {}
    for values in CountedCase.objects.filter(pk__in=keys).values_list(*NAMES):
        added(sums, Counted(*values), TREES)
    measures = ", ".join(f"{name} integer" for name in MEASURES)
    cursor.execute(f"CREATE TABLE bench_sums (day date, place text, topic text, {measures})")
    marks = ", ".join(["%s"] * (3 + len(MEASURES)))
    rows = [(cell.day.isoformat(), cell.place, cell.topic, *values) for cell, values in sums.items()]
    cursor.executemany(f"INSERT INTO bench_sums VALUES ({marks})", rows)


def _copies_made(sample: Sample) -> int:
    newest = Matter.objects.order_by("-id").values_list("id", flat=True)[0]
    return int((newest - sample.last_matter) // sample.matters) if sample.matters else 0


def _copy(sample: Sample, number: int) -> None:
    """Write one copy; each lies further back than the one before."""
    days = (number + 1) * DAYS_BACK
    matter = f"{sample.last_matter + 1 + number * sample.matters} + s.place"
    record = f"{sample.last_record + 1 + number * sample.records} + r.place"
    of_matter = "JOIN bench_matter s ON s.old = t."
    with connection.cursor() as cursor:
        named = {"id": matter, "number": _number(matter, "t", days), "code_digest": "''", "next_due": "NULL"}
        cursor.execute(_insert(Matter, days, named, f"{of_matter}id"))
        for model in (Case, MatterSpan, CountedCase):
            cursor.execute(_insert(model, days, {"matter_id": matter}, f"{of_matter}matter_id", without=("id",)))
        _copy_search(cursor, matter)
        _copy_sums(cursor, days)
        if number % RECORDED:
            return
        of_record = "JOIN bench_record r ON r.old = t.{} JOIN bench_matter s ON s.old = r.matter"
        joined = of_record.format("id") + " JOIN matters_matter m ON m.id = s.old"
        cursor.execute(_insert(Record, days, {"id": record, "subject": _number(matter, "m", days)}, joined))
        named = {"record_id": record, "matter": matter}
        cursor.execute(_insert(Entry, days, named, of_record.format("record_id")))


def _insert(
    model: type[models.Model], days: int, named: dict[str, str], joined: str, *, without: tuple[str, ...] = ()
) -> str:
    """An INSERT that reads a table and writes it again: these columns anew, every day moved, the rest as it is."""
    fields = [field for field in model._meta.concrete_fields if field.column not in without]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(named.get(str(field.column)) or _moved(field, days) for field in fields)
    table = model._meta.db_table
    return f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} t {joined}"


def _moved(field: Any, days: int) -> str:
    column = f't."{field.column}"'
    if isinstance(field, models.DateTimeField):
        if connection.vendor == "postgresql":
            return f"{column} - interval '{days} days'"
        return f"strftime('%Y-%m-%d %H:%M:%f000', {column}, '-{days} days')"
    return _moved_day(column, days) if isinstance(field, models.DateField) else column


def _moved_day(column: str, days: int) -> str:
    return f"{column} - {days}" if connection.vendor == "postgresql" else f"date({column}, '-{days} days')"


def _number(matter: str, table: str, days: int) -> str:
    """The number of a copied matter: its day, and its key in eight digits."""
    if connection.vendor == "postgresql":
        return f"to_char({table}.opened_at - interval '{days} days', 'YYYYMMDD') || lpad(({matter})::text, 8, '0')"
    return f"strftime('%Y%m%d', {table}.opened_at, '-{days} days') || printf('%08d', {matter})"


def _copy_search(cursor: Any, matter: str) -> None:
    for index in (STAFF_INDEX, PUBLIC_INDEX):
        if connection.vendor == "postgresql":
            cursor.execute(
                f"INSERT INTO {index} (matter, vector) "
                f"SELECT {matter}, t.vector FROM {index} t JOIN bench_matter s ON s.old = t.matter"
            )
        else:
            cursor.execute(
                f"INSERT INTO {index} (rowid, title, body, reply) SELECT {matter}, t.title, t.body, t.reply "
                f"FROM {index} t JOIN bench_matter s ON s.old = t.rowid"
            )


def _copy_sums(cursor: Any, days: int) -> None:
    table, names = DailyFigures._meta.db_table, ", ".join(MEASURES)
    moved = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in MEASURES)
    cursor.execute(
        f"INSERT INTO {table} (day, place, topic, {names}) SELECT {_moved_day('day', days)}, place, topic, {names} "
        f"FROM bench_sums WHERE true ON CONFLICT (place, topic, day) DO UPDATE SET {moved}"
    )


@contextmanager
def _hurried() -> Iterator[None]:
    """No waiting for the disk and no asking for what is there while nobody else is at work."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
            cursor.execute("SET maintenance_work_mem = '512MB'")
            yield
            cursor.execute("SET session_replication_role = DEFAULT; SET synchronous_commit = on")
            return
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.execute("PRAGMA cache_size = -1000000")
        _set_search(cursor, IN_A_HURRY)
        yield
        _set_search(cursor, USUAL)
        _merge_search(cursor)
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("PRAGMA synchronous = NORMAL")


def _set_search(cursor: Any, values: dict[str, int]) -> None:
    """How much FTS5 gathers in memory before it writes, and how eagerly it merges what it wrote."""
    for index in (STAFF_INDEX, PUBLIC_INDEX):
        for name, value in values.items():
            cursor.execute(f"INSERT INTO {index} ({index}, rank) VALUES (%s, %s)", [name, value])


def _merge_search(cursor: Any) -> None:
    """Merge what was written, as far as FTS5 does by and by on its own."""
    for index in (STAFF_INDEX, PUBLIC_INDEX):
        changed = -2
        while (now := _changes(cursor)) - changed >= 2:
            changed = now
            cursor.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', 20000)")


def _changes(cursor: Any) -> int:
    cursor.execute("SELECT total_changes()")
    return int(cursor.fetchone()[0])


@contextmanager
def _without_indexes() -> Iterator[None]:
    """Indexes are built anew once the rows are there, but for those that a constraint rests on."""
    tables = [model._meta.db_table for model in TABLES]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            tables += [STAFF_INDEX, PUBLIC_INDEX]
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN "
                "(SELECT conname FROM pg_constraint)",
                [tables],
            )
        else:
            marks = ", ".join(["%s"] * len(tables))
            cursor.execute(
                "SELECT name, sql FROM sqlite_master "
                f"WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})",
                tables,
            )
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _, sql in found:
            cursor.execute(sql.replace("%", "%%"))


def _tell_the_planner() -> None:
    """What PostgreSQL's own housekeeping does within minutes; and the keys that are given out next."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in (Matter, MatterSpan, Record, DailyFigures):
            table = model._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        cursor.execute("VACUUM ANALYZE")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(step: str, argument: str = "") -> None:
    """`found`, or `copy` up to so many demands, of which it tells how many there are."""
    settings.LINLI_CLOCK.now()
    if step == "found":
        found(argument)
    else:
        print(json.dumps(copy_up_to(int(argument), _say)))
