"""The steps of a demand for other programs: what is possible, what a step asks for, and each step itself.

There is one operation per step. Its schema is made of the forms of the pages, and the request is checked by the form of
whoever asks: staff fill in the desk's, filers their own.
"""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Schema

from linli.ground.exchange.addresses import NUMBER, Number
from linli.ground.exchange.bearer import TokenRequest
from linli.ground.exchange.form_fields import FieldOut, fields_of
from linli.ground.exchange.forms_as_schemas import checked, given_to, schema_of
from linli.ground.exchange.once import KEYED, once
from linli.ground.exchange.problems import Missing, Problem, WrongField, missing, refusal
from linli.ground.exchange.schemas import READS, WRITES, Asked
from linli.ground.matters.action import Refused
from linli.kernel.access import Actor
from linli.services.cases.api_door import READ, WRITE, router
from linli.services.cases.api_reading import seen_case
from linli.services.cases.api_schemas import StepOut, StepsOut
from linli.services.cases.desk_forms import FORMS, WorkForm
from linli.services.cases.feature import CASES
from linli.services.cases.portal.codes import fresh_code
from linli.services.cases.portal.memory import as_resident
from linli.services.cases.portal_forms import STEP_FORMS
from linli.services.cases.rules.vocabulary import State
from linli.services.cases.selectors import CaseView, decide_case
from linli.services.cases.step_forms import StepForm
from linli.services.cases.uploads_by_token import FILES, taken_files
from linli.services.cases.wording import STATES, STEPS, refusal_words

UPLOADED = ("photos", "uploads")


class StepFormOut(StepOut):
    """A step with what it asks for."""

    fields: list[FieldOut]


class StepDone(Schema):
    """A step taken."""

    number: str
    step: str
    state: State
    state_words: str
    record: int = Field(description="Id of the row in the public record.")
    code: str = Field("", description="The new secret code, told once: only of `renew_code`.")


@router.get(f"/cases/{NUMBER}/steps", auth=READ, response={200: StepsOut, **READS}, summary="Possible steps")
def case_steps(request: TokenRequest, number: Number) -> StepsOut:
    """Every step of the present state that is the account's: it is open, or what is missing."""
    view = seen_case(request, number)
    return StepsOut(steps=[_step(view, offer.name) for offer in view.offers if _form_of(view, offer.name)])


@router.get(
    f"/cases/{NUMBER}/steps/{{step}}", auth=READ, response={200: StepFormOut, **READS}, summary="What a step asks for"
)
def case_step(request: TokenRequest, number: Number, step: str) -> StepFormOut:
    """The fields of a step with the values that they take for this demand: topics, units, colleagues."""
    view = seen_case(request, number)
    kind = _form_of(view, step)
    if kind is None:
        raise Problem("not_found")
    actor = _acting(view, request.actor)
    _decided(view, actor, step)
    form = _filled(kind, view, actor, request)
    out = _step(view, step, lacking=getattr(form, "lacking", ""))
    return StepFormOut(fields=fields_of(form, without=UPLOADED), **out.model_dump())


def take_step(request: TokenRequest, number: str, step: str, asked: Asked | None) -> HttpResponse:
    """Take a step as the token's account, once for each `Idempotency-Key`."""
    return once(request, lambda: _taken(request, number, step, asked))


def _taken(request: TokenRequest, number: str, step: str, asked: Asked | None) -> StepDone:
    view = seen_case(request, number)
    actor = _acting(view, request.actor)
    _decided(view, actor, step)
    kind = _form_of(view, step)
    if kind is None:
        raise Problem("not_granted", " ".join(refusal_words("not_granted", ())))
    form = _filled(kind, view, actor, request, asked)
    checked(form)
    files = taken_files(request, asked)
    if files and not any(name in form.fields for name in UPLOADED):
        raise Problem("invalid", errors=[WrongField(field="files", detail=_("这一步不收文件"))])
    inputs = _inputs(form, files)
    if step == "renew_code":
        inputs["code"] = fresh_code()
    try:
        done = CASES.actions[step](view.case.pk, actor=actor, now=request.now, **inputs)
    except Refused as refused:
        raise refusal(refused, refusal_words) from refused
    return StepDone(
        number=number,
        step=step,
        state=State(done.matter.state),
        state_words=str(STATES[done.matter.state]),
        record=done.record.pk,
        code=inputs.get("code", ""),
    )


def _acting(view: CaseView, actor: Actor) -> Actor:
    """Whoever reads it as its filer acts for themselves, whatever offices they hold."""
    return actor if view.as_staff else as_resident(actor)


def _form_of(view: CaseView, step: str) -> type[forms.Form] | None:
    return (FORMS if view.as_staff else STEP_FORMS).get(step)


def _decided(view: CaseView, actor: Actor, step: str) -> None:
    decision = decide_case(actor, step, view.case)
    if not decision.allowed:
        raise Problem(decision.reason, " ".join(refusal_words(decision.reason, ())))


def _filled(
    kind: type[forms.Form], view: CaseView, actor: Actor, request: TokenRequest, asked: Asked | None = None
) -> forms.Form:
    more: dict[str, Any] = {"case": view.case, "actor": actor, "now": request.now} if issubclass(kind, StepForm) else {}
    return kind(given_to(kind, asked), **more)


def _inputs(form: forms.Form, files: tuple[Any, ...]) -> dict[str, Any]:
    """What the action is called with, as the pages call it."""
    if isinstance(form, WorkForm):
        form.stored = files
    if isinstance(form, StepForm):
        return form.inputs()
    inputs = dict(form.cleaned_data)
    if inputs.pop("uploads", None) is not None:
        inputs["files"] = files
    return inputs


def _step(view: CaseView, step: str, lacking: str = "") -> StepOut:
    offer = next((each for each in view.offers if each.name == step), None)
    if offer is None:
        lacks = [Missing(code="not_open", detail=" ".join(refusal_words("not_open", ())))]
    else:
        lacks = missing(offer.blockers, refusal_words)
    if lacking:
        lacks.append(Missing(code="no_choice", detail=lacking))
    return StepOut(name=step, label=str(STEPS[step][0]), open=not lacks, missing=lacks)


def _register(step: str) -> None:
    """One operation for a step, with the schema of the forms that ask for it."""
    sources = [found[step] for found in (FORMS, STEP_FORMS) if step in found]
    has_files = any(name in source.base_fields for source in sources for name in UPLOADED)
    schema = schema_of(step.title().replace("_", ""), *sources, without=UPLOADED, more=FILES if has_files else None)
    required = any(field.is_required() for field in schema.model_fields.values())

    def operation(request: TokenRequest, number: Number, asked: Any = None) -> HttpResponse:
        return take_step(request, number, step, asked)

    operation.__name__ = step
    operation.__doc__ = CASES.actions[step].__doc__
    operation.__annotations__["asked"] = schema if required else schema | None
    if required:
        operation.__defaults__ = None
    route = router.post(
        f"/cases/{NUMBER}/{step}",
        auth=WRITE,
        response={200: StepDone, **WRITES},
        summary=step.replace("_", " "),
        openapi_extra=KEYED,
    )
    route(operation)


for _step_name in dict.fromkeys([*FORMS, *STEP_FORMS]):
    _register(_step_name)
