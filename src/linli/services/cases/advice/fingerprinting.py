"""Which open demands are like a message: their fingerprints, and who is told of which."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from linli.ground.matters.clocks import local_day
from linli.ground.matters.models import Matter
from linli.ground.matters.scope import scope, subtree
from linli.ground.matters.timeline import newest_text
from linli.ground.record.prepared import insert_many
from linli.ground.territory.facade import Unit
from linli.kernel.access import Actor
from linli.methods.fingerprints import fingerprint, likenesses
from linli.services.cases.models import Case, Fingerprint
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.rules.rulebook import rulebook
from linli.services.cases.rules.vocabulary import Channel, State
from linli.services.cases.selectors import receipt_codes
from linli.services.cases.told import voices_of

COMPARED = 5_000
"""Of the open demands of an area the newest are compared; a district of 700,000 people has some 2,000 open ones."""

LEADERS = 40
SHOWN = 5
COMMUNITY_DEPTH = 3
NEITHER_LEADS_NOR_FOLLOWS = (State.MERGED, State.WITHDRAWN, State.DECLINED)


@dataclass(frozen=True)
class Alike:
    """A demand that is like another one.

    Args:
        likeness: from 0 to 1; 0 where only its topic is the same.
        joins: whether the filer said that it is the same thing.
    """

    row: Mapping[str, Any]
    likeness: float
    joins: bool = False

    @property
    def percent(self) -> int:
        """The likeness as people read it."""
        return round(100 * self.likeness)


@dataclass(frozen=True)
class Known:
    """What several people have told already, as a resident may be told of it: never the words of one of them."""

    matter: int
    people: int
    place: str
    topic: str  # empty where the desk has not given it one yet
    since: datetime
    state: str


def keep_fingerprints(texts: Mapping[int, Mapping[str, str]]) -> None:
    """Write the fingerprints of open demands that have none yet; of texts without a letter none is kept."""
    made = {key: fingerprint(told.get("title", ""), told.get("text", "")) for key, told in texts.items()}
    insert_many([Fingerprint(matter_id=key, content=content) for key, content in made.items() if content])


def similar_cases(actor: Actor, case: Case, now: datetime) -> list[Alike]:
    """What may be the same thing: in the same community within the last days, alike, or its topic the same.

    Whom the filer joined stands first. Where no text is alike, the same topic is shown without a likeness.
    """
    matter, rules = case.matter, rulebook().on(local_day(now))
    able = _standing(matter.place_path, now) & ~Q(pk=matter.pk) & _can_lead(actor)
    found = likest(matter.title, newest_text(matter.pk, "text"), able, float(rules.fraction("alike_from")))
    joined = joined_by(matter.pk)
    rows = {row["id"]: row for row in _rows(Q(pk__in=found))}
    if joined is not None:  # wherever it lies: its filer did not say a place when they joined it
        rows |= {row["id"]: row for row in _rows(Q(pk=joined) & _can_lead(actor))}
    told = [Alike(rows[key], found.get(key, 0.0), joins=key == joined) for key in rows]
    told.sort(key=lambda each: (not each.joins, -each.likeness, -each.row["id"]))
    if case.topic_id is not None and len(told) < SHOWN:
        others = able & Q(case__topic=case.topic_id) & ~Q(pk__in=list(rows))
        told += [Alike(row, 0.0) for row in _rows(others)]
    return told[:SHOWN]


def alike_to(actor: Actor, case: Case, now: datetime) -> tuple[int, ...]:
    """The demands that the page of this one proposes as the same thing, by their texts or its filer's word."""
    return tuple(each.row["id"] for each in similar_cases(actor, case, now) if each.likeness or each.joins)


def known_already(title: str, text: str, place: Unit, now: datetime) -> Known | None:
    """What several people of one community have told that is like a message; the likest one, of all within the place.

    None where fewer people than the rules ask have told it: the answer could point at one of them.
    """
    rules = rulebook().on(local_day(now))
    near = _standing(place.path, now) & Q(withheld=False, case__merged_at__isnull=True, recused_path="")
    found = likest(title, text, near, float(rules.fraction("joining_from")))
    if not found:
        return None
    rows = {row.pk: row for row in Matter.objects.filter(pk__in=found).select_related("place", "case__topic")}
    leading = rows[max(found, key=lambda key: (found[key], -key))]
    rows = {key: row for key, row in rows.items() if _community(row.place_path) == _community(leading.place_path)}
    people = len(voices_of(rows))
    if people < rules.integer("joining_people"):
        return None
    topic = leading.case.topic
    return Known(
        matter=leading.pk,
        people=people,
        place=leading.place.name,
        topic=topic.name if topic else "",
        since=min(row.opened_at for row in rows.values()),
        state=leading.state,
    )


def likest(title: str, text: str, able: Q, least: float) -> dict[int, float]:
    """Of the newest open demands that `able` admits, those at least so like a message, likest first; one query."""
    asked = fingerprint(title, text)
    if not asked:
        return {}
    rows = Matter.objects.filter(able, fingerprint__isnull=False).order_by("-id")
    stored = [(key, bytes(content)) for key, content in rows.values_list("id", "fingerprint__content")[:COMPARED]]
    near = zip((key for key, _ in stored), likenesses(asked, [content for _, content in stored]), strict=True)
    best = sorted(((float(like), -key) for key, like in near if like >= least), reverse=True)[:LEADERS]
    return {-key: like for like, key in best}


def joined_by(matter: int) -> int | None:
    """The demand that the filer of this one joined; None where they joined none."""
    return receipt_codes(matter).get("joins")


def _standing(place_path: str, now: datetime) -> Q:
    """Open demands of the place's community – or of the place, where it is wider – in the last days; parts are none."""
    days = rulebook().on(local_day(now)).integer("alike_days")
    near = subtree("place_path", _community(place_path))
    recent = Q(kind="case", opened_at__gte=now - timedelta(days=days))
    return near & recent & ~Q(state__in=NEITHER_LEADS_NOR_FOLLOWS) & ~Q(case__channel=Channel.PART)


def _can_lead(actor: Actor) -> Q:
    """What the actor may read, and follows no other demand."""
    ended = Q(state__in=NEITHER_LEADS_NOR_FOLLOWS)
    return scope(ACCESS, actor, "view_case") & Q(case__merged_at__isnull=True) & ~ended


def _community(place_path: str) -> str:
    return place_path[: Unit.steplen * COMMUNITY_DEPTH]


def _rows(condition: Q) -> list[dict[str, Any]]:
    rows = Matter.objects.filter(condition).order_by("-id")
    return [dict(row) for row in rows.values("id", "number", "title", "state", "opened_at")[:LEADERS]]
