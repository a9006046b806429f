"""Where 64-bit keys stand in a list: a hash table over whole arrays, several times as fast as halving the list."""

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
KEY_BITS = 64


class KeyTable:
    """Finds the place of keys in `known`.

    Args:
        known: distinct keys, in any order.

    Source: multiplicative hashing, D. E. Knuth, “The Art of Computer Programming” 3 (1998), section 6.4.
    """

    def __init__(self, known: Keys) -> None:
        bits = max(1, len(known).bit_length() + 1)
        self._shift = np.uint64(KEY_BITS - bits)
        buckets = self._buckets(known)
        self._order = np.argsort(buckets, kind="stable")
        self._keys = known[self._order]
        filled = np.bincount(buckets, minlength=1 << bits)
        self._starts = np.concatenate(([0], np.cumsum(filled))).astype(np.int64)

    def _buckets(self, keys: Keys) -> NDArray[np.int64]:
        return ((keys * MULTIPLIER) >> self._shift).astype(np.int64)

    def places(self, keys: Keys) -> NDArray[np.int64]:
        """The place of each key in `known`; −1 where it is not there."""
        found = np.full(len(keys), -1, dtype=np.int64)
        buckets = self._buckets(keys)
        place, end = self._starts[buckets], self._starts[buckets + 1]
        open_keys = np.flatnonzero(place < end)
        place, end, wanted = place[open_keys], end[open_keys], keys[open_keys]
        while len(open_keys):
            hit = self._keys[place] == wanted
            found[open_keys[hit]] = self._order[place[hit]]
            place = place + 1
            onward = ~hit & (place < end)
            open_keys, place, end, wanted = open_keys[onward], place[onward], end[onward], wanted[onward]
        return found
