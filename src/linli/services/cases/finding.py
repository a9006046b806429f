"""Conditions under which demands are found: by whom they wait for, by filters of their own, by number or caller."""

import re
from collections.abc import Mapping
from uuid import UUID

from django.db.models import Q

from linli.ground.matters.models import Matter
from linli.ground.matters.scope import at_or_above, scope
from linli.ground.people.encryption import blind_index
from linli.kernel.access import Actor, Role
from linli.kernel.identity import normalize_phone
from linli.services.cases.models import Case
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.rules.vocabulary import Channel, State

TOPIC_KEY = re.compile("[0-9]{1,9}")


def turns(actor: Actor) -> Q:
    """Demands that wait for the actor's own word: to review, to sign, to grant more time or another round."""
    condition = Q(pk__in=())
    if actor.holds(Role.REVIEWER):
        drafted = Q(state=State.DRAFTED) & ~Q(case__drafted_by=actor.person)
        condition |= scope(ACCESS, actor, "review_reply") & drafted
    if actor.holds(Role.SIGNER):
        ready = Q(state=State.REVIEWED) | Q(state=State.DRAFTED, case__waives_second_person=True)
        condition |= scope(ACCESS, actor, "sign_reply") & ready
    if actor.holds(Role.SUPERVISOR):
        condition |= scope(ACCESS, actor, "grant_extension") & Q(case__extension_asked_days__isnull=False)
        condition |= scope(ACCESS, actor, "grant_reopening") & Q(case__reopening_asked_at__isnull=False)
    return condition


def narrow(filters: Mapping[str, str]) -> Q:
    """The filters that only demands know: topic and channel."""
    condition = Q()
    if TOPIC_KEY.fullmatch(filters["topic"]):
        condition &= Q(case__topic=int(filters["topic"]))
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
    offices = at_or_above(each.organization_path for each in actor.appointments)
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
