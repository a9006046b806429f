"""The dated rules of the figures."""

from functools import lru_cache
from importlib.resources import files

from linli.kernel.rulesets import RuleBook


@lru_cache(maxsize=1)
def rulebook() -> RuleBook:
    """What makes a hot topic, by version."""
    return RuleBook.parse((files(__package__) / "rulebook.toml").read_text("utf-8"))
