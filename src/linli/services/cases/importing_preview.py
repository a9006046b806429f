"""What an import would do, told before anything is written."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings

from linli.ground.matters.clocks import workdays
from linli.services.cases.importing_files import Table, UnusableFile, open_table
from linli.services.cases.importing_words import fault_words, refusal_words
from linli.services.cases.models import Case
from linli.services.cases.rules.imported import REQUIRED, ImportedRow, Reading, RowFault, checked_rows

SHOWN_ROWS = 20
CHUNK = 500

Each = TypeVar("Each")


@dataclass(frozen=True)
class Fault:
    """One bad cell: where it stands, what it holds, what is wrong with it and what to do."""

    row: int
    column: str
    value: str
    code: str
    problem: str
    remedy: str


@dataclass(frozen=True)
class ImportPreview:
    """What is in a file, and whether it can be imported.

    Args:
        columns: field → heading in the file.
        missing: required fields for which there is no column.
        unused: headings that no field was found for.
        rows: rows that are not empty.
        good: rows without a fault; the following counts are of good rows.
        open: without a reply.
        closed: with a reply.
        already_known: numbers that the channel has delivered before; they will not be written again.
        answered_elsewhere: known, still open here, and answered in this file. An import never answers a demand
            that is in hand here; the reply stays in the file and has to be taken over by its holder.
        median_days: days from question to reply, of the closed rows that name both times.
        faults: everything that is wrong, by row.
        first: the first rows as they were understood.
        refusal: code of why the file cannot be imported as it is, or empty.
    """

    columns: Mapping[str, str]
    missing: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    rows: int = 0
    good: int = 0
    open: int = 0
    closed: int = 0
    already_known: int = 0
    answered_elsewhere: int = 0
    median_days: float | None = None
    faults: tuple[Fault, ...] = ()
    first: tuple[ImportedRow, ...] = ()
    refusal: str = ""

    @property
    def bad(self) -> int:
        """Rows with at least one fault."""
        return self.rows - self.good

    @property
    def new(self) -> int:
        """Rows that an import would write."""
        return self.good - self.already_known

    @property
    def can_be_confirmed(self) -> bool:
        """Whether the file can be imported as it is."""
        return not self.refusal

    def refusal_values(self) -> dict[str, object]:
        """What the wording of the refusal needs."""
        return {"rows": self.bad, "columns": list(self.missing)}

    def refusal_words(self) -> str:
        """Why the file cannot be imported, and what to do; empty if it can."""
        return refusal_words(self.refusal, self.refusal_values()) if self.refusal else ""


def preview_file(
    file: Path | bytes, *, channel: str, chosen: Mapping[str, str] | None = None, latest: datetime
) -> ImportPreview:
    """Read a whole file and tell what an import would do. Nothing is written.

    Args:
        file: an .xlsx file that `check_workbook` has let pass.
        channel: where its numbers come from; a number is known if the channel has delivered it before.
        chosen: field → heading, for columns that go by other names than the known ones.
        latest: the present moment, or that of the upload; later dates are faults.
    """
    try:
        table = open_table(file, chosen)
    except UnusableFile as unusable:
        return ImportPreview({}, refusal="missing_file" if unusable.code == "missing" else unusable.code)
    columns = {field: table.headings[at] for field, at in table.columns.items()}
    missing = tuple(field for field in REQUIRED if field not in columns)
    used = set(columns.values())
    unused = tuple(heading for heading in table.headings if heading and heading not in used)
    if missing:
        return ImportPreview(columns, missing, unused, refusal="columns_missing")
    return _Tally(columns, unused, channel).of(checked(table, latest))


def checked(table: Table, latest: datetime) -> Iterator[tuple[ImportedRow, tuple[RowFault, ...]]]:
    """The rows of a table as this installation reads them."""
    earliest = date(min(workdays().years), 1, 1)
    return checked_rows(table.rows(), Reading(table.columns, ZoneInfo(settings.TIME_ZONE), earliest, latest))


def known_numbers(channel: str, numbers: Iterable[str]) -> dict[str, bool]:
    """Which of the numbers the channel has delivered before, and whether the case is still open."""
    rows = Case.objects.filter(channel=channel, outside_number__in=list(numbers))
    return {number: closed is None for number, closed in rows.values_list("outside_number", "matter__closed_at")}


def in_chunks(items: Iterable[Each], size: int) -> Iterator[list[Each]]:
    """The items in lists of at most `size`."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


class _Tally:
    """Counts what is in a file while its rows pass by."""

    def __init__(self, columns: Mapping[str, str], unused: tuple[str, ...], channel: str) -> None:
        self.columns, self.unused, self.channel = columns, unused, channel
        self.rows = self.good = self.open = self.known = self.answered = 0
        self.days: list[float] = []
        self.faults: list[Fault] = []
        self.first: list[ImportedRow] = []

    def of(self, rows: Iterable[tuple[ImportedRow, tuple[RowFault, ...]]]) -> ImportPreview:
        """The preview of all rows."""
        for chunk in in_chunks(rows, CHUNK):
            self._count(chunk)
        refusal = "rows_faulty" if self.faults else "" if self.rows else "no_rows"
        return ImportPreview(
            columns=self.columns,
            unused=self.unused,
            rows=self.rows,
            good=self.good,
            open=self.open,
            closed=self.good - self.open,
            already_known=self.known,
            answered_elsewhere=self.answered,
            median_days=round(median(self.days), 2) if self.days else None,
            faults=tuple(self.faults),
            first=tuple(self.first),
            refusal=refusal,
        )

    def _count(self, chunk: list[tuple[ImportedRow, tuple[RowFault, ...]]]) -> None:
        self.rows += len(chunk)
        self.first += [row for row, _ in chunk[: SHOWN_ROWS - len(self.first)]]
        self.faults += [self._fault(fault) for _, faults in chunk for fault in faults]
        good = [row for row, faults in chunk if not faults]
        known = known_numbers(self.channel, [row.number for row in good])
        self.good += len(good)
        self.open += sum(row.is_open for row in good)
        self.known += len(known)
        self.answered += sum(not row.is_open and known.get(row.number, False) for row in good)
        self.days += [
            (row.replied_at - row.asked_at).total_seconds() / 86_400
            for row in good
            if not row.is_open and row.asked_at and row.replied_at
        ]

    def _fault(self, fault: RowFault) -> Fault:
        problem, remedy = fault_words(fault)
        return Fault(fault.row, self.columns[fault.field], fault.value, fault.code, problem, remedy)
