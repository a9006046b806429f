"""Rows of tokens, and of answers kept for a day so that a write that is sent twice happens once."""

import uuid
from typing import ClassVar

from django.db import models

from linli.ground.people.encryption import EncryptedField
from linli.ground.people.models import Account


class ApiToken(models.Model):
    """A token that another program shows. Only a keyed digest of it is kept; ended ones stay, for the record's sake."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.ForeignKey(Account, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    scopes = models.JSONField(default=list)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "-made_at"], name="exchange_tokens_of_account")]

    def __str__(self) -> str:
        return f"{self.pk}"


class KeptAnswer(models.Model):
    """What was answered to a write that bore a key. The answer may hold a secret code, so it is encrypted."""

    token = models.ForeignKey(ApiToken, models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = EncryptedField(blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token", "key"], name="one_answer_per_token_and_key"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Webhook(models.Model):
    """An address that is told of changes with the rights of a token; it ends with it, or after many failures."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    token = models.ForeignKey(ApiToken, models.PROTECT, related_name="webhooks")
    url = models.CharField(max_length=300)
    secret = EncryptedField()
    position = models.BigIntegerField()
    made_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)
    try_after = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=10, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=models.Q(ended_at__isnull=True), name="exchange_live_webhooks")
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
