"""Finding or making the row of somebody who reaches us by phone or at the counter."""

from datetime import datetime

from django.db import transaction

from linli.ground.people.encryption import blind_index
from linli.ground.people.models import Person
from linli.ground.people.selectors import people_with_phone
from linli.ground.record.writing import keep
from linli.kernel.access import Actor
from linli.kernel.identity import normalize_phone


@transaction.atomic
def know_person(*, name: str, phone: str, actor: Actor, now: datetime, email: str = "") -> Person:
    """The person with this phone number and name, made when unknown.

    A number that somebody merely typed proves nothing: an existing row is returned only to staff and only under the
    same name, so that nobody becomes another by typing their number; a visitor's entry always makes a row of its own.

    Raises:
        ValueError: the number is no phone number.
    """
    normal = normalize_phone(phone) if phone else ""
    if normal is None:
        raise ValueError("phone")
    given = name.strip()
    known = people_with_phone(normal) if normal and actor.is_staff else []
    same = next((each for each in known if each.name == given), None)
    if same is not None:
        return same
    person = Person.objects.create(
        name=given, phone=normal, phone_index=blind_index(normal, "phone"), email=email.strip()
    )
    keep("know_person", actor=actor, now=now, subject=f"person:{person.pk}")
    return person
