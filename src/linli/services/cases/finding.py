"""Conditions under which demands are found: by whom they wait for, by filters of their own, by number or caller."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from linli.ground.matters.clocks import local_day
from linli.ground.matters.models import Matter
from linli.ground.matters.scope import at_or_above, clauses_condition, scope, subtree
from linli.ground.organizations.history import succeeded_organizations
from linli.ground.organizations.successors import Successors
from linli.ground.people.encryption import blind_index
from linli.ground.people.models import Appointment
from linli.ground.record.models import Record
from linli.ground.territory.facade import moved_grounds, outline_bounds, succeeded_units
from linli.kernel.access import Actor, Role
from linli.kernel.identity import normalize_phone
from linli.services.cases.models import Case
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.rules.vocabulary import ENDS, IN_HANDS, WITH_HOLDER, Appeal, Channel, State

Ways = QuerySet[Matter, Any]
UNHEARD = ENDS - {State.CLOSED}
GIVES_TOPIC = ("file_case", "close_merged")
TOPIC_KEY = re.compile("[0-9]{1,9}")


def turns(actor: Actor) -> Q:
    """Demands that wait for the actor's own word: to review, to sign, to grant more time or another round.

    A closed one waits only where a reopening was asked for, so each way starts from what is open or from what was
    asked, both of which an index holds, and not from all that the actor may see.
    """
    ways = [way for role, find in DECIDED.items() if actor.holds(role) for way in find(actor)]
    if not ways:
        return Q(pk__in=())
    return Q(pk__in=ways[0].union(*ways[1:], all=True) if len(ways) > 1 else ways[0])


def _to_review(actor: Actor) -> list[Ways]:
    drafted = Q(closed_at__isnull=True, state=State.DRAFTED) & ~Q(case__drafted_by=actor.person)
    return [Matter.objects.filter(_as(actor, Role.REVIEWER, "review_reply") & drafted).values("pk")]


def _to_sign(actor: Actor) -> list[Ways]:
    ready = Q(state=State.REVIEWED) | Q(state=State.DRAFTED, case__waives_second_person=True)
    mine = _as(actor, Role.SIGNER, "sign_reply") & Q(closed_at__isnull=True)
    return [Matter.objects.filter(mine & ready).values("pk")]


def _to_grant(actor: Actor) -> list[Ways]:
    """What was asked is looked up by itself, so that no database is tempted to begin with the closed ones."""
    extension = Case.objects.filter(extension_asked_days__isnull=False).values("pk")
    reopening = Case.objects.filter(reopening_asked_at__isnull=False).values("pk")
    asked = {
        "grant_extension": Q(pk__in=extension, state__in=IN_HANDS),
        "grant_reopening": Q(pk__in=reopening, state=State.CLOSED),
    }
    return [
        Matter.objects.filter(condition & _as(actor, Role.SUPERVISOR, step)).values("pk")
        for step, condition in asked.items()
    ]


def _to_rule(actor: Actor) -> list[Ways]:
    """Disputes that lie before an organization at or below which the actor supervises."""
    mine = Q(pk__in=())
    for each in actor.appointments:
        if each.role is Role.SUPERVISOR:
            mine |= subtree("desk_path", each.organization_path)
    disputed = Q(closed_at__isnull=True, state=State.DISPUTED)
    return [Matter.objects.filter(mine & disputed & _as(actor, Role.SUPERVISOR, "rule_holder")).values("pk")]


def _to_judge(actor: Actor) -> list[Ways]:
    """Appeals against ratings of units above which the actor supervises, and in which they hold no office."""
    appealed = Q(pk__in=Case.objects.filter(appeal=Appeal.ASKED).values("pk"))
    mine = Q(pk__in=())
    for each in actor.appointments:
        if each.role is Role.SUPERVISOR:
            above = Q(pk__in=())
            for path in each.organization_paths:
                above |= subtree("case__rated_path", path)
            mine |= above & ~Q(case__rated_path__in=each.organization_paths)
    own = ~Q(case__rated_path__in=at_or_above(path for each in actor.appointments for path in each.organization_paths))
    judging = _as(actor, Role.SUPERVISOR, "uphold_rating")
    return [Matter.objects.filter(appealed & mine & own & judging & ~Q(state__in=UNHEARD)).values("pk")]


def _to_decide(actor: Actor) -> list[Ways]:
    return [*_to_grant(actor), *_to_rule(actor), *_to_judge(actor)]


def _as(actor: Actor, role: Role, step: str) -> Q:
    """What the actor may take the step on in this role alone, whatever else they are."""
    clauses = ACCESS.clauses(actor, step)
    return clauses_condition(each for each in clauses if each.appointment and each.appointment.role is role)


DECIDED: Mapping[Role, Callable[[Actor], list[Ways]]] = {
    Role.REVIEWER: _to_review,
    Role.SIGNER: _to_sign,
    Role.SUPERVISOR: _to_decide,
}


def left_by_handler(now: datetime) -> Q:
    """Demands in the holder's hands whose handler is no clerk of the holder today, nor deputizes for one."""
    day = local_day(now)
    away = Q(away_from__lte=day) & (Q(away_to__isnull=True) | Q(away_to__gte=day))
    at_holder = Appointment.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=day),
        Q(person=OuterRef("handler")) | (Q(deputy=OuterRef("handler")) & away),
        organization=OuterRef("holder"),
        role=Role.CLERK,
        starts__lte=day,
    )
    return Q(~Exists(at_holder), closed_at__isnull=True, handler__isnull=False, state__in=WITH_HOLDER)


def left_by_reform(_now: datetime) -> Q:
    """Open demands whose place or one of whose offices has ended and been taken over, or whose ground has moved."""
    offices = succeeded_organizations().values("pk")
    left = Q(place__in=succeeded_units().values("pk")) | Q(holder__in=offices) | Q(desk__in=offices)
    left |= Q(case__first_contact__in=offices) | Q(case__complained_of__in=offices) | Q(pk__in=_on_moved_ground())
    return Q(left, closed_at__isnull=True)


def _on_moved_ground() -> list[int]:
    """Open demands whose point lies in ground that a neighbour has won since they were opened."""
    found, known = [], Successors()
    for ground in moved_grounds():
        west, south, east, north = outline_bounds(ground.outline or {})
        near = Case.objects.filter(
            subtree("matter__place_path", ground.loser.path),
            longitude__range=(west, east),
            latitude__range=(south, north),
            matter__closed_at__isnull=True,
            matter__opened_at__lte=ground.at,
        )
        for key, unit, longitude, latitude in near.values_list("pk", "matter__place", "longitude", "latitude"):
            place = known.unit(unit)
            if known.ways.current_place(place, longitude, latitude) != place:
                found.append(key)
    return found


def rated_badly(now: datetime) -> Q:
    """Closed demands whose bad rating has not been taken up yet; looked up by what was asked, not by what is closed."""
    asked = Case.objects.filter(rectification_asked_at__lte=now).values("pk")
    return Q(pk__in=asked, state=State.CLOSED)


def narrow(filters: Mapping[str, str], before: datetime | None = None) -> Q:
    """The filters that only demands know: topic and channel.

    Args:
        before: find a topic only where it had been given by then; it is given once.
    """
    condition = Q()
    if TOPIC_KEY.fullmatch(filters["topic"]):
        condition &= Q(case__topic=int(filters["topic"]))
        if before is not None:
            given = Record.objects.filter(subject=OuterRef("number"), event__in=GIVES_TOPIC, at__lt=before)
            condition &= Q(Exists(given)) | Q(case__channel=Channel.PART)
    if filters["channel"]:
        condition &= Q(case__channel=filters["channel"])
    return condition


def filed_by(actor: Actor, *, phone: str = "", person: UUID | None = None) -> Q | None:
    """Demands of a caller whose filer the actor may see; None where nobody is meant.

    By telephone it means everybody with that number: whoever calls may have left another name before.
    """
    index = blind_index(normalize_phone(phone) or "", "phone")
    if not person and not index:
        return None
    offices = at_or_above(path for each in actor.appointments for path in each.organization_paths)
    shown = Q(case__identity_shown=True) | Q(case__first_contact__path__in=offices)
    return (Q(filer=person) if person else Q(filer__phone_index=index)) & shown


def known_as(actor: Actor, text: str) -> Q:
    """Demands with this number of another house, or filed by whoever has this telephone.

    Who takes demands down for others finds a caller's as at the counter; others only where they may know the filer.
    """
    numbered = Case.objects.filter(channel__in=list(Channel), outside_number=text.strip()).exclude(outside_number="")
    condition = Q(pk__in=numbered.values("pk"))
    caller = filed_by(actor, phone=text)
    if caller is None:
        return condition
    at_counter = ACCESS.is_granted(actor, "receive_case_for_somebody")
    filed = Matter.objects.filter(caller & scope(ACCESS, actor, "view_case" if at_counter else "unmask_filer"))
    return condition | Q(pk__in=filed.values("pk"))
