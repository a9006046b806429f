"""Personal data for the programs of administrators: how long it is kept, and the impact of its uses."""

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Schema

from linli.faces.desk.administration.api_door import ADMINISTER, router
from linli.faces.desk.administration.forms import AssessmentForm
from linli.faces.desk.administration.privacy import REFUSALS
from linli.faces.desk.administration.words import PURPOSES
from linli.ground.exchange.bearer import TokenRequest
from linli.ground.exchange.forms_as_schemas import checked, given_to, schema_of
from linli.ground.exchange.once import KEYED, once
from linli.ground.exchange.problems import Problem, WrongField
from linli.ground.exchange.schemas import READS, WRITES
from linli.ground.people.administering import administrator
from linli.ground.people.rules.purposes import ASSESSED
from linli.ground.people.selectors import local_day
from linli.ground.privacy.actions.enter_assessment import enter_assessment
from linli.ground.privacy.actions.revise_assessment import revise_assessment
from linli.ground.privacy.assessments import AssessmentRefused, is_valid, newest_of, versions
from linli.ground.privacy.models import Assessment
from linli.ground.privacy.retention import retention_plan

Assessed = schema_of(
    "Assessed",
    AssessmentForm,
    without=("acceptable",),
    more={"acceptable": (bool, Field(description="Whether the data may be used so."))},
)


class KeptKind(Schema):
    """A kind of data, how long it is kept, and how much of it has been kept long enough."""

    code: str
    title: str
    term: int
    unit: str
    source: str
    verified: bool = Field(description="Whether the source was read in the original.")
    before: datetime = Field(description="What began before has been kept long enough.")
    rows: int


class RetentionOut(Schema):
    """What a run of today would erase."""

    kinds: list[KeptKind]
    rows: int
    digest: str = Field(description="Confirms the plan: `linli retention run --confirm …` on the server.")


class AssessmentVersion(Schema):
    """One version; none is ever changed."""

    version: int
    assessed_on: date
    valid_until: date
    acceptable: bool
    necessity: str
    impact: str
    measures: str
    entered_by: str
    record: int


class AssessmentLine(Schema):
    """A use of data that needs an assessment, and whether it may rely on one today."""

    purpose: str
    title: str
    is_valid: bool
    newest: AssessmentVersion | None


class AssessmentsOut(Schema):
    """Every use of data that needs an assessment."""

    rows: list[AssessmentLine]


class AssessmentOut(AssessmentLine):
    """One of them with all its versions, the newest first."""

    versions: list[AssessmentVersion]


@router.get(
    "/administration/retention", auth=ADMINISTER, response={200: RetentionOut, **READS}, summary="Terms of keeping"
)
def administered_retention(request: TokenRequest) -> RetentionOut:
    """How long each kind of data is kept, and the plan of today. It is run on the server, as the page says."""
    plan = retention_plan(request.actor, request.now)
    kinds = [
        KeptKind(
            code=kind.code,
            title=_(kind.rule.title),
            term=int(str(kind.rule.value)),
            unit=_(kind.rule.unit),
            source=_(kind.rule.source),
            verified=kind.rule.verified,
            before=kind.before,
            rows=kind.rows,
        )
        for kind in plan.kinds
    ]
    return RetentionOut(kinds=kinds, rows=plan.rows, digest=plan.digest)


@router.get(
    "/administration/assessments",
    auth=ADMINISTER,
    response={200: AssessmentsOut, **READS},
    summary="Impact assessments",
)
def administered_assessments(request: TokenRequest) -> AssessmentsOut:
    """Every use of data that needs an assessment, with its newest one."""
    newest = newest_of(versions(request.actor))
    return AssessmentsOut(rows=[_line(request, code, newest.get(code)) for code in ASSESSED])


@router.get(
    "/administration/assessments/{slug:purpose}",
    auth=ADMINISTER,
    response={200: AssessmentOut, **READS},
    summary="One impact assessment",
)
def administered_assessment(request: TokenRequest, purpose: str) -> AssessmentOut:
    """All versions of one, the newest first."""
    return _one(request, purpose)


@router.post(
    "/administration/assessments/{slug:purpose}",
    auth=ADMINISTER,
    response={201: AssessmentOut, **WRITES},
    summary="Enter or revise an impact assessment",
    openapi_extra=KEYED,
)
def enter_administered_assessment(
    request: TokenRequest,
    purpose: str,
    asked: Assessed,  # type: ignore[valid-type]
) -> HttpResponse:
    """The first version, or another one: the earlier ones stay."""

    def write() -> AssessmentOut:
        rows = versions(request.actor, _assessed(purpose))
        administrator(request.actor, "revise_assessment" if rows else "enter_assessment")
        form = AssessmentForm(_given(asked))
        checked(form)
        try:
            (revise_assessment if rows else enter_assessment)(
                purpose, form.findings(), actor=request.actor, now=request.now
            )
        except AssessmentRefused as refused:
            detail = str(REFUSALS[refused.code])
            raise Problem("invalid", errors=[WrongField(field="assessed_on", detail=detail)]) from refused
        return _one(request, purpose)

    return once(request, write, status=201)


def _given(asked: Any) -> dict[str, Any]:
    """As the page would have sent it."""
    return given_to(AssessmentForm, asked) | {"acceptable": "1" if asked.acceptable else "0"}


def _assessed(purpose: str) -> str:
    if purpose not in ASSESSED:
        raise Problem("not_found")
    return purpose


def _one(request: TokenRequest, purpose: str) -> AssessmentOut:
    rows = versions(request.actor, _assessed(purpose))
    line = _line(request, purpose, rows[0] if rows else None)
    return AssessmentOut(versions=[_version(row) for row in rows], **line.model_dump())


def _line(request: TokenRequest, code: str, row: Assessment | None) -> AssessmentLine:
    return AssessmentLine(
        purpose=code,
        title=str(PURPOSES[code]),
        is_valid=is_valid(row, local_day(request.now)),
        newest=_version(row) if row else None,
    )


def _version(row: Assessment) -> AssessmentVersion:
    texts = row.record.entry.texts
    return AssessmentVersion(
        version=row.version,
        assessed_on=row.assessed_on,
        valid_until=row.valid_until,
        acceptable=row.acceptable,
        **{name: str(texts.get(name, "")) for name in ("necessity", "impact", "measures")},
        entered_by=row.record.entry.actor_name,
        record=row.record_id,
    )
