"""What a finder finds: a stretch of the text and what kind of personal detail it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto


class Kind(StrEnum):
    """What a stretch of text gives away."""

    NAME = auto()
    PHONE = auto()
    RESIDENT_NUMBER = auto()
    BANK_CARD = auto()
    PLATE = auto()
    EMAIL = auto()
    ACCOUNT = auto()
    """A QQ, WeChat or like account."""
    ADDRESS = auto()
    """A dwelling: building with unit, floor or room, or the number at a street's door."""


@dataclass(frozen=True, order=True)
class Finding:
    """The characters `text[start:end]` are a personal detail of this kind."""

    start: int
    end: int
    kind: Kind

    def overlaps(self, other: Finding) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end
