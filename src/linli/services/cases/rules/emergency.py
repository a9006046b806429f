"""Words that mean an emergency: 110, 119 and 120 come before any form."""

from collections.abc import Iterable


def emergency_words_in(text: str, words: Iterable[str]) -> tuple[str, ...]:
    """The emergency words that stand in `text`, each once, in the order of the rule set."""
    return tuple(word for word in words if word in text)
