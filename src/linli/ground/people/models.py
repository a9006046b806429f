"""People: who they are (encrypted), how they sign in, and in which office they act."""

import uuid
from functools import cache
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.models import Session
from django.db import models

from linli.ground.organizations.models import Organization
from linli.ground.people.encryption import EncryptedField
from linli.ground.people.rules.purposes import CONSENTED, Relation
from linli.ground.record.prepared import Prepared
from linli.ground.territory.models import Unit
from linli.kernel.access import STAFF_ROLES


class Dwelling(models.Model):
    """A home: its exact address is personal, the community is not."""

    community = models.ForeignKey(Unit, models.PROTECT)
    address = EncryptedField()

    def __str__(self) -> str:
        return f"{self.pk}"


class Household(models.Model):
    """People who live together in a dwelling."""

    dwelling = models.ForeignKey(Dwelling, models.PROTECT)
    entered_on = models.DateField()
    left_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.pk}"


class Person(models.Model):
    """A resident or a member of staff."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = EncryptedField(blank=True)
    phone = EncryptedField(blank=True)
    phone_index = models.CharField(max_length=64, blank=True, db_index=True)
    phone_verified = models.BooleanField(default=False)
    resident_number = EncryptedField(blank=True)
    resident_number_index = models.CharField(max_length=64, blank=True, db_index=True)
    email = EncryptedField(blank=True)
    household = models.ForeignKey(Household, models.SET_NULL, null=True)

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def can_be_reached(self) -> bool:
        """Whether a telephone or an e-mail address is known."""
        return bool(self.phone or self.email)


class Accounts(BaseUserManager["Account"]):
    """Finds accounts by login name; by its key with its person, as each page of somebody signed in asks for it."""

    def get(self, *args: Any, **wanted: Any) -> "Account":
        """As ever; one by its key alone by a statement that is compiled once."""
        if args or wanted.keys() != {"pk"} or not isinstance(wanted["pk"], uuid.UUID):
            return super().get(*args, **wanted)
        found = _by_key().first(wanted["pk"])
        if found is None:
            raise Account.DoesNotExist
        return found


class Account(AbstractBaseUser):
    """A way to sign in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.OneToOneField(Person, models.PROTECT, related_name="account")
    login = models.CharField(max_length=60, unique=True)
    is_active = models.BooleanField(default=True)
    password_set_at = models.DateTimeField(null=True)
    sign_on_index = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 -- unique where there is one

    objects = Accounts()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar = []

    def __str__(self) -> str:
        return self.login


@cache
def _by_key() -> Prepared[Account]:
    return Prepared(Account.objects.select_related("person").filter(pk=uuid.UUID(int=0)), uuid.UUID(int=0))


class OpenSession(models.Model):
    """Where an account is signed in: goes with the session that it tells about."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.ForeignKey(Account, models.CASCADE, related_name="open_sessions")
    session = models.OneToOneField(Session, models.CASCADE)
    device = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pk}"


class SecondFactor(models.Model):
    """An authenticator that gives codes for an account (RFC 6238)."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="second_factor")
    secret = EncryptedField()
    added_at = models.DateTimeField()
    used_step = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.pk}"


class RecoveryCode(models.Model):
    """A code for when the authenticator is lost, as a keyed digest; good once."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "digest"], name="recovery_codes_differ")]

    def __str__(self) -> str:
        return f"{self.pk}"


class Appointment(models.Model):
    """A role at an organization, from–to, with a deputy for absences (AB 角)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=30, choices=[(role.value, role.value) for role in STAFF_ROLES])
    title = models.CharField(max_length=60, blank=True)
    starts = models.DateField()
    ends = models.DateField(null=True)
    deputy = models.ForeignKey(Person, models.PROTECT, null=True, related_name="deputized")
    away_from = models.DateField(null=True)
    away_to = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(ends__gte=models.F("starts")),
                name="appointment_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(deputy__isnull=True) | ~models.Q(deputy=models.F("person")),
                name="nobody_is_their_own_deputy",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}@{self.organization_id}"


class Consent(models.Model):
    """What somebody agreed to, in which wording, from when until when (PIPL art. 13–17, 29, 31)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=30, choices=[(code, code) for code in CONSENTED])
    wording = models.CharField(max_length=20)
    separate = models.BooleanField()
    given_at = models.DateTimeField()
    given_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    guardian_name = EncryptedField(blank=True)
    guardian_relation = models.CharField(
        max_length=20, blank=True, choices=[(each.value, each.value) for each in Relation]
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_standing_consent_per_purpose",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True) | models.Q(withdrawn_at__gte=models.F("given_at")),
                name="consent_is_withdrawn_after_it_is_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.person_id}"


class Attempt(models.Model):
    """One use of a rate-limited door, by a digest of who used it."""

    door = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["door", "at"])]

    def __str__(self) -> str:
        return self.door
