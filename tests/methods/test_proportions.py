"""Shares and their intervals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.methods.proportions import wilson_interval


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_known_intervals(part: int, whole: int, low: float, high: float) -> None:
    assert wilson_interval(part, whole) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10_000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_the_interval_holds_the_share_and_mirrors(counts: tuple[int, int]) -> None:
    part, whole = counts
    low, high = wilson_interval(part, whole)
    assert 0 <= low <= part / whole <= high <= 1
    assert wilson_interval(whole - part, whole) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize(("part", "whole"), [(0, 0), (3, 2), (-1, 2)])
def test_no_share(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson_interval(part, whole)
