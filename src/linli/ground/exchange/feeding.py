"""The change feed: rows of the log in its order, as far as the asker may read the matters that they are about.

A position in the log never changes, so whoever remembers the last one misses nothing and gets nothing twice.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.ground.matters.inbox import visible
from linli.ground.matters.models import Matter
from linli.ground.record.models import Leaf
from linli.ground.record.writing import Audience
from linli.kernel.access import Actor

# So many positions are looked at in one request, however few of them are the asker's to read.
LOOKED_AT = 2000
# What a filer may know of an act beside its name; who it went to within the house is not told to them.
TOLD_TO_FILERS = ("from", "to", "due")


@dataclass(frozen=True)
class Change:
    """One act on a matter: codes and numbers, never texts."""

    position: int
    record: int
    at: datetime
    event: str
    kind: str
    number: str
    codes: dict[str, Any]


@dataclass(frozen=True)
class Changes:
    """Some changes; `after` is where the next request begins, and `more` says that it need not wait."""

    rows: tuple[Change, ...]
    after: int
    more: bool


def changes(actor: Actor, *, after: int, size: int) -> Changes:
    """The changes behind position `after` on matters that the actor may open today, at most `size`."""
    leaves = list(
        Leaf.objects.filter(position__gt=after).select_related("record__entry").order_by("position")[: LOOKED_AT + 1]
    )
    more, leaves = len(leaves) > LOOKED_AT, leaves[:LOOKED_AT]
    about = {leaf.record.entry.matter for leaf in leaves if leaf.record.entry.matter is not None}
    filers = dict(Matter.objects.filter(visible(actor), pk__in=about).values_list("pk", "filer"))
    rows: list[Change] = []
    for leaf in leaves:
        matter = leaf.record.entry.matter
        if matter in filers:
            as_filer = filers[matter] is not None and filers[matter] == actor.person
            if not as_filer or leaf.record.entry.audience != Audience.STAFF:
                rows.append(_change(leaf, as_filer=as_filer))
        after = leaf.position
        if len(rows) == size:
            more = more or leaf is not leaves[-1]
            break
    return Changes(tuple(rows), after, more)


def _change(leaf: Leaf, *, as_filer: bool) -> Change:
    row = leaf.record
    codes = {name: value for name, value in row.codes.items() if not as_filer or name in TOLD_TO_FILERS}
    return Change(leaf.position, row.pk, row.at, row.event, row.kind, row.subject, codes)
