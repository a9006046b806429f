"""Duplicates and the case that leads them (并案): which one leads, who follows, and what a follower may read of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from linli.ground.matters.models import Matter, MatterLink, Relation
from linli.ground.matters.scope import scope
from linli.ground.matters.timeline import TimelineEntry, newest_texts, timeline
from linli.ground.record.writing import Audience
from linli.kernel.access import Actor
from linli.kernel.personal import find_personal, mask
from linli.services.cases.models import Case
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.rules.vocabulary import State

# What a follower hears of the leading case: how it goes, and nothing of the one who filed it, not even their rating.
FOLLOWED_EVENTS = frozenset(
    {
        "receive_case",
        "import_case",
        "file_case",
        "dispatch_case",
        "accept_case",
        "rule_holder",
        "grant_extension",
        "handle_case",
        "sign_reply",
        "verify_case",
        "close_case",
        "mark_overdue",
    }
)


@dataclass(frozen=True)
class Followed:
    """What somebody whose demand was merged may read of the leading case."""

    matter: Matter
    entries: list[TimelineEntry]
    public_reply: str


def leading_of(case: Case) -> Matter | None:
    """The matter that a merged case follows; None for a case that stands alone."""
    if case.merged_at is None:
        return None
    links = MatterLink.objects.filter(origin=case.pk, relation=Relation.DUPLICATES)
    link = links.select_related("target", "target__holder").first()
    return link.target if link else None


def followers(matter: int) -> Q:
    """Matters that were merged into this one."""
    links = MatterLink.objects.filter(target=matter, relation=Relation.DUPLICATES)
    return Q(pk__in=links.values("origin"), case__merged_at__isnull=False) & ~Q(state=State.WITHDRAWN)


def followers_of(actor: Actor, matter: int) -> list[dict[str, Any]]:
    """The merged demands that the actor may read, the oldest first, at most 100."""
    rows = Matter.objects.filter(followers(matter) & scope(ACCESS, actor, "view_case")).order_by("id")
    return [dict(row) for row in rows.values("number", "title", "state", "opened_at")[:100]]


def followed(case: Case) -> Followed | None:
    """How the leading case goes, without the words and the name of whoever filed it; its reply only if published."""
    leading = leading_of(case)
    if leading is None:
        return None
    entries = timeline(leading.pk, {Audience.PARTY, Audience.PUBLIC})
    shown = [replace(each, texts={}, actor_name="") for each in entries if each.event in FOLLOWED_EVENTS]
    reply = ""
    if leading.published_at is not None:
        reply = newest_texts([leading.pk], ("public_reply",)).get(leading.pk, {}).get("public_reply", "")
    return Followed(leading, shown, reply)


def masked_reply(leading: Matter) -> str:
    """The reply of the leading case as a proposal for those who follow it: as published, or masked."""
    texts = newest_texts([leading.pk], ("public_reply", "reply")).get(leading.pk, {})
    if leading.published_at is not None and texts.get("public_reply"):
        return texts["public_reply"]
    reply = texts.get("reply", "")
    return mask(reply, find_personal(reply))


def merged_into(states: Sequence[State]) -> Q:
    """Merged demands, not yet answered, whose leading case has come to one of these ends.

    Looked up by what was merged, not by what is open.
    """
    ended = MatterLink.objects.filter(origin=OuterRef("pk"), relation=Relation.DUPLICATES, target__state__in=states)
    merged = Case.objects.filter(merged_at__isnull=False).values("pk")
    return Q(Exists(ended), pk__in=merged, state=State.MERGED, closed_at__isnull=True)


def left_without_lead(_now: datetime) -> Q:
    """Merged demands whose leading case was withdrawn or declined: nobody works on it for them."""
    return merged_into([State.WITHDRAWN, State.DECLINED])


def to_be_answered(_now: datetime) -> Q:
    """Merged demands whose leading case is closed, and whose desk has not been reminded to answer them."""
    return merged_into([State.CLOSED]) & Q(case__merged_warned_at__isnull=True)
