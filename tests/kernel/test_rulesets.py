"""Dated rules: each day has exactly one set, each value its type and its source."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.rulesets import RuleBook, RuleSet

BOOK = """
name = "assembly"

[[versions]]
version = 1
effective_from = 1990-01-01
effective_to = 2025-12-31

[versions.rules.term_years]
title = "任期"
value = 5
unit = "年"
source = "城市居民委员会组织法 第八条"
verified = true

[[versions]]
version = 2
effective_from = 2026-01-01

[versions.rules.term_years]
title = "任期"
value = 5
unit = "年"
source = "城市居民委员会组织法(2025年修订)"
verified = false

[versions.rules.consent_share]
title = "同意比例"
value = "2/3"
unit = ""
source = "民法典 第二百七十八条"
verified = true

[versions.rules.open_ballot]
title = "公开计票"
value = true
unit = ""
source = "选举规程"
verified = true

[versions.rules.notice_place]
title = "公示地点"
value = "居务公开栏"
unit = ""
source = "选举规程"
verified = true

[versions.rules.sub_committees]
title = "下属委员会"
value = ["人民调解", "公共卫生"]
unit = ""
source = "城市居民委员会组织法"
verified = true
"""


@pytest.fixture
def book() -> RuleBook:
    return RuleBook.parse(BOOK)


@pytest.fixture
def current(book: RuleBook) -> RuleSet:
    return book.version(2)


def test_values_come_with_their_type(current: RuleSet) -> None:
    assert current.integer("term_years") == 5
    assert current.fraction("consent_share") == Fraction(2, 3)
    assert current.flag("open_ballot") is True
    assert current.text("notice_place") == "居务公开栏"
    assert current.words("sub_committees") == ("人民调解", "公共卫生")


def test_a_rule_says_where_it_comes_from(current: RuleSet) -> None:
    rule = current.rule("term_years")
    assert (rule.code, rule.title, rule.unit) == ("term_years", "任期", "年")
    assert (rule.source, rule.verified) == ("城市居民委员会组织法(2025年修订)", False)


def test_an_exact_fraction_is_not_rounded(current: RuleSet) -> None:
    assert Fraction(200, 300) >= current.fraction("consent_share")
    assert Fraction(199, 300) < current.fraction("consent_share")


@pytest.mark.parametrize(
    ("method", "code", "message"),
    [
        ("integer", "open_ballot", "is true or false, not a whole number"),
        ("flag", "term_years", "is a whole number, not true or false"),
        ("fraction", "term_years", "is a whole number, not a fraction"),
        ("text", "consent_share", "is a fraction, not a text"),
        ("words", "notice_place", "is a text, not a word list"),
    ],
)
def test_another_type_is_refused(current: RuleSet, method: str, code: str, message: str) -> None:
    with pytest.raises(TypeError, match=f"{code}.* of assembly version 2 {message}"):
        getattr(current, method)(code)


def test_a_missing_rule_is_named(book: RuleBook) -> None:
    with pytest.raises(KeyError, match="assembly version 1 has no rule 'consent_share'"):
        book.version(1).fraction("consent_share")


@pytest.mark.parametrize(
    ("day", "version"),
    [("1990-01-01", 1), ("2025-12-31", 1), ("2026-01-01", 2), ("2099-12-31", 2)],
)
def test_a_day_has_its_version(book: RuleBook, day: str, version: int) -> None:
    assert book.on(date.fromisoformat(day)) is book.version(version)


def test_days_and_versions_outside_the_book_are_refused(book: RuleBook) -> None:
    with pytest.raises(LookupError, match="no version is in force on 1989-12-31"):
        book.on(date(1989, 12, 31))
    with pytest.raises(LookupError, match="no version 3"):
        book.version(3)
    ended = RuleBook("ended", book.versions[:1])
    with pytest.raises(LookupError, match="2026-01-01"):
        ended.on(date(2026, 1, 1))


def test_rules_cannot_be_changed(current: RuleSet) -> None:
    with pytest.raises(TypeError):
        current.rules["term_years"] = current.rule("open_ballot")  # type: ignore[index]
    assert isinstance(hash(current), int)


def test_versions_may_stand_in_any_order() -> None:
    head, first, second = BOOK.partition("[[versions]]")[0], *BOOK.split("[[versions]]")[1:]
    book = RuleBook.parse(f"{head}[[versions]]{second}[[versions]]{first}")
    assert [rules.version for rules in book.versions] == [1, 2]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("effective_to = 2025-12-31", "effective_to = 2026-01-01", "versions 1 and 2 overlap"),
        ("effective_to = 2025-12-31\n", "", "versions 1 and 2 overlap"),
        ("effective_to = 2025-12-31", "effective_to = 2025-12-30", "versions 1 and 2 leave a gap"),
        ("effective_to = 2025-12-31", "effective_to = 1989-12-31", "is before effective_from"),
        ("version = 2", "version = 1", "number the version that takes effect later higher"),
        ("version = 2", "version = 0", "version 0 is not a whole number from 1"),
        ("version = 2", "version = true", "version True is not a whole number"),
        (
            "effective_from = 2026-01-01",
            "effective_from = 2026-01-01T00:00:00",
            "effective_from .* is not a date",
        ),
        ("effective_from = 2026-01-01\n", "", "effective_from is missing"),
        ("effective_from = 2026-01-01", "effective_from = 2026-01-01\nnote = 1", "note is not a known key"),
        ('name = "assembly"', 'name = ""', "name is not a text"),
        ('name = "assembly"', "name = ", "not valid TOML"),
        ('value = "2/3"', 'value = "2/0"', "rule consent_share: value '2/0' divides by zero"),
        ('value = "2/3"', "value = 0.66", "rule consent_share: value 0.66 is no whole number, fraction"),
        ('value = "2/3"', "value = [1]", r"rule consent_share: value \[1\] is no"),
        ('value = "2/3"', "values = 1", "rule consent_share: value is missing"),
        ('unit = "年"', "unit = 1", "unit is not a text"),
        ("verified = false", 'verified = "no"', "verified is neither true nor false"),
        ('title = "任期"', 'title = " "', "title is not a text"),
        ('source = "选举规程"', 'source = ""', "source is not a text"),
    ],
)
def test_a_wrong_book_is_refused_by_its_key(old: str, new: str, message: str) -> None:
    assert old in BOOK
    with pytest.raises(ValueError, match=message):
        RuleBook.parse(BOOK.replace(old, new))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('name = "empty"\nversions = []', "no versions"),
        ('name = "empty"\nversions = 1', "versions is not an array"),
        ('name = "empty"\nversions = [1]', "position 1: not a table"),
        (
            'name = "empty"\nversions = [{version = 1, effective_from = 2026-01-01, rules = 1}]',
            "rules is not a",
        ),
        (
            'name = "x"\nversions = [{version = 1, effective_from = 2026-01-01, rules = {a = 1}}]',
            "rule a: not a",
        ),
    ],
)
def test_a_shapeless_book_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        RuleBook.parse(text)


@given(st.lists(st.integers(1, 900), min_size=1, max_size=6), st.integers(0, 6000))
def test_every_day_from_the_first_on_has_exactly_one_set(lengths: list[int], offset: int) -> None:
    start = date(2011, 1, 1)
    versions: list[RuleSet] = []
    for number, length in enumerate(lengths, start=1):
        last = None if number == len(lengths) else start + timedelta(days=length - 1)
        versions.append(RuleSet("rules", number, start, last, {}))
        start += timedelta(days=length)
    day = date(2011, 1, 1) + timedelta(days=offset)
    assert [rules for rules in versions if rules.covers(day)] == [RuleBook("rules", tuple(versions)).on(day)]
