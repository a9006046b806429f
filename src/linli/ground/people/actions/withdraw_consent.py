"""Taking a consent back."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from linli.ground.people.models import Consent, Person
from linli.ground.people.rules.purposes import ACCOUNT
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


class EndsWithAccount(ValueError):
    """Without this consent there is no account: it is taken back by closing that."""


@transaction.atomic
def withdraw_consent(person: Person, purpose: str, *, actor: Actor, now: datetime) -> bool:
    """From now on the purpose lacks consent; what was done before stays lawful (PIPL art. 15). False where none stood.

    Raises:
        PermissionDenied: the actor is somebody else.
        EndsWithAccount: it is the consent on which the account stands.
    """
    if actor.person != person.pk:
        raise PermissionDenied
    if purpose == ACCOUNT:
        raise EndsWithAccount(str(person.pk))
    return end_consent(person, purpose, actor=actor, now=now)


@transaction.atomic
def end_consent(person: Person, purpose: str, *, actor: Actor, now: datetime) -> bool:
    """The consent ends, whoever's act ends it: a withdrawal, an address that was deleted, an account that closes."""
    standing = Consent.objects.filter(person=person, purpose=purpose, withdrawn_at__isnull=True)
    if not standing.update(withdrawn_at=now, withdrawn_by=actor.account):
        return False
    keep("withdraw_consent", actor=actor, now=now, subject=f"person:{person.pk}", codes={"purpose": purpose})
    return True
