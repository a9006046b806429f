"""Rates of a unit in a quarter: what is counted, and of how many.

Source: the three rates are named in 北京市接诉即办工作条例, art. 32 (rules.md B7.15), without a definition; what is
counted here, the smallest number shown and the quarter are ours.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from linli.methods.small_cells import hidden_cells

LEAST_SHOWN = 5  # of fewer answers neither the rate nor the number is shown
OWN = True  # a cell of what an organization held itself, beside the sum with all below it

Cell = tuple[str, bool]  # path of the organization, whether its own part


class Rate(StrEnum):
    """The three rates, each of what happened within the quarter."""

    RESPONSE = "response"  # answered by the due date, of those whose due date fell into the quarter
    SOLUTION = "solution"  # said to be solved by the filer, of those whose filer said something
    SATISFACTION = "satisfaction"  # rated 基本满意 or better, of those rated


@dataclass(frozen=True, order=True)
class Quarter:
    """A calendar quarter."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter that holds the day."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Read `2026Q1`.

        Raises:
            ValueError: it is no quarter.
        """
        match = re.fullmatch(r"(\d{4})Q([1-4])", text)
        if not match:
            raise ValueError(f"{text} is no quarter such as 2026Q1")
        return cls(int(match[1]), int(match[2]))

    @property
    def last_day(self) -> date:
        """Its last day."""
        return date(self.year + self.number // 4, self.number * 3 % 12 + 1, 1) - timedelta(days=1)

    @property
    def previous(self) -> "Quarter":
        """The one before it."""
        return Quarter(self.year - (self.number == 1), (self.number + 2) % 4 + 1)

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


@dataclass(frozen=True)
class Share:
    """Some of a number."""

    part: int
    whole: int

    def __add__(self, other: "Share") -> "Share":
        return Share(self.part + other.part, self.whole + other.whole)


NONE = Share(0, 0)


def table_of(own: Mapping[str, Share], paths: Iterable[str], step: int) -> dict[Cell, Share | None]:
    """The published table of one rate: every organization with all below it, and its own part where it has both.

    Args:
        own: what each organization held itself, by path.
        paths: of all organizations to show; those of `own` and everything above them must be among them.
        step: characters per level of a path.

    Returns:
        The share of each cell; None where it must stay hidden.
    """
    organizations = sorted(paths)
    inner = {path[:-step] for path in organizations if len(path) > step}
    shares: dict[Cell, Share] = {(path, not OWN): NONE for path in organizations}
    parent: dict[Cell, Cell] = {}
    for path in organizations:
        held = own.get(path, NONE)
        if path in inner:
            shares[path, OWN], parent[path, OWN] = held, (path, not OWN)
        if len(path) > step:
            parent[path, not OWN] = (path[:-step], not OWN)
        for end in range(step, len(path) + 1, step):
            shares[path[:end], not OWN] += held
    counts = {cell: share.whole for cell, share in shares.items()}
    hidden = hidden_cells(counts, parent, LEAST_SHOWN)
    return {cell: None if cell in hidden else share for cell, share in shares.items()}
