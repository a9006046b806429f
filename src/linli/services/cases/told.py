"""Demands in the words of those who told them, for whoever looks for what many people speak of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from linli.ground.matters.models import Matter, MatterLink, Relation
from linli.ground.matters.timeline import newest_texts
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import Channel, State


@dataclass(frozen=True)
class ToldDemand:
    """One demand as it was told.

    `voice` is the same for the same person: by the telephone that was left, else by the filer; a demand without a filer
    is a voice of its own.
    """

    matter: int
    voice: str
    title: str
    text: str
    opened_at: datetime


@dataclass(frozen=True)
class MergedDemand:
    """A demand that the desk has merged into another one, and whose voice it is."""

    leading: int
    matter: int
    voice: str


def told_demands(matters: Collection[int]) -> list[ToldDemand]:
    """Those of the demands that somebody has told, in the order of their keys; two queries.

    Left out are parts of another demand, what is withheld until its import is out, what was erased (a demand without
    its text tells nothing), and a message that was delivered twice, which stands there under its other number.
    """
    twin = MatterLink.objects.filter(
        origin=OuterRef("pk"),
        relation=Relation.DUPLICATES,
        target__title=OuterRef("matter__title"),
        target__opened_at=OuterRef("matter__opened_at"),
    )
    found = Case.objects.filter(matter__in=list(matters), matter__withheld=False, matter__erased_at__isnull=True)
    found = found.exclude(channel=Channel.PART).filter(Q(source__isnull=True) | ~Exists(twin)).order_by("matter")
    rows = list(found.values("matter", "matter__title", "matter__opened_at", *_filer("matter")))
    texts = newest_texts([row["matter"] for row in rows], ("text",))
    return [
        ToldDemand(row["matter"], _voice(row, "matter"), row["matter__title"], told["text"], row["matter__opened_at"])
        for row in rows
        if (told := texts.get(row["matter"], {})).get("text")
    ]


def voices_of(matters: Collection[int]) -> set[str]:
    """The different people who told these demands, or one of those merged into them; two queries."""
    rows = Matter.objects.filter(pk__in=list(matters)).annotate(matter=F("pk"))
    own = rows.values("matter", "filer", "filer__phone_index")
    voices = {_voice_of(row["filer"], row["filer__phone_index"], row["matter"]) for row in own}
    return voices | {each.voice for each in merged_demands(matters)}


def merged_demands(leading: Collection[int]) -> list[MergedDemand]:
    """What was merged into these demands and not withdrawn since; one query."""
    links = MatterLink.objects.filter(
        target__in=list(leading), relation=Relation.DUPLICATES, origin__case__merged_at__isnull=False
    ).exclude(origin__state=State.WITHDRAWN)
    rows = links.order_by("target", "origin").values("target", "origin", *_filer("origin"))
    return [MergedDemand(row["target"], row["origin"], _voice(row, "origin")) for row in rows]


def _filer(matter: str) -> tuple[str, str]:
    return f"{matter}__filer", f"{matter}__filer__phone_index"


def _voice(row: Mapping[str, Any], matter: str) -> str:
    filer, telephone = (row[name] for name in _filer(matter))
    return _voice_of(filer, telephone, row[matter])


def _voice_of(filer: object, telephone: str, matter: int) -> str:
    return f"telephone {telephone}" if telephone else f"person {filer}" if filer else f"matter {matter}"
