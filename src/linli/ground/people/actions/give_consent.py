"""Agreeing to a use of one's own data."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from linli.ground.people.models import Consent, Person
from linli.ground.people.rules.purposes import PURPOSES, Basis, Guardian, is_child
from linli.ground.people.selectors import local_day
from linli.ground.record.writing import keep
from linli.kernel.access import Actor
from linli.kernel.identity import birth_date_of, is_resident_number


class NotAsked(ValueError):
    """Nobody is asked for consent to this: it is no purpose, or a duty of the law."""


class GuardianMissing(ValueError):
    """The person is under fourteen, and no guardian consents (PIPL art. 31)."""


@transaction.atomic
def give_consent(
    person: Person,
    purpose: str,
    *,
    wording: str,
    actor: Actor,
    now: datetime,
    guardian: Guardian | None = None,
) -> Consent:
    """The person agrees to a purpose, in the edition of the words that they read; another edition takes its place.

    Nobody agrees for somebody else, but a guardian for a child, from the child's account.

    Raises:
        PermissionDenied: the actor is somebody else.
        NotAsked: the purpose waits for no consent.
        GuardianMissing: by the resident number the person is a child.
    """
    if actor.person != person.pk:
        raise PermissionDenied
    if purpose not in PURPOSES or not PURPOSES[purpose].is_consented:
        raise NotAsked(purpose)
    if guardian is None and _is_known_as_child(person, now):
        raise GuardianMissing(str(person.pk))
    Person.objects.select_for_update().get(pk=person.pk)
    standing = Consent.objects.filter(person=person, purpose=purpose, withdrawn_at__isnull=True)
    same = standing.filter(wording=wording).first()
    if same is not None:
        return same
    standing.update(withdrawn_at=now, withdrawn_by=actor.account)
    separate = PURPOSES[purpose].basis is Basis.SEPARATE
    row = Consent.objects.create(
        person=person,
        purpose=purpose,
        wording=wording,
        separate=separate,
        given_at=now,
        given_by=actor.account,
        guardian_name=guardian.name.strip() if guardian else "",
        guardian_relation=guardian.relation if guardian else "",
    )
    keep(
        "give_consent",
        actor=actor,
        now=now,
        subject=f"person:{person.pk}",
        codes={"purpose": purpose, "wording": wording, "separate": separate, "by_guardian": guardian is not None},
    )
    return row


def _is_known_as_child(person: Person, now: datetime) -> bool:
    number = person.resident_number
    return bool(number) and is_resident_number(number) and is_child(birth_date_of(number), local_day(now))
