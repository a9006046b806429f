"""Hot topics: on an invented period with matters that are known."""

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from linli.methods.tables import UnreadableInput
from linli.methods.topics.closeness import message_vectors, with_length_one
from linli.methods.topics.finding import HotTopic, heat_of, hot_topics
from linli.methods.topics.grouping import groups_of
from linli.methods.topics.places import begins_a_word, common_place, phrases, place_candidates
from linli.methods.topics.reading import PeriodMessage, read_period
from tests.methods.invented_messages import period, write_csv


def invented() -> list[PeriodMessage]:
    return [PeriodMessage(*row) for row in period()]


def numbers(messages: list[PeriodMessage], topic: HotTopic) -> set[str]:
    return {messages[place].number for place in topic.messages}


def test_the_matters_of_a_period_are_found_hottest_first() -> None:
    messages = invented()
    first, second, *_ = hot_topics(messages)
    assert numbers(messages, first) == {each.number for each in messages if "云栖新城" in each.title}
    assert numbers(messages, second) == {each.number for each in messages if "松涛苑" in each.title}
    assert (first.place, second.place) == ("云栖新城", "松涛苑")
    assert "化工仓库" in first.name
    assert "电梯" in second.name
    assert first.voices == 20
    assert first.support == sum(each.in_favour for each in messages if "云栖新城" in each.title)
    assert [each.heat for each in (first, second)] == sorted((first.heat, second.heat), reverse=True)
    assert first.first == min(each.at for each in messages if "云栖新城" in each.title)


def test_no_message_stands_in_two_topics_and_the_order_of_input_does_not_matter() -> None:
    messages = invented()
    found = hot_topics(messages)
    places = [place for topic in found for place in topic.messages]
    assert len(places) == len(set(places))
    backwards = hot_topics(messages[::-1])
    assert [numbers(messages, each) for each in found] == [numbers(messages[::-1], each) for each in backwards]


def test_who_writes_again_is_no_further_voice() -> None:
    loud = [PeriodMessage(**{**each.__dict__, "user": "one"}) for each in invented()]
    quiet = hot_topics(invented())
    assert hot_topics(loud)[0].heat < quiet[0].heat
    assert {each.voices for each in hot_topics(loud)} == {1}


def test_nothing_gives_no_topics() -> None:
    assert hot_topics([]) == []
    alone = PeriodMessage("1", "u", "路灯坏了", "望月小区的路灯坏了", datetime.fromisoformat("2026-03-02"), 0, 0)
    assert hot_topics([alone]) == []


@given(st.integers(0, 500), st.integers(0, 5000), st.floats(0, 2000), st.floats(0, 1))
def test_heat_grows_with_people_and_support_and_falls_with_time(
    voices: int, support: int, days: float, closeness: float
) -> None:
    heat = heat_of(voices, support, days, closeness)
    assert heat >= 0
    assert heat_of(voices + 1, support, days, closeness) >= heat
    assert heat_of(voices, support + 1, days, closeness) >= heat
    assert heat_of(voices, support, days + 1, closeness) <= heat


def test_heat_of_known_cases() -> None:
    assert heat_of(10, 0, 0, 1) == pytest.approx(20)
    assert heat_of(10, 7, 30, 0.5) == pytest.approx((10 + 3) * 1.5 * 0.5)
    with pytest.raises(ValueError, match="not negative"):
        heat_of(-1, 0, 0, 1)


@given(st.integers(0, 2**32 - 1), st.integers(0, 25))
def test_groups_are_disjoint_and_of_at_least_two(seed: int, rows: int) -> None:
    draw = np.random.default_rng(seed)
    dense = draw.random((rows, 6)) * (draw.random((rows, 6)) < 0.4)
    groups = groups_of(with_length_one(sparse.csr_matrix(dense.astype(np.float32))))
    members = [int(each) for group in groups for each in group]
    assert len(members) == len(set(members))
    assert all(len(group) >= 2 for group in groups)


def test_vectors_have_length_one_or_none() -> None:
    vectors = message_vectors(["路灯坏了", "路灯坏了", "孤"], ["望月小区", "望月小区", ""])
    lengths = np.sqrt(vectors.multiply(vectors).sum(axis=1)).ravel()
    assert np.allclose(np.asarray(lengths), [1, 1, 0])


def test_a_place_is_what_ends_like_one_and_is_repeated() -> None:
    assert "云栖新城" in place_candidates("投诉A7县云栖·新城附近施工")
    assert not any("附近" in name for name in place_candidates("松涛苑附近的青石路"))
    titles = ["松涛苑停水", "请看松涛苑停水", "松涛苑三天没水"]
    assert common_place(titles, ["", "", ""], {}) == ("松涛苑", 1.0)
    assert common_place(["停水", "没有水", "水管"], ["", "", ""], {}) == ("", 0.0)


def test_names_are_made_of_whole_words() -> None:
    assert not begins_a_word("近学校", "附近学校食堂不干净")
    assert begins_a_word("松涛苑", "请看松涛苑停水")
    assert not begins_a_word("松涛苑", "停水")
    assert common_place(["附近学校的饭", "附近学校太吵", "附近学校堵车"], ["", "", ""], {}) == ("", 0.0)
    said = set(phrases("附近学校的饭菜不新鲜"))
    assert "学校的饭菜" in said
    assert not any(each.startswith(("近", "的")) or each.endswith("的") for each in said)


HEADING = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "反对数", "点赞数"]


def test_a_period_is_read_with_the_headings_of_the_mailbox(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "p.csv", HEADING, [["7", "U1", "路灯", "2026/3/2 9:05:01", "坏了", "2", "5"]])
    (read,) = read_period(path)
    assert read == PeriodMessage("7", "U1", "路灯", "坏了", datetime.fromisoformat("2026-03-02T09:05:01"), 5, 2)
    assert read.support == 3
    assert read.at + timedelta(0) == read.at


def test_what_is_wrong_in_a_period_is_told_by_row_and_column(tmp_path: Path) -> None:
    rows = [
        ["7", "U", "路灯", "2026/3/2", "坏了", "0", "0"],
        ["7", "U", "", "bald", "", "-1", "x"],
        ["", "U", "路灯", "2026/3/2", "坏了", "", ""],
    ]
    with pytest.raises(UnreadableInput) as refused:
        read_period(write_csv(tmp_path / "p.csv", HEADING, rows))
    told = [(each.row, each.column) for each in refused.value.faults]
    assert told == [(3, "id"), (3, "title, detail"), (3, "time"), (3, "in_favour"), (3, "against"), (4, "id")]
    with pytest.raises(UnreadableInput, match="time: this column is missing"):
        read_period(write_csv(tmp_path / "q.csv", ["id", "title", "detail"], [["1", "a", "b"]]))
