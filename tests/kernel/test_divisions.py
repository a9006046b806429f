"""Division codes: their parts, levels and kinds, and what cannot be one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.divisions import DivisionCode, Kind, Level


@pytest.mark.parametrize(
    ("text", "code", "level", "parent"),
    [
        ("32", "320000000000", Level.PROVINCE, None),
        ("3201", "320100000000", Level.CITY, "320000000000"),
        ("320104", "320104000000", Level.DISTRICT, "320100000000"),
        ("320104012", "320104012000", Level.STREET, "320104000000"),
        ("320104 012 003", "320104012003", Level.COMMUNITY, "320104012000"),
        ("320104012003007", "320104012003007", Level.GRID, "320104012003"),
        ("441900003000", "441900003000", Level.STREET, "441900000000"),
        ("429004", "429004000000", Level.DISTRICT, "429000000000"),
    ],
)
def test_a_division_code(text: str, code: str, level: Level, parent: str | None) -> None:
    division = DivisionCode.parse(text)
    assert str(division) == code
    assert division.level is level
    assert division.parent() == (parent and DivisionCode(parent))


def test_the_parts_of_a_division_code() -> None:
    division = DivisionCode.parse("320104012003007")
    parts = (
        division.province, division.city, division.district, division.street, division.community, division.grid,
    )  # fmt: skip
    assert parts == ("32", "01", "04", "012", "003", "007")
    assert DivisionCode.parse("320104012003").grid == ""


@pytest.mark.parametrize("street", range(1, 13))
def test_the_twelve_streets_of_qinhuai(street: int) -> None:
    division = DivisionCode.parse(f"320104{street:03d}")
    assert division.kind is Kind.STREET
    assert division.parent() == DivisionCode.parse("320104")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("32", Kind.PROVINCE), ("3201", Kind.CITY), ("320104", Kind.DISTRICT),
        ("320104001", Kind.STREET), ("320104099", Kind.STREET),
        ("320104100", Kind.TOWN), ("320104199", Kind.TOWN),
        ("320104200", Kind.TOWNSHIP), ("320104399", Kind.TOWNSHIP),
        ("320104400", Kind.FUNCTIONAL_AREA), ("320104599", Kind.FUNCTIONAL_AREA),
        ("320104600", Kind.OTHER), ("320104999", Kind.OTHER),
        ("320104001001", Kind.COMMITTEE), ("320104001199", Kind.COMMITTEE),
        ("320104001200", Kind.VILLAGE), ("320104001399", Kind.VILLAGE),
        ("320104001400", Kind.VIRTUAL), ("320104001599", Kind.VIRTUAL), ("320104001600", Kind.OTHER),
        ("320104001001001", Kind.GRID),
    ],
)  # fmt: skip
def test_the_kind_of_a_division(text: str, kind: Kind) -> None:
    assert DivisionCode.parse(text).kind is kind


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "0 digits"),
        ("3201041", "7 digits"),
        ("32010A", "12 digits, or 15"),
        ("000000", "no province"),
        ("020104", "no province"),
        ("320004", "no city"),
        ("320000001", "no city"),
        ("320104000001", "no street"),
        ("320104001000001", "no community"),
        ("320104001001000", "no serial"),
    ],
)
def test_a_contradictory_division_code_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        DivisionCode.parse(text)


@given(st.from_regex(r"[1-9][0-9]{11}([0-9]{3})?", fullmatch=True))
def test_parents_lead_to_the_province(text: str) -> None:
    try:
        division: DivisionCode | None = DivisionCode.parse(text)
    except ValueError:
        return
    levels = list(Level)
    seen: list[Level] = []
    while division is not None:
        seen.append(division.level)
        division = division.parent()
    assert seen[-1] is Level.PROVINCE
    assert [levels.index(level) for level in seen] == sorted({levels.index(level) for level in seen}, reverse=True)
