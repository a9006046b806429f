"""Which topics a demand's words propose, and how alike two titles are."""

from fractions import Fraction

import pytest

from linli.services.cases.suggesting import likeness, suggested

NAMES = {1: "路灯照明", 2: "道路保洁", 3: "供水排水", 4: "物业管理", 5: "市容管理", 6: "犬只管理", 7: "公园管理"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("巷口路灯不亮", [1]),
        ("路灯照明坏了，道路也脏", [1, 2]),
        ("希望加强管理", []),
        ("", []),
        ("物业管理不好，路灯不亮", [4, 1]),
    ],
)
def test_whole_names_come_first_and_common_words_tell_nothing(text: str, found: list[int]) -> None:
    assert suggested(text, NAMES) == found


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("路灯不亮", "路灯不亮", Fraction(1)),
        ("路灯不亮", "小区路灯不亮了", Fraction(3, 4)),  # of 路灯, 灯不, 不亮 and the last character alone
        ("路灯不亮", "楼上漏水", Fraction(0)),
        ("", "路灯不亮", Fraction(0)),
    ],
)
def test_titles_are_alike_by_the_pairs_they_share(one: str, other: str, share: Fraction) -> None:
    assert likeness(one, other) == likeness(other, one) == share
