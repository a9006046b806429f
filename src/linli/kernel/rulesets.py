"""Rules that change on a day: a rule book holds dated versions, and every day has exactly one.

Numbers of the law and of local rules are data, each with its source, so that a decision can be computed again
with the rules of its own day. Fractions are exact: 过半数 and 三分之二 are compared without rounding.

A book in TOML::

    name = "assembly"

    [[versions]]
    version = 1
    effective_from = 2026-01-01

    [versions.rules.present_share]
    title = "到会比例"
    value = "1/2"
    unit = ""
    source = "城市居民委员会组织法 第九条"
    verified = false
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Self, TypeVar

FRACTION = re.compile(r"(-?[0-9]+)/([0-9]+)")
BOOK_KEYS = frozenset({"name", "versions"})
VERSION_KEYS = frozenset({"version", "effective_from", "rules"})
RULE_KEYS = frozenset({"value", "source", "verified", "unit", "title"})

TYPE_NAMES: Mapping[type, str] = MappingProxyType(
    {
        int: "a whole number",
        Fraction: "a fraction",
        bool: "true or false",
        str: "a text",
        tuple: "a word list",
    }
)

RuleValue = int | str | bool | Fraction | tuple[str, ...]
Value = TypeVar("Value", int, str, bool, Fraction, tuple[str, ...])


@dataclass(frozen=True)
class Rule:
    """One value that the law, a local rule or the district has set.

    Args:
        code: name used by the program, such as `supplement_days`.
        value: whole number, exact fraction, yes or no, text, or words.
        source: document and article, shown beside the value.
        verified: whether the source was read in the original; an unverified value is marked on the page.
        unit: what a number counts, such as 工作日; empty where nothing is counted.
        title: name of the rule for the page.
    """

    code: str
    value: RuleValue
    source: str
    verified: bool
    unit: str
    title: str


@dataclass(frozen=True)
class RuleSet:
    """The rules in force from one day to another, both included; without an end, until further notice."""

    name: str
    version: int
    effective_from: date
    effective_to: date | None
    rules: Mapping[str, Rule] = field(hash=False)

    def covers(self, day: date) -> bool:
        """Whether the set is in force on this day."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)

    def rule(self, code: str) -> Rule:
        """The rule with its source.

        Raises:
            KeyError: the set has no such rule.
        """
        try:
            return self.rules[code]
        except KeyError:
            raise KeyError(f"{self.name} version {self.version} has no rule {code!r}") from None

    def integer(self, code: str) -> int:
        """The whole number of a rule; `KeyError` if there is none, `TypeError` if it is something else."""
        return self._value(code, int)

    def fraction(self, code: str) -> Fraction:
        """The exact fraction of a rule; `KeyError` if there is none, `TypeError` if it is something else."""
        return self._value(code, Fraction)

    def flag(self, code: str) -> bool:
        """The yes or no of a rule; `KeyError` if there is none, `TypeError` if it is something else."""
        return self._value(code, bool)

    def text(self, code: str) -> str:
        """The text of a rule; `KeyError` if there is none, `TypeError` if it is something else."""
        return self._value(code, str)

    def words(self, code: str) -> tuple[str, ...]:
        """The words of a rule; `KeyError` if there is none, `TypeError` if it is something else."""
        return self._value(code, tuple)

    def _value(self, code: str, wanted: type[Value]) -> Value:
        value = self.rule(code).value
        # Exact type: a yes is not the number one.
        if type(value) is not wanted:
            raise TypeError(
                f"rule {code!r} of {self.name} version {self.version} is {TYPE_NAMES[type(value)]}, "
                f"not {TYPE_NAMES[wanted]}"
            )
        return value


@dataclass(frozen=True)
class RuleBook:
    """All versions of one set of rules, in order of time and of number, without gap or overlap.

    Raises:
        ValueError: no version, or versions that overlap, leave a gap, or are not numbered upwards.
    """

    name: str
    versions: tuple[RuleSet, ...]

    def __post_init__(self) -> None:
        if not self.versions:
            raise ValueError(f"{self.name}: no versions; give at least one [[versions]]")
        for rules in self.versions:
            if rules.effective_to is not None and rules.effective_to < rules.effective_from:
                raise ValueError(
                    f"{self.name} version {rules.version}: effective_to {rules.effective_to} is before "
                    f"effective_from {rules.effective_from}"
                )
        for earlier, later in pairwise(self.versions):
            _require_succession(earlier, later)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a book from TOML, the form shown at the head of this module.

        A version without `effective_to` has no end, so only the last may leave it out. A value written as
        "2/3" is a fraction; decimals are refused because they are not exact.

        Raises:
            ValueError: not TOML, a key missing, unknown or of the wrong kind, or versions that do not follow
                one another; the message names the version and the key.
        """
        try:
            content = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"the rule book is not valid TOML: {error}") from error
        _require_keys(content, BOOK_KEYS, where="rule book")
        name = _text(content, "name", where="rule book")
        versions = content["versions"]
        if type(versions) is not list:
            raise ValueError(f"{name}: versions is not an array; write [[versions]]")
        read = [_rule_set(name, position, version) for position, version in enumerate(versions, start=1)]
        return cls(name, tuple(sorted(read, key=lambda rules: rules.effective_from)))

    def on(self, day: date) -> RuleSet:
        """The one set in force on this day.

        Raises:
            LookupError: the day is before the first version or after the last.
        """
        for rules in self.versions:
            if rules.covers(day):
                return rules
        raise LookupError(f"{self.name}: no version is in force on {day}")

    def version(self, number: int) -> RuleSet:
        """The set of this number, to compute an old decision again.

        Raises:
            LookupError: there is no such version.
        """
        for rules in self.versions:
            if rules.version == number:
                return rules
        raise LookupError(f"{self.name}: there is no version {number}")


def _require_succession(earlier: RuleSet, later: RuleSet) -> None:
    where = f"{later.name} versions {earlier.version} and {later.version}"
    if later.version <= earlier.version:
        raise ValueError(f"{where}: number the version that takes effect later higher")
    if earlier.effective_to is None or earlier.effective_to >= later.effective_from:
        raise ValueError(f"{where} overlap: end the earlier on the day before {later.effective_from}")
    if earlier.effective_to + timedelta(days=1) != later.effective_from:
        raise ValueError(f"{where} leave a gap: {earlier.effective_to} to {later.effective_from}")


def _rule_set(name: str, position: int, content: object) -> RuleSet:
    where = f"{name} version at position {position}"
    if type(content) is not dict:
        raise ValueError(f"{where}: not a table; write [[versions]]")
    _require_keys(content, VERSION_KEYS, optional={"effective_to"}, where=where)
    version, rules = content["version"], content["rules"]
    if type(version) is not int or version < 1:
        raise ValueError(f"{where}: version {version!r} is not a whole number from 1")
    where = f"{name} version {version}"
    if type(rules) is not dict:
        raise ValueError(f"{where}: rules is not a table; write [versions.rules.CODE]")
    return RuleSet(
        name=name,
        version=version,
        effective_from=_day(content, "effective_from", where=where),
        effective_to=_day(content, "effective_to", where=where) if "effective_to" in content else None,
        rules=MappingProxyType({code: _rule(code, rule, where=where) for code, rule in rules.items()}),
    )


def _rule(code: str, content: object, *, where: str) -> Rule:
    where = f"{where}, rule {code}"
    if type(content) is not dict:
        raise ValueError(f"{where}: not a table; write [versions.rules.{code}]")
    _require_keys(content, RULE_KEYS, where=where)
    if type(content["unit"]) is not str:
        raise ValueError(f'{where}: unit is not a text; write "" if the value counts nothing')
    if type(content["verified"]) is not bool:
        raise ValueError(f"{where}: verified is neither true nor false")
    return Rule(
        code=code,
        value=_rule_value(content["value"], where=where),
        source=_text(content, "source", where=where),
        verified=content["verified"],
        unit=content["unit"],
        title=_text(content, "title", where=where),
    )


def _rule_value(value: object, *, where: str) -> RuleValue:
    if isinstance(value, str):
        fraction = FRACTION.fullmatch(value)
        if fraction is None:
            return value
        numerator, denominator = map(int, fraction.groups())
        if denominator == 0:
            raise ValueError(f"{where}: value {value!r} divides by zero")
        return Fraction(numerator, denominator)
    if isinstance(value, int):
        return value
    if isinstance(value, list):
        words = tuple(word for word in value if isinstance(word, str))
        if len(words) == len(value):
            return words
    raise ValueError(
        f'{where}: value {value!r} is no whole number, fraction ("2/3"), true or false, text or list of words'
    )


def _require_keys(
    content: Mapping[str, Any], required: Iterable[str], *, optional: Collection[str] = (), where: str
) -> None:
    required = frozenset(required)
    for key in sorted(required - content.keys()):
        raise ValueError(f"{where}: {key} is missing")
    for key in sorted(content.keys() - required - frozenset(optional)):
        raise ValueError(f"{where}: {key} is not a known key; remove it or correct its name")


def _text(content: Mapping[str, Any], key: str, *, where: str) -> str:
    text = content[key]
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{where}: {key} is not a text; write some words in quotes")
    return text


def _day(content: Mapping[str, Any], key: str, *, where: str) -> date:
    day = content[key]
    # A TOML date with a time is a date to Python as well.
    if type(day) is not date:
        raise ValueError(f"{where}: {key} {day!r} is not a date; write 2026-01-01 without quotes or time")
    return day
