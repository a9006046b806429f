"""The word lists of the name finder, each read once from the text files beside this module."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

PLAIN_SURNAME = 1.5
SURNAME_WEIGHTS = {"plain": PLAIN_SURNAME, "usual": 0.9, "fair": 0.3, "doubtful": -0.6, "function": -2.5}
COMPOUND_WEIGHT = 2.0
GIVEN_WEIGHTS = {"medium": 0.35, "strong": 1.0, "never": -6.0}
PAIR_WEIGHT = 1.6


@dataclass(frozen=True)
class Lexicon:
    """Everything the name finder knows about words."""

    surnames: dict[str, float]
    compound_surnames: frozenset[str]
    given: dict[str, float]
    never_last: frozenset[str]
    pairs: frozenset[str]
    naming: frozenset[str]
    roles: frozenset[str]
    verbs: frozenset[str]
    after: frozenset[str]
    places: frozenset[str]
    post_titles: frozenset[str]
    titles: frozenset[str]
    """Words that follow a bare surname, of either sort."""
    firms: frozenset[str]
    figures: frozenset[str]
    turns: frozenset[str]


def sections(name: str) -> dict[str, list[str]]:
    """The words of each section of a word list."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        if line.startswith("["):
            current = found.setdefault(line.strip("[]"), [])
        else:
            current.extend(line.split())
    return found


@cache
def lexicon() -> Lexicon:
    """The word lists."""
    surnames = sections("surnames.txt")
    given = sections("given_names.txt")
    cues = sections("cues.txt")
    titles = sections("titles.txt")
    others = sections("not_names.txt")
    # A character in two sections keeps the more cautious weight: that of the later section of surnames, and of
    # given names "never" before "strong" before "medium".
    surname_weights = {
        sign: weight for section, weight in SURNAME_WEIGHTS.items() for sign in "".join(surnames[section])
    }
    given_weights = {sign: weight for section, weight in GIVEN_WEIGHTS.items() for sign in "".join(given[section])}
    return Lexicon(
        surnames=surname_weights,
        compound_surnames=frozenset(surnames["compound"]),
        given=given_weights,
        never_last=frozenset("".join(given["last_never"])),
        pairs=frozenset(given["pairs"]),
        naming=frozenset(cues["naming"]),
        roles=frozenset(cues["role"]),
        verbs=frozenset(cues["verb"]),
        after=frozenset(cues["after"]),
        places=frozenset(cues["place_after"]),
        post_titles=frozenset(titles["post"]),
        titles=frozenset(titles["family"] + titles["post"]),
        firms=frozenset(others["firms"]),
        figures=frozenset(others["figures"]),
        turns=frozenset(others["turns"]),
    )
