"""The dated rules of demands."""

from functools import lru_cache
from importlib.resources import files

from linli.kernel.rulesets import RuleBook


@lru_cache(maxsize=1)
def rulebook() -> RuleBook:
    """Limits, counts and words for demands, by version."""
    return RuleBook.parse((files(__package__) / "rulebook.toml").read_text())
