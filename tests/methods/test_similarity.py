"""Near-duplicates: against an exhaustive comparison, and under adding and removing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.methods.similarity import NearDuplicates, likeness_of, runs_of
from tests.methods.invented_messages import labelled_texts

letters = st.text("甲乙丙丁戊 ，", min_size=1, max_size=20).filter(lambda text: text.strip(" ，"))


def by_hand(one: str, other: str) -> float:
    """The Jaccard index of the runs of three characters, with sets of texts."""

    def runs(text: str) -> set[str]:
        plain = text.replace(" ", "").replace("，", "")
        return {plain[place : place + 3] for place in range(max(1, len(plain) - 2))}

    return len(runs(one) & runs(other)) / len(runs(one) | runs(other))


@given(letters, letters)
def test_likeness_is_the_jaccard_index(one: str, other: str) -> None:
    assert likeness_of(runs_of(one), runs_of(other)) == pytest.approx(by_hand(one, other))


@given(st.lists(letters, max_size=12), letters)
def test_nothing_clearly_alike_is_missed_and_nothing_unlike_is_told(texts: list[str], asked: str) -> None:
    found = {each.key: each.likeness for each in NearDuplicates(enumerate(texts)).query(asked, least=0.5, most=100)}
    for key, text in enumerate(texts):
        likeness = by_hand(asked, text)
        if key in found:
            assert found[key] == pytest.approx(likeness)
            assert likeness >= 0.5
        else:
            assert likeness < 0.8


@given(st.lists(st.tuples(st.integers(0, 5), st.none() | letters), max_size=30), letters)
def test_adding_and_removing_leave_what_a_new_index_holds(steps: list[tuple[int, str | None]], asked: str) -> None:
    known: NearDuplicates[int] = NearDuplicates()
    kept: dict[int, str] = {}
    for key, text in steps:
        if text is not None:
            known.add(key, text)
            kept[key] = text
        elif key in kept:
            known.remove(key)
            del kept[key]
    fresh = NearDuplicates(kept.items())
    assert len(known) == len(kept)
    assert all(key in known for key in kept)
    told = [{(each.key, each.likeness) for each in index.query(asked, most=100)} for index in (known, fresh)]
    assert told[0] == told[1]


def test_a_text_told_again_with_small_changes_is_found_first() -> None:
    texts, _ = labelled_texts(1500)
    known = NearDuplicates(enumerate(texts))
    told = "喜鹊巷的自来水发黄三天了，居民不敢喝，请水务部门检查管网"
    known.add(-1, told)
    first, *_ = known.query(told.replace("请", "盼望") + "！")
    assert (first.key, first.likeness > 0.7) == (-1, True)
    assert known.query(told, among={1, 2, 3}) == []
    assert len(known.query(texts[0], least=0.01, most=3)) == 3


def test_what_cannot_be_compared_is_told() -> None:
    known: NearDuplicates[str] = NearDuplicates()
    with pytest.raises(ValueError, match="no letter"):
        known.add("a", "，。")
    with pytest.raises(ValueError, match="no letter"):
        known.query("")
    with pytest.raises(ValueError, match="a likeness"):
        known.query("甲", least=0)
    with pytest.raises(KeyError):
        known.remove("a")
    assert known.query("甲") == []
