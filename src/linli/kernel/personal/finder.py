"""All finders over one text, and which of them has the word where they meet."""

from __future__ import annotations

from linli.kernel.personal.dwellings import find_dwellings
from linli.kernel.personal.findings import Finding
from linli.kernel.personal.names import find_names
from linli.kernel.personal.numbers import find_numbers
from linli.kernel.personal.words import Words


def find_personal(text: str) -> tuple[Finding, ...]:
    """Every personal detail in the text, in order, none overlapping another."""
    words = Words.of(text)
    numbers = find_numbers(text)
    names = [name for name in find_names(text, words) if not _meets(name, numbers)]
    dwellings = [
        dwelling for dwelling in find_dwellings(text, words, [*numbers, *names]) if not _meets(dwelling, numbers)
    ]
    names = [name for name in names if not _meets(name, dwellings)]
    return tuple(sorted([*numbers, *names, *dwellings]))


def _meets(finding: Finding, others: list[Finding]) -> bool:
    return any(finding.overlaps(other) for other in others)
