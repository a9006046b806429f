"""Revising the impact assessment of a purpose."""

from datetime import datetime

from linli.ground.privacy.assessments import Findings, add_version
from linli.ground.privacy.models import Assessment
from linli.kernel.access import Actor


def revise_assessment(purpose: str, findings: Findings, *, actor: Actor, now: datetime) -> Assessment:
    """Another version: when the use of the data changed, or the term of the last has ended. The earlier ones stay.

    Raises:
        PermissionDenied: the actor is no security administrator.
        AssessmentRefused: why nothing was written.
    """
    return add_version("revise_assessment", purpose, findings, is_first=False, actor=actor, now=now)
