"""Verification of the database: rows against the log, the log against its checkpoints, texts against their rows."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from django.db.models import Max, Subquery

from linli.ground.record.canonical import ENTRY, canonical, digest, entry_digest, moment, record_content
from linli.ground.record.frontier import Complete, Frontier
from linli.ground.record.keys import public_log_key
from linli.ground.record.log import log_size
from linli.ground.record.models import Checkpoint, Entry, Leaf, LogHead, Pending, Record, Subscription, Subtree
from linli.ground.record.signing import Comparison, Fault, Statement, Verified
from linli.kernel.merkle import leaf_hash

__all__ = ["CONTENT_CHECKS", "ERASURE", "Fault", "Verified", "also_checks", "erased_records", "verify_database"]

BATCH = 2000
NAMED_AT_MOST = 20
ERASURE = "erase_texts"  # the event of a record row that names the entries whose texts were emptied by law

ContentCheck = Callable[[], Iterator[Fault]]
CONTENT_CHECKS: list[ContentCheck] = []


def also_checks(check: ContentCheck) -> ContentCheck:
    """Register a check that a feature adds to the verification of the database."""
    CONTENT_CHECKS.append(check)
    return check


def verify_database() -> Verified:
    """Check every record row against the log, every text and file against its row, every checkpoint.

    Sealing may go on meanwhile: checkpoints are read before the log's size, the size before the rows.
    """
    statements = [statement_of(row) for row in Checkpoint.objects.order_by("size")]
    comparison = Comparison(statements, public_log_key())
    size = log_size()
    frontier = Frontier()
    faults = list(_log_faults(size, frontier, comparison))
    if not comparison.broken and frontier.size < size:
        faults.append(
            Fault(f"positions {frontier.size} to {size - 1}", f"the log had {size} rows, {frontier.size} are there")
        )
    faults += comparison.ended(frontier.size)
    faults += _stray_faults()
    faults += _text_faults()
    for check in CONTENT_CHECKS:
        faults += check()
    return Verified(frontier.size, Pending.objects.count(), len(statements), tuple(faults), comparison.covered)


def statement_of(row: Checkpoint) -> Statement:
    """A stored checkpoint as it was signed."""
    return Statement(row.size, bytes(row.root), moment(row.at), bytes(row.signature))


def _log_faults(size: int, frontier: Frontier, comparison: Comparison) -> Iterator[Fault]:
    """Read the log in order: each leaf against its record row, each root against what was signed."""
    rows = Leaf.objects.filter(position__lt=size).order_by("position")
    values = rows.values_list("position", "record_id", "hash")
    expected = 0
    for batch in _batches(values.iterator(BATCH)):
        found = Record.objects.in_bulk([record for _, record, _ in batch])
        completed: list[Complete] = []
        for position, record, stored in batch:
            if position != expected:
                comparison.broken = True
                yield Fault(_positions(expected, position - 1), "what stood here was taken out of the log")
            expected = position + 1
            yield from _leaf_fault(position, found.get(record), record, stored)
            completed += frontier.add(stored)
            comparison.reached(frontier)
        if not comparison.broken:
            yield from _subtree_faults(completed)


def _leaf_fault(position: int, row: Record | None, record: int, stored: bytes) -> Iterator[Fault]:
    place = f"position {position}, record {record}"
    if row is None:
        yield Fault(place, "the record row is gone")
    elif leaf_hash(canonical(record_content(row))) != stored:
        yield Fault(f"{place} ({row.event} {row.subject})", "the record row was altered")


def _subtree_faults(completed: list[Complete]) -> Iterator[Fault]:
    """Stored subtrees that differ from their leaves: either may have been replaced."""
    for each in completed:
        stored = Subtree.objects.filter(level=each.level, index=each.index).values_list("hash", flat=True).first()
        if stored is None or bytes(stored) != each.hash:
            span = 1 << 8 * each.level
            place = _positions(each.index * span, (each.index + 1) * span - 1)
            yield Fault(place, "the stored subtree does not fit its rows")


def _stray_faults() -> Iterator[Fault]:
    """Rows outside of the log, entries that are gone, followers that have read more than there is."""
    beyond = Leaf.objects.filter(position__gte=Subquery(LogHead.objects.values("size")[:1]))
    for position in beyond.order_by("position").values_list("position", flat=True)[:NAMED_AT_MOST]:
        yield Fault(f"position {position}", "the row lies beyond the end of the log")
    outside = Record.objects.filter(leaf__isnull=True, pending__isnull=True).order_by("pk")
    for row in outside[:NAMED_AT_MOST]:
        yield Fault(f"record {row.pk} ({row.event} {row.subject})", "the row was taken out of the log")
    silent = Record.objects.filter(entry__isnull=True).order_by("pk")
    for row in silent[:NAMED_AT_MOST]:
        yield Fault(f"record {row.pk} ({row.event} {row.subject})", "the entry with its texts was deleted")
    read = Subscription.objects.aggregate(most=Max("position"))["most"] or 0
    if read > (size := log_size()):
        yield Fault(_positions(size, read - 1), f"the rows are gone: a follower has read {read}, {size} are there")


def _text_faults() -> Iterator[Fault]:
    """Entries whose texts or actor are not those that the record row holds the digests of."""
    erased = erased_records()
    rows = Entry.objects.order_by("record_id").select_related("record").iterator(BATCH)
    for entry in rows:
        row, salt = entry.record, bytes(entry.salt)
        place = f"record {row.pk} ({row.event} {row.subject})"
        texts: dict[str, str] = entry.texts
        if not salt and not texts:
            if row.pk not in erased:
                yield Fault(place, "the texts were emptied, and no record of an erasure names them")
            continue
        for name, text in texts.items():
            if row.digests.get(name) != digest(salt, name, text):
                yield Fault(f"{place}, text {name!r}", "the text was altered")
        for name in row.digests.keys() - texts.keys():
            if not name.startswith("file:") and name != ENTRY:
                yield Fault(f"{place}, text {name!r}", "the text was deleted")
        if row.digests.get(ENTRY) != entry_digest(salt, entry.actor_name, entry.office_title, entry.audience):
            yield Fault(place, "who is named, or who may read it, was altered")
        if row.actor_digest != (digest(salt, "actor", str(entry.actor)) if entry.actor else ""):
            yield Fault(place, "the name of who acted was altered")


def erased_records() -> set[int]:
    """Every record whose texts the law has had emptied."""
    rows = Record.objects.filter(event=ERASURE).values_list("codes", flat=True)
    return {int(record) for codes in rows for record in codes.get("records", [])}


def _positions(first: int, last: int) -> str:
    return f"position {first}" if first == last else f"positions {first} to {last}"


def _batches(rows: Iterable[tuple[int, int, bytes | memoryview]]) -> Iterator[list[tuple[int, int, bytes]]]:
    iterator = iter(rows)
    while batch := [(position, record, bytes(stored)) for position, record, stored in islice(iterator, BATCH)]:
        yield batch
