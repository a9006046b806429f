"""Texts from which topics can be learnt before a district has demands of its own: the story's wording, said anew."""

from collections.abc import Iterator
from random import Random

from linli.demo.geography import COMMUNITY_NAMES
from linli.demo.grammar import topic_wording
from linli.demo.telling import Teller
from linli.services.cases.facade import ExampleText

TEXTS_PER_TOPIC = 24
SEED = 11


def example_texts(per_topic: int = TEXTS_PER_TOPIC) -> Iterator[ExampleText]:
    """So many texts of every topic of the story; the same each time."""
    random = Random(SEED)  # noqa: S311 -- a story, not a secret
    teller = Teller(random)
    for topic in sorted({name.rpartition(" ")[0] for name in topic_wording()}):
        for _ in range(per_topic):
            told = teller.told(topic, random.choice(COMMUNITY_NAMES))
            yield ExampleText(topic, told.title, told.text)
