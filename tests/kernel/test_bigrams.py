"""Bigrams: whatever is part of a text is found in it, on both databases' notion of a phrase."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.bigrams import RUN, index_terms, normal, query_phrases

chinese = st.text("路灯坏了三天夜晚看不见小区门口", min_size=1, max_size=12)
latin = st.text("ab3", min_size=1, max_size=4)
gaps = st.sampled_from([" ", "，", "\n", "、"])
texts = st.lists(st.tuples(st.one_of(chinese, latin), gaps), min_size=1, max_size=5).map(
    lambda parts: "".join(part + gap for part, gap in parts)
)


def found(text: str, query: str) -> bool:
    """Whether every phrase of the query stands in the terms of the text; one character is found by prefix."""
    terms = index_terms(text).split()
    for phrase in query_phrases(query):
        if len(phrase) == 1 and len(phrase[0]) == 1:
            if not any(term.startswith(phrase[0]) for term in terms):
                return False
        elif not any(tuple(terms[i : i + len(phrase)]) == phrase for i in range(len(terms))):
            return False
    return True


@given(texts, st.data())
def test_part_of_a_run_is_found(text: str, data: st.DataObject) -> None:
    run = data.draw(st.sampled_from(RUN.findall(normal(text))))
    if run.isascii():
        assert found(text, run)
        return
    start = data.draw(st.integers(0, len(run) - 1))
    end = data.draw(st.integers(start + 1, len(run)))
    assert found(text, run[start:end])


@given(texts, chinese)
def test_what_is_not_in_the_text_is_not_found(text: str, query: str) -> None:
    if len(query) >= 2:
        assert found(text, query) is (query in normal(text))


@given(texts, st.data())
def test_fts5_agrees(text: str, data: st.DataObject) -> None:
    run = data.draw(st.sampled_from([each for each in RUN.findall(normal(text)) if len(each) >= 2] or [""]))
    if not run:
        return
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE words USING fts5(body, tokenize='unicode61')")
    database.execute("INSERT INTO words VALUES (?)", [index_terms(text)])
    phrase = " ".join(query_phrases(run)[0])
    assert database.execute("SELECT count(*) FROM words WHERE words MATCH ?", [f'"{phrase}"']).fetchone() == (1,)
    database.close()


@pytest.mark.parametrize(
    ("query", "phrases"),
    [
        ("路灯", (("路灯",),)),
        ("坏了的路灯 A3", (("坏了", "了的", "的路", "路灯"), ("a3",))),
        ("灯", (("灯",),)),
        ("Ａ３", (("a3",),)),
        ("，。!", ()),
    ],
)
def test_queries(query: str, phrases: tuple[tuple[str, ...], ...]) -> None:
    assert query_phrases(query) == phrases


def test_a_phrase_does_not_cross_punctuation() -> None:
    assert not found("门前路。灯坏了", "路灯")
    assert found("门前路灯坏了", "路灯坏")
