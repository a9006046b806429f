"""The bars of similarity: near-duplicates among 100,000 within 50 ms; the same matter in the words of others."""

import csv
import random
import time
from collections import defaultdict
from pathlib import Path

import pytest

from linli.methods.fingerprints import fingerprint, likenesses
from linli.methods.similarity import NearDuplicates
from linli.methods.topics.reading import read_period
from tests.methods.invented_messages import labelled_texts

TEXTS, ASKED = 100_000, 300


@pytest.mark.bar
def test_a_near_duplicate_among_a_hundred_thousand() -> None:
    draw = random.Random(1)
    sentences = sorted({part for text in labelled_texts(5000)[0] for part in text.split("，")})
    names = ["".join(draw.sample("春夏秋冬梅兰竹菊松柏桃李东西南北山水云月", 3)) for _ in range(3000)]
    texts = [
        "，".join(f"{draw.choice(names)}{draw.choice(sentences)}" for _ in range(draw.randint(5, 25)))
        for _ in range(TEXTS)
    ]
    began = time.perf_counter()
    known = NearDuplicates(enumerate(texts))
    built = time.perf_counter() - began
    spent, found = [], 0
    for key in draw.sample(range(TEXTS), ASKED):
        text = list(texts[key])
        for _ in range(len(text) // 25):
            text[draw.randrange(len(text))] = draw.choice("的了在是")
        began = time.perf_counter()
        answer = known.query("".join(text))
        spent.append(time.perf_counter() - began)
        found += key in {each.key for each in answer}
    spent.sort()
    print(
        f"\n{TEXTS} texts of {sum(map(len, texts)) // TEXTS} characters taken in within {built:.0f} s; a query takes "
        f"{spent[ASKED // 2] * 1000:.1f} ms, the slowest {spent[-1] * 1000:.1f} ms; {found} of {ASKED} found"
    )
    assert spent[int(ASKED * 0.99)] <= 0.05
    assert found == ASKED


@pytest.mark.bar
@pytest.mark.real_data
def test_what_people_tell_of_one_matter_is_alike(real_data: Path) -> None:
    messages = read_period(real_data / "messages/messages-4326.xlsx")
    numbers = {message.number: place for place, message in enumerate(messages)}
    kept = [fingerprint(message.title, message.detail) for message in messages]
    named: dict[str, dict[int, int]] = defaultdict(dict)
    with (real_data / "messages/hot-topics-key.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["message"] in numbers:
                named[row["topic"]][numbers[row["message"]]] = int(row["teams"])
    draw, near, far = random.Random(2), [], []
    for teams in named.values():
        agreed = [place for place, count in teams.items() if count >= 2]
        others = [place for place in range(len(messages)) if place not in teams]
        for place in agreed:
            found = likenesses(kept[place], kept)
            near.append(max(found[other] for other in agreed if other != place))
            far.append(max(found[draw.sample(others, 200)]))
    shares = [sum(each >= least for each in found) / len(found) for found in (near, far) for least in (0.4, 0.5)]
    print(f"\n{len(near)} messages: of one's matter at 0.4 {shares[0]:.3f}, at 0.5 {shares[1]:.3f}; "
          f"of others {shares[2]:.3f}, {shares[3]:.3f}")  # fmt: skip
    assert shares[0] >= 0.95
    assert shares[2] <= 0.05
    assert shares[3] <= 0.01
