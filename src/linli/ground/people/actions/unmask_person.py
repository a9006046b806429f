"""Reading a personal field in full, which is itself an act on the record."""

from datetime import datetime

from django.db import transaction

from linli.ground.people.models import Person
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def unmask_person(person: Person, *, fields: tuple[str, ...], why: str, actor: Actor, now: datetime) -> dict[str, str]:
    """The named fields (`name`, `phone`, `resident_number`, `email`) in full; the reading is recorded.

    The caller has decided that the actor may: personal fields are read through the matter they belong to.
    """
    allowed = {"name", "phone", "resident_number", "email"}
    if not set(fields) <= allowed:
        raise ValueError(f"not personal fields: {sorted(set(fields) - allowed)}")
    keep(
        "unmask_person",
        actor=actor,
        now=now,
        subject=f"person:{person.pk}",
        codes={"fields": sorted(fields)},
        texts={"why": why},
    )
    return {field: getattr(person, field) for field in fields}
