"""When, where and about what people write in a year: topics by their measured shares, seasons, and hot spots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from linli.demo.fates import Birth
from linli.demo.rhythm import Rhythm
from linli.demo.year_topics import YEAR_TOPICS, topic_counts
from linli.ground.territory.facade import Unit

DIFFICULTIES = "社区工作困难"
SPOT_SHARE = 0.3
"""How much of what is written about a hot spot's topic comes from hot spots."""
SPOT_DAYS = range(10, 45)
SPOT_TOPICS = (
    "噪音扰民",
    "供水排水",
    "停车秩序",
    "物业服务",
    "油烟异味",
    "道路养护",
    "校园管理",
    "旧房改造",
    "公共交通",
)


@dataclass(frozen=True)
class HotSpot:
    """One place where for some weeks many write about one and the same thing."""

    name: str
    topic: str
    place: Unit
    first: date
    days: int

    def covers(self, day: date) -> bool:
        """Whether it lasts on this day."""
        return self.first <= day < self.first + timedelta(days=self.days)


def births(
    total: int, days: Sequence[date], communities: Sequence[Unit], rhythm: Rhythm, random: Random
) -> list[Birth]:
    """Every demand of the year in order of time."""
    spots = hot_spots(days, communities, random)
    weights = [community.households or 1 for community in communities]
    found: list[Birth] = []
    for topic, count in topic_counts(total).items():
        seasons = next(each.seasons for each in YEAR_TOPICS if each.name == topic)
        for day, many in zip(days, rhythm.spread(count, list(days), seasons), strict=True):
            here = [spot for spot in spots if spot.topic == topic and spot.covers(day)]
            for _ in range(many):
                spot = random.choice(here) if here and random.random() < SPOT_SHARE else None
                place = spot.place if spot else random.choices(communities, weights)[0]
                found.append(Birth(rhythm.writing_moment(day), topic, place, spot.name if spot else ""))
    return sorted(found, key=lambda birth: birth.at)


def hot_spots(days: Sequence[date], communities: Sequence[Unit], random: Random) -> list[HotSpot]:
    """Some for each of the topics that have them, spread over the year so that one lasts at any time."""
    found: list[HotSpot] = []
    for topic in SPOT_TOPICS:
        begins = 0
        while begins < len(days):
            lasts = random.choice(SPOT_DAYS)
            place = random.choice(communities)
            found.append(HotSpot(f"{topic}{len(found)}", topic, place, days[begins], lasts))
            begins += lasts // 2
    return found
