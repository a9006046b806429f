"""One's own account for programs: name and address, what is kept and who read it, a copy of it, notices.

Password, telephone, second factor, sessions, tokens and closing the account stay in the browser: whoever comes by a
token must not be able to raise its rights, or to lock its owner out (docs/api.md).
"""

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from ninja import Field, Query, Schema

from linli.faces.portal.api_door import READ, WRITE, own_person, router
from linli.faces.portal.consent_words import PRIVACY_NOTICE
from linli.faces.portal.forms import ProfileForm
from linli.ground.exchange.bearer import TokenRequest
from linli.ground.exchange.forms_as_schemas import checked, given_to, schema_of
from linli.ground.exchange.once import KEYED, once
from linli.ground.exchange.schemas import READS, WRITES, Asked, Cursor, Size, sound_cursor
from linli.ground.matters.features import FEATURES
from linli.ground.notices.selectors import mark_read, own_notices
from linli.ground.people.actions.change_profile import change_profile
from linli.ground.people.actions.copy_own_data import copy_own_data
from linli.ground.people.models import Person
from linli.ground.people.own_data import kept_about, readings_of
from linli.kernel.identity import mask_phone
from linli.services.cases.facade import own_case_copies

Profile = schema_of("Profile", ProfileForm)


class ProfileOut(Schema):
    """Name and e-mail address of the token's account; the telephone is masked, since it is also how one signs in."""

    name: str
    email: str
    phone: str


class Household(Schema):
    """Where somebody lives."""

    community: str
    address: str
    entered_on: date


class KeptConsent(Schema):
    """What somebody agreed to, in which edition of the words, from when until when."""

    purpose: str
    wording: str
    separate: bool
    given_at: datetime
    withdrawn_at: datetime | None
    guardian_relation: str


class HeldOffice(Schema):
    """An office that somebody holds or held."""

    organization: str
    role: str
    starts: date
    ends: date | None


class KeptAbout(Schema):
    """Every personal field that is kept, in full."""

    name: str
    phone: str
    phone_verified: bool
    resident_number: str
    email: str
    household: Household | None
    consents: list[KeptConsent]
    offices: list[HeldOffice]


class ReadingOut(Schema):
    """Somebody in office read personal fields in full."""

    at: datetime
    office: str
    fields: list[str]
    why: str


class OwnData(Schema):
    """What is kept about whoever the token is of, and who read it."""

    person: KeptAbout
    readings: list[ReadingOut]


class OwnCopy(OwnData):
    """The same with everything that they filed."""

    made_at: datetime
    demands: list[dict[str, Any]]


class NoticesAsked(Asked):
    """Which notices."""

    as_filer: bool = Field(
        default=False, description="Only those of matters that one filed, as on the residents' face."
    )
    after: Cursor = ""
    size: Size = 20


class NoticeOut(Schema):
    """Something happened to a matter."""

    id: int
    at: datetime
    number: str = Field(description="Number of the matter.")
    title: str
    kind: str
    event: str
    words: str
    as_staff: bool = Field(description="Told in office, not as its filer.")
    read_at: datetime | None


class NoticePage(Schema):
    """Notices, the newest first."""

    rows: list[NoticeOut]
    after: str


class NoticesRead(Asked):
    """Which notices to mark as read."""

    as_filer: bool = False


class MarkedRead(Schema):
    """How many notices were marked as read."""

    read: int


@router.get("/own/profile", auth=READ, response={200: ProfileOut, **READS}, summary="Name and e-mail address")
def my_profile(request: TokenRequest) -> ProfileOut:
    """Of whoever the token is of."""
    return _profile(own_person(request))


@router.post(
    "/own/profile",
    auth=WRITE,
    response={200: ProfileOut, **WRITES},
    summary="Put name and e-mail address right",
    openapi_extra=KEYED,
)
def change_my_profile(request: TokenRequest, asked: Profile) -> HttpResponse:  # type: ignore[valid-type]
    """Both from now on; without an address news goes by e-mail no more. The telephone is changed in the browser."""

    def write() -> ProfileOut:
        person, form = own_person(request), ProfileForm(given_to(ProfileForm, asked))
        checked(form)
        change_profile(person, notice=PRIVACY_NOTICE, actor=request.actor, now=request.now, **form.cleaned_data)
        return _profile(person)

    return once(request, write)


@router.get("/own/data", auth=READ, response={200: OwnData, **READS}, summary="What is kept about oneself")
def my_data(request: TokenRequest) -> OwnData:
    """Every personal field in full, and who in office read it, when and why."""
    return OwnData(**_kept(own_person(request)))


@router.post(
    "/own/data/copy", auth=WRITE, response={200: OwnCopy, **WRITES}, summary="A copy of one's data", openapi_extra=KEYED
)
def my_data_copy(request: TokenRequest) -> HttpResponse:
    """The same with every demand that one filed. That it was taken is recorded, hence a write."""

    def write() -> OwnCopy:
        person, cases = own_person(request), list(own_case_copies(request.actor))
        copy_own_data(person, matters=len(cases), actor=request.actor, now=request.now)
        return OwnCopy(made_at=request.now, demands=cases, **_kept(person))

    return once(request, write)


@router.get("/own/notices", auth=READ, response={200: NoticePage, **READS}, summary="Notices")
def my_notices(request: TokenRequest, asked: Query[NoticesAsked]) -> NoticePage:
    """What happened to matters that one holds or filed, the newest first."""
    page = own_notices(request.actor, after=sound_cursor(asked.after), as_filer=asked.as_filer, size=asked.size)
    return NoticePage(rows=[_notice(row) for row in page.rows], after=page.after)


@router.post(
    "/own/notices/read",
    auth=WRITE,
    response={200: MarkedRead, **WRITES},
    summary="Mark notices as read",
    openapi_extra=KEYED,
)
def read_my_notices(request: TokenRequest, asked: NoticesRead | None = None) -> HttpResponse:
    """All of them, or those of matters that one filed."""
    as_filer = asked is not None and asked.as_filer
    return once(request, lambda: MarkedRead(read=mark_read(request.actor, request.now, as_filer=as_filer)))


def _profile(person: Person) -> ProfileOut:
    return ProfileOut(name=person.name, email=person.email, phone=mask_phone(person.phone) if person.phone else "")


def _kept(person: Person) -> dict[str, Any]:
    return {"person": kept_about(person), "readings": [vars(each) for each in readings_of(person)]}


def _notice(row: dict[str, Any]) -> NoticeOut:
    """In the words of the desk for who was told in office, in those of the residents' face for a filer."""
    feature = FEATURES[row["matter__kind"]]
    return NoticeOut(
        id=row["id"],
        at=row["at"],
        number=row["matter__number"],
        title=row["matter__title"],
        kind=row["matter__kind"],
        event=row["event"],
        words=str((feature.words if row["as_staff"] else feature.told)(row["event"])),
        as_staff=row["as_staff"],
        read_at=row["read_at"],
    )
