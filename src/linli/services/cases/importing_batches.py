"""Writing a confirmed file: in short transactions, from wherever the last one ended.

Everything that is needed to go on stands in the database: the next row is the one after `written + repeated`. A worker
may therefore be killed at any moment, and two may work on one file: each batch takes its turn under the lock of the
import's row. Until the last row is in, nothing of the file is shown to anyone.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, Window

from linli.ground.matters.clocks import workdays
from linli.ground.matters.models import Matter, MatterLink, Relation
from linli.ground.matters.timeline import newest_texts
from linli.ground.organizations.models import Organization
from linli.ground.organizations.selectors import district_centre, service_centre_of
from linli.ground.record.breathing import breathe
from linli.ground.record.writing import keep
from linli.ground.territory.facade import How, Level, Unit, atlas, district
from linli.kernel.access import SYSTEM
from linli.services.cases.actions.import_case import import_case
from linli.services.cases.importing_files import UnusableFile, forget, open_table, stored
from linli.services.cases.importing_preview import checked, in_chunks, known_numbers
from linli.services.cases.models import Case, CaseImport
from linli.services.cases.rules.imported import ImportedRow

logger = structlog.get_logger(__name__)

BATCH_SECONDS = 0.3
LOOK_AHEAD = 400
TOGETHER = 50  # rows that are written by the same statements; the time is looked at after them
ATTEMPTS = 3


@dataclass(frozen=True)
class Progress:
    """How far an import is. `problem` is a code when it has stopped for good."""

    rows: int
    written: int
    repeated: int
    released: bool
    problem: str = ""

    @property
    def done(self) -> int:
        """Rows gone through."""
        return self.written + self.repeated

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.released or bool(self.problem)


class Stopped(Exception):
    """The import cannot go on; `code` says why. What was written stays withheld."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class RowReader:
    """The rows of a confirmed file from any position on, understood as they are asked for."""

    def __init__(self, source: CaseImport) -> None:
        self._source = source
        self._rows: Iterator[ImportedRow] | None = None
        self._start = 0
        self._ahead: list[ImportedRow] = []

    def rows(self, position: int, count: int) -> list[ImportedRow]:
        """Up to `count` rows from `position` on; fewer at the end of the file.

        Raises:
            Stopped: the file is gone, or is not the one that was confirmed.
        """
        if self._rows is None or position < self._start:
            self._rows, self._start, self._ahead = self._read(), 0, []
        while position > self._start + len(self._ahead):
            self._start += len(self._ahead)
            self._ahead = list(islice(self._rows, min(position - self._start, count)))
            if not self._ahead:
                return []
        self._ahead = self._ahead[position - self._start :]
        self._start = position
        self._ahead += islice(self._rows, max(count - len(self._ahead), 0))
        return self._ahead[:count]

    def _read(self) -> Iterator[ImportedRow]:
        try:
            table = open_table(stored(self._source.path), self._source.columns)
        except UnusableFile as unusable:
            raise Stopped("missing_file" if unusable.code == "missing" else unusable.code) from unusable
        for row, faults in checked(table, self._source.uploaded_at):
            if faults:
                raise Stopped("file_changed")
            yield row


class Doors:
    """Where an imported demand goes: unit and desk by the words of its place, each unit looked up once."""

    def __init__(self) -> None:
        self._names = atlas().gazetteer
        self._open()

    def look_anew(self) -> None:
        """Ask once for a whole batch whether the territory is still the same; where it is not, begin again."""
        if (names := atlas().gazetteer) is not self._names:
            self._names = names
            self._open()

    def _open(self) -> None:
        self._district = (district(), district_centre())
        self._units: dict[int, tuple[Unit, Organization]] = {}

    def of(self, words: str) -> tuple[Unit, Organization]:
        """The community that the words name without doubt and its street's centre, else the district and its own."""
        found = self._names.resolve(words)
        if found.unit.level is not Level.COMMUNITY or found.how not in {How.FULL_NAME, How.SHORT_NAME}:
            return self._district
        if found.unit.id not in self._units:
            unit = Unit.objects.defer("outline").get(pk=found.unit.id)
            self._units[found.unit.id] = (unit, service_centre_of(unit))
        return self._units[found.unit.id]


def unfinished_imports() -> list[int]:
    """The imports that were confirmed and are neither released nor stopped by a problem, oldest first."""
    rows = CaseImport.objects.filter(confirmed_at__isnull=False, released_at__isnull=True, problem="")
    return list(rows.order_by("confirmed_at", "id").values_list("id", flat=True))


def continue_import(
    source_id: int, now: datetime, *, after_batch: Callable[[Progress], None] | None = None
) -> Progress:
    """Take an import to its end from wherever it stands; safe to call again, and from several workers at once.

    Args:
        source_id: a confirmed import.
        now: the present moment, which the record rows bear.
        after_batch: is told the progress after each batch.
    """
    source = CaseImport.objects.get(pk=source_id)
    if source.confirmed_at is None or source.released_at is not None:
        return progress_of(source)
    try:
        for progress in _batches(source, now):
            if after_batch:
                after_batch(progress)
        progress = release_import(source_id, now)
    except Stopped as stop:
        logger.exception("import stopped", source=source_id, code=stop.code)
        CaseImport.objects.filter(pk=source_id).update(problem=stop.code)
        return progress_of(CaseImport.objects.get(pk=source_id))
    forget(source.path)
    return progress


def progress_of(source: CaseImport) -> Progress:
    """How far an import is, as its row tells."""
    return Progress(source.rows, source.written, source.repeated, source.released_at is not None, source.problem)


def _batches(source: CaseImport, now: datetime) -> Iterator[Progress]:
    """Write batch after batch until every row is in."""
    reader, doors, failures = RowReader(source), Doors(), 0
    progress = progress_of(source)
    while progress.done < progress.rows:
        reader.rows(progress.done, LOOK_AHEAD)  # understood now, so that nobody waits for it under the lock
        try:
            progress = write_batch(source.pk, reader, doors, now, seconds=BATCH_SECONDS)
        except IntegrityError as error:
            # Another import of the channel has just brought one of the numbers; the next attempt will know it. If it
            # does not, the file stops here, so that it is not tried for ever and later ones come in.
            failures += 1
            if failures == ATTEMPTS:
                raise Stopped("rows_clash") from error
            continue
        failures = 0
        yield progress
        breathe()


@transaction.atomic
def write_batch(
    source_id: int, reader: RowReader, doors: Doors, now: datetime, *, seconds: float = BATCH_SECONDS
) -> Progress:
    """Write as many of the next rows as fit into `seconds`, at least one, in one transaction.

    Rows whose number the channel has delivered before are counted as repeated and left as they are.

    Raises:
        Stopped: the file holds fewer rows than were confirmed, or other ones.
    """
    started = time.monotonic()
    source = CaseImport.objects.select_for_update().get(pk=source_id)
    progress = progress_of(source)
    if progress.released or progress.done >= progress.rows:
        return progress
    rows = reader.rows(progress.done, LOOK_AHEAD)
    if not rows:
        raise Stopped("file_changed")
    known = known_numbers(source.channel, [row.number for row in rows])
    doors.look_anew()
    shared = {"source": source, "calendar": workdays()}
    for some in in_chunks(rows, TOGETHER):
        new = [row for row in some if row.number not in known]
        import_case.many([_inputs(row, doors) | shared for row in new], actor=SYSTEM, now=now)
        source.written += len(new)
        source.repeated += len(some) - len(new)
        if time.monotonic() - started >= seconds:
            break
    source.save(update_fields=["written", "repeated"])
    return progress_of(source)


def _inputs(row: ImportedRow, doors: Doors) -> dict[str, Any]:
    place, desk = doors.of(row.place)
    return {"row": row, "place": place, "desk": desk}


def release_import(source_id: int, now: datetime) -> Progress:
    """Show the whole file at once, when all of it is in; calling it again changes nothing.

    A message that was delivered twice under two numbers, once with its reply, is linked to its twin, so that the
    reply is found from the open one.
    """
    twins = _twins(source_id)
    with transaction.atomic():
        source = CaseImport.objects.select_for_update().get(pk=source_id)
        if source.released_at is not None or source.written + source.repeated < source.rows:
            return progress_of(source)
        # By the keys, without a join to itself: PostgreSQL was seen to sit over that for minutes.
        Matter.objects.filter(pk__in=source.cases.values("matter")).update(withheld=False)
        MatterLink.objects.bulk_create(
            [MatterLink(origin_id=one, target_id=other, relation=Relation.DUPLICATES) for one, other in twins],
            ignore_conflicts=True,
        )
        source.released_at, source.problem = now, ""
        source.save(update_fields=["released_at", "problem"])
        keep(
            "release_import",
            actor=SYSTEM,
            now=now,
            subject=f"import:{source.pk}",
            kind="case",
            codes={
                "rows": source.rows,
                "written": source.written,
                "repeated": source.repeated,
                "twins": [list(pair) for pair in twins],
            },
        )
    return progress_of(source)


def _twins(source_id: int) -> list[tuple[int, int]]:
    """Pairs of one message under two numbers, the answered one second: all that say the same lead to the first of them.

    The same are title, moment, asker and text. The database finds those whose title and moment are, so that no more
    texts are read, and no more of them held, than those few.
    """
    source = CaseImport.objects.get(pk=source_id)
    head = (F("matter__title"), F("matter__opened_at"))
    alike = Window(Count("pk"), partition_by=head)
    ours = Window(Count("pk", filter=Q(source=source)), partition_by=head)
    is_open = ExpressionWrapper(Q(matter__closed_at=None), BooleanField())
    rows = Case.objects.filter(channel=source.channel).exclude(outside_number="")
    rows = (
        rows.annotate(alike=alike, ours=ours, is_open=is_open)
        .filter(alike__gt=1, ours__gt=0)
        .order_by(*head, "is_open", "pk")
    )
    members = rows.values_list("pk", "matter__title", "matter__opened_at").iterator(LOOK_AHEAD)
    pairs: list[tuple[int, int]] = []
    firsts: dict[bytes, int] = {}
    group: tuple[str, datetime] | None = None
    for chunk in in_chunks(members, LOOK_AHEAD):
        texts = newest_texts([matter for matter, *_ in chunk], ("asker", "text"))
        for matter, title, opened in chunk:
            if (title, opened) != group:
                group, firsts = (title, opened), {}
            first = firsts.setdefault(_words_of(texts.get(matter, {})), matter)
            if first != matter:
                pairs.append((matter, first))
    return sorted(pairs)


def _words_of(texts: Mapping[str, str]) -> bytes:
    """What tells equal texts without keeping them."""
    return sha256(repr(sorted(texts.items())).encode()).digest()
