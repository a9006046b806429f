"""Uploaded files: what they are by content, where they lie, and the salted digest the record holds."""

import uuid
from typing import ClassVar

from django.db import models


class StoredFile(models.Model):
    """A file that belongs to a matter. `matter` is None until the form that carried it is saved."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    matter = models.BigIntegerField(null=True, db_index=True)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    path = models.CharField(max_length=120)
    salt = models.BinaryField(max_length=16)
    digest = models.CharField(max_length=64)
    audience = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.pk}"
