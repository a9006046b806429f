"""Notices: what somebody should know, once per record row and person; digests take them out of the house."""

import uuid
from typing import ClassVar

from django.db import models

from linli.ground.matters.models import Matter
from linli.ground.people.models import Person
from linli.ground.record.models import Record


class Digest(models.Model):
    """News of one person that go out together, by e-mail and by text message. Its key goes along as the reference."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    claims = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    try_after = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["at", "id"], condition=models.Q(sent_at__isnull=True), name="digests_unsent")
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Notice(models.Model):
    """An event on a matter, told to one person. The key (record, person) makes telling idempotent.

    `gathered_at` is when a digest took it up, or when it was passed over since its person reads in the application.
    """

    record = models.ForeignKey(Record, models.DO_NOTHING, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+")
    event = models.CharField(max_length=60)
    as_staff = models.BooleanField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    gathered_at = models.DateTimeField(null=True)
    digest = models.ForeignKey(Digest, models.PROTECT, null=True, related_name="notices")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "person"], name="one_notice_per_record_and_person")
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "-at", "-id"]),
            models.Index(fields=["person"], condition=models.Q(read_at__isnull=True), name="notices_unread"),
            models.Index(fields=["id"], condition=models.Q(gathered_at__isnull=True), name="notices_ungathered"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.matter_id}"
