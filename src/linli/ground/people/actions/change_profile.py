"""Putting a name and an e-mail address right (PIPL art. 46)."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from linli.ground.people.actions.give_consent import GuardianMissing, give_consent
from linli.ground.people.actions.withdraw_consent import end_consent
from linli.ground.people.models import Person
from linli.ground.people.rules.purposes import PROGRESS_MAIL
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def change_profile(person: Person, *, name: str, email: str, notice: str, actor: Actor, now: datetime) -> None:
    """Name and e-mail address of a person from now on; the record says which of them changed, and no more.

    The page says what an address is for: where there was none, giving one agrees to it, in the edition `notice`, and
    deleting it takes that back. A child's address waits for a guardian's consent.
    """
    given = {"name": name.strip(), "email": email.strip()}
    had_email = bool(person.email)
    changed = sorted(field for field, value in given.items() if getattr(person, field) != value)
    if not changed:
        return
    for field in changed:
        setattr(person, field, given[field])
    person.save(update_fields=changed)
    keep("change_profile", actor=actor, now=now, subject=f"person:{person.pk}", codes={"changed": changed})
    if given["email"] and not had_email:
        with suppress(GuardianMissing):
            give_consent(person, PROGRESS_MAIL, wording=notice, actor=actor, now=now)
    elif had_email and not given["email"]:
        end_consent(person, PROGRESS_MAIL, actor=actor, now=now)
