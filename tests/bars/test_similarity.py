"""The bar of similarity: a near-duplicate among 100,000 texts is found within 50 ms."""

import random
import time

import pytest

from linli.methods.similarity import NearDuplicates
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
