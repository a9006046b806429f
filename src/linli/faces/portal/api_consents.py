"""One's own consents for programs: what one agrees to, agreeing, and taking it back."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Schema

from linli.faces.portal.api_door import READ, WRITE, own_person, router
from linli.faces.portal.consent_words import CONSENTS
from linli.faces.portal.consents import withdraw_everything
from linli.faces.portal.forms import GuardianForm
from linli.ground.exchange.bearer import TokenRequest
from linli.ground.exchange.forms_as_schemas import checked, given_to, schema_of
from linli.ground.exchange.once import KEYED, once
from linli.ground.exchange.problems import Problem, WrongField
from linli.ground.exchange.schemas import READS, WRITES
from linli.ground.people.actions.give_consent import GuardianMissing, give_consent
from linli.ground.people.actions.withdraw_consent import EndsWithAccount
from linli.ground.people.consents import consents_of
from linli.ground.people.models import Person
from linli.ground.people.rules.purposes import ACCOUNT

Agreed = schema_of("Agreed", GuardianForm)
PURPOSE = "/own/consents/{slug:purpose}"


class ConsentOut(Schema):
    """A use of one's data that waits for a yes."""

    purpose: str
    title: str
    about: str
    without: str = Field(description="What remains possible without it.")
    edition: str = Field(description="Of the words; whoever agrees, agrees to these.")
    given_at: datetime | None = Field(description="Null while one does not agree.")


class PastConsent(Schema):
    """What one agreed to, today or before."""

    purpose: str
    wording: str
    given_at: datetime
    withdrawn_at: datetime | None
    guardian_relation: str


class ConsentsOut(Schema):
    """All of them, with what was agreed to before."""

    rows: list[ConsentOut]
    past: list[PastConsent]


@router.get("/own/consents", auth=READ, response={200: ConsentsOut, **READS}, summary="One's consents")
def my_consents(request: TokenRequest) -> ConsentsOut:
    """What one agrees to today, in the words that are agreed to, and what was agreed to before."""
    return _out(own_person(request))


@router.post(f"{PURPOSE}/give", auth=WRITE, response={200: ConsentsOut, **WRITES}, summary="Agree", openapi_extra=KEYED)
def give_my_consent(
    request: TokenRequest,
    purpose: str,
    asked: Agreed | None = None,  # type: ignore[valid-type]
) -> HttpResponse:
    """Agree to one purpose, in its words of today; for a child a guardian does."""

    def write() -> ConsentsOut:
        words, person, form = CONSENTS[_known(purpose)], own_person(request), GuardianForm(_given(asked))
        checked(form)
        try:
            give_consent(
                person,
                purpose,
                wording=words.edition,
                guardian=form.guardian(),
                actor=request.actor,
                now=request.now,
            )
        except GuardianMissing as missing:
            detail = _("按登记的身份号码，您未满十四周岁，请由监护人填写下面两项")
            raise Problem("invalid", errors=[WrongField(field="under_14", detail=detail)]) from missing
        return _out(person)

    return once(request, write)


@router.post(
    f"{PURPOSE}/withdraw", auth=WRITE, response={200: ConsentsOut, **WRITES}, summary="Take back", openapi_extra=KEYED
)
def withdraw_my_consent(request: TokenRequest, purpose: str) -> HttpResponse:
    """Take one back; what hangs on it ends at once. That on which the account stands ends by closing it."""

    def write() -> ConsentsOut:
        person = own_person(request)
        try:
            withdraw_everything(person, _known(purpose), actor=request.actor, now=request.now)
        except EndsWithAccount as refused:
            raise Problem("in_browser") from refused
        return _out(person)

    return once(request, write)


def _known(purpose: str) -> str:
    if purpose not in CONSENTS:
        raise Problem("not_found")
    return purpose


def _given(asked: Any) -> dict[str, Any]:
    return given_to(GuardianForm, asked)


def _out(person: Person) -> ConsentsOut:
    past = consents_of(person)
    standing = {row.purpose: row.given_at for row in past if row.withdrawn_at is None}
    rows = [
        ConsentOut(
            purpose=purpose,
            title=str(words.title),
            about=str(words.about),
            without=str(words.without),
            edition=words.edition,
            given_at=standing.get(purpose),
        )
        for purpose, words in CONSENTS.items()
        if purpose != ACCOUNT or purpose in standing
    ]
    names = ("purpose", "wording", "given_at", "withdrawn_at", "guardian_relation")
    return ConsentsOut(rows=rows, past=[PastConsent(**{name: getattr(row, name) for name in names}) for row in past])
