"""The four levels of a district and what a division code says about a unit.

Source:
    统计用区划代码: 2 + 2 + 2 + 3 + 3 digits, street part 001–099 streets, 100–199 towns, 200–399 townships,
    400–599 other areas; community part 001–199 residents' committees, 200–399 villages. A grid adds a serial
    of three digits to the code of its community.
"""

from __future__ import annotations

import re
from enum import StrEnum

DISTRICT_DIGITS, UNIT_DIGITS, GRID_DIGITS = 6, 12, 15
STEP = 4
NOBODY = "000"
VIRTUAL_WORD = "虚拟"

_WELL_FORMED = re.compile(r"[1-9][0-9]{11}(?:[0-9]{3})?", re.ASCII)


class Level(StrEnum):
    """区, 街道, 社区, 网格: from the whole to the smallest part."""

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"

    @property
    def depth(self) -> int:
        """Place in the tree: 1 for the district, 4 for a grid."""
        return LEVELS.index(self) + 1


LEVELS = tuple(Level)


class Kind(StrEnum):
    """What sort of unit a code stands for."""

    DISTRICT = "district"
    STREET = "street"
    TOWN = "town"
    TOWNSHIP = "township"
    FUNCTIONAL_AREA = "functional_area"
    """An area with an office but no residents of its own in law, such as an industrial park."""
    COMMITTEE = "committee"
    VILLAGE = "village"
    VIRTUAL = "virtual"
    """A community that exists in the statistics only, to hold what lies in a functional area."""
    GRID = "grid"
    OTHER = "other"


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


def is_code(code: str) -> bool:
    """Whether `code` can stand for a unit: 12 or 15 digits, no unit below one that is not named."""
    if not _WELL_FORMED.fullmatch(code):
        return False
    street, community, grid = code[6:9], code[9:12], code[12:]
    return not (street == NOBODY != community or grid == NOBODY or (grid and community == NOBODY))


def level_of(code: str) -> Level:
    """The level that a well-formed code stands for.

    Raises:
        ValueError: not the code of a unit.
    """
    if not is_code(code):
        raise ValueError(f"{code!r} is not a division code of 12 digits, or 15 for a grid")
    if len(code) == GRID_DIGITS:
        return Level.GRID
    if code[9:12] != NOBODY:
        return Level.COMMUNITY
    return Level.STREET if code[6:9] != NOBODY else Level.DISTRICT


def parent_of(code: str) -> str:
    """The code of the unit above, empty for the district."""
    match level_of(code):
        case Level.GRID:
            return code[:12]
        case Level.COMMUNITY:
            return code[:9] + NOBODY
        case Level.STREET:
            return code[:6] + NOBODY * 2
        case Level.DISTRICT:
            return ""


def path_of(code: str) -> str:
    """Where the unit stands in the tree: one step of four characters per level, after the digits of its code.

    A path made from the code needs no look at the table, keeps siblings in the order of their codes, and does
    not move when a unit is added beside it; whoever has copied a path may keep it.
    """
    serials = (code[6:9], code[9:12], code[12:15])[: level_of(code).depth - 1]
    return "0001" + "".join(serial.zfill(STEP) for serial in serials)


def kind_of(code: str, name: str = "") -> Kind:
    """What sort of unit this is; a name that says 虚拟 makes a community virtual whatever its code."""
    match level_of(code):
        case Level.DISTRICT:
            return Kind.DISTRICT
        case Level.GRID:
            return Kind.GRID
        case Level.STREET:
            kinds, serial = STREET_KINDS, int(code[6:9])
        case Level.COMMUNITY:
            if VIRTUAL_WORD in name:
                return Kind.VIRTUAL
            kinds, serial = COMMUNITY_KINDS, int(code[9:12])
    return next((kind for serials, kind in kinds if serial in serials), Kind.OTHER)
