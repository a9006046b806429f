"""Chinese full text as overlapping pairs of characters, so that two-character words are found exactly."""

import re
import unicodedata

RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[a-z0-9]+")


def normal(text: str) -> str:
    """Full-width forms and case folded away."""
    return unicodedata.normalize("NFKC", text).lower()


def index_terms(text: str) -> str:
    """The terms under which a text is indexed, separated by spaces.

    A run of Chinese characters gives every pair and, so that single characters are found by prefix, its last
    character alone; Latin words and numbers stay whole.
    """
    terms: list[str] = []
    for run in RUN.findall(normal(text)):
        if run.isascii():
            terms.append(run)
        else:
            terms += [run[i : i + 2] for i in range(len(run) - 1)]
            terms.append(run[-1])
    return " ".join(terms)


def query_phrases(text: str) -> tuple[tuple[str, ...], ...]:
    """What must be found, all of it: each run of the query as a phrase of consecutive terms.

    路灯 gives (("路灯",),); 坏了的路灯 A3 gives (("坏了", "了的", "的路", "路灯"), ("a3",)).
    """
    phrases = []
    for run in RUN.findall(normal(text)):
        pairs = tuple(run[i : i + 2] for i in range(len(run) - 1))
        phrases.append((run,) if run.isascii() or len(run) == 1 else pairs)
    return tuple(phrases)
