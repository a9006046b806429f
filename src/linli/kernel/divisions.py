"""Division codes: what twelve digits say of an administrative division, and fifteen of a grid.

Source:
    统计用区划代码和城乡划分代码编制规则: 2 + 2 + 2 + 3 + 3 digits. A grid adds a serial of three digits to the code of
    its community.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Self

from linli.kernel.identity import DIGITS, canonical_code

DISTRICT_DIGITS, STREET_DIGITS, UNIT_DIGITS, GRID_DIGITS = 6, 9, 12, 15
NONE = "000"


class Level(StrEnum):
    """Level of a division, from the widest to the narrowest: 省, 市, 区, 街道, 社区, 网格."""

    PROVINCE = auto()
    CITY = auto()
    DISTRICT = auto()
    STREET = auto()
    COMMUNITY = auto()
    GRID = auto()

    @property
    def depth(self) -> int:
        """Place in the tree of a district: 1 for the district, 4 for a grid, less for what is above."""
        return list(Level).index(self) - 1


class Kind(StrEnum):
    """What sort of division a code stands for."""

    PROVINCE = auto()
    CITY = auto()
    DISTRICT = auto()
    STREET = auto()
    TOWN = auto()
    TOWNSHIP = auto()
    FUNCTIONAL_AREA = auto()
    """An area with an office but no residents of its own in law, such as an industrial park."""
    COMMITTEE = auto()
    """The area of a residents' committee."""
    VILLAGE = auto()
    VIRTUAL = auto()
    """A community that exists in the statistics only, to hold what lies in a functional area."""
    GRID = auto()
    OTHER = auto()


Kinds = tuple[tuple[range, Kind], ...]

STREET_KINDS: Kinds = (
    (range(1, 100), Kind.STREET),
    (range(100, 200), Kind.TOWN),
    (range(200, 400), Kind.TOWNSHIP),
    (range(400, 600), Kind.FUNCTIONAL_AREA),
)
COMMUNITY_KINDS: Kinds = (
    (range(1, 200), Kind.COMMITTEE),
    (range(200, 400), Kind.VILLAGE),
    (range(400, 600), Kind.VIRTUAL),
)


@dataclass(frozen=True, order=True)
class DivisionCode:
    """The code of a division, twelve digits, or of a grid, fifteen.

    Args:
        code: all digits, zero where the level is wider; `parse` fills them up.

    Raises:
        ValueError: another number of digits, or a part set below a part that is zero.

    Source:
        320104001000 is 秦虹街道 in 秦淮区. A city without districts has streets directly below it (441900003000), so
        the district part alone may be zero.
    """

    code: str

    def __post_init__(self) -> None:
        if len(self.code) not in (UNIT_DIGITS, GRID_DIGITS) or not DIGITS.issuperset(self.code):
            raise ValueError(f"{self.code!r} is not a division code of 12 digits, or 15 for a grid")
        fault = self._contradiction()
        if fault:
            raise ValueError(f"{self.code} is not a division code: it has {fault}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code of 2, 4, 6, 9, 12 or 15 digits, those of less than 12 filled up with zeros.

        Raises:
            ValueError: another length, another character, or a contradiction between the parts.
        """
        code = canonical_code(text)
        if len(code) not in (2, 4, DISTRICT_DIGITS, STREET_DIGITS, UNIT_DIGITS, GRID_DIGITS):
            raise ValueError(f"{text!r} is not a division code: {len(code)} digits, not 2, 4, 6, 9, 12 or 15")
        return cls(code.ljust(UNIT_DIGITS, "0"))

    @property
    def province(self) -> str:
        """Digits 1 and 2."""
        return self.code[:2]

    @property
    def city(self) -> str:
        """Digits 3 and 4, within the province."""
        return self.code[2:4]

    @property
    def district(self) -> str:
        """Digits 5 and 6, within the city."""
        return self.code[4:6]

    @property
    def street(self) -> str:
        """Digits 7 to 9, within the district."""
        return self.code[6:9]

    @property
    def community(self) -> str:
        """Digits 10 to 12, within the street."""
        return self.code[9:12]

    @property
    def grid(self) -> str:
        """Digits 13 to 15, within the community; empty for what is no grid."""
        return self.code[12:]

    @property
    def level(self) -> Level:
        """The narrowest level that the code names."""
        if self.grid:
            return Level.GRID
        if self.community != NONE:
            return Level.COMMUNITY
        if self.street != NONE:
            return Level.STREET
        if self.district != "00":
            return Level.DISTRICT
        return Level.CITY if self.city != "00" else Level.PROVINCE

    @property
    def kind(self) -> Kind:
        """What sort of division it is; `OTHER` for numbers that the rule does not assign."""
        match self.level:
            case Level.STREET:
                kinds, serial = STREET_KINDS, int(self.street)
            case Level.COMMUNITY:
                kinds, serial = COMMUNITY_KINDS, int(self.community)
            case level:
                return Kind(level.value)
        return next((kind for serials, kind in kinds if serial in serials), Kind.OTHER)

    def parent(self) -> Self | None:
        """The division one level up; None for a province. Above the street of a city without districts is the city."""
        kept = {
            Level.GRID: UNIT_DIGITS,
            Level.COMMUNITY: STREET_DIGITS,
            Level.STREET: DISTRICT_DIGITS,
            Level.DISTRICT: 4,
            Level.CITY: 2,
        }.get(self.level)
        return None if kept is None else type(self)(self.code[:kept].ljust(UNIT_DIGITS, "0"))

    def _contradiction(self) -> str:
        """What is set below a part that is zero; empty when nothing is."""
        if self.code[0] == "0":
            return "no province"
        if self.city == "00" and self.code[4:].strip("0"):
            return "a district or street but no city"
        if self.street == NONE and self.code[9:].strip("0"):
            return "a community but no street"
        if self.grid and NONE in (self.community, self.grid):
            return "a grid but no community, or no serial of the grid"
        return ""

    def __str__(self) -> str:
        return self.code
