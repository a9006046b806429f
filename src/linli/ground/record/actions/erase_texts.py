"""Emptying texts because the law asks for it; that it was done stays on the record."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from linli.ground.record.models import Entry, Record
from linli.ground.record.verifying import ERASURE
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def erase_texts(records: Collection[int], *, why: str, actor: Actor, now: datetime) -> Record:
    """Empty the texts of these record rows with their salts: the digests that stay can no longer be guessed at.

    Verification accepts an emptied entry exactly when the row written here names it.
    """
    entries = Entry.objects.filter(record__in=records)
    erased = sorted(entries.values_list("record_id", flat=True))
    entries.update(texts={}, salt=b"", actor=None, actor_name="")
    return keep(ERASURE, actor=actor, now=now, codes={"records": erased}, texts={"why": why})
