"""Verification: the rows against the log, the texts and files against the rows, and published files alone."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from linli.ground.record.canonical import canonical, digest, record_content
from linli.ground.record.keys import public_log_key
from linli.ground.record.log import checkpoint_content, log_size
from linli.ground.record.models import Checkpoint, Entry, Leaf, Pending, Record
from linli.kernel.merkle import WIDTH, Tree, leaf_hash, root_of

BATCH = 2000


@dataclass(frozen=True)
class Fault:
    """One place where what is stored is not what was recorded."""

    place: str
    problem: str


ContentCheck = Callable[[], Iterator[Fault]]
CONTENT_CHECKS: list[ContentCheck] = []


def also_checks(check: ContentCheck) -> ContentCheck:
    """Register a check that a feature adds to the verification of the database."""
    CONTENT_CHECKS.append(check)
    return check


@dataclass(frozen=True)
class Verified:
    """What was checked, and every fault found."""

    rows: int
    unplaced: int
    checkpoints: int
    faults: tuple[Fault, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify_database() -> Verified:
    """Check every record row against the log, every text and file against its row, every checkpoint."""
    faults: list[Fault] = []
    hashes: list[bytes] = []
    faults += _leaf_faults(hashes)
    faults += _checkpoint_faults(hashes)
    faults += _text_faults()
    for check in CONTENT_CHECKS:
        faults += check()
    if log_size() != len(hashes):
        faults.append(Fault(f"position {len(hashes)}", f"the log had {log_size()} rows, {len(hashes)} are there"))
    return Verified(len(hashes), Pending.objects.count(), Checkpoint.objects.count(), tuple(faults))


def _leaf_faults(hashes: list[bytes]) -> Iterator[Fault]:
    expected = 0
    rows = Leaf.objects.order_by("position").values_list("position", "record_id", "hash")
    for batch in _batches(rows.iterator(BATCH)):
        found = Record.objects.in_bulk([record for _, record, _ in batch])
        for position, record, stored in batch:
            place = f"position {position}, record {record}"
            if position != expected:
                yield Fault(f"position {expected}", "the row that stood here is gone")
                expected = position
            row = found.get(record)
            if row is None:
                yield Fault(place, "the record row is gone")
            elif leaf_hash(canonical(record_content(row))) != bytes(stored):
                yield Fault(f"{place} ({row.event} {row.subject})", "the record row was altered")
            hashes.append(bytes(stored))
            expected += 1
    placed = Record.objects.filter(leaf__isnull=True, pending__isnull=True).values_list("id", flat=True)
    yield from (Fault(f"record {record}", "the row was taken out of the log") for record in placed[:20])


def _checkpoint_faults(hashes: list[bytes]) -> Iterator[Fault]:
    key = public_log_key()
    source = memory_source(hashes)
    for each in Checkpoint.objects.order_by("size"):
        place = f"checkpoint of {each.size} rows"
        if not _signed(key, checkpoint_content(each.size, each.root, each.at), bytes(each.signature)):
            yield Fault(place, "the signature does not fit")
        elif each.size > len(hashes):
            yield Fault(place, f"only {len(hashes)} rows are left: position {len(hashes)} and later are gone")
        elif Tree(each.size, source).root() != bytes(each.root):
            yield Fault(place, "the rows up to here are not those that were sealed")


def memory_source(hashes: list[bytes]) -> Callable[[int, int], bytes]:
    """Subtree hashes computed from leaf hashes held in memory, each once."""
    known: dict[tuple[int, int], bytes] = {}

    def source(level: int, index: int) -> bytes:
        if level == 0:
            return hashes[index]
        if (level, index) not in known:
            known[level, index] = root_of([source(level - 1, index * WIDTH + each) for each in range(WIDTH)])
        return known[level, index]

    return source


def _text_faults() -> Iterator[Fault]:
    rows = (
        Entry.objects.order_by("record_id")
        .values_list("record_id", "texts", "salt", "record__digests", "record__event", "record__subject")
        .iterator(BATCH)
    )
    for record, texts, salt, digests, event, subject in rows:
        for name, text in texts.items():
            if digests.get(name) != digest(salt, name, text):
                yield Fault(f"record {record} ({event} {subject}), text {name!r}", "the text was altered")


def _signed(key: Ed25519PublicKey, content: bytes, signature: bytes) -> bool:
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def _batches(rows: Iterable[tuple[int, int, bytes]]) -> Iterator[list[tuple[int, int, bytes]]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch
