"""Which topics a demand's words name."""

import pytest

from linli.services.cases.advice.names import named_topics

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
    assert named_topics(text, NAMES) == found
