"""Offices and accounts for the programs of administrators: the pages' reads, and the pages' acts."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Query, Schema

from linli.faces.desk.administration.api_door import ADMINISTER, router
from linli.faces.desk.administration.forms import LinkForm, ReasonForm
from linli.faces.desk.administration.reads import (
    AccountLine,
    account_for,
    account_line,
    account_named,
    offices,
    offices_on,
    staff_accounts,
)
from linli.faces.desk.administration.words import ROLES
from linli.ground.exchange.bearer import TokenRequest
from linli.ground.exchange.days import past_day_asked
from linli.ground.exchange.forms_as_schemas import checked, given_to, schema_of
from linli.ground.exchange.once import KEYED, once
from linli.ground.exchange.problems import Problem, WrongField
from linli.ground.exchange.schemas import READS, WRITES, Asked, Cursor, Size, Text
from linli.ground.look.devicewords import device_words
from linli.ground.people.actions.end_sessions import end_sessions
from linli.ground.people.actions.link_sign_on import AlreadyLinked
from linli.ground.people.actions.link_sign_on import link_sign_on as link
from linli.ground.people.actions.readmit_account import readmit_account as readmit
from linli.ground.people.actions.reset_second_factor import reset_second_factor as reset
from linli.ground.people.actions.suspend_account import suspend_account as suspend
from linli.ground.people.models import Account, Appointment
from linli.ground.people.rules.administration import ADMINISTRATION
from linli.ground.people.sessions import open_sessions

Why = schema_of("Why", ReasonForm)
SignOnLink = schema_of("SignOnLink", LinkForm)
ACCOUNT = "/administration/accounts/{uuid:account}"


class OfficesAsked(Asked):
    """Which page of the offices."""

    as_of: date | None = Field(None, description="The offices of this day, and who held them then.")

    after: Cursor = ""
    size: Size = 40


class AccountsAsked(Asked):
    """Which page of the accounts, or whose."""

    q: Text = Field("", max_length=60, description="Login name or telephone: that one account, a resident's too.")
    after: Cursor = ""
    size: Size = 40


class Term(Schema):
    """An appointment, today or later."""

    person: str
    role: str
    role_words: str
    organization: str
    starts: date
    ends: date | None


class OfficeOut(Schema):
    """An organization with who is appointed there."""

    name: str
    kind: str
    kind_words: str
    area: str | None
    terms: list[Term]


class OfficePage(Schema):
    """Offices in the order of the tree."""

    rows: list[OfficeOut]
    after: str


class AccountOut(Schema):
    """An account as administrators see it."""

    id: UUID
    login: str = Field(description="What its owner types to sign in; of a resident the telephone, masked.")
    name: str = Field(description="Masked, unless its owner holds an office.")
    terms: list[Term]
    is_active: bool
    locked_until: datetime | None = Field(description="After failures at the door.")
    has_second_factor: bool
    is_linked: bool = Field(description="To somebody of the single sign-on.")
    is_own: bool


class AccountPage(Schema):
    """Accounts in the order of their login names."""

    rows: list[AccountOut]
    after: str


class SignedIn(Schema):
    """A place where an account is signed in."""

    device: str
    started_at: datetime
    seen_at: datetime


class OneAccount(AccountOut):
    """One account, with where it is signed in for who may end that."""

    sessions: list[SignedIn] | None = Field(description="Null for who may not end them.")


class SessionsEnded(Schema):
    """How many sessions ended."""

    id: UUID
    ended: int


@router.get(
    "/administration/offices",
    auth=ADMINISTER,
    response={200: OfficePage, **READS},
    summary="Offices and who is in them",
)
def administered_offices(request: TokenRequest, asked: Query[OfficesAsked]) -> OfficePage:
    """Every organization in use with the appointments of today and later, in the order of the tree."""
    day = past_day_asked(request, asked.as_of)
    if day is None:
        page = offices(request.actor, request.now, after=asked.after, size=asked.size)
    else:
        page = offices_on(request.actor, day, after=asked.after, size=asked.size)
    rows = [
        OfficeOut(
            name=office.name,
            kind=office.kind,
            kind_words=office.get_kind_display(),
            area=office.area.name if office.area else None,
            terms=[_term(each) for each in held],
        )
        for office, held in page.rows
    ]
    return OfficePage(rows=rows, after=page.after)


@router.get(
    "/administration/accounts", auth=ADMINISTER, response={200: AccountPage, **READS}, summary="Accounts of staff"
)
def administered_accounts(request: TokenRequest, asked: Query[AccountsAsked]) -> AccountPage:
    """The accounts of everybody in office; with `q` the one account of a login name or telephone, masked."""
    if asked.q.strip():
        found = account_named(request.actor, asked.q.strip())
        return AccountPage(rows=[_account_out(request, _line(request, found.pk)[1])] if found else [], after="")
    page = staff_accounts(request.actor, request.now, after=asked.after, size=asked.size)
    return AccountPage(rows=[_account_out(request, line) for line in page.rows], after=page.after)


@router.get(ACCOUNT, auth=ADMINISTER, response={200: OneAccount, **READS}, summary="One account")
def administered_account(request: TokenRequest, account: UUID) -> OneAccount:
    """One account, whether it is open, and where it is signed in."""
    return _one(request, account)


@router.post(
    f"{ACCOUNT}/suspend",
    auth=ADMINISTER,
    response={200: OneAccount, **WRITES},
    summary="Suspend an account",
    openapi_extra=KEYED,
)
def suspend_account(request: TokenRequest, account: UUID, asked: Why) -> HttpResponse:  # type: ignore[valid-type]
    """Close it for the time being: whoever is signed in with it is out, and its tokens open nothing."""
    return _with_reason(request, account, "suspend_account", asked, suspend)


@router.post(
    f"{ACCOUNT}/readmit",
    auth=ADMINISTER,
    response={200: OneAccount, **WRITES},
    summary="Open an account again",
    openapi_extra=KEYED,
)
def readmit_account(request: TokenRequest, account: UUID, asked: Why) -> HttpResponse:  # type: ignore[valid-type]
    """A suspension ends, and a lock after failures is lifted."""
    return _with_reason(request, account, "readmit_account", asked, readmit)


@router.post(
    f"{ACCOUNT}/reset_second_factor",
    auth=ADMINISTER,
    response={200: OneAccount, **WRITES},
    summary="Take a lost second factor off",
    openapi_extra=KEYED,
)
def reset_second_factor(request: TokenRequest, account: UUID, asked: Why) -> HttpResponse:  # type: ignore[valid-type]
    """Its owner signs in with the password and adds a new one."""
    return _with_reason(request, account, "reset_second_factor", asked, reset)


@router.post(
    f"{ACCOUNT}/end_sessions",
    auth=ADMINISTER,
    response={200: SessionsEnded, **WRITES},
    summary="Sign an account out everywhere",
    openapi_extra=KEYED,
)
def end_account_sessions(request: TokenRequest, account: UUID) -> HttpResponse:
    """Its browsers are signed out on the next click; its tokens go on."""

    def write() -> SessionsEnded:
        row = _somebody_elses(request, account, "end_sessions")
        return SessionsEnded(id=row.pk, ended=end_sessions(row, actor=request.actor, now=request.now))

    return once(request, write)


@router.post(
    f"{ACCOUNT}/link_sign_on",
    auth=ADMINISTER,
    response={200: OneAccount, **WRITES},
    summary="Link an account to the single sign-on",
    openapi_extra=KEYED,
)
def link_sign_on(request: TokenRequest, account: UUID, asked: SignOnLink) -> HttpResponse:  # type: ignore[valid-type]
    """Whom the single sign-on calls so signs in to this account; without an identifier the link ends.

    Not found where this installation has no single sign-on.
    """

    def write() -> OneAccount:
        row, form = _somebody_elses(request, account, "link_sign_on"), LinkForm(given_to(LinkForm, asked))
        if not settings.OIDC_ISSUER:
            raise Problem("not_found")
        checked(form)
        try:
            link(row, issuer=settings.OIDC_ISSUER, actor=request.actor, now=request.now, **form.cleaned_data)
        except AlreadyLinked as taken:
            words = _("另一个账号已经关联了它，请先核对。")
            raise Problem("invalid", errors=[WrongField(field="identifier", detail=words)]) from taken
        return _one(request, account)

    return once(request, write)


def _with_reason(
    request: TokenRequest, key: UUID, action: str, asked: Schema, act: Callable[..., None]
) -> HttpResponse:
    def write() -> OneAccount:
        row, form = _somebody_elses(request, key, action), ReasonForm(given_to(ReasonForm, asked))
        checked(form)
        act(row, why=form.cleaned_data["why"], actor=request.actor, now=request.now)
        return _one(request, key)

    return once(request, write)


def _somebody_elses(request: TokenRequest, key: UUID, action: str) -> Account:
    """The account that is acted on. A token never acts on its owner's: it could lift a lock or lock its owner out."""
    row = account_for(request.actor, key, action)
    if row is None:
        raise Problem("not_found")
    if row.pk == request.actor.account:
        raise Problem("own_account")
    return row


def _line(request: TokenRequest, key: UUID) -> tuple[Account, AccountLine]:
    found = account_line(request.actor, key, request.now)
    if found is None:
        raise Problem("not_found")
    return found


def _one(request: TokenRequest, key: UUID) -> OneAccount:
    account, line = _line(request, key)
    out = _account_out(request, line)
    may_end = ADMINISTRATION.is_granted(request.actor, "end_sessions") and not out.is_own
    sessions = [
        SignedIn(device=device_words(row.device), started_at=row.started_at, seen_at=row.seen_at)
        for row in open_sessions(account, request.now)
    ]
    return OneAccount(sessions=sessions if may_end else None, **out.model_dump())


def _account_out(request: TokenRequest, line: AccountLine) -> AccountOut:
    return AccountOut(
        id=line.id,
        login=line.login,
        name=line.name,
        terms=[_term(each) for each in line.offices],
        is_active=line.is_active,
        locked_until=line.locked_until,
        has_second_factor=line.has_factor,
        is_linked=line.is_linked,
        is_own=line.id == request.actor.account,
    )


def _term(row: Appointment) -> Term:
    return Term(
        person=row.person.name,
        role=row.role,
        role_words=str(ROLES.get(row.role, row.role)),
        organization=row.organization.name,
        starts=row.starts,
        ends=row.ends,
    )
