"""Entering the impact assessment of a purpose for the first time."""

from datetime import datetime

from linli.ground.privacy.assessments import Findings, add_version
from linli.ground.privacy.models import Assessment
from linli.kernel.access import Actor


def enter_assessment(purpose: str, findings: Findings, *, actor: Actor, now: datetime) -> Assessment:
    """The first version: what was found, and that it holds for the term of the rules (PIPL art. 55–56).

    Raises:
        PermissionDenied: the actor is no security administrator.
        AssessmentRefused: why nothing was written.
    """
    return add_version("enter_assessment", purpose, findings, is_first=True, actor=actor, now=now)
