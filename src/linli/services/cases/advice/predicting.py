"""The topics that a model sees in texts: which are proposed, how surely, and by which words."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from typing import Any

from linli.methods.segmenting import segmented
from linli.services.cases.models import TopicModel
from linli.services.catalogue.facade import topics

MOST_PROPOSED = 3
MOST_WORDS = 4
LOOKED_AT = 20
LISTED_FROM = 0.1
"""Less likely topics are not listed."""


def newest_model() -> TopicModel | None:
    """The model in use, without its content and its figures; None before the first one."""
    return TopicModel.objects.defer("content", "figures").order_by("-pk").first()


def proposed_topics(model: TopicModel, texts: Sequence[str]) -> list[list[dict[str, Any]]]:
    """For each text up to three topics in use, the likeliest first; none where the model knows nothing of it.

    Each has the key of its `topic`, its `probability`, and the `words` of the text that spoke most for the likeliest.
    """
    learnt, in_use = _learnt(model.pk, model.learnt_at), {str(topic.pk) for topic in topics()}
    words = [segmented(text) for text in texts]
    probabilities = learnt.probabilities(words)
    found = [_likeliest(learnt.labels, row, in_use) for row in probabilities]
    told = [place for place, listed in enumerate(found) if listed]
    spoken = learnt.spoken(
        [words[place] for place in told], [str(found[place][0]["topic"]) for place in told], LOOKED_AT
    )
    for place, features in zip(told, spoken, strict=True):
        found[place][0]["words"] = _told([name for name, _ in features])
    return found


def _told(features: Sequence[str]) -> list[str]:
    """Whole words, as people read them; pairs of words and pieces of words only where nothing else spoke."""
    names = list(dict.fromkeys(name.strip("^〔〕_") for name in features if " " not in name))
    words = [name for name in names if name in features or f"^{name}" in features]
    return (words or names)[:MOST_WORDS]


def _likeliest(labels: Sequence[str], probabilities: Any, in_use: set[str]) -> list[dict[str, Any]]:
    if probabilities.max() == probabilities.min():  # it knows nothing of the text
        return []
    order = sorted(range(len(labels)), key=lambda place: -probabilities[place])[:MOST_PROPOSED]
    return [
        {"topic": int(labels[place]), "probability": round(float(probabilities[place]), 3), "words": []}
        for place in order
        if probabilities[place] >= LISTED_FROM and labels[place] in in_use
    ]


@lru_cache(maxsize=1)
def _learnt(key: int, _learnt_at: datetime) -> Any:
    # By name: its libraries take a second and a hundred megabytes, and only the worker needs them.
    storing = import_module("linli.methods.triage.storing")
    return storing.unpacked_model(bytes(TopicModel.objects.get(pk=key).content), f"model {key}")
