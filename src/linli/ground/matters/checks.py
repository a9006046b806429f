"""Adds to the verification of the record: titles in lists are those that were recorded."""

from collections.abc import Iterator

from linli.ground.matters.models import Matter
from linli.ground.matters.timeline import newest_texts
from linli.ground.record.verifying import Fault, also_checks

BATCH = 2000
NAMES = ("title", "public_title")


@also_checks
def title_faults() -> Iterator[Fault]:
    """Matters whose title, kept twice so that lists are fast, is not the newest recorded one."""
    last = 0
    while rows := list(
        Matter.objects.filter(pk__gt=last).order_by("pk").values("id", "number", "title", "public_title")[:BATCH]
    ):
        last = rows[-1]["id"]
        texts = newest_texts([row["id"] for row in rows], NAMES)
        for row in rows:
            recorded = texts.get(row["id"], {})
            for name in NAMES:
                if name in recorded and recorded[name] != row[name]:
                    yield Fault(f"matter {row['number']}, {name}", "the title in the lists is not the recorded one")
