"""Which topics the words of a demand name: listed first where no model has learnt anything yet."""

from collections import Counter
from collections.abc import Mapping

MOST = 3
COMMON = 3  # a pair of characters in the names of more topics than this tells nothing


def named_topics(text: str, names: Mapping[int, str]) -> list[int]:
    """Keys of the topics whose name, or a telling pair of characters of it, stands in the text; the best first."""
    shared = Counter(pair for name in names.values() for pair in _pairs(name))
    scores = {}
    for key, name in names.items():
        pairs = {pair for pair in _pairs(name) if shared[pair] <= COMMON and pair in text}
        scores[key] = len(pairs) + (10 * len(name) if name in text else 0)
    found = [key for key, score in scores.items() if score]
    return sorted(found, key=lambda key: -scores[key])[:MOST]


def _pairs(name: str) -> set[str]:
    return {name[at : at + 2] for at in range(len(name) - 1)}
