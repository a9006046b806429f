"""A night's search for hot topics: what several people have told of one matter in the last days, district-wide.

The grouping, the names and the heat are those of `linli.methods.topics` (docs/methods/topics.md). Here stands what goes
in, without personal details, and what is kept of what comes out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from importlib import import_module
from itertools import islice
from typing import Any

import structlog
from django.db import transaction
from django.utils.timezone import localtime

from linli.ground.matters.clocks import local_day
from linli.insight.indicators.models import CountedCase, HotTopic, HotTopicDemand, HotTopicsNight
from linli.insight.indicators.rules.hot_topics import fit_to_show, same_before, without_details
from linli.insight.indicators.rules.rulebook import rulebook
from linli.methods.topics.reading import PeriodMessage
from linli.services.cases.facade import ToldDemand, merged_demands, told_demands

logger = structlog.get_logger(__name__)
MOST = 10_000
"""Demands that are compared, the newest: these take two minutes of one core and 700 MB, twice as many 1,200 MB."""

AT_ONCE = 500
DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Found:
    """A topic as it was found, before it has its place in the order."""

    phrase: str
    place: str
    first: datetime
    last: datetime
    demands: tuple[int, ...]
    voices: frozenset[str]
    support: int
    closeness: float
    heat: float


def find_hot_topics(now: datetime, most: int = MOST) -> bool:
    """Find the hot topics of the last days and keep them in the place of the night before; False if another did it."""
    night = local_day(now)
    rules = rulebook().on(night)
    since, until = night - timedelta(days=rules.integer("hot_topic_days")), night - timedelta(days=1)
    told, is_cut = _told(since, until, most)
    topics = _hottest_first(_supported(_found(told, rules.integer("hot_topic_voices"))))
    first_day = min((local_day(each.opened_at) for each in told), default=since) if is_cut else since
    done = _keep(
        HotTopicsNight(night=night, at=now, since=first_day, until=until, read=len(told), is_cut=is_cut), topics
    )
    if done:
        logger.info("hot topics found", demands=len(told), topics=len(topics))
    return done


def newest_night() -> HotTopicsNight | None:
    """The night whose topics are kept; None before the first one."""
    return HotTopicsNight.objects.order_by("-night").first()


def _told(since: date, until: date, most: int) -> tuple[list[ToldDemand], bool]:
    """The newest demands of these days, without personal details; and whether there were more than that."""
    received = CountedCase.objects.filter(opened_on__gte=since, opened_on__lte=until)
    keys = received.order_by("-opened_on", "-matter").values_list("matter", flat=True)
    found: list[ToldDemand] = []
    for some in _chunks(keys.iterator(AT_ONCE)):
        place = {key: at for at, key in enumerate(some)}
        for told in sorted(told_demands(some), key=lambda each: place[each.matter]):
            if len(found) == most:
                return found, True
            found.append(replace(told, title=without_details(told.title), text=without_details(told.text)))
    return found, False


def _found(told: Sequence[ToldDemand], least: int) -> Iterator[Found]:
    """Topics of at least so many voices; a place that no title names, but only the texts, is too much of a guess.

    What computes them is read when a night needs it, not by every process.
    """
    finding: Any = import_module("linli.methods.topics.finding")
    oldest_first = sorted(told, key=lambda each: (each.opened_at, each.matter))
    messages = [
        PeriodMessage(str(each.matter), each.voice, each.title, each.text, _local(each.opened_at), 0, 0)
        for each in oldest_first
    ]
    for topic in finding.hot_topics(messages, least=least):
        if topic.voices < least:
            continue
        members = [oldest_first[place] for place in topic.messages]
        yield Found(
            phrase=fit_to_show(topic.phrase),
            place=fit_to_show(topic.place) if any(topic.place in each.title for each in members) else "",
            first=min(each.opened_at for each in members),
            last=max(each.opened_at for each in members),
            demands=tuple(each.matter for each in members),
            voices=frozenset(each.voice for each in members),
            support=0,
            closeness=topic.closeness,
            heat=topic.heat,
        )


def _local(moment: datetime) -> datetime:
    return localtime(moment).replace(tzinfo=None)


def _supported(topics: Iterator[Found]) -> list[Found]:
    """With those who stand behind a topic without being in one: whose demands were merged into one of its demands.

    A merged demand that has its place in a topic by its own words is a voice there, and no support besides.
    """
    found = list(topics)
    topic_of = {matter: place for place, topic in enumerate(found) for matter in topic.demands}
    behind: list[set[str]] = [set() for _ in found]
    for some in _chunks(topic_of):
        for merged in merged_demands(some):
            place = topic_of[merged.leading]
            if merged.matter not in topic_of and merged.voice not in found[place].voices:
                behind[place].add(merged.voice)
    return [_with_support(topic, len(voices)) if voices else topic for topic, voices in zip(found, behind, strict=True)]


def _with_support(topic: Found, support: int) -> Found:
    finding: Any = import_module("linli.methods.topics.finding")
    days = (topic.last - topic.first).total_seconds() / DAY_SECONDS
    return replace(topic, support=support, heat=finding.heat_of(len(topic.voices), support, days, topic.closeness))


def _hottest_first(topics: list[Found]) -> list[Found]:
    return sorted(topics, key=lambda topic: (-topic.heat, topic.demands))


def _keep(night: HotTopicsNight, topics: Sequence[Found]) -> bool:
    """Write the night and drop the one before, in one transaction; nothing where it has been written already.

    Who comes second waits for the first at the night's own row, and finds it there.
    """
    written = {name: getattr(night, name) for name in ("at", "since", "until", "read", "is_cut")}
    with transaction.atomic():
        kept, is_ours = HotTopicsNight.objects.get_or_create(night=night.night, defaults=written)
        if not is_ours:
            return False
        before = HotTopicsNight.objects.exclude(pk=kept.pk).order_by("-night").first()
        same = same_before([topic.demands for topic in topics], _demands_before())
        heats = dict(HotTopic.objects.values_list("pk", "heat"))
        HotTopicDemand.objects.all().delete()
        HotTopic.objects.all().delete()
        if before is not None:
            HotTopicsNight.objects.exclude(pk=kept.pk).delete()
            HotTopicsNight.objects.filter(pk=kept.pk).update(compared_with=before.night)
        rows = [
            _row(kept, number, topic, None if key is None else heats[key])
            for number, (topic, key) in enumerate(zip(topics, same, strict=True), start=1)
        ]
        HotTopic.objects.bulk_create(rows, batch_size=AT_ONCE)
        demands = [
            HotTopicDemand(topic=row, matter_id=matter)
            for row, topic in zip(rows, topics, strict=True)
            for matter in topic.demands
        ]
        HotTopicDemand.objects.bulk_create(demands, batch_size=AT_ONCE)
    return True


def _demands_before() -> dict[int, int]:
    return dict(HotTopicDemand.objects.values_list("matter", "topic"))


def _row(night: HotTopicsNight, number: int, topic: Found, heat_before: float | None) -> HotTopic:
    return HotTopic(
        night=night,
        number=number,
        phrase=topic.phrase,
        place=topic.place,
        first=topic.first,
        last=topic.last,
        size=len(topic.demands),
        voices=len(topic.voices),
        support=topic.support,
        closeness=topic.closeness,
        heat=topic.heat,
        heat_before=heat_before,
    )


def _chunks(keys: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(keys)
    while some := list(islice(rest, AT_ONCE)):
        yield some
