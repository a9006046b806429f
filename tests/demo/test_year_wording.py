"""What people of the year write: as long and about what real messages are, the same for the same seed, in our words."""

import re
from collections import Counter
from datetime import date, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from linli.demo.births import births
from linli.demo.chances import Deck, shares
from linli.demo.geography import COMMUNITY_NAMES
from linli.demo.grammar import topic_wording, wording
from linli.demo.measured import LABELS, REPLY_LENGTHS, TEXT_LENGTHS, Quantiles
from linli.demo.rhythm import Rhythm
from linli.demo.telling import Teller, Told
from linli.demo.year_topics import MORE_CATALOGUE, YEAR_TOPICS, topic_counts

TOLD = 3000
PLACES: Any = [
    SimpleNamespace(name=f"{name}社区", households=1000 + 20 * place) for place, name in enumerate(COMMUNITY_NAMES)
]


def told_by(seed: int, count: int) -> list[tuple[str, Told, str]]:
    random = Random(seed)
    teller = Teller(random)
    topics = [topic for topic, many in topic_counts(count).items() for _ in range(many)]
    found = []
    for topic in topics:
        told = teller.told(topic, random.choice(PLACES).name)
        found.append((topic, told, teller.reply(topic, told)))
    return found


def length(text: str) -> int:
    return len("".join(text.split()))


def test_the_same_seed_says_the_same() -> None:
    assert told_by(3, 200) == told_by(3, 200)
    assert told_by(3, 200) != told_by(4, 200)


@pytest.mark.parametrize(("which", "quantiles"), [(1, TEXT_LENGTHS), (2, REPLY_LENGTHS)])
def test_texts_are_as_long_as_real_ones(which: int, quantiles: Quantiles) -> None:
    """From the tenth to the eighty-fifth of a hundred each length is within an eighth of the measured one."""
    found = told_by(5, TOLD)
    lengths = sorted(length(each[1].text if which == 1 else each[2]) for each in found)
    for step in range(2, 18):
        assert lengths[len(lengths) * step // 20] == pytest.approx(quantiles[step], rel=0.125), step
    assert max(lengths) > 600


def test_topics_come_as_often_as_they_were_measured() -> None:
    """Pearson's statistic over the seven labels is far below what chance alone would bring (6 degrees, 95 %: 12.6)."""
    total, seen = 20_500, Counter()
    for topic, many in topic_counts(total).items():
        seen[next(each.label for each in YEAR_TOPICS if each.name == topic)] += many
    expected = {label: total * count / sum(LABELS.values()) for label, count in LABELS.items()}
    assert sum((seen[label] - many) ** 2 / many for label, many in expected.items()) < 0.1
    assert seen.total() == total


def test_hardly_two_texts_are_the_same_and_nothing_is_left_open() -> None:
    found = told_by(6, TOLD)
    texts = [told.text for _, told, _ in found]
    assert len(set(texts)) > 0.99 * len(texts)
    for _, told, reply in found:
        assert not re.search(r"[\[\]{}|A-Za-z]", told.title + told.text + reply.replace("12345", "")), told
        assert 5 <= len(told.title) <= 60
        assert told.text.rstrip().endswith(("。", "！"))
        assert not re.search(r"\d{7,}", told.text + reply), "no number that could be somebody's"


def test_every_topic_can_be_told_and_answered() -> None:
    """Titles, troubles and answers stand in the same order, three of each."""
    said = topic_wording()
    for topic in [*(each.name for each in YEAR_TOPICS), "社区工作困难"]:
        counts = {kind: len(said[f"{topic} {kind}"]) for kind in "TCDEWHM"}
        assert counts["T"] == counts["C"] == counts["M"] == 3, topic
        assert min(counts["D"], 5) == 5, topic
        assert min(counts["E"], counts["W"], counts["H"]) >= 2, topic
    assert {each.name for each in YEAR_TOPICS} >= {row[2] for row in MORE_CATALOGUE}
    assert all(wording("common").values())


def test_a_deck_deals_its_shares_exactly() -> None:
    deck = Deck(Random(1), {"many": 18, "rare": 2})
    dealt = Counter(deck.deal() for _ in range(200))
    assert dealt == {"many": 180, "rare": 20}
    assert shares(10, [1, 1, 1]) == [4, 3, 3]


@pytest.mark.django_db
def test_people_write_by_day_week_and_season() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    born = births(8000, days, PLACES, Rhythm(Random(2)), Random(2))
    assert len(born) == 8000
    assert [each.at for each in born] == sorted(each.at for each in born)
    by_weekday = Counter(each.at.weekday() for each in born)
    assert by_weekday[1] > 1.7 * by_weekday[6]
    noise = Counter(each.at.month for each in born if each.topic == "噪音扰民")
    assert noise[7] > 2 * noise[1]
    spring_festival = sum(date(2026, 2, 17) <= each.at.date() <= date(2026, 2, 20) for each in born)
    assert spring_festival < 8000 / 365 * 4 * 0.6
    assert any(each.spot for each in born)
