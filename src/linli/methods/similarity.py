"""Near-duplicates of a text among many: sketches find the candidates, exact comparison decides.

A text is the set of its runs of three characters, without punctuation and spaces. The likeness of two texts is the
Jaccard index of their sets: what both hold, divided by what either holds. A sketch keeps, for each of 64 hash
functions, the smallest hash of the set; the share of equal places estimates the Jaccard index with a standard error of
at most 0.063. Whatever the estimate puts within 0.2 of the wanted likeness is compared exactly, so a text at the very
threshold is missed about once in a thousand times and a likelier one hardly ever.

Sources: A. Broder, “On the resemblance and containment of documents”, SEQUENCES 1997 (sketches); M. Dietzfelbinger et
al., “A reliable randomized algorithm for the closest-pair problem”, Journal of Algorithms 25 (1997) (multiply-shift).
"""

import re
import unicodedata
from collections.abc import Container, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

HASHES = 64
MARGIN = 0.2
RUN_LENGTH = 3
LEAST_LIKENESS = 0.5
MOST_COMPARED = 500
"""Candidates compared exactly, the likeliest first; so a flood of copies does not make a query slow."""

FIRST_ROOM = 1024
SEED = 20_261_125
UNIT_BITS = 16

NOT_WORD = re.compile(r"[\W_]+")
Key = TypeVar("Key", bound=Hashable)
Runs = NDArray[np.uint64]

_DRAW = np.random.default_rng(SEED)
# The same for ever: sketches are kept.
FACTORS = _DRAW.integers(0, 2**63, HASHES, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
OFFSETS = _DRAW.integers(0, 2**63, HASHES, dtype=np.uint64)


@dataclass(frozen=True)
class Similar(Generic[Key]):
    """A text that is like the one asked for; `likeness` is the exact Jaccard index, above 0 and at most 1."""

    key: Key
    likeness: float


def runs_of(text: str) -> Runs:
    """The distinct runs of three characters as whole numbers, ascending; a text of one or two characters is one run.

    Unicode's compatibility form is taken first, and case does not matter.
    """
    units = plain_units(text)
    length = min(RUN_LENGTH, len(units))
    if not length:
        return units
    keys = units[: len(units) - length + 1]
    for place in range(1, length):
        keys = (keys << np.uint64(UNIT_BITS)) | units[place : len(units) - length + 1 + place]
    return np.unique(keys)


def plain_units(text: str) -> Runs:
    """The letters and digits of a text as UTF-16 units, in order; case and width do not matter."""
    plain = NOT_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())
    return np.frombuffer(plain.encode("utf-16-le", "surrogatepass"), dtype="<u2").astype(np.uint64)


def sketch_of(runs: Runs) -> NDArray[np.uint32]:
    """The smallest hash of at least one run under each hash function; `HASHES` numbers."""
    mixed = FACTORS[:, np.newaxis] * runs[np.newaxis, :] + OFFSETS[:, np.newaxis]
    return np.asarray((mixed >> np.uint64(32)).min(axis=1), dtype=np.uint32)


def likeness_of(one: Runs, other: Runs) -> float:
    """The Jaccard index of two sets as `runs_of` gives them; 0 where both are empty."""
    common = len(np.intersect1d(one, other, assume_unique=True))
    either = len(one) + len(other) - common
    return common / either if either else 0.0


class NearDuplicates(Generic[Key]):
    """The texts among which is searched. Adding and removing take no longer than the text is long.

    Memory: 256 bytes for the sketch and 8 per distinct run of a text; about 200 MB for 100,000 messages.
    """

    def __init__(self, texts: Iterable[tuple[Key, str]] = ()) -> None:
        self._sketches = np.zeros((HASHES, FIRST_ROOM), dtype=np.uint32)
        self._used = np.zeros(FIRST_ROOM, dtype=bool)
        self._keys: dict[int, Key] = {}
        self._places: dict[Key, int] = {}
        self._runs: dict[int, Runs] = {}
        self._given_back: list[int] = []
        for key, text in texts:
            self.add(key, text)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def add(self, key: Key, text: str) -> None:
        """Take a text in; under a key that is there, it replaces the text that was.

        Raises:
            ValueError: the text holds no letter and no digit.
        """
        runs = _some_runs(text)
        if key in self._places:
            self.remove(key)
        place = self._given_back.pop() if self._given_back else len(self._places)
        if place >= self._used.size:
            self._sketches = np.concatenate((self._sketches, np.zeros_like(self._sketches)), axis=1)
            self._used = np.concatenate((self._used, np.zeros_like(self._used)))
        self._sketches[:, place] = sketch_of(runs)
        self._used[place] = True
        self._keys[place], self._places[key], self._runs[place] = key, place, runs

    def remove(self, key: Key) -> None:
        """Take a text out.

        Raises:
            KeyError: there is none under this key.
        """
        place = self._places.pop(key)
        self._used[place] = False
        del self._keys[place], self._runs[place]
        self._given_back.append(place)

    def query(
        self,
        text: str,
        *,
        least: float = LEAST_LIKENESS,
        most: int = 10,
        among: Container[Key] | None = None,
    ) -> list[Similar[Key]]:
        """The texts most like this one, likest first.

        Args:
            text: what is new.
            least: smallest likeness, above 0 and at most 1.
            most: how many at most.
            among: the keys that count, such as the open cases of an area; all where it is None.

        Raises:
            ValueError: the text holds no letter and no digit, or `least` is not in (0, 1].
        """
        if not 0 < least <= 1:
            raise ValueError(f"a likeness lies above 0 and is at most 1, {least} does not")
        runs = _some_runs(text)
        found = [
            Similar(self._keys[place], likeness)
            for place in self._candidates(sketch_of(runs), least, among)
            if (likeness := likeness_of(runs, self._runs[place])) >= least
        ]
        found.sort(key=lambda each: (-each.likeness, self._places[each.key]))
        return found[:most]

    def _candidates(self, sketch: NDArray[np.uint32], least: float, among: Container[Key] | None) -> list[int]:
        equal = np.zeros(self._used.size, dtype=np.uint8)
        for own, asked in zip(self._sketches, sketch, strict=True):
            equal += own == asked
        wanted = max(1, int(np.ceil(HASHES * (least - MARGIN))))
        places = np.flatnonzero((equal >= wanted) & self._used)
        likeliest = places[np.argsort(-equal[places].astype(np.int64), kind="stable")]
        kept = (int(place) for place in likeliest if among is None or self._keys[int(place)] in among)
        return [place for place, _ in zip(kept, range(MOST_COMPARED), strict=False)]


def _some_runs(text: str) -> Runs:
    runs = runs_of(text)
    if not len(runs):
        raise ValueError("the text holds no letter and no digit")
    return runs
