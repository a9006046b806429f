"""The bar of topics: the two hot topics that several teams found are among the first five, nearly whole and pure."""

import csv
import time
from collections import defaultdict
from pathlib import Path

import pytest

from linli.methods.topics.finding import hot_topics
from linli.methods.topics.reading import read_period


@pytest.mark.bar
@pytest.mark.real_data
def test_the_known_hot_topics_are_found(real_data: Path) -> None:
    messages = read_period(real_data / "messages/messages-4326.xlsx")
    began = time.process_time()
    found = hot_topics(messages)
    print(f"\n{len(messages)} messages, {len(found)} topics in {time.process_time() - began:.1f} s of processor time")
    key: dict[str, dict[str, int]] = defaultdict(dict)
    with (real_data / "messages/hot-topics-key.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            key[row["topic"]][row["message"]] = int(row["teams"])
    assert set(key) == {"plant", "parking"}
    for name, teams in key.items():
        agreed = {message for message, count in teams.items() if count >= 2}
        held = [{messages[place].number for place in topic.messages} for topic in found]
        best = max(range(len(found)), key=lambda place: len(held[place] & agreed))
        recall, precision = len(held[best] & agreed) / len(agreed), len(held[best] & set(teams)) / len(held[best])
        topic = found[best]
        print(
            f"{name}: place {topic.number}, {topic.name}, heat {topic.heat:.1f}, {len(held[best])} messages, "
            f"{recall:.3f} of those agreed on, {precision:.3f} of its own in the key"
        )
        assert topic.number <= 5
        assert recall >= 0.85
        assert precision >= 0.95
