"""Which cells of a table of counts must stay hidden, so that no small one is shown or can be worked out.

The table is a tree: the count of an inner cell is the sum of its children. Whoever sees the table knows every sum, so a
small cell that is hidden alone is found by subtraction. Further cells are hidden until that no longer works.

Source: primary and complementary suppression as in A. Hundepool et al., “Statistical Disclosure Control” (2012), ch. 4;
the regions below are ours.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from typing import Generic, TypeVar

Cell = TypeVar("Cell", bound=Hashable)


def hidden_cells(counts: Mapping[Cell, int], parent: Mapping[Cell, Cell], least: int) -> frozenset[Cell]:
    """The cells to hide: those with fewer than `least`, and what is needed to protect them. Empty cells are shown.

    Below a shown cell lies a region: what is reached through hidden cells alone. Subtracting what is shown gives the
    sum of the hidden cells without children in it, and nothing finer. So a region has either none of them, or at least
    two that make `least` together.

    Args:
        counts: every cell with its count, not negative.
        parent: every cell but the roots with the cell above it.
        least: the smallest count that may be known.

    Raises:
        ValueError: a count differs from the sum of the cells below it.
    """
    return frozenset(_Table(counts, parent, least).protected())


class _Table(Generic[Cell]):
    def __init__(self, counts: Mapping[Cell, int], parent: Mapping[Cell, Cell], least: int) -> None:
        self.counts, self.least = counts, least
        self.below: dict[Cell, list[Cell]] = defaultdict(list)
        for child, above in parent.items():
            self.below[above].append(child)
        for above, children in self.below.items():
            if counts[above] != sum(counts[each] for each in children):
                raise ValueError(f"{above} is not the sum of the cells below it")
        self.hidden: set[Cell] = {cell for cell, count in counts.items() if 0 < count < least}

    def protected(self) -> set[Cell]:
        """Hide further cells until every region keeps its secret; a larger set only, so it ends."""
        while wanting := next(self._wanting(), None):
            _, outside = self._region(wanting)
            if outside:
                self._hide(min(outside, key=self._size))
            else:
                self.hidden.add(wanting)
        return self.hidden

    def _wanting(self) -> Iterator[Cell]:
        for cell in self.below:
            if cell not in self.hidden:
                inside, _ = self._region(cell)
                if inside and (len(inside) < 2 or sum(self.counts[each] for each in inside) < self.least):
                    yield cell

    def _region(self, top: Cell) -> tuple[list[Cell], list[Cell]]:
        """Below `top`: the hidden cells without children, and the shown ones, not empty, that border on them."""
        inside: list[Cell] = []
        outside: list[Cell] = []
        waiting = list(self.below[top])
        while waiting:
            cell = waiting.pop()
            if cell not in self.hidden:
                if self.counts[cell]:
                    outside.append(cell)
            elif self.below.get(cell):
                waiting.extend(self.below[cell])
            else:
                inside.append(cell)
        return inside, outside

    def _hide(self, cell: Cell) -> None:
        """Hide a cell; one with children only together with one of them, from which it could be added up again."""
        self.hidden.add(cell)
        if self.below.get(cell):
            inside, outside = self._region(cell)
            if not inside and outside:
                self._hide(min(outside, key=self._size))

    def _size(self, cell: Cell) -> tuple[int, str]:
        return self.counts[cell], str(cell)
