"""A demand that is split among several holders (拆分交办): its parts, their answers, and the whole of a part."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from linli.ground.matters.models import Matter, MatterLink, Relation
from linli.ground.matters.timeline import newest_texts
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import Channel, State


@dataclass(frozen=True)
class Part:
    """One part as it stands: before whom it lies or who holds it, and what they answered."""

    matter: Matter
    unit: str
    reply: str


def parts_of(whole: int) -> list[Part]:
    """The parts of a demand, in the order in which they were made. The caller may read the whole."""
    links = MatterLink.objects.filter(target=whole, relation=Relation.PART_OF).values("origin")
    rows = list(Matter.objects.filter(pk__in=links).select_related("holder", "desk").order_by("pk"))
    replies = newest_texts([row.pk for row in rows], ("reply",)) if rows else {}
    return [Part(row, _unit(row), replies.get(row.pk, {}).get("reply", "")) for row in rows]


def _unit(part: Matter) -> str:
    return part.desk.name if part.state == State.DISPATCHED else part.holder.name


def whole_of(case: Case) -> Matter | None:
    """The demand of which this one is a part."""
    if case.channel != Channel.PART:
        return None
    link = MatterLink.objects.filter(origin=case.pk, relation=Relation.PART_OF).select_related("target").first()
    return link.target if link else None


def to_be_joined(_now: datetime) -> Q:
    """Demands that wait for their parts, of which none is open any more."""
    unanswered = MatterLink.objects.filter(
        target=OuterRef("pk"), relation=Relation.PART_OF, origin__closed_at__isnull=True
    )
    waiting = Case.objects.filter(waits_for_parts=True).values("pk")
    return Q(~Exists(unanswered), pk__in=waiting, closed_at__isnull=True)


def left_without_whole(_now: datetime) -> Q:
    """Open parts of a demand that was withdrawn or declined."""
    ended = MatterLink.objects.filter(
        origin=OuterRef("pk"), relation=Relation.PART_OF, target__state__in=[State.WITHDRAWN, State.DECLINED]
    )
    return Q(Exists(ended), case__channel=Channel.PART, closed_at__isnull=True)
