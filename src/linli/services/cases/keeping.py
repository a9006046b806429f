"""How long demands are kept: the texts, the details of whoever filed without an account, files never confirmed."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from linli.ground.matters.actions.erase_matters import erase_matters
from linli.ground.matters.models import Matter
from linli.ground.people.actions.close_account import EMPTIED
from linli.ground.people.models import Account, Appointment, Person
from linli.ground.privacy.retention import Kept, keeps_for_a_term
from linli.kernel.access import Actor
from linli.services.cases.importing_files import forget
from linli.services.cases.models import CaseImport

WHY = "保存期限届满"


def _texts_due(before: datetime) -> QuerySet[Matter]:
    return Matter.objects.filter(kind="case", closed_at__lt=before, erased_at__isnull=True, withheld=False)


def _erase_texts(rows: Sequence[int], actor: Actor, now: datetime) -> None:
    erase_matters(rows, why=WHY, actor=actor, now=now)


def _contacts_due(before: datetime) -> QuerySet[Person]:
    """Whoever is known by their demands alone, and every one of those has ended long ago."""
    own = Matter.objects.filter(filer=OuterRef("pk"))
    going_on = own.filter(Q(closed_at__isnull=True) | Q(closed_at__gte=before))
    in_office = Appointment.objects.filter(Q(person=OuterRef("pk")) | Q(deputy=OuterRef("pk")))
    known = ~Q(phone_index="") | ~Q(name="") | ~Q(email="")
    return Person.objects.filter(
        known,
        Exists(own),
        ~Exists(going_on),
        ~Exists(in_office),
        ~Exists(Account.objects.filter(person=OuterRef("pk"))),
        household__isnull=True,
    )


def _erase_contacts(rows: Sequence[UUID], _actor: Actor, _now: datetime) -> None:
    """The row stays, empty: matters point at it."""
    empty: dict[str, Any] = dict.fromkeys(EMPTIED, "")
    Person.objects.filter(pk__in=rows).update(phone_verified=False, **empty)


def _imports_due(before: datetime) -> QuerySet[CaseImport]:
    return CaseImport.objects.filter(confirmed_at__isnull=True, uploaded_at__lt=before)


def _discard_imports(rows: Sequence[int], _actor: Actor, _now: datetime) -> None:
    found = CaseImport.objects.filter(pk__in=rows, confirmed_at__isnull=True)
    for path in list(found.values_list("path", flat=True)):
        transaction.on_commit(partial(forget, path))
    found.delete()


DEMAND_TEXTS = keeps_for_a_term(Kept("demand_texts", _texts_due, _erase_texts))
DEMAND_CONTACTS = keeps_for_a_term(Kept("demand_contacts", _contacts_due, _erase_contacts))
UNCONFIRMED_IMPORTS = keeps_for_a_term(Kept("unconfirmed_imports", _imports_due, _discard_imports))
