"""Reads of consents: what stands, and what may be done without asking again."""

from collections.abc import Iterable
from uuid import UUID

from linli.ground.people.models import Account, Consent, Person
from linli.ground.people.rules.purposes import PROGRESS_MAIL


def has_consent(person: Person, purpose: str) -> bool:
    """Whether the person agrees to a purpose today. Whatever hangs on a consent asks here, each time anew."""
    return Consent.objects.filter(person=person, purpose=purpose, withdrawn_at__isnull=True).exists()


def consents_of(person: Person) -> list[Consent]:
    """Everything the person ever agreed to, the newest first."""
    return list(Consent.objects.filter(person=person).order_by("-given_at", "-pk"))


def who_want_mail(people: Iterable[Person]) -> set[UUID]:
    """Those of the people to whom news of a demand may go by e-mail as well.

    Whoever has an account says so once, and may take it back. Who filed without one left the address for that very
    demand and nothing else, which is the consent.
    """
    asked = {person.pk for person in people}
    with_account = set(Account.objects.filter(person__in=asked).values_list("person", flat=True))
    consented = Consent.objects.filter(person__in=with_account, purpose=PROGRESS_MAIL, withdrawn_at__isnull=True)
    return (asked - with_account) | set(consented.values_list("person", flat=True))
