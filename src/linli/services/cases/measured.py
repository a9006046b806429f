"""What the figures of the district count of each demand, as it stands now."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from linli.ground.matters.clocks import local_day
from linli.ground.record.models import Entry
from linli.services.cases.models import Case
from linli.services.cases.rules.rating import counts_in_rates
from linli.services.cases.rules.vocabulary import BAD_RATINGS, NOT_DUE

# Whoever had it passes it on, or has it taken away.
HOPS = frozenset({"dispatch_case", "return_case", "recall_case", "hand_over_case", "escalate_case", "rule_holder"})
DECISIONS = frozenset({"file_case", "dispatch_case", "merge_case"})
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


class Told(NamedTuple):
    """An act, as far as it is counted."""

    event: str
    at: datetime
    codes: dict[str, Any]


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
    topic_decided_on: date | None = None  # somebody decided on what the program proposed, and took it or not
    topic_taken: bool = False
    unit_decided_on: date | None = None
    unit_taken: bool = False
    merge_decided_on: date | None = None
    merge_taken: bool = False


def measured_cases(matters: Collection[int]) -> list[MeasuredCase]:
    """Those of the demands that are out of their import, in the order of their keys; two queries."""
    rows = Case.objects.filter(matter__in=list(matters), matter__withheld=False).order_by("matter").values(*COLUMNS)
    found = list(rows)
    told = _told([row["matter"] for row in found])
    return [_measured(row, told.get(row["matter"], [])) for row in found]


def released_cases(sources: Collection[str]) -> list[int]:
    """The demands of imports, by the subject (`import:1`) under which their release stands in the record."""
    keys = [int(subject.partition(":")[2]) for subject in sources]
    return list(Case.objects.filter(source__in=keys).values_list("matter", flat=True)) if keys else []


def measured_after(matter: int, limit: int) -> list[MeasuredCase]:
    """The next demands behind a key, for whoever looks through all of them."""
    rows = Case.objects.filter(matter__gt=matter, matter__withheld=False).order_by("matter")
    return measured_cases(list(rows.values_list("matter", flat=True)[:limit]))


def _told(matters: list[int]) -> dict[int, list[Told]]:
    """What the record says of hops and of decisions on proposals, in the order of the acts."""
    rows = Entry.objects.filter(matter__in=matters, record__event__in=HOPS | DECISIONS).order_by("record_id")
    found: dict[int, list[Told]] = {}
    for matter, *told in rows.values_list("matter", "record__event", "record__at", "record__codes"):
        found.setdefault(matter or 0, []).append(Told(*told))
    return found


def _decisions(told: Iterable[Told]) -> dict[str, Any]:
    """On which day somebody decided last on a proposal of each kind, and whether they took it.

    A demand that was passed on although others were proposed as the same thing was not merged with them.
    """
    found: dict[str, Any] = {}
    for event, at, codes in told:
        day = local_day(at)
        if "proposed_topic" in codes:
            found |= {"topic_decided_on": day, "topic_taken": codes["topic"] == codes["proposed_topic"]}
        if "proposed_unit" in codes:
            found |= {"unit_decided_on": day, "unit_taken": codes["unit"] == codes["proposed_unit"]}
        if "proposed_leading" in codes:
            taken = event == "merge_case" and codes["leading"] in codes["proposed_leading"]
            found |= {"merge_decided_on": day, "merge_taken": taken}
    return found


def _measured(row: Mapping[str, Any], told: Sequence[Told]) -> MeasuredCase:
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
        hops=sum(each.event in HOPS for each in told),
        returns=row["returns"],
        due_on=_day(due - timedelta(microseconds=1)) if due else None,  # at 24:00 is still that day
        answered=due is not None and replied is not None and replied <= due,
        closed_in_time=due is not None and closed is not None and closed <= due,
        said_on=_day(said),
        solved=said is not None and bool(row["solved"]),
        rated_on=_day(rated),
        bad=rated is not None and row["rating"] in BAD_RATINGS,
        mended=rated is not None and row["rectified_at"] is not None,
        **_decisions(told),
    )


def _is_ours(row: Mapping[str, Any]) -> bool:
    """What was answered before it was imported is not measured: nobody here had to answer it."""
    return row["source"] is None or row["accepted_at"] is not None


def _due(row: Mapping[str, Any]) -> datetime | None:
    due: datetime | None = row["matter__due_at"]
    return due if _is_ours(row) and row["matter__state"] not in NOT_DUE else None


def _day(moment: datetime | None) -> date | None:
    return local_day(moment) if moment else None
