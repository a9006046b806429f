from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.services.cases.rules.imported import ImportedRow, clean_text, match_columns, read_moment
from tests.services.sheets import ZONE

STAMPS = (
    "{:%Y/%-m/%-d %-H:%M:%S}",
    "{:%Y-%m-%d %H:%M:%S}",
    "{:%Y年%-m月%-d日 %H时%M分%S秒}",
    "{:%Y.%m.%d %H:%M:%S}",
    "{:%Y-%m-%dT%H:%M:%S}",
)
MOMENTS = st.datetimes(datetime(1995, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - as cells hold them
    lambda each: each.replace(microsecond=0)
)


@given(MOMENTS, st.sampled_from(STAMPS))
def test_a_moment_is_read_from_every_form_people_type(moment: datetime, form: str) -> None:
    expected = moment.replace(tzinfo=ZONE)
    assert read_moment(form.format(moment), ZONE) == expected
    assert read_moment(f"  {form.format(moment)}\n", ZONE) == expected
    assert read_moment(moment, ZONE) == expected
    assert read_moment(moment.date(), ZONE) == datetime(moment.year, moment.month, moment.day, tzinfo=ZONE)
    assert read_moment(f"{moment:%Y/%-m/%-d}", ZONE) == datetime(moment.year, moment.month, moment.day, tzinfo=ZONE)


@given(st.one_of(st.text(max_size=40), st.floats(), st.integers(), st.booleans(), st.timedeltas(), st.times()))
def test_a_moment_is_aware_or_none_or_refused(value: Any) -> None:
    try:
        moment = read_moment(value, ZONE)
    except ValueError:
        return
    assert moment is None or moment.tzinfo is not None
    if moment is None:
        assert str(value).strip() == ""


@pytest.mark.parametrize("text", ["2026/2/30", "2026/13/1", "2026/1/1 25:00", "43500.5", "昨天", "2026/1", "1/2/2026"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the text itself, or the calendar's own
        read_moment(text, ZONE)


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    clean = clean_text(text)
    assert clean_text(clean) == clean
    assert clean == clean.strip()
    assert "\n\n" not in clean
    assert all(char.isprintable() or char in "\n\t" for char in clean)


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1))
def test_cleaning_keeps_every_word(text: str) -> None:
    assert clean_text(f"\n\t\t {text}\r\n\x00\n {text}") == f"{text}\n{text}"


def test_numbers_lose_their_decimal_point() -> None:
    assert clean_text(188006.0) == "188006"
    assert clean_text(1.5) == "1.5"
    assert clean_text("a\xa0b\u3000c\x07") == "a b c"


def test_a_row_without_a_reply_is_open() -> None:
    assert ImportedRow(1, "1", "题", "文").is_open
    assert match_columns(["编 号", " 留言主题\n"]) == {"number": 0, "title": 1}
