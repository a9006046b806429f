"""What the house makes of hot topics: words without personal details, and how a topic stands to the night before."""

import re
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from linli.kernel.personal import Finding, Kind, find_personal, mask

LONG_NUMBER = re.compile(r"\d{7}")  # longer than that of a hotline or a bus: it may be somebody's
DECIMALS = 1
"""Heat is shown so exactly, and what does not differ then has not changed."""


class Change(StrEnum):
    """How the heat of a topic stands to that of the night before."""

    NEW = "new"
    HOTTER = "hotter"
    COOLER = "cooler"
    SAME = "same"


def without_details(text: str) -> str:
    """A text without names and numbers, and with dwellings masked: what is left may stand in the name of a topic.

    A mask would be a word that many texts share, so a gap takes its place; of a dwelling street and estate stay.
    """
    for finding in reversed(find_personal(text)):
        text = text[: finding.start] + _instead(text[finding.start : finding.end], finding.kind) + text[finding.end :]
    return text


def fit_to_show(words: str) -> str:
    """Words of a name, or nothing where somebody's name or a number is found in them after all."""
    found = any(finding.kind is not Kind.ADDRESS for finding in find_personal(words))
    return "" if found or LONG_NUMBER.search(words) else words


def change_of(heat: float, before: float | None) -> Change:
    """How a heat stands to that of the night before; without one the topic is new."""
    if before is None:
        return Change.NEW
    difference = round(heat, DECIMALS) - round(before, DECIMALS)
    return Change.HOTTER if difference > 0 else Change.COOLER if difference < 0 else Change.SAME


def same_before(topics: Sequence[Collection[int]], earlier: Mapping[int, int]) -> list[int | None]:
    """For each topic the one of the night before that is the same: the one with which it shares most demands.

    Where several topics come from one, that with most of its demands goes on as it, and the others are new.

    Args:
        topics: the demands of each, the hottest first.
        earlier: demand → its topic of the night before.
    """
    shared: dict[tuple[int, int], int] = {}
    for place, demands in enumerate(topics):
        for before in filter(None, map(earlier.get, demands)):
            shared[place, before] = shared.get((place, before), 0) + 1
    found: list[int | None] = [None] * len(topics)
    taken: set[int] = set()
    for place, before in sorted(shared, key=lambda pair: (-shared[pair], *pair)):
        if found[place] is None and before not in taken:
            found[place] = before
            taken.add(before)
    return found


def _instead(detail: str, kind: Kind) -> str:
    return mask(detail, [Finding(0, len(detail), kind)]) if kind is Kind.ADDRESS else " "
