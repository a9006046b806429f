"""Impact assessments: what is there, what is valid, and the version that comes next; none is ever changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from linli.ground.people.administering import administrator
from linli.ground.people.rules.purposes import ASSESSED
from linli.ground.people.selectors import local_day
from linli.ground.privacy.models import Assessment
from linli.ground.privacy.rules.rulebook import rulebook
from linli.ground.privacy.rules.terms import months_after
from linli.ground.record.models import Record
from linli.kernel.access import Actor


@dataclass(frozen=True)
class Findings:
    """What an assessment says (PIPL art. 56).

    Args:
        necessity: whether purpose and manner are lawful, proper and necessary.
        impact: what it means for people, and the risks to the safety of the data.
        measures: what protects them, and whether that is lawful, effective and fits the risk.
        acceptable: whether the data may be used so.
    """

    assessed_on: date
    necessity: str
    impact: str
    measures: str
    acceptable: bool

    @property
    def texts(self) -> dict[str, str]:
        """What was written, by name."""
        return {name: getattr(self, name).strip() for name in ("necessity", "impact", "measures")}


class AssessmentRefused(ValueError):
    """Nothing was written. `code` is `purpose`, `future`, `backwards`, `empty`, `first` or `there`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def versions(actor: Actor, purpose: str = "") -> list[Assessment]:
    """Every version with its texts, the newest first; of one purpose, or of all.

    Raises:
        PermissionDenied: the actor is no administrator.
    """
    administrator(actor, "view_assessments")
    rows = Assessment.objects.select_related("record__entry").order_by("purpose", "-version")
    return list(rows.filter(purpose=purpose) if purpose else rows)


def newest_of(rows: Sequence[Assessment]) -> dict[str, Assessment]:
    """The newest version of each purpose."""
    found: dict[str, Assessment] = {}
    for row in sorted(rows, key=lambda each: each.version):
        found[row.purpose] = row
    return found


def is_valid(row: Assessment | None, day: date) -> bool:
    """Whether a purpose may rely on its newest assessment."""
    return row is not None and row.acceptable and row.assessed_on <= day <= row.valid_until


def lacking_assessments(now: datetime) -> tuple[str, ...]:
    """The purposes with sensitive data, or with publication, that have no valid assessment today."""
    newest = newest_of(list(Assessment.objects.all()))
    return tuple(code for code in ASSESSED if not is_valid(newest.get(code), local_day(now)))


def next_version(purpose: str, findings: Findings, now: datetime, *, is_first: bool) -> Assessment:
    """The version that would follow, not yet saved; valid for the term that the rules give.

    Raises:
        AssessmentRefused: why there is none.
    """
    today = local_day(now)
    newest = Assessment.objects.filter(purpose=purpose).order_by("-version").first()
    refusals = {
        "purpose": purpose not in ASSESSED,
        "there": is_first and newest is not None,
        "first": not is_first and newest is None,
        "future": findings.assessed_on > today,
        "backwards": newest is not None and findings.assessed_on < newest.assessed_on,
        "empty": not all(findings.texts.values()),
    }
    for code, applies in refusals.items():
        if applies:
            raise AssessmentRefused(code)
    return Assessment(
        purpose=purpose,
        version=newest.version + 1 if newest else 1,
        assessed_on=findings.assessed_on,
        valid_until=months_after(findings.assessed_on, rulebook().on(today).integer("assessment_months")),
        acceptable=findings.acceptable,
    )


def codes_of(row: Assessment) -> dict[str, Any]:
    """A version as the record keeps it."""
    return {
        "purpose": row.purpose,
        "version": row.version,
        "assessed_on": row.assessed_on.isoformat(),
        "valid_until": row.valid_until.isoformat(),
        "acceptable": row.acceptable,
    }


def save_version(row: Assessment, record: Record) -> Assessment:
    """Add the version with the record row that holds the digests of its texts.

    Raises:
        AssessmentRefused: somebody else has just added it.
    """
    row.record = record
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise AssessmentRefused("there") from error
    return row
