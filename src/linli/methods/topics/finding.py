"""The hot topics of a period, hottest first.

heat = (voices + log₂(1 + support)) · (1 + 30 / (30 + days)) · closeness

- voices: different people who wrote; who writes again is not another voice;
- support: in favour less against, summed over the messages, each at least 0; its logarithm, because a click costs less
  than a letter: doubling the support weighs as much as one more voice;
- days from the first to the last message: the same voices within a day count twice as much as spread over years;
- closeness: mean cosine of the messages to the middle of the topic, between 0 and 1: a loose group is hardly one
  matter.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import log2
from typing import Any

import numpy as np

from linli.methods.topics.closeness import message_vectors
from linli.methods.topics.grouping import Members, centre_of, groups_of
from linli.methods.topics.places import characteristic_phrase, common_place, phrases, place_candidates
from linli.methods.topics.reading import PeriodMessage

LEAST_MESSAGES = 3
MONTH_DAYS = 30
DAY_SECONDS = 86_400


@dataclass(frozen=True)
class HotTopic:
    """One matter that several messages are about."""

    number: int
    """Place in the order of heat, from 1."""
    name: str
    """Place and phrase; where there is neither, the title of the message in the middle."""
    phrase: str
    """What the titles repeat and others do not; empty where they have nothing in common."""
    place: str
    """What place the messages name; empty where they have none in common."""
    place_share: float
    """Share of the messages that name it."""
    first: datetime
    last: datetime
    messages: tuple[int, ...]
    """Places in the input, from 0, in its order."""
    voices: int
    support: int
    closeness: float
    heat: float


def heat_of(voices: int, support: int, days: float, closeness: float) -> float:
    """The heat of a topic, as at the head of this module.

    Raises:
        ValueError: a negative number, or a closeness above 1.
    """
    if min(voices, support, days, closeness) < 0 or closeness > 1:
        raise ValueError("voices, support and days are not negative; closeness lies between 0 and 1")
    return (voices + log2(1 + support)) * (1 + MONTH_DAYS / (MONTH_DAYS + days)) * closeness


def hot_topics(messages: Sequence[PeriodMessage], *, least: int = LEAST_MESSAGES) -> list[HotTopic]:
    """Groups of at least `least` messages on one matter, hottest first; the same messages give the same topics."""
    if not messages:
        return []
    vectors = message_vectors([each.title for each in messages], [each.detail for each in messages])
    groups = [members for members in groups_of(vectors) if len(members) >= least]
    place_spread = Counter(name for each in messages for name in place_candidates(f"{each.title} {each.detail}"))
    phrase_spread = Counter(phrase for each in messages for phrase in set(phrases(each.title)))
    found = []
    for members in groups:
        titles = [messages[each].title for each in members]
        place, share = common_place(titles, [messages[each].detail for each in members], place_spread)
        phrase = characteristic_phrase(titles, phrase_spread, place)
        name = " ".join(filter(None, (place, phrase))) or _nearest_title(vectors, members, titles)
        named = {"name": name, "phrase": phrase, "place": place, "place_share": share}
        found.append(_topic(messages, members, named, _closeness(vectors, members)))
    found.sort(key=lambda topic: (-topic.heat, topic.messages))
    return [_numbered(topic, number) for number, topic in enumerate(found, start=1)]


def _topic(messages: Sequence[PeriodMessage], members: Members, named: Mapping[str, Any], closeness: float) -> HotTopic:
    chosen = [messages[each] for each in members]
    first, last = min(each.at for each in chosen), max(each.at for each in chosen)
    voices, support = len({each.user for each in chosen}), sum(each.support for each in chosen)
    days = (last - first).total_seconds() / DAY_SECONDS
    return HotTopic(
        number=0,
        **named,
        first=first,
        last=last,
        messages=tuple(int(each) for each in members),
        voices=voices,
        support=support,
        closeness=closeness,
        heat=heat_of(voices, support, days, closeness),
    )


def _numbered(topic: HotTopic, number: int) -> HotTopic:
    return replace(topic, number=number)


def _closeness(vectors: Any, members: Members) -> float:
    return float(np.clip(_cosines(vectors, members).mean(), 0, 1))


def _cosines(vectors: Any, members: Members) -> Any:
    """The cosine of each message of a group to its centre."""
    return (vectors[members] @ centre_of(vectors, members).T).toarray().ravel()


def _nearest_title(vectors: Any, members: Members, titles: Sequence[str]) -> str:
    """The title of the message in the middle of a group, where its titles have nothing in common."""
    return titles[int(np.argmax(_cosines(vectors, members)))]
