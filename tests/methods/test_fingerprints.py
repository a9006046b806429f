"""Fingerprints tell how like two messages are, without their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.methods.fingerprints import LEAST_PAIRS, SKETCH_BYTES, fingerprint, likenesses

LAMP = ("小区门口路灯不亮", "小区门口的路灯坏了三天，晚上漆黑一片，老人不敢出门。")


def alike(one: tuple[str, str], *others: tuple[str, str]) -> list[float]:
    return [float(each) for each in likenesses(fingerprint(*one), [fingerprint(*other) for other in others])]


def test_a_copy_is_wholly_alike_and_another_matter_hardly() -> None:
    copy, same, other = alike(LAMP, LAMP, ("门口路灯不亮", "天一黑就看不见路。"), ("楼上漏水", "水管破了没人修。"))
    assert copy == 1
    assert same >= 0.8
    assert other < 0.2


def test_one_word_in_common_is_not_one_matter() -> None:
    assert alike(("路灯", "坏了。"), ("路灯", "想装新的，请来看看地方合不合适。"))[0] <= 1 / LEAST_PAIRS + 0.1


@pytest.mark.parametrize("empty", [("", ""), ("！？", "……")])
def test_what_holds_no_letter_is_like_nothing(empty: tuple[str, str]) -> None:
    assert fingerprint(*empty) == b""
    assert alike(empty, LAMP, empty) == [0, 0]
    assert alike(LAMP, empty, LAMP) == [0, 1]
    assert alike(LAMP) == []


@given(st.text(), st.text(), st.text(), st.text())
def test_likeness_lies_between_none_and_whole_and_goes_both_ways(a: str, b: str, c: str, d: str) -> None:
    one, other = alike((a, b), (c, d))[0], alike((c, d), (a, b))[0]
    assert one == other
    assert 0 <= one <= 1
    kept = fingerprint(a, b)
    assert not kept or (len(kept) >= SKETCH_BYTES and len(kept) % 4 == 0)
    assert not kept or alike((a, b), (a, b)) == [1]
