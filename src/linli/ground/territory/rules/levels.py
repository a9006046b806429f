"""The four levels of a district, and where the code of a unit puts it in the tree."""

from __future__ import annotations

from linli.kernel.divisions import DivisionCode, Kind, Level

LEVELS = (Level.DISTRICT, Level.STREET, Level.COMMUNITY, Level.GRID)
"""From the whole to the smallest part."""
STEP = 4
VIRTUAL_WORD = "虚拟"


def is_code(code: str) -> bool:
    """Whether `code` can stand for a unit: 12 digits, or 15 for a grid."""
    try:
        level_of(code)
    except ValueError:
        return False
    return True


def level_of(code: str) -> Level:
    """The level of the unit that a code stands for.

    A city without districts has its streets directly below it: it stands where a district does.

    Raises:
        ValueError: not the code of a unit.
    """
    match DivisionCode(code).level:
        case Level.PROVINCE:
            raise ValueError(f"{code} is not a division code of a unit, but of a province")
        case Level.CITY:
            return Level.DISTRICT
        case level:
            return level


def parent_of(code: str) -> str:
    """The code of the unit above, empty for the district."""
    return "" if level_of(code) is Level.DISTRICT else str(DivisionCode(code).parent())


def path_of(code: str) -> str:
    """Where the unit stands in the tree: one step of four characters per level, after the digits of its code.

    A path made from the code needs no look at the table, keeps siblings in the order of their codes, and does
    not move when a unit is added beside it; whoever has copied a path may keep it.
    """
    division = DivisionCode(code)
    serials = (division.street, division.community, division.grid)[: level_of(code).depth - 1]
    return "0001" + "".join(serial.zfill(STEP) for serial in serials)


def kind_of(code: str, name: str = "") -> Kind:
    """What sort of unit this is; a name that says 虚拟 makes a community virtual whatever its code."""
    level = level_of(code)
    if level is Level.COMMUNITY and VIRTUAL_WORD in name:
        return Kind.VIRTUAL
    return Kind.DISTRICT if level is Level.DISTRICT else DivisionCode(code).kind
