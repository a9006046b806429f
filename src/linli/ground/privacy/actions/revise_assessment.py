"""Revising the impact assessment of a purpose."""

from datetime import datetime

from django.db import transaction

from linli.ground.people.administering import administrator
from linli.ground.privacy.assessments import Findings, codes_of, next_version, save_version
from linli.ground.privacy.models import Assessment
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def revise_assessment(purpose: str, findings: Findings, *, actor: Actor, now: datetime) -> Assessment:
    """Another version: when the use of the data changed, or the term of the last has ended. The earlier ones stay.

    Raises:
        PermissionDenied: the actor is no security administrator.
        AssessmentRefused: why nothing was written.
    """
    acting = administrator(actor, "revise_assessment")
    row = next_version(purpose, findings, now, is_first=False)
    record = keep(
        "revise_assessment",
        actor=acting,
        now=now,
        subject=f"assessment:{purpose}",
        codes=codes_of(row),
        texts=findings.texts,
    )
    return save_version(row, record)
