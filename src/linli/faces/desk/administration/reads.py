"""What the administrators read, a page at a time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from linli.ground.matters.clocks import end_of, local_day
from linli.ground.matters.paging import Page
from linli.ground.organizations.history import organizations_as_of
from linli.ground.organizations.models import Organization
from linli.ground.people.administering import administrator
from linli.ground.people.models import Account, Appointment, SecondFactor
from linli.ground.people.rules.administration import audited_events
from linli.ground.people.selectors import account_by_login
from linli.ground.people.signing_in import locked_until
from linli.ground.record.models import Entry, Record
from linli.ground.territory.facade import names_on
from linli.kernel.access import Actor
from linli.kernel.identity import mask_name, mask_phone

ROWS = 40
MOST_IN_A_SHEET = 20_000


@dataclass(frozen=True)
class AccountLine:
    """An account as administrators see it: staff by name, residents masked."""

    id: UUID
    login: str
    name: str
    offices: tuple[Appointment, ...]
    is_active: bool
    locked_until: datetime | None
    has_factor: bool
    is_linked: bool


@dataclass(frozen=True)
class LogFilters:
    """What the log is narrowed to: whose acts and whose account, from and to which day, which group or event."""

    account: UUID | None = None
    since: date | None = None
    until: date | None = None
    group: str = ""
    event: str = ""

    def codes(self) -> dict[str, Any]:
        """As the record keeps them."""
        days = {"since": self.since, "until": self.until}
        return {
            "account": str(self.account or ""),
            "group": self.group,
            "event": self.event,
            **{name: day.isoformat() for name, day in days.items() if day},
        }


@dataclass(frozen=True)
class LogLine:
    """A row of the record with what its ids mean today."""

    id: int
    at: datetime
    event: str
    actor: str
    office: str
    subject: str
    why: str
    codes: dict[str, Any] = field(default_factory=dict)


def offices(
    actor: Actor, now: datetime, *, after: str = "", size: int = ROWS
) -> Page[tuple[Organization, list[Appointment]]]:
    """Every office that exists, in the order of the tree, with who is appointed there today or later."""
    administrator(actor, "view_offices")
    return _offices_page(Organization.objects.filter(active=True), _appointments(now), after, size)


def offices_on(
    actor: Actor, day: date, *, after: str = "", size: int = ROWS
) -> Page[tuple[Organization, list[Appointment]]]:
    """The offices that were there on a day, their areas under the names of then, with who held them that day."""
    administrator(actor, "view_offices")
    rows = Appointment.objects.filter(starts__lte=day).exclude(ends__lt=day)
    held = rows.select_related("organization", "person").order_by("organization__path", "id")
    page = _offices_page(organizations_as_of(day), held, after, size)
    areas = [office.area for office, _ in page.rows if office.area is not None]
    names = names_on(day, [area.pk for area in areas])
    for area in areas:
        area.name = names.get(area.pk, area.name)
    return page


def _offices_page(
    offices: Any, appointments: Any, after: str, size: int
) -> Page[tuple[Organization, list[Appointment]]]:
    found = list(offices.filter(path__gt=after).select_related("area").order_by("path")[: size + 1])
    held: dict[int, list[Appointment]] = defaultdict(list)
    for row in appointments.filter(organization__in=found[:size]):
        held[row.organization_id].append(row)
    lines = [(office, held[office.pk]) for office in found[:size]]
    return Page(lines, found[size - 1].path if len(found) > size else "")


def staff_accounts(actor: Actor, now: datetime, *, after: str = "", size: int = ROWS) -> Page[AccountLine]:
    """The accounts of everybody who holds an office today or later, in the order of their login names."""
    administrator(actor, "view_accounts")
    in_office = _appointments(now).filter(person=OuterRef("person"))
    rows = Account.objects.filter(Exists(in_office), login__gt=after).select_related("person").order_by("login")
    found = list(rows[: size + 1])
    lines = list(_account_lines(found[:size], now))
    return Page(lines, found[size - 1].login if len(found) > size else "")


def account_named(actor: Actor, typed: str) -> Account | None:
    """The account of a login name or a registered telephone, suspended ones too."""
    administrator(actor, "view_accounts")
    return account_by_login(typed, active_only=False)[1]


def account_line(actor: Actor, key: UUID, now: datetime) -> tuple[Account, AccountLine] | None:
    """One account."""
    administrator(actor, "view_accounts")
    account = Account.objects.select_related("person").filter(pk=key).first()
    return (account, next(_account_lines([account], now))) if account else None


def account_for(actor: Actor, key: UUID, action: str) -> Account | None:
    """The account that an act of administration is about, if the actor may act so at all.

    Raises:
        PermissionDenied: no office of the actor allows the action.
    """
    administrator(actor, action)
    return Account.objects.select_related("person").filter(pk=key).first()


def log_page(actor: Actor, filters: LogFilters, *, before: int = 0, size: int = ROWS) -> Page[LogLine]:
    """The audited rows of the record, newest first; those before the id `before`."""
    administrator(actor, "view_log")
    return _log_page(filters, before, size)


def log_export(actor: Actor, filters: LogFilters, *, before: int = 0, size: int = MOST_IN_A_SHEET) -> Page[LogLine]:
    """The same to be taken out of the house: as one list for a spreadsheet, cut at `MOST_IN_A_SHEET`, or in pages."""
    administrator(actor, "export_log")
    return _log_page(filters, before, size)


def _log_page(filters: LogFilters, before: int, size: int) -> Page[LogLine]:
    rows = list(_log_rows(filters, before)[: size + 1])
    return Page(_log_lines(rows[:size]), str(rows[size - 1].pk) if len(rows) > size else "")


def _appointments(now: datetime) -> Any:
    rows = Appointment.objects.exclude(ends__lt=local_day(now)).select_related("organization", "person")
    return rows.order_by("organization__path", "id")


def _account_lines(accounts: Iterable[Account], now: datetime) -> Iterator[AccountLine]:
    accounts = list(accounts)
    with_factor = set(SecondFactor.objects.filter(account__in=accounts).values_list("account", flat=True))
    held: dict[UUID, list[Appointment]] = defaultdict(list)
    for row in _appointments(now).filter(person__in=[each.person_id for each in accounts]):
        held[row.person_id].append(row)
    for each in accounts:
        mine = tuple(held[each.person_id])
        yield AccountLine(
            each.pk,
            shown_login(each),
            each.person.name if mine else mask_name(each.person.name),
            mine,
            each.is_active,
            locked_until(each.login, now),
            each.pk in with_factor,
            each.sign_on_index is not None,
        )


def shown_login(account: Account) -> str:
    """What somebody types to sign in; of a resident the telephone, masked."""
    by_phone = account.login.startswith("phone-") and account.person.phone
    return mask_phone(account.person.phone) if by_phone else account.login


def _log_rows(filters: LogFilters, before: int) -> Any:
    events = (filters.event,) if filters.event in audited_events() else audited_events(filters.group)
    rows = Record.objects.filter(event__in=events)
    if before:
        rows = rows.filter(pk__lt=before)
    if filters.account:
        by = Entry.objects.filter(actor=filters.account).values("record")
        rows = rows.filter(Q(pk__in=by) | Q(subject=f"account:{filters.account}"))
    if filters.since:
        rows = rows.filter(at__gte=end_of(filters.since - timedelta(days=1)))
    if filters.until:
        rows = rows.filter(at__lt=end_of(filters.until))
    return rows.select_related("entry").order_by("-pk")


def _log_lines(rows: list[Record]) -> list[LogLine]:
    actors = {row.entry.actor for row in rows if row.entry.actor}
    logins = _logins(actors | {UUID(key) for key in _keys_of("account", rows)})
    names = {f"account:{key}": login for key, login in logins.items()} | _subject_names(rows)
    return [
        LogLine(
            row.pk,
            row.at,
            row.event,
            row.entry.actor_name or (logins.get(row.entry.actor, "") if row.entry.actor else ""),
            row.entry.office_title,
            names.get(row.subject, ""),
            str(row.entry.texts.get("why", "")),
            row.codes,
        )
        for row in rows
    ]


def _keys_of(kind: str, rows: list[Record]) -> set[str]:
    """The ids of all subjects of a kind."""
    return {row.subject.partition(":")[2] for row in rows if row.subject.startswith(f"{kind}:")}


def _logins(keys: set[UUID]) -> dict[UUID, str]:
    return {each.pk: shown_login(each) for each in Account.objects.select_related("person").filter(pk__in=keys)}


def _subject_names(rows: list[Record]) -> dict[str, str]:
    """Appointments and organizations by name, each kind in one query."""
    terms = Appointment.objects.select_related("person", "organization").filter(pk__in=_keys_of("appointment", rows))
    offices_named = Organization.objects.filter(pk__in=_keys_of("organization", rows))
    return {
        **{f"appointment:{row.pk}": f"{row.person.name} · {row.organization.name}" for row in terms},
        **{f"organization:{row.pk}": row.name for row in offices_named},
    }
