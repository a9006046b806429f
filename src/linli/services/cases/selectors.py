"""Reads of demands; each takes who is asking and applies their scope."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from linli.ground.files.models import StoredFile
from linli.ground.matters.action import Refused, code_digest, subject_of
from linli.ground.matters.models import Matter, Street
from linli.ground.matters.paging import PAGE_SIZE, Page, page_of, parse_cursor
from linli.ground.matters.scope import scope, subtree
from linli.ground.matters.search import find
from linli.ground.matters.steps import Offer, offers
from linli.ground.matters.timeline import TimelineEntry, newest_texts, timeline
from linli.ground.organizations.models import Organization
from linli.ground.people.models import Person
from linli.ground.record.models import Entry
from linli.ground.record.shaped import Shaped
from linli.ground.record.writing import Audience
from linli.kernel.access import Actor, Decision
from linli.services.cases.feature import CASES
from linli.services.cases.finding import filed_by
from linli.services.cases.models import Case
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.rules.identity_shown import may_see_filer
from linli.services.cases.rules.vocabulary import Channel
from linli.services.cases.wording import refusal_words

FOUND = 100
RELATED = (
    "matter",
    "matter__place",
    "matter__holder",
    "matter__desk",
    "matter__handler",
    "matter__filer",
    "topic",
    "complained_of",
    "first_contact",
)


@dataclass(frozen=True)
class CaseView:
    """All that one page shows of a case to one actor."""

    case: Case
    matter: Matter
    title: str
    text: str
    timeline: list[TimelineEntry]
    offers: list[Offer]
    files: Sequence[StoredFile]
    filer: Person | None  # None when the actor may not see who filed
    as_staff: bool
    units: dict[int, str]  # names of the units that the timeline speaks of


def decide_case(actor: Actor, action: str, case: Case) -> Decision:
    """Whether the actor may do `action` to the case."""
    return ACCESS.decide(actor, action, subject_of(case.matter))


def open_case(actor: Actor, number: str) -> Case:
    """The case with this number, if the actor may read it.

    Raises:
        Refused: there is none (`not_found`), or it is not the actor's (`out_of_scope`, `not_granted`).
    """
    case = Case.objects.select_related(*RELATED).filter(matter__number=number).first()
    if case is None:
        raise Refused("not_found")
    decision = decide_case(actor, "view_case", case)
    if not decision.allowed:
        raise Refused(decision.reason, sign_in_may_help=decision.sign_in_may_help)
    return case


def view_case(actor: Actor, number: str, now: datetime) -> CaseView:
    """Everything the case page shows; raises `Refused` as `open_case` does."""
    case = open_case(actor, number)
    matter = case.matter
    as_staff = reads_as_staff(actor, case)
    audiences = set(Audience) if as_staff else {Audience.PARTY, Audience.PUBLIC}
    entries = timeline(matter.pk, audiences)
    texts: dict[str, str] = {}
    for entry in entries:
        texts |= entry.texts
    first = next((entry.texts for entry in entries if "text" in entry.texts), {})
    shown = StoredFile.objects.filter(matter=matter.pk, audience__in=[str(each) for each in audiences])
    return CaseView(
        case=case,
        matter=matter,
        title=matter.title,
        text=first.get("text", ""),
        timeline=entries,
        offers=offers(CASES, case, actor, now),
        files=list(shown),
        filer=matter.filer if sees_filer(actor, case) else None,
        as_staff=as_staff,
        units=unit_names(entries) if as_staff else {},
    )


def unit_names(entries: Sequence[TimelineEntry]) -> dict[int, str]:
    """The names of the units of which a timeline speaks."""
    named = {entry.codes["unit"] for entry in entries if "unit" in entry.codes}
    return dict(Organization.objects.filter(pk__in=named).values_list("pk", "name")) if named else {}


def reads_as_staff(actor: Actor, case: Case) -> bool:
    """Whether the actor reads the case in office, not as the one who filed it."""
    if not actor.is_staff or case.matter.filer_id == actor.person:
        return False
    office = Actor(actor.account, appointments=actor.appointments)
    return decide_case(office, "view_case", case).allowed


def sees_filer(actor: Actor, case: Case) -> bool:
    """Whether the actor may know who filed the case."""
    matter = case.matter
    if matter.filer_id is not None and matter.filer_id == actor.person:
        return True
    if not decide_case(actor, "unmask_filer", case).allowed:
        return False
    return may_see_filer(
        identity_shown=case.identity_shown,
        viewer_paths=tuple(path for each in actor.appointments for path in each.organization_paths),
        first_contact_path=case.first_contact.path,
    )


def asked_topic(matter: int) -> int | None:
    """The topic that the filer chose on another system, for whoever files the demand; None where none was chosen."""
    return receipt_codes(matter).get("asked_topic")


def receipt_codes(matter: int) -> dict[str, Any]:
    """What the record says of how a demand was received, in codes."""
    first = Entry.objects.filter(matter=matter).order_by("record_id").values_list("record__codes", flat=True).first()
    return first or {}


def look_up(number: str, code: str) -> int | None:
    """The matter with this number and secret code; the one answer for a wrong number and a wrong code."""
    row = Matter.objects.filter(number=number.strip(), withheld=False).values_list("id", "code_digest").first()
    wanted = code_digest(code)
    stored = row[1] if row else ""
    if row and stored and hmac.compare_digest(stored, wanted):
        return int(row[0])
    return None


def own_cases(actor: Actor, *, after: str = "", size: int = PAGE_SIZE) -> Page[dict[str, Any]]:
    """The actor's own demands, newest first."""
    if actor.person is None:
        return Page(())
    condition = Q(filer=actor.person, kind="case", withheld=False)
    columns = ("number", "title", "state", "due_at", "warn_at", "closed_at")
    return _newest_first(condition, "opened_at", columns, after, size)


def cases_of_caller(actor: Actor, *, phone: str = "", person: UUID | None = None) -> list[dict[str, Any]]:
    """A caller's earlier demands that the actor may read and whose filer they may see; newest first, at most 20."""
    caller = filed_by(actor, phone=phone, person=person)
    if caller is None:
        return []
    rows = Matter.objects.filter(caller & scope(ACCESS, actor, "view_case")).order_by("-id")
    return [dict(row) for row in rows.values("id", "number", "title", "state", "opened_at", "due_at")[:20]]


def public_cases(
    *, q: str = "", state: str = "", place: str = "", after: str = "", size: int = PAGE_SIZE
) -> Page[dict[str, Any]]:
    """Published demands, newest first, or ranked when words are searched. `place` is a path of the territory."""
    condition = Q(kind="case", published_at__isnull=False, withheld=False)
    if state:
        condition &= Q(state=state)
    if len(place) == Street.length and not q:
        condition &= Q(street=place)
    elif place:
        condition &= subtree("place_path", place)
    columns = (
        "number",
        "public_title",
        "state",
        "place__name",
        "holder__name",
        "opened_at",
        "closed_at",
        "case__rating",
        "case__appeal",
    )
    if q:
        ranks = {hit.matter: hit.rank for hit in find(q, condition, public=True)[:FOUND]}
        rows = Matter.objects.filter(pk__in=ranks).values("id", "published_at", *columns)
        return Page(sorted(rows, key=lambda row: (-ranks[row["id"]], -row["id"])))
    return _newest_first(condition, "published_at", columns, after, size)


@dataclass(frozen=True)
class PublicCase:
    """What everyone may read of a published demand."""

    matter: Matter
    case: Case
    texts: dict[str, str]
    timeline: list[TimelineEntry]


def view_public_case(number: str) -> PublicCase:
    """A published demand.

    Raises:
        Refused: `not_found`, also for what is not published: its existence is nobody's business.
    """
    case = (
        Case.objects.select_related(*RELATED)
        .filter(matter__number=number, matter__published_at__isnull=False, matter__withheld=False)
        .first()
    )
    if case is None:
        raise Refused("not_found")
    names = ("public_title", "public_text", "public_reply")
    texts = newest_texts([case.pk], names).get(case.pk, {})
    return PublicCase(case.matter, case, texts, timeline(case.pk, {Audience.PARTY, Audience.PUBLIC}))


def _newest_first(condition: Q, moment: str, columns: tuple[str, ...], after: str, size: int) -> Page[dict[str, Any]]:
    cursor = parse_cursor(after)
    if cursor:
        condition &= Q(**{f"{moment}__lt": cursor.moment}) | Q(**{moment: cursor.moment, "id__lt": cursor.id})
    return page_of(_listed(moment, columns, size).dicts(condition), moment, size)


@cache
def _listed(moment: str, columns: tuple[str, ...], size: int) -> Shaped:
    """The rows of a page, the newest first, under any condition."""
    wanted = dict.fromkeys(("id", moment, *columns))
    return Shaped(
        lambda condition: (
            Matter.objects.alias(street=Street())
            .filter(condition)
            .order_by(f"-{moment}", "-id")
            .values(*wanted)[: size + 1]
        )
    )


def possible_for(
    actor: Actor, step: str, ids: Sequence[int], now: datetime
) -> tuple[list[Case], list[tuple[Case, list[str]]]]:
    """Which of the cases `step` could be taken on now, and why not on the others. Unreadable ones are left out."""
    rows = (
        Case.objects.select_related(*RELATED)
        .filter(pk__in=ids)
        .filter(scope(ACCESS, actor, "view_case", prefix="matter__"))
    )
    possible: list[Case] = []
    refused: list[tuple[Case, list[str]]] = []
    for case in rows.order_by("matter__due_at", "pk"):
        found = next((each for each in offers(CASES, case, actor, now) if each.name == step), None)
        if found is None:
            reason = "not_open" if decide_case(actor, step, case).allowed else "not_granted"
            refused.append((case, refusal_words(reason, ())))
        elif found.blockers:
            refused.append((case, refusal_words("blocked", found.blockers)))
        else:
            possible.append(case)
    return possible, refused


@dataclass(frozen=True)
class Difficulties:
    """Difficulty tickets, with how long the newest closed ones took."""

    page: Page[dict[str, Any]]
    closed: int
    median_days: float | None


def difficulties(actor: Actor, *, after: str = "") -> Difficulties:
    """The difficulty tickets that the actor may see, newest first; the median is of at most 1,000 closed ones.

    Imported ones count only if the file told when they were asked and answered.
    """
    condition = scope(ACCESS, actor, "view_case") & Q(case__channel=Channel.COMMITTEE)
    timeless = Q(case__source__isnull=False) & (Q(case__replied_at=None) | Q(opened_at__gte=F("closed_at")))
    times = (
        Matter.objects.filter(condition, closed_at__isnull=False)
        .exclude(pk__in=Matter.objects.filter(timeless).values("pk"))
        .order_by("-id")
        .values_list("opened_at", "closed_at")[:1000]
    )
    days = [(closed - opened).total_seconds() / 86400 for opened, closed in times if closed is not None]
    columns = ("number", "title", "state", "place__name", "desk__name", "due_at", "warn_at", "closed_at")
    page = _newest_first(condition, "opened_at", columns, after, PAGE_SIZE)
    return Difficulties(page, len(days), round(median(days), 1) if days else None)
