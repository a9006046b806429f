"""Small cells stay hidden from whoever subtracts: an attacker solves all equations of the published table."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.methods.small_cells import hidden_cells

LEAST = 5
Table = tuple[dict[str, int], dict[str, str]]


def summed(leaves: dict[str, int]) -> Table:
    """A table whose cells are named by their place: `0.1.2` stands below `0.1`."""
    counts, parent = dict(leaves), {}
    for leaf, count in leaves.items():
        cell = leaf
        while "." in cell:
            parent[cell] = above = cell.rpartition(".")[0]
            counts[above] = counts.get(above, 0) + count
            cell = above
    return counts, parent


@st.composite
def tables(draw: st.DrawFn) -> Table:
    count = st.one_of(st.just(0), st.integers(1, 4), st.integers(5, 12))
    leaves: dict[str, int] = {}
    for first in range(draw(st.integers(1, 3))):
        if draw(st.booleans()):
            leaves[f"0.{first}"] = draw(count)
            continue
        for second in range(draw(st.integers(1, 3))):
            if draw(st.booleans()):
                leaves[f"0.{first}.{second}"] = draw(count)
            else:
                for third in range(draw(st.integers(1, 2))):
                    leaves[f"0.{first}.{second}.{third}"] = draw(count)
    return summed(leaves)


def known_sums(table: Table, hidden: frozenset[str]) -> set[tuple[str, ...]]:
    """Groups of up to three hidden cells whose sum follows from what is shown, by linear algebra."""
    _, parent = table
    cells = sorted(hidden)
    place = {cell: number for number, cell in enumerate(cells)}
    equations = []
    for above in set(parent.values()):
        equation = np.zeros(len(cells))
        for cell, sign in [(above, -1.0), *((child, 1.0) for child, up in parent.items() if up == above)]:
            if cell in place:
                equation[place[cell]] = sign
        equations.append(equation)
    matrix = np.array(equations).reshape(len(equations), len(cells))
    rank = np.linalg.matrix_rank(matrix) if cells else 0
    found = set()
    for size in (1, 2, 3):
        for group in combinations(cells, size):
            wanted = np.zeros(len(cells))
            wanted[[place[cell] for cell in group]] = 1.0
            if np.linalg.matrix_rank(np.vstack([matrix, wanted])) == rank:
                found.add(group)
    return found


@settings(max_examples=300)
@given(tables())
def test_no_small_cell_and_no_small_group_is_found_by_subtraction(table: Table) -> None:
    counts, parent = table
    hidden = hidden_cells(counts, parent, LEAST)
    assert all(count >= LEAST or count == 0 or cell in hidden for cell, count in counts.items())
    leaves = set(counts) - set(parent.values())
    for group in known_sums(table, hidden):
        if len(group) == 1:
            assert counts[group[0]] >= LEAST, group
        elif set(group) <= leaves:
            assert sum(counts[cell] for cell in group) >= LEAST, group


def test_one_small_cell_takes_its_smallest_neighbour_along() -> None:
    counts, parent = summed({"0.a": 3, "0.b": 7, "0.c": 40})
    assert hidden_cells(counts, parent, LEAST) == {"0.a", "0.b"}


def test_nothing_is_hidden_without_need() -> None:
    counts, parent = summed({"0.a": 5, "0.b": 0, "0.c.x": 9, "0.c.y": 8})
    assert hidden_cells(counts, parent, LEAST) == frozenset()


def test_a_neighbour_with_parts_is_hidden_with_one_of_them() -> None:
    counts, parent = summed({"0.a": 2, "0.b.x": 6, "0.b.y": 9})
    assert hidden_cells(counts, parent, LEAST) == {"0.a", "0.b", "0.b.x"}


def test_where_nothing_else_is_left_the_sum_is_hidden_too() -> None:
    counts, parent = summed({"0.a": 3})
    assert hidden_cells(counts, parent, LEAST) == {"0", "0.a"}


def test_a_table_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(ValueError, match="not the sum"):
        hidden_cells({"0": 4, "0.a": 3}, {"0.a": "0"}, LEAST)
