"""Reads of the hot topics of the newest night: those with demands in a place and a topic, and these demands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from linli.ground.matters.paging import PAGE_SIZE, Page
from linli.ground.matters.scope import at_or_above, scope, subtree
from linli.insight.indicators.board import VIEW, Asked
from linli.insight.indicators.board_rows import page_of
from linli.insight.indicators.models import CountedCase, HotTopic, HotTopicDemand
from linli.insight.indicators.rules.hot_topics import Change, change_of
from linli.kernel.access import Actor
from linli.services.cases.facade import CASES

DAY_SECONDS = 86_400


@dataclass(frozen=True)
class HotTopicShown:
    """A hot topic, with how many of its demands lie in the place and topic that were asked for."""

    topic: HotTopic
    here: int

    @property
    def change(self) -> Change | None:
        """How its heat stands to that of the night before; None where there was no night before."""
        return change_of(self.topic.heat, self.topic.heat_before) if self.topic.night.compared_with else None

    @property
    def days(self) -> float:
        """From its first to its last demand."""
        return (self.topic.last - self.topic.first).total_seconds() / DAY_SECONDS


def hottest(actor: Actor, asked: Asked, most: int) -> list[HotTopicShown]:
    """The hottest of those that have demands in the place and topic; two queries.

    Only the place and the topic are asked: the days of hot topics are their own. Whoever keeps out of one of its
    demands (回避) does not see a topic: its name is made of their words.
    """
    topics = list(_seen_by(actor, asked).select_related("night").order_by("number")[:most])
    return _with_sizes(topics, asked)


def hot_topic_asked(actor: Actor, asked: Asked, key: int) -> HotTopicShown | None:
    """The hot topic with this key, if it is one of the newest night that is shown for this place and topic."""
    topics = list(_seen_by(actor, asked).select_related("night").filter(pk=key))
    return next(iter(_with_sizes(topics, asked)), None)


def demands_of(
    actor: Actor, topic: HotTopic, asked: Asked, *, after: str = "", size: int = PAGE_SIZE
) -> Page[dict[str, Any]]:
    """Its demands in the place and topic, the newest first; of those only what the actor may open."""
    own = HotTopicDemand.objects.filter(topic=topic, matter__erased_at__isnull=True).values("matter")
    condition = _in(asked) & Q(matter__in=own) & scope(CASES.access, actor, "view_case", prefix="matter__")
    return page_of(condition, "opened_on", after, size)


def _seen_by(actor: Actor, asked: Asked) -> Any:
    offices = {path for clause in CASES.access.clauses(actor, VIEW) for path in clause.offices}
    demands = HotTopicDemand.objects.filter(topic=OuterRef("pk"))
    kept_out = demands.filter(matter__recused_path__in=at_or_above(offices))
    return HotTopic.objects.filter(Exists(_shown(demands, asked)), ~Exists(kept_out))


def _with_sizes(topics: Sequence[HotTopic], asked: Asked) -> list[HotTopicShown]:
    demands = _shown(HotTopicDemand.objects.filter(topic__in=topics), asked)
    sizes = dict(demands.order_by().values_list("topic").annotate(number=Count("pk")))
    return [HotTopicShown(topic, sizes[topic.pk]) for topic in topics if topic.pk in sizes]


def _shown(demands: Any, asked: Asked) -> Any:
    """Those of the demands that lie in the place and topic, without what was erased after the night."""
    counted = CountedCase.objects.filter(_in(asked), pk=OuterRef("pk"))
    return demands.filter(Exists(counted), matter__erased_at__isnull=True, matter__withheld=False)


def _in(asked: Asked) -> Q:
    within = subtree("place", asked.place.path)
    return within & subtree("topic", asked.topic_path) if asked.topic_path else within
