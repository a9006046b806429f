"""Verification of files: the bytes in the store against the digests that the record holds."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast

from linli.ground.files.models import StoredFile
from linli.ground.files.storage import StorageSilent
from linli.ground.files.storing import read_bytes
from linli.ground.record.canonical import file_digest
from linli.ground.record.models import Record
from linli.ground.record.signing import Fault
from linli.ground.record.verifying import also_checks, erased_records

PREFIX = "file:"


@also_checks
def file_faults() -> Iterator[Fault]:
    """Compare every file that an action attached with the digest that the action's record row holds.

    Raises:
        StorageSilent: the store cannot be asked, which says nothing about the files.
    """
    bound: set[UUID] = set()
    erased = erased_records()
    rows = Record.objects.annotate(written=Cast("digests", TextField())).filter(written__contains=f'"{PREFIX}')
    values = rows.order_by("pk").values_list("pk", "event", "subject", "digests")
    for record, event, subject, digests in values.iterator(2000):
        for name, recorded in digests.items():
            if name.startswith(PREFIX):
                key = UUID(name.removeprefix(PREFIX))
                bound.add(key)
                yield from _fault(key, recorded, f"record {record} ({event} {subject})", erased=record in erased)
    for file in StoredFile.objects.filter(matter__isnull=False).iterator(2000):
        if file.pk not in bound:
            yield Fault(f"matter {file.matter}, file {file.name!r} ({file.pk})", "no record row attached this file")


def _fault(key: UUID, recorded: str, place: str, *, erased: bool) -> Iterator[Fault]:
    """What is wrong with a file; that one is gone is right exactly where its record was erased by law."""
    file = StoredFile.objects.filter(pk=key).first()
    if file is None and erased:
        return
    if file is None:
        yield Fault(f"{place}, file {key}", "the row of the file is gone")
        return
    place = f"{place}, file {file.name!r} ({key})"
    try:
        content = read_bytes(file)
    except FileNotFoundError:
        yield Fault(place, "the file is missing")
        return
    except StorageSilent:
        raise
    except OSError as error:
        yield Fault(place, f"the file cannot be read: {error.strerror}")
        return
    if file_digest(bytes(file.salt), content) != recorded:
        yield Fault(place, "the file was altered")
