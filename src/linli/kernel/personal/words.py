"""Word boundaries of a text, and the words beside a place in it."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

import rjieba

OPENING = ' \t:：,，(（“"「《[【、—-'
CLOSING = frozenset(',，.。;；:：!！?？、)）”"」》]】…\n\r\t ')
SENTENCE_STARTS = frozenset(',，。;；!！?？、)）”"」》】…\n\r\t (（“「《【:：')


@dataclass(frozen=True)
class Words:
    """A text cut into dictionary words; where each begins, and the word each begins with."""

    text: str
    at: dict[int, tuple[str, str]]
    """Start to (word, part of speech)."""
    covering: list[int]
    """For each character, where the word that it is part of begins."""

    @classmethod
    def of(cls, text: str) -> Words:
        """Cut the text. Unknown words stay single characters: that is what most names look like."""
        at: dict[int, tuple[str, str]] = {}
        covering: list[int] = []
        for word, speech in rjieba.tag(text, hmm=False):
            start = len(covering)
            at[start] = (word, speech)
            covering.extend([start] * len(word))
        return cls(text, at, covering)

    def begins(self, position: int) -> bool:
        """Whether a word begins here, or the text ends."""
        return position >= len(self.covering) or position in self.at

    def word_at(self, position: int) -> str:
        """The word that begins here; empty if none does."""
        return self.at.get(position, ("", ""))[0]

    def speech_at(self, position: int) -> str:
        """The part of speech of the word that begins here; empty if none does."""
        return self.at.get(position, ("", ""))[1]


def longest_from(text: str, start: int, known: Container[str], longest: int) -> str:
    """The longest known word that the text continues with."""
    for length in range(min(longest, len(text) - start), 0, -1):
        if (word := text[start : start + length]) in known:
            return word
    return ""


def longest_before(text: str, end: int, known: Container[str], longest: int) -> str:
    """The longest known word that the text up to `end` closes with."""
    for length in range(min(longest, end), 0, -1):
        if (word := text[end - length : end]) in known:
            return word
    return ""
