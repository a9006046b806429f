"""Filing by other programs: for oneself, and at the counter for somebody else."""

import secrets
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from ninja import Field, Query, Schema

from linli.ground.exchange.bearer import TokenRequest
from linli.ground.exchange.form_fields import FieldsOut, fields_of
from linli.ground.exchange.forms_as_schemas import checked, given_to, joined_schema, schema_of
from linli.ground.exchange.once import KEYED, once
from linli.ground.exchange.problems import Problem, refusal
from linli.ground.exchange.schemas import READS, WRITES, Asked, Text
from linli.ground.matters.action import Opened, Refused
from linli.ground.territory.facade import Level, units
from linli.services.cases.api_door import READ, WRITE, router
from linli.services.cases.counter_forms import CounterForm
from linli.services.cases.desk.counter import take_down
from linli.services.cases.filing_limits import count_own_filing, refuse_alarming
from linli.services.cases.models import Case
from linli.services.cases.portal.drafts import Draft, submit_draft
from linli.services.cases.portal.memory import as_resident
from linli.services.cases.portal_forms import PublicityForm, WhatForm, WhereForm
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.rules.vocabulary import State
from linli.services.cases.uploads_by_token import FILES, taken_files
from linli.services.cases.wording import STATES, refusal_words

SAFE: dict[str, Any] = {
    "safe": (bool, Field(default=False, description="Nobody is in danger: asked for where the words sound like it."))
}
FiledOnline = joined_schema("FiledOnline", WhatForm, WhereForm, PublicityForm, without=("photos",), more=SAFE | FILES)
TakenDown = schema_of("TakenDown", CounterForm, without=("once",), more=SAFE)


class Received(Schema):
    """A demand received, with what its filer takes home."""

    number: str
    code: str = Field(description="The secret code, told once.")
    receipt: str = Field(description="Signed; it can be checked at /record/check/.")
    state: State
    state_words: str
    desk: str = Field(description="The unit that received it and answers for it.")
    due_at: str = Field(json_schema_extra={"format": "date-time"})
    record: int


class PlaceAsked(Asked):
    """Where the demand is about, as far as it is known yet."""

    street: Text = Field("", max_length=20, description="Code of a street; its communities are listed then.")


@router.get("/cases/filing", auth=READ, response={200: FieldsOut, **READS}, summary="What filing asks for")
def filing_fields(request: TokenRequest, asked: Query[PlaceAsked]) -> FieldsOut:
    """The fields of `file_demand` with the streets, communities and units that may be named."""
    street = units(Level.STREET).filter(code=asked.street).first() if asked.street else None
    where = WhereForm(street=street.code if street else "")
    return FieldsOut(fields=fields_of(WhatForm(), where, PublicityForm(place=street), without=("photos",)))


@router.get("/cases/counter", auth=READ, response={200: FieldsOut, **READS}, summary="What the counter asks for")
def counter_fields(request: TokenRequest) -> FieldsOut:
    """The fields of `take_demand_down` with the places and units that may be named."""
    return FieldsOut(fields=fields_of(CounterForm(area_path=counter_area(request)), without=("once",)))


@router.post(
    "/cases", auth=WRITE, response={201: Received, **WRITES}, summary="File a demand for oneself", openapi_extra=KEYED
)
def file_demand(request: TokenRequest, asked: FiledOnline) -> HttpResponse:  # type: ignore[valid-type]
    """File a demand as the token's account, for itself: what the three steps of the page ask for."""
    return once(request, lambda: _filed(request, asked), status=201)


@router.post(
    "/cases/counter", auth=WRITE, response={201: Received, **WRITES}, summary="Take a demand down", openapi_extra=KEYED
)
def take_demand_down(request: TokenRequest, asked: TakenDown) -> HttpResponse:  # type: ignore[valid-type]
    """Take a demand down for somebody at the counter, on the phone, from a letter or from another system."""
    return once(request, lambda: _taken_down(request, asked), status=201)


def _filed(request: TokenRequest, asked: Any) -> Received:
    given = asked.model_dump(exclude_none=True)
    refuse_alarming(request, f"{given.get('title', '')} {given.get('text', '')}", is_safe=asked.safe)
    draft = Draft(secrets.token_hex(8), what=_typed(WhatForm, asked), where=_typed(WhereForm, asked))
    checked(draft.what_form(), draft.where_form())
    draft.contact = _typed(PublicityForm, asked)
    checked(draft.contact_form(signed_in=True))
    draft.files = [str(each.pk) for each in taken_files(request, asked)]
    count_own_filing(request)
    try:
        return received(submit_draft(draft, actor=as_resident(request.actor), now=request.now))
    except Refused as refused:
        raise refusal(refused, refusal_words) from refused


def _typed(form: type[Form], asked: Any) -> dict[str, Any]:
    """What a page would have sent: what was left out is empty, not missing."""
    return dict.fromkeys(form.base_fields, "") | given_to(form, asked)


def _taken_down(request: TokenRequest, asked: Any) -> Received:
    form = CounterForm(given_to(CounterForm, asked), area_path=counter_area(request))
    checked(form)
    refuse_alarming(request, form.cleaned_data["title"] + form.cleaned_data["text"], is_safe=asked.safe)
    try:
        return received(take_down(form, actor=request.actor, now=request.now))
    except Refused as refused:
        raise refusal(refused, refusal_words) from refused


def counter_area(request: TokenRequest) -> str:
    """The area of the office in which the account may take demands down."""
    office = ACCESS.office_for(request.actor, "receive_case_for_somebody")
    if office is None:
        raise Problem("not_granted", " ".join(refusal_words("not_granted", ())))
    return office.area_path


def received(opened: Opened[Case]) -> Received:
    """What the filer takes home."""
    matter = opened.matter
    return Received(
        number=matter.number,
        code=opened.code,
        receipt=opened.receipt.text(),
        state=State(matter.state),
        state_words=str(STATES[matter.state]),
        desk=matter.desk.name,
        due_at=matter.due_at.isoformat(),
        record=opened.record.pk,
    )
