"""Chance with a memory: shares that come out exactly, however few are dealt."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Generic, TypeVar

ValueT = TypeVar("ValueT")


class Deck(Generic[ValueT]):
    """Cards that are dealt until none is left, then shuffled again; so the rare ones come in their share."""

    def __init__(self, random: Random, counts: Mapping[ValueT, int]) -> None:
        self._random = random
        self._cards = [value for value, count in counts.items() for _ in range(count)]
        self._left: list[ValueT] = []

    def deal(self) -> ValueT:
        """The next card."""
        if not self._left:
            self._left = list(self._cards)
            self._random.shuffle(self._left)
        return self._left.pop()


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers that add up to `total` in proportion to `weights`, by largest remainder."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    found = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: found[index] - exact[index])
    for index in by_remainder[: total - sum(found)]:
        found[index] += 1
    return found
