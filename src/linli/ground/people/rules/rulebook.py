"""The dated rules of accounts: what graded protection usually sets, until a district confirms its own."""

from functools import lru_cache
from importlib.resources import files

from linli.kernel.rulesets import RuleBook, RuleSet


@lru_cache(maxsize=1)
def rulebook() -> RuleBook:
    """Lengths, counts and times for passwords, locks and sessions, by version."""
    return RuleBook.parse((files(__package__) / "rulebook.toml").read_text("utf-8"))


def strict_rules() -> RuleSet:
    """The newest version: settings are read at the start, and the environment overrides each of them."""
    return rulebook().versions[-1]
