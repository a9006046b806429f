"""Which topics the words of a demand speak of, and which titles are alike: proposals for the clerk, who decides."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from linli.kernel.bigrams import index_terms

MOST = 3
COMMON = 3  # a pair of characters in the names of more topics than this tells nothing


def suggested(text: str, names: Mapping[int, str]) -> list[int]:
    """Keys of the topics whose name, or a telling pair of characters of it, stands in the text; the best first."""
    shared = Counter(pair for name in names.values() for pair in _pairs(name))
    scores = {}
    for key, name in names.items():
        pairs = {pair for pair in _pairs(name) if shared[pair] <= COMMON and pair in text}
        scores[key] = len(pairs) + (10 * len(name) if name in text else 0)
    found = [key for key, score in scores.items() if score]
    return sorted(found, key=lambda key: -scores[key])[:MOST]


def likeness(one: str, other: str) -> Fraction:
    """The share of pairs of characters that two titles have in common, of the shorter one's."""
    first, second = set(index_terms(one).split()), set(index_terms(other).split())
    least = min(len(first), len(second))
    return Fraction(len(first & second), least) if least else Fraction(0)


def _pairs(name: str) -> set[str]:
    return {name[at : at + 2] for at in range(len(name) - 1)}
