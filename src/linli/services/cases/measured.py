"""What the figures of the district count of each demand, as it stands now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count

from linli.ground.matters.clocks import local_day
from linli.ground.record.models import Entry
from linli.services.cases.models import Case
from linli.services.cases.rules.rating import counts_in_rates
from linli.services.cases.rules.vocabulary import BAD_RATINGS, NOT_DUE

# Whoever had it passes it on, or has it taken away.
HOPS = frozenset({"dispatch_case", "return_case", "recall_case", "hand_over_case", "escalate_case", "rule_holder"})
RELEASE = "release_import"
COLUMNS = (
    "matter",
    "matter__place_path",
    "topic__path",
    "matter__state",
    "matter__opened_at",
    "matter__closed_at",
    "matter__due_at",
    "accepted_at",
    "replied_at",
    "called_at",
    "confirmed_at",
    "solved",
    "rating",
    "rated_at",
    "appeal",
    "rectified_at",
    "returns",
    "source",
)


@dataclass(frozen=True)
class MeasuredCase:
    """One demand: where it belongs, and on which days what happened."""

    matter: int
    place: str  # path of the unit
    topic: str  # path of the topic, empty before it has one
    opened_on: date
    closed_on: date | None
    hops: int
    returns: int
    due_on: date | None  # None where nobody here has to answer by a day
    answered: bool  # by then
    closed_in_time: bool
    said_on: date | None  # the filer said whether it is solved
    solved: bool
    rated_on: date | None  # of a rating that counts
    bad: bool
    mended: bool


def measured_cases(matters: Collection[int]) -> list[MeasuredCase]:
    """Those of the demands that are out of their import, in the order of their keys; two queries."""
    rows = Case.objects.filter(matter__in=list(matters), matter__withheld=False).order_by("matter").values(*COLUMNS)
    found = list(rows)
    hops = _hops([row["matter"] for row in found])
    return [_measured(row, hops.get(row["matter"], 0)) for row in found]


def released_cases(sources: Collection[str]) -> list[int]:
    """The demands of imports, by the subject (`import:1`) under which their release stands in the record."""
    keys = [int(subject.partition(":")[2]) for subject in sources]
    return list(Case.objects.filter(source__in=keys).values_list("matter", flat=True)) if keys else []


def measured_after(matter: int, limit: int) -> list[MeasuredCase]:
    """The next demands behind a key, for whoever looks through all of them."""
    rows = Case.objects.filter(matter__gt=matter, matter__withheld=False).order_by("matter")
    return measured_cases(list(rows.values_list("matter", flat=True)[:limit]))


def _hops(matters: list[int]) -> dict[int, int]:
    rows = Entry.objects.filter(matter__in=matters, record__event__in=HOPS).order_by().values_list("matter")
    return dict(rows.annotate(Count("record")))


def _measured(row: Mapping[str, Any], hops: int) -> MeasuredCase:
    due = _due(row)
    said = (row["confirmed_at"] or row["called_at"]) if _is_ours(row) and row["solved"] is not None else None
    rated = row["rated_at"] if _is_ours(row) and counts_in_rates(row["rating"], row["appeal"]) else None
    closed, replied = row["matter__closed_at"], row["replied_at"]
    return MeasuredCase(
        matter=row["matter"],
        place=row["matter__place_path"],
        topic=row["topic__path"] or "",
        opened_on=local_day(row["matter__opened_at"]),
        closed_on=_day(closed),
        hops=hops,
        returns=row["returns"],
        due_on=_day(due - timedelta(microseconds=1)) if due else None,  # at 24:00 is still that day
        answered=due is not None and replied is not None and replied <= due,
        closed_in_time=due is not None and closed is not None and closed <= due,
        said_on=_day(said),
        solved=said is not None and bool(row["solved"]),
        rated_on=_day(rated),
        bad=rated is not None and row["rating"] in BAD_RATINGS,
        mended=rated is not None and row["rectified_at"] is not None,
    )


def _is_ours(row: Mapping[str, Any]) -> bool:
    """What was answered before it was imported is not measured: nobody here had to answer it."""
    return row["source"] is None or row["accepted_at"] is not None


def _due(row: Mapping[str, Any]) -> datetime | None:
    due: datetime | None = row["matter__due_at"]
    return due if _is_ours(row) and row["matter__state"] not in NOT_DUE else None


def _day(moment: datetime | None) -> date | None:
    return local_day(moment) if moment else None
