"""The record: one row per action, its readable half, and the public log that a sealer lays over both."""

from typing import ClassVar

from django.db import models


class Record(models.Model):
    """What happened, in ids, codes and salted digests. Never changed, never deleted, never personal."""

    at = models.DateTimeField()
    event = models.CharField(max_length=60)
    kind = models.CharField(max_length=30, blank=True)
    subject = models.CharField(max_length=80, blank=True)
    office = models.CharField(max_length=40, blank=True)
    actor_digest = models.CharField(max_length=64, blank=True)
    codes = models.JSONField(default=dict)
    digests = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject", "id"]), models.Index(fields=["event", "id"])]

    def __str__(self) -> str:
        return f"{self.pk} {self.event} {self.subject}"


class Entry(models.Model):
    """The readable half of a record row: who, and the texts whose digests the record holds.

    `texts` and `salt` may be emptied when the law asks for it; the record stays whole.
    """

    record = models.OneToOneField(Record, models.DO_NOTHING, primary_key=True, related_name="entry")
    matter = models.BigIntegerField(null=True)
    actor = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=60, blank=True)
    office_title = models.CharField(max_length=120, blank=True)
    audience = models.CharField(max_length=10)
    texts = models.JSONField(default=dict)
    salt = models.BinaryField(max_length=16)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["matter", "record"]),
            models.Index(fields=["actor", "record"]),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}"


class Pending(models.Model):
    """A committed record row that the sealer has not placed yet."""

    record = models.OneToOneField(Record, models.DO_NOTHING, primary_key=True, related_name="pending")

    def __str__(self) -> str:
        return f"{self.record_id}"


class Leaf(models.Model):
    """A place in the log: positions 0, 1, 2 … without a gap, one per record row."""

    position = models.BigIntegerField(primary_key=True)
    record = models.OneToOneField(Record, models.DO_NOTHING, related_name="leaf")
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.position}"


class Subtree(models.Model):
    """The hash of a complete subtree of `WIDTH ** level` leaves, kept so that proofs stay cheap."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["level", "index"], name="one_hash_per_subtree")]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Checkpoint(models.Model):
    """A signed statement: at this moment the log had this size and this root."""

    size = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    signature = models.BinaryField(max_length=64)

    def __str__(self) -> str:
        return f"{self.size}"


class LogHead(models.Model):
    """The single row that sealers lock, so that two started by mistake take turns."""

    size = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.size}"


class Subscription(models.Model):
    """How far a follower of the log has come."""

    name = models.CharField(max_length=60, primary_key=True)
    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.position}"
