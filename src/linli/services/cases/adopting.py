"""Demands filed without an account find the account of whoever holds their telephone."""

from datetime import datetime

from django.db import transaction

from linli.ground.matters.action import Refused
from linli.ground.matters.models import Matter
from linli.ground.people.models import Person
from linli.kernel.access import SYSTEM
from linli.services.cases.actions.adopt_case import adopt_case


@transaction.atomic
def adopt_earlier_cases(person: Person, now: datetime) -> int:
    """Make a person the filer of what was filed without an account under their telephone; returns how many.

    To be called when the telephone has just been shown to be theirs, and only then: numbers change hands, and what
    the next holder files is not the former one's. Each filing without an account has a row of its own for its filer,
    so the demands move, not the rows.
    """
    if not (person.phone_verified and person.phone_index):
        return 0
    filed = Matter.objects.filter(
        kind="case", withheld=False, filer__phone_index=person.phone_index, filer__account__isnull=True
    )
    return sum(_adopted(matter, person, now) for matter in list(filed.order_by("id").values_list("id", flat=True)))


def _adopted(matter: int, person: Person, now: datetime) -> bool:
    try:
        adopt_case(matter, actor=SYSTEM, now=now, person=person)
    except Refused:  # somebody was quicker
        return False
    return True
