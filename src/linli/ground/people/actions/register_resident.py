"""A resident opens an account of their own, with a telephone that they have shown to hold."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction

from linli.ground.people.actions.give_consent import give_consent
from linli.ground.people.encryption import blind_index
from linli.ground.people.models import Account, Person
from linli.ground.people.rules.purposes import ACCOUNT, PROGRESS_MAIL, Guardian
from linli.ground.people.selectors import phone_login
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


class AlreadyRegistered(ValueError):
    """Somebody has registered with this telephone."""


@transaction.atomic
def register_resident(
    *,
    phone: str,
    name: str,
    password: str,
    notice: str,
    now: datetime,
    email: str = "",
    guardian: Guardian | None = None,
) -> Account:
    """A new person with a verified telephone, and an account to sign in with by that telephone.

    The consent on which the account stands, and that to e-mail where an address is given, are written with it.
    Rows that others know by the same number are left as they are: a number alone makes nobody their owner.

    Args:
        phone: in its one form; the caller has verified it.
        notice: the edition of the privacy notice that was agreed to.
        guardian: who consents for somebody under fourteen.

    Raises:
        ValidationError: the password is too weak.
        AlreadyRegistered: an account has the telephone.
    """
    validate_password(password)
    try:
        with transaction.atomic():
            person = Person.objects.create(
                name=name.strip(),
                phone=phone,
                phone_index=blind_index(phone, "phone"),
                phone_verified=True,
                email=email.strip(),
            )
            account = Account.objects.create(
                person=person, login=phone_login(phone), password=make_password(password), password_set_at=now
            )
    except IntegrityError as error:
        raise AlreadyRegistered from error
    actor = Actor(account=account.pk, person=person.pk)
    keep(
        "register_resident",
        actor=actor,
        now=now,
        subject=f"account:{account.pk}",
        codes={"privacy_notice": notice},
    )
    for purpose in (ACCOUNT, PROGRESS_MAIL) if person.email else (ACCOUNT,):
        give_consent(person, purpose, wording=notice, actor=actor, now=now, guardian=guardian)
    return account
