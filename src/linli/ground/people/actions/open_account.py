"""Opening an account to sign in with."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from linli.ground.people.encryption import blind_index
from linli.ground.people.models import Account, Person
from linli.ground.record.writing import keep
from linli.kernel.access import Actor
from linli.kernel.identity import normalize_phone


@transaction.atomic
def open_account(
    *,
    login: str,
    name: str,
    actor: Actor,
    now: datetime,
    password: str | None = None,
    phone: str = "",
    email: str = "",
) -> Account:
    """A person with an account; without a password nobody can sign in until one is set.

    Raises:
        ValueError: the phone number is none.
    """
    normal = normalize_phone(phone) if phone else ""
    if normal is None:
        raise ValueError("phone")
    person = Person.objects.create(name=name, phone=normal, phone_index=blind_index(normal, "phone"), email=email)
    account = Account.objects.create(
        person=person, login=login, password=make_password(password), password_set_at=now if password else None
    )
    keep("open_account", actor=actor, now=now, subject=f"account:{account.pk}")
    return account
