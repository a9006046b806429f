"""The sealer: places committed record rows in one Merkle log and signs checkpoints over it."""

from datetime import datetime, timedelta

from django.db import transaction

from linli.ground.record.canonical import canonical, record_content
from linli.ground.record.keys import log_key
from linli.ground.record.models import Checkpoint, Leaf, LogHead, Pending, Record, Subtree
from linli.ground.record.signing import checkpoint_content
from linli.kernel.merkle import WIDTH, Tree, leaf_hash, root_of

CHECKPOINT_EVERY = timedelta(minutes=1)


def seal(limit: int = 2000) -> int:
    """Place up to `limit` committed rows in the log, oldest first; returns how many.

    One transaction under the lock of the log's head: a second sealer waits and then finds nothing left.
    """
    if not Pending.objects.exists():
        return 0
    with transaction.atomic():
        head = _locked_head()
        rows = list(Record.objects.filter(pending__isnull=False).order_by("id")[:limit])
        Leaf.objects.bulk_create(
            Leaf(position=head.size + offset, record=row, hash=leaf_hash(canonical(record_content(row))))
            for offset, row in enumerate(rows)
        )
        Pending.objects.filter(record__in=[row.pk for row in rows]).delete()
        _complete_subtrees(head.size, head.size + len(rows))
        LogHead.objects.filter(pk=head.pk).update(size=head.size + len(rows))
    return len(rows)


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
    return Tree(size, _stored_hash)


def _stored_hash(level: int, index: int) -> bytes:
    if level == 0:
        return bytes(Leaf.objects.values_list("hash", flat=True).get(position=index))
    return bytes(Subtree.objects.values_list("hash", flat=True).get(level=level, index=index))


def _locked_head() -> LogHead:
    LogHead.objects.get_or_create(pk=1)
    return LogHead.objects.select_for_update().get(pk=1)


def _complete_subtrees(before: int, after: int) -> None:
    """Store the hash of each subtree that the leaves from `before` to `after` completed."""
    level, span = 1, WIDTH
    while after // span > before // span:
        for index in range(before // span, after // span):
            Subtree.objects.create(level=level, index=index, hash=root_of(_children(level, index)))
        level, span = level + 1, span * WIDTH


def _children(level: int, index: int) -> list[bytes]:
    first = index * WIDTH
    last = first + WIDTH
    if level == 1:
        rows = Leaf.objects.filter(position__gte=first, position__lt=last).order_by("position")
        return [bytes(each) for each in rows.values_list("hash", flat=True)]
    below = Subtree.objects.filter(level=level - 1, index__gte=first, index__lt=last).order_by("index")
    return [bytes(each) for each in below.values_list("hash", flat=True)]
