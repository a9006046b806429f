"""Handing out a copy of one's own data."""

from datetime import datetime

from django.db import transaction

from linli.ground.people.models import Person
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def copy_own_data(person: Person, *, matters: int, actor: Actor, now: datetime) -> None:
    """Note that a person took a copy of what is kept about them, with how many matters (PIPL art. 45)."""
    keep("copy_own_data", actor=actor, now=now, subject=f"person:{person.pk}", codes={"matters": matters})
