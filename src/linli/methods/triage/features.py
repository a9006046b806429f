"""Texts as sparse vectors: words and pairs of words, characters inside words, and both again for the opening.

The opening (the first ten words) is where a message names its matter, because its title stands first. Every feature is
a whole number without collisions: a pair of words is two 32-bit numbers, up to four characters are four 16-bit units.
So counting is sorting, and nothing is looked up word by word but the words themselves.

Weight of a feature: (1 + ln count) · (1 + ln((1 + texts) / (1 + texts with it))), each view scaled to length 1 and
multiplied by its share. Source: G. Salton, C. Buckley, “Term-weighting approaches in automatic text retrieval”,
Information Processing & Management 24 (1988), 513–523; characters inside words as in W. Cavnar, J. Trenkle, “N-gram
based text categorization”, SDAIR 1994.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from linli.methods.triage.lookup import Keys, KeyTable

Owners = NDArray[np.int64]

OPENING_WORDS = 10
LEAST_TEXTS = 2
"""A feature that fewer texts hold is left out: it can be learnt by heart, not learnt from."""

SHARES = {"words": 1.0, "characters": 1.0, "opening words": 0.5, "opening characters": 0.7}
LONGEST_IN_WORD, LONGEST_IN_OPENING = 4, 3
SPACE, LINE_END, UNIT_BITS = 0x20, 0x0A, 16


@dataclass(frozen=True)
class View:
    """What one view has learnt: the features it knows, in ascending order, and how rare each is."""

    keys: Keys
    rarity: NDArray[np.float32]

    @cached_property
    def table(self) -> KeyTable:
        """The features, ready to be looked up."""
        return KeyTable(self.keys)

    def vectors(self, owners: Owners, keys: Keys, texts: int, share: float) -> Any:
        """The texts as rows of a sparse matrix, `texts` × features."""
        counts = _counted(owners, keys, self.table, len(self.keys), texts)
        rows = np.repeat(np.arange(texts), np.diff(counts.indptr))
        values = (1 + np.log(counts.data)) * self.rarity[counts.indices]
        lengths = np.sqrt(np.bincount(rows, weights=values * values, minlength=texts))
        counts.data = (share * values / lengths[rows]).astype(np.float32)
        return counts


@dataclass(frozen=True)
class Features:
    """The words and the views learnt from texts; makes vectors of any texts."""

    words: tuple[str, ...]
    """Words that at least two texts hold; the number of a word is its place plus one."""
    views: dict[str, View]

    @classmethod
    def learnt_from(cls, texts: Sequence[str]) -> "Features":
        """Learn from segmented texts which features occur, and in how many texts."""
        documents = [text.casefold().split() for text in texts]
        holding = Counter(chain.from_iterable(map(set, documents)))
        words = tuple(sorted(word for word, count in holding.items() if count >= LEAST_TEXTS))
        views = {name: _view(*found, len(texts)) for name, found in _occurrences(texts, words).items()}
        return cls(words, views)

    @property
    def width(self) -> int:
        """How many features there are."""
        return sum(len(view.keys) for view in self.views.values())

    def vectors(self, texts: Sequence[str]) -> Any:
        """Segmented texts as a sparse matrix of float32, texts × `width`; the views stand side by side."""
        found = _occurrences(texts, self.words)
        parts = [view.vectors(*found[name], len(texts), SHARES[name]) for name, view in self.views.items()]
        return sparse.hstack(parts, format="csr")

    def names(self, columns: Sequence[int]) -> list[str]:
        """Features in words: `物业`, `物业 收费`; 〔…〕 are characters, ^ marks the opening."""
        starts = np.cumsum([0, *(len(view.keys) for view in self.views.values())])
        names = []
        for column in columns:
            place = int(np.searchsorted(starts, column, side="right")) - 1
            view = list(self.views)[place]
            key = int(self.views[view].keys[column - starts[place]])
            text = self._word_name(key) if view.endswith("words") else f"〔{_character_name(key)}〕"
            names.append(f"^{text}" if view.startswith("opening") else text)
        return names

    def _word_name(self, key: int) -> str:
        parts = [key >> 32, key & 0xFFFFFFFF]
        return " ".join(self.words[part - 1] for part in parts if part)


def _view(owners: Owners, keys: Keys, texts: int) -> View:
    """The features that enough texts hold, with their rarity."""
    distinct, times = np.unique(keys, return_counts=True)
    distinct = distinct[times >= LEAST_TEXTS]
    holding = np.bincount(
        _counted(owners, keys, KeyTable(distinct), len(distinct), texts).indices, minlength=len(distinct)
    )
    often = holding >= LEAST_TEXTS
    rarity = 1 + np.log((1 + texts) / (1 + holding[often]))
    return View(distinct[often], rarity.astype(np.float32))


def _counted(owners: Owners, keys: Keys, known: KeyTable, width: int, texts: int) -> Any:
    """How often each known feature occurs in each text: a sparse matrix, texts × `width`."""
    places = known.places(keys)
    found = places >= 0
    ones = np.ones(int(found.sum()), dtype=np.float32)
    counts = sparse.csr_matrix((ones, (owners[found], places[found])), shape=(texts, width))
    counts.sum_duplicates()
    return counts


def _occurrences(texts: Sequence[str], words: Sequence[str]) -> dict[str, tuple[Owners, Keys]]:
    """Every occurrence in every view: which text, which feature."""
    numbers = dict(zip(words, range(1, len(words) + 1), strict=True))
    documents = [text.casefold().split() for text in texts]
    openings = [each[:OPENING_WORDS] for each in documents]
    spaced = [f" {' '.join(each)} " for each in documents]
    joined = ["".join(each) for each in openings]
    return {
        "words": _word_occurrences(documents, numbers.get),
        "characters": _character_occurrences(spaced, LONGEST_IN_WORD),
        "opening words": _word_occurrences(openings, numbers.get),
        "opening characters": _character_occurrences(joined, LONGEST_IN_OPENING),
    }


def _word_occurrences(documents: Sequence[Sequence[str]], number: Callable[..., Any]) -> tuple[Owners, Keys]:
    """Known words and pairs of neighbouring known words."""
    lengths = np.fromiter(map(len, documents), dtype=np.int64, count=len(documents))
    flat = np.fromiter(
        map(number, chain.from_iterable(documents), repeat(0)), dtype=np.uint64, count=int(lengths.sum())
    )
    owners = np.repeat(np.arange(len(documents), dtype=np.int64), lengths)
    single = flat > 0
    pair = single[:-1] & single[1:] & (owners[:-1] == owners[1:])
    pairs = (flat[:-1] << np.uint64(32)) | flat[1:]
    return np.concatenate((owners[single], owners[:-1][pair])), np.concatenate((flat[single], pairs[pair]))


def _character_occurrences(texts: Sequence[str], longest: int) -> tuple[Owners, Keys]:
    """Runs of one to `longest` characters; a space may stand at an end of a run, not inside and not alone."""
    units = np.frombuffer(("\n".join(texts) + "\n").encode("utf-16-le", "surrogatepass"), dtype="<u2").astype(np.uint64)
    ends = units == LINE_END
    owners = np.cumsum(ends) - ends
    spaces = units == SPACE
    found_owners, found_keys = [], []
    keys, valid = units, ~ends
    for length in range(1, longest + 1):
        if length > 1:
            keys = (keys[:-1] << np.uint64(UNIT_BITS)) | units[length - 1 :]
            valid = valid[:-1] & ~ends[length - 1 :]
        if length > 2:
            valid = valid & ~spaces[length - 2 : len(spaces) - 1]
        wanted = valid & ~spaces if length == 1 else valid
        found_owners.append(owners[: len(keys)][wanted])
        found_keys.append(keys[wanted])
    return np.concatenate(found_owners), np.concatenate(found_keys)


def _character_name(key: int) -> str:
    units = [(key >> shift) & 0xFFFF for shift in (48, 32, 16, 0)]
    packed = b"".join(unit.to_bytes(2, "little") for unit in units if unit)
    return packed.decode("utf-16-le", "replace").replace(" ", "_")
