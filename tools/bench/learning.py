"""Runs without an installation: how fast texts are triaged, and near-duplicates found among a hundred thousand."""

import json
import os
import random
import time
from collections.abc import Sequence
from pathlib import Path

from linli.methods.similarity import NearDuplicates
from linli.methods.triage.learning import train
from linli.methods.triage.reading import read_messages, unique_rows
from tests.methods.invented_messages import labelled_texts
from tools.bench.growing import percentile

TEXTS, ASKED = 100_000, 300
TRAINED_ON, TRIAGED = 3000, 6000


def main(texts: str = str(TEXTS)) -> None:
    """Print both figures, and on which texts they were taken."""
    print(json.dumps(triage() | near_duplicates(int(texts))))


def triage() -> dict[str, object]:
    """Texts in a second of one core, reading and cutting into words included."""
    asked: Sequence[str]
    folder = os.environ.get("LINLI_DATA")
    if folder:
        known, labels = unique_rows([read_messages(Path(folder) / "messages/labelled-segmented.csv.gz", labelled=True)])
        asked = read_messages(Path(folder) / "messages/labelled-raw.csv", labelled=False).texts
    else:
        known, labels = labelled_texts(TRAINED_ON)
        asked = labelled_texts(TRIAGED)[0]
    model = train(known, labels)
    began = time.process_time()
    model.predict(asked)
    speed = len(asked) / (time.process_time() - began)
    return {"texts_a_second": speed, "texts": "the real messages" if folder else "invented messages"}


def near_duplicates(many: int) -> dict[str, object]:
    """How long the answer about one text takes, at the 95th percentile, and how many were found."""
    draw = random.Random(1)  # noqa: S311 -- invented texts
    sentences = sorted({part for text in labelled_texts(5000)[0] for part in text.split("，")})
    names = ["".join(draw.sample("春夏秋冬梅兰竹菊松柏桃李东西南北山水云月", 3)) for _ in range(3000)]
    texts = [
        "，".join(f"{draw.choice(names)}{draw.choice(sentences)}" for _ in range(draw.randint(5, 25)))
        for _ in range(many)
    ]
    known = NearDuplicates(enumerate(texts))
    spent, found = [], 0
    for key in draw.sample(range(many), min(ASKED, many)):
        text = list(texts[key])
        for _ in range(len(text) // 25):
            text[draw.randrange(len(text))] = draw.choice("的了在是")
        began = time.perf_counter()
        answer = known.query("".join(text))
        spent.append(time.perf_counter() - began)
        found += key in {each.key for each in answer}
    return {"query_p95": percentile(spent), "among": many, "found": found / len(spent)}
