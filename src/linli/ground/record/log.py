"""The sealer: places committed record rows in one Merkle log and signs checkpoints over it."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from linli.ground.record.canonical import canonical, record_content
from linli.ground.record.keys import log_key
from linli.ground.record.models import Checkpoint, Leaf, LogHead, Pending, Record, Subtree
from linli.ground.record.signing import checkpoint_content
from linli.kernel.merkle import WIDTH, Tree, leaf_hash, root_of

CHECKPOINT_EVERY = timedelta(minutes=1)


class HashMissing(LookupError):
    """A leaf or subtree that a proof needs is not in the log: somebody removed it."""


def seal(limit: int = 2000) -> int:
    """Place up to `limit` committed rows in the log, oldest first; returns how many.

    One transaction under the lock of the log's head: a second sealer waits and then finds nothing left.
    """
    if not Pending.objects.exists():
        return 0
    with transaction.atomic():
        head = _locked_head()
        rows = list(Record.objects.filter(pending__isnull=False).order_by("id")[:limit])
        _place(
            [(head.size + offset, row.pk, leaf_hash(canonical(record_content(row)))) for offset, row in enumerate(rows)]
        )
        Pending.objects.filter(record__in=[row.pk for row in rows]).delete()
        _complete_subtrees(head.size, head.size + len(rows))
        LogHead.objects.filter(pk=head.pk).update(size=head.size + len(rows))
    return len(rows)


def _place(leaves: list[tuple[int, int, bytes]]) -> None:
    """Write positions, record rows and hashes: many at a time, so each costs as little as can be."""
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {Leaf._meta.db_table} (position, record_id, hash) VALUES (%s, %s, %s)", leaves)


def checkpoint(now: datetime, *, at_once: bool = False) -> Checkpoint | None:
    """Sign the log's present size and root, at most once a minute unless `at_once`."""
    newest = Checkpoint.objects.order_by("-size").first()
    size = log_size()
    if size == 0 or (newest and newest.size == size):
        return newest
    if newest and not at_once and now - newest.at < CHECKPOINT_EVERY:
        return newest
    root = tree(size).root()
    signature = log_key().sign(checkpoint_content(size, root, now))
    row, _ = Checkpoint.objects.get_or_create(size=size, defaults={"root": root, "at": now, "signature": signature})
    return row


def log_size() -> int:
    """How many leaves the log has."""
    return LogHead.objects.values_list("size", flat=True).first() or 0


def tree(size: int) -> Tree:
    """A view of the first `size` leaves, read from the database as proofs need them."""
    return Tree(size, _StoredHashes().hash)


class _StoredHashes:
    """The hashes of the log, read by the `WIDTH` that stand under one subtree: a proof needs most of them at once."""

    def __init__(self) -> None:
        self._blocks: dict[tuple[int, int], dict[int, bytes]] = {}

    def hash(self, level: int, index: int) -> bytes:
        """One hash.

        Raises:
            HashMissing: the log does not have it.
        """
        block = index // WIDTH
        if (level, block) not in self._blocks:
            self._blocks[level, block] = _block(level, block)
        try:
            return self._blocks[level, block][index]
        except KeyError as error:
            raise HashMissing(level, index) from error


def _locked_head() -> LogHead:
    LogHead.objects.get_or_create(pk=1)
    return LogHead.objects.select_for_update().get(pk=1)


def _complete_subtrees(before: int, after: int) -> None:
    """Store the hash of each subtree that the leaves from `before` to `after` completed."""
    level, span = 1, WIDTH
    while after // span > before // span:
        for index in range(before // span, after // span):
            Subtree.objects.create(level=level, index=index, hash=root_of(list(_block(level - 1, index).values())))
        level, span = level + 1, span * WIDTH


def _block(level: int, block: int) -> dict[int, bytes]:
    """The hashes under one subtree, by their index and in its order: leaves at level 0."""
    first, last = block * WIDTH, (block + 1) * WIDTH
    if level == 0:
        leaves = Leaf.objects.filter(position__gte=first, position__lt=last).order_by("position")
        return {position: bytes(each) for position, each in leaves.values_list("position", "hash")}
    below = Subtree.objects.filter(level=level, index__gte=first, index__lt=last).order_by("index")
    return {index: bytes(each) for index, each in below.values_list("index", "hash")}
