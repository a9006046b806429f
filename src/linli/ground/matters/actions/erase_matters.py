"""Emptying matters whose term of keeping has ended; what stays is their tombstone."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from linli.ground.files.storing import remove_files_of
from linli.ground.matters.features import FEATURES
from linli.ground.matters.models import Matter
from linli.ground.matters.search import forget_documents
from linli.ground.record.actions.erase_texts import erase_texts
from linli.ground.record.models import Entry
from linli.kernel.access import Actor

TOMBSTONE = "（内容已按保存期限删除）"


class StillOpen(ValueError):
    """A matter that somebody is owed an answer to is not erased."""


@transaction.atomic
def erase_matters(matters: Collection[int], *, why: str, actor: Actor, now: datetime) -> None:
    """Texts, title, place, files, filer and the names of who acted go; number, units, states and moments stay.

    No step of a procedure, since it is not part of anybody's matter: the house does it to all kinds alike, and
    nobody moves the matter afterwards. The log keeps every row, and one more that names those whose texts are gone.

    Raises:
        StillOpen: one of them has not ended.
    """
    rows = list(Matter.objects.select_for_update().filter(pk__in=matters).order_by("pk"))
    if any(row.closed_at is None for row in rows):
        raise StillOpen
    for row in rows:
        row.title, row.public_title, row.published_at = TOMBSTONE, "", None
        row.filer, row.code_digest, row.next_due, row.erased_at = None, "", None, now
        row.save(force_update=True)
    keys = [row.pk for row in rows]
    for kind in {row.kind for row in rows}:
        feature = FEATURES[kind]
        feature.model._default_manager.filter(pk__in=keys).update(**feature.emptied)
    entries = Entry.objects.filter(matter__in=keys).order_by("pk")
    erase_texts(list(entries.values_list("pk", flat=True)), why=why, actor=actor, now=now)
    remove_files_of(keys)
    forget_documents(keys)
