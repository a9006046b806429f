"""Putting a name and an e-mail address right."""

from datetime import datetime

from django.db import transaction

from linli.ground.people.models import Person
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def change_profile(person: Person, *, name: str, email: str, actor: Actor, now: datetime) -> None:
    """Name and e-mail address of a person from now on; the record says which of them changed, and no more."""
    given = {"name": name.strip(), "email": email.strip()}
    changed = sorted(field for field, value in given.items() if getattr(person, field) != value)
    if not changed:
        return
    for field in changed:
        setattr(person, field, given[field])
    person.save(update_fields=changed)
    keep("change_profile", actor=actor, now=now, subject=f"person:{person.pk}", codes={"changed": changed})
