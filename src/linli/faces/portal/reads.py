"""Reads that only the doorstep needs: who may read a file, what version the outlines have, pages of the record."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Max, Sum

from linli.ground.files.models import StoredFile
from linli.ground.matters.action import subject_of
from linli.ground.matters.features import FEATURES
from linli.ground.matters.models import Matter
from linli.ground.record.canonical import canonical, record_content
from linli.ground.record.models import Checkpoint, Record
from linli.ground.record.writing import Audience
from linli.ground.territory.facade import Unit
from linli.kernel.access import Actor

CHECKPOINTS_ON_A_PAGE = 20
ROWS_AT_ONCE = 1000


def readable_file(actor: Actor, key: UUID) -> StoredFile | None:
    """The file, if the actor may read it: by its audience, and by their access to its matter."""
    file = StoredFile.objects.filter(pk=key, matter__isnull=False).first()
    if file is None or file.matter is None:
        return None
    matter = Matter.objects.filter(pk=file.matter, withheld=False).first()
    if matter is None:
        return None
    if file.audience == Audience.PUBLIC and matter.published_at is not None:
        return file
    return file if file.audience in _audiences(actor, matter) else None


def _audiences(actor: Actor, matter: Matter) -> set[str]:
    """The audiences that the actor belongs to: a filer in office reads their own matter as its filer."""
    access, action, subject = FEATURES[matter.kind].access, f"view_{matter.kind}", subject_of(matter)
    if not access.decide(actor, action, subject).allowed:
        return set()
    in_office = Actor(actor.account, appointments=actor.appointments)
    own = matter.filer_id is not None and matter.filer_id == actor.person
    if actor.is_staff and not own and access.decide(in_office, action, subject).allowed:
        return {str(each) for each in Audience}
    return {Audience.PARTY, Audience.PUBLIC}


def outlines_version() -> str:
    """Changes whenever a unit in force, its name or its outline does."""
    held = Unit.objects.filter(valid_to__isnull=True).aggregate(n=Count("id"), newest=Max("id"), sum=Sum("checksum"))
    return f"{held['n']}-{held['newest'] or 0}-{held['sum'] or 0}"


@dataclass(frozen=True)
class CheckpointPage:
    """Some checkpoints, newest first; `before` leads to the older ones and is 0 on the last page."""

    rows: list[Checkpoint]
    before: int = 0


def checkpoint_page(before: int) -> CheckpointPage:
    """Checkpoints smaller than `before` (0: the newest)."""
    rows = Checkpoint.objects.order_by("-size")
    if before:
        rows = rows.filter(size__lt=before)
    found = list(rows[: CHECKPOINTS_ON_A_PAGE + 1])
    if len(found) <= CHECKPOINTS_ON_A_PAGE:
        return CheckpointPage(found)
    kept = found[:CHECKPOINTS_ON_A_PAGE]
    return CheckpointPage(kept, kept[-1].size)


def newest_checkpoint() -> Checkpoint | None:
    """The checkpoint over the most rows."""
    return Checkpoint.objects.order_by("-size").first()


def all_checkpoints() -> Iterator[Checkpoint]:
    """Every checkpoint, the smallest first."""
    return Checkpoint.objects.order_by("size").iterator(ROWS_AT_ONCE)


def published_rows(start: int, end: int) -> Iterator[bytes]:
    """The rows at positions `start` ≤ position < `end`, one line each, read in short queries."""
    while start < end:
        upto = min(start + ROWS_AT_ONCE, end)
        rows = Record.objects.filter(leaf__position__gte=start, leaf__position__lt=upto).order_by("leaf__position")
        yield b"".join(canonical(record_content(row)) + b"\n" for row in rows)
        start = upto
