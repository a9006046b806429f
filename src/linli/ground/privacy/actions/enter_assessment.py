"""Entering the impact assessment of a purpose for the first time."""

from datetime import datetime

from django.db import transaction

from linli.ground.people.administering import administrator
from linli.ground.privacy.assessments import Findings, codes_of, next_version, save_version
from linli.ground.privacy.models import Assessment
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def enter_assessment(purpose: str, findings: Findings, *, actor: Actor, now: datetime) -> Assessment:
    """The first version: what was found, and that it holds for the term of the rules (PIPL art. 55–56).

    Raises:
        PermissionDenied: the actor is no security administrator.
        AssessmentRefused: why nothing was written.
    """
    acting = administrator(actor, "enter_assessment")
    row = next_version(purpose, findings, now, is_first=True)
    record = keep(
        "enter_assessment",
        actor=acting,
        now=now,
        subject=f"assessment:{purpose}",
        codes=codes_of(row),
        texts=findings.texts,
    )
    return save_version(row, record)
