"""What the floor program is handed: the statements of our pages as they were run, and templates cut from the pages."""

import pickle  # written and read within one run of the benchmarks, in a folder of its own
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SCRIPT = "BENCH_FLOOR_SCRIPT"
"""The variable that tells the floor program where its script lies."""


@dataclass(frozen=True)
class Statement:
    """A statement as our program ran it, with its parameters as the driver got them."""

    sql: str
    params: tuple[Any, ...] = ()

    @property
    def begins(self) -> str:
        """Its first word."""
        return self.sql.split(maxsplit=1)[0].upper()


@dataclass(frozen=True)
class PageScript:
    """One page at one address.

    Args:
        kind: `public_list` or `inbox`, which says how its rows are drawn.
        template: the page as Jinja, its data replaced by loops over the rows.
        headers: what our answer bears.
        first_street: the street that stands first among the places to choose.
    """

    kind: str
    statements: tuple[Statement, ...]
    template: str
    headers: tuple[tuple[str, str], ...]
    first_street: str = ""


@dataclass(frozen=True)
class FilingScript:
    """What filing writes, and what it answers."""

    statements: tuple[Statement, ...]
    answer: dict[str, Any]
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FloorScript:
    """All that the floor program knows.

    Args:
        vendor: `sqlite` or `postgresql`; `database` is the file, or the address.
        state_words: of each state its words, tone and picture.
        rating_words: of a rating and what became of the appeal against it.
        paused, resting: states in which the light says something else than the clock.
    """

    vendor: str
    database: str
    pages: dict[str, PageScript]
    filing: FilingScript
    state_words: dict[str, tuple[str, str, str]]
    rating_words: dict[tuple[int | None, str], str]
    paused: frozenset[str] = field(default_factory=frozenset)
    resting: frozenset[str] = field(default_factory=frozenset)

    def write(self, path: Path) -> None:
        """Put it where the floor program finds it."""
        path.write_bytes(pickle.dumps(self))


def read_script(path: Path) -> FloorScript:
    """What `write` has put there."""
    found: FloorScript = pickle.loads(path.read_bytes())  # noqa: S301 -- see above
    return found
