"""Closing an account at the wish of its owner."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from linli.ground.people.actions.withdraw_consent import end_consent
from linli.ground.people.models import Account, SecondFactor
from linli.ground.people.rules.purposes import CONSENTED
from linli.ground.people.selectors import holds_office
from linli.ground.people.sessions import drop_sessions
from linli.ground.record.writing import keep
from linli.kernel.access import Actor

EMPTIED = ("name", "phone", "phone_index", "resident_number", "resident_number_index", "email")


class StillInOffice(ValueError):
    """Whoever holds an office, or will, keeps the account until it has ended."""


@transaction.atomic
def close_account(account: Account, *, actor: Actor, now: datetime) -> None:
    """Delete a person's details and the way to sign in (PIPL art. 47). Nobody can undo it.

    What they filed stays, without them: the law keeps the course of a matter, and the log stays whole.

    Raises:
        StillInOffice: an appointment has not ended.
    """
    person = account.person
    if holds_office(person, now):
        raise StillInOffice(str(account.pk))
    for purpose in CONSENTED:
        end_consent(person, purpose, actor=actor, now=now)
    person.consents.update(guardian_name="")
    for field in EMPTIED:
        setattr(person, field, "")
    person.phone_verified, person.household = False, None
    person.save()
    # a telephone's digest is its login name: it must be free for whoever has the number next
    account.login, account.password, account.is_active = f"closed-{account.pk}", make_password(None), False
    account.sign_on_index = None
    account.save()
    SecondFactor.objects.filter(account=account).delete()
    account.recovery_codes.all().delete()
    drop_sessions(account.open_sessions.all())
    keep("close_account", actor=actor, now=now, subject=f"account:{account.pk}")
