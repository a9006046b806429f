"""How alike messages are: the cosine of their words, characters and places, rare ones counting more.

Source: TF-IDF as in G. Salton, C. Buckley (1988), see `linli.methods.triage.features`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
from scipy import sparse

from linli.methods.segmenting import segmented
from linli.methods.topics.places import place_candidates

SHARES = {"title words": 1.0, "all words": 1.0, "all characters": 1.0, "title characters": 1.0, "places": 1.0}
COMMON_SHARE, COMMON_LEAST = 0.05, 20
"""A feature in more than 5 % of the messages (and in more than 20) says nothing of a single matter."""

CHARACTERS_READ = 600
"""Characters of a detail that are compared; what is further down repeats or strays."""


def message_vectors(titles: Sequence[str], details: Sequence[str]) -> Any:
    """Messages as rows of length 1 (or 0, where nothing is shared with any other) of a sparse float32 matrix."""
    title_words = [segmented(title) for title in titles]
    all_words = [
        f"{title} {segmented(detail[:CHARACTERS_READ])}" for title, detail in zip(title_words, details, strict=True)
    ]
    whole = [f"{title} {detail[:CHARACTERS_READ]}" for title, detail in zip(titles, details, strict=True)]
    views: dict[str, Iterable[Iterable[str]]] = {
        "title words": (text.split() for text in title_words),
        "all words": (text.split() for text in all_words),
        "all characters": (runs(text, (3, 4)) for text in all_words),
        "title characters": (runs(text, (2, 3)) for text in title_words),
        "places": map(place_candidates, whole),
    }
    parts = [SHARES[name] * weighted(features) for name, features in views.items()]
    return with_length_one(sparse.hstack(parts, format="csr", dtype=np.float32))


def runs(words: str, lengths: Iterable[int]) -> list[str]:
    """Runs of characters of a segmented text, across its words."""
    text = words.replace(" ", "")
    return [text[start : start + length] for length in lengths for start in range(len(text) - length + 1)]


def weighted(features: Iterable[Iterable[str]]) -> Any:
    """TF-IDF rows of length 1; features of one message alone, and too common ones, are left out."""
    numbers: dict[str, int] = {}
    number: Callable[[str], int] = lambda name: numbers.setdefault(name, len(numbers))  # noqa: E731
    rows = [Counter(map(number, each)) for each in features]
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    columns = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=int(lengths.sum()))
    counts = np.fromiter(chain.from_iterable(row.values() for row in rows), dtype=np.float32, count=len(columns))
    holding = np.bincount(columns, minlength=len(numbers))
    kept = (holding >= 2) & (holding <= max(COMMON_LEAST, COMMON_SHARE * len(rows)))
    rarity = 1 + np.log((1 + len(rows)) / (1 + holding))
    owners = np.repeat(np.arange(len(rows)), lengths)
    wanted = kept[columns]
    values = ((1 + np.log(counts)) * rarity[columns])[wanted].astype(np.float32)
    places = np.cumsum(kept) - 1
    shape = (len(rows), int(kept.sum()))
    return with_length_one(sparse.csr_matrix((values, (owners[wanted], places[columns[wanted]])), shape=shape))


def with_length_one(matrix: Any) -> Any:
    """The matrix with every row that is not empty scaled to length 1."""
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = np.where(lengths > 0, 1 / np.maximum(lengths, 1e-12), 0).astype(np.float32)
    return sparse.csr_matrix(sparse.diags(scale) @ matrix)
