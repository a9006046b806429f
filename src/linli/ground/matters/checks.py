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
    columns = Matter.objects.order_by("pk").values_list("pk", "number", *NAMES)
    while rows := list(columns.filter(pk__gt=last)[:BATCH]):
        last = rows[-1][0]
        texts = newest_texts([row[0] for row in rows], NAMES)
        for matter, number, *shown in rows:
            recorded = texts.get(matter, {})
            for name, title in zip(NAMES, shown, strict=True):
                if recorded.get(name, title) != title:
                    yield Fault(f"matter {number}, {name}", "the title in the lists is not the recorded one")
