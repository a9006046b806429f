"""Everything that was measured, as a table for the screen and as docs/benchmarks.md."""

import json
import os
import platform
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tools.bench.comparing import Ratio
from tools.bench.growing import MOST_BOARD, MOST_GROWTH, FirstView, Growth

PAGE = Path(__file__).with_name("page.md")
LEAST_TRIAGE, MOST_QUERY, LEAST_IMPORT, MOST_MEMORY = 2000, 0.05, 500, 1.1


@dataclass
class Results:
    """What was measured so far."""

    ratios: list[Ratio] = field(default_factory=list)
    growth: list[Growth] = field(default_factory=list)
    boards: list[FirstView] = field(default_factory=list)
    learning: dict[str, Any] = field(default_factory=dict)
    imports: dict[str, dict[str, float]] = field(default_factory=dict)

    def rows(self) -> Iterator[tuple[str, str, str, bool]]:
        """What, the figure, what is wanted, and whether it is so."""
        for each in self.ratios:
            name = f"{each.name} against the floor, {each.kind}"
            figure = f"{each.ratio:.2f} ({1 / each.ours:.0f}/s and {1 / each.floor:.0f}/s)"
            yield name, figure, f"≥ {each.wanted:.2f}", each.ratio >= each.wanted
        for grown in self.growth:
            name = f"{grown.name}, p95 at {grown.cases[1]:,} to {grown.cases[0]:,} demands, {grown.kind}"
            figure = f"{grown.ratio:.2f} ({grown.large * 1000:.1f} ms and {grown.small * 1000:.1f} ms)"
            yield name, figure, f"≤ {MOST_GROWTH}", grown.ratio <= MOST_GROWTH
        for board in self.boards:
            name = f"board, first view at {board.cases:,} demands, p95, {board.kind}"
            yield name, f"{board.p95:.2f} s", f"≤ {MOST_BOARD:.0f} s", board.p95 <= MOST_BOARD
        yield from self._learning_rows()
        for kind, told in self.imports.items():
            speed, growth = told["rows_a_second"], told["peak_at_the_end"] / told["peak_at_a_tenth"]
            wanted = f"≥ {LEAST_IMPORT}/s" if kind == "PostgreSQL" else "none"
            name = f"import of {told['rows']:,.0f} rows, {kind}"
            yield name, f"{speed:.0f}/s", wanted, speed >= LEAST_IMPORT or wanted == "none"
            figure = f"{told['peak_at_a_tenth']:.0f} MB and {told['peak_at_the_end']:.0f} MB"
            yield f"its peak of memory at a tenth and at the end, {kind}", figure, "the same", growth <= MOST_MEMORY

    def _learning_rows(self) -> Iterator[tuple[str, str, str, bool]]:
        if not self.learning:
            return
        speed, query = self.learning["texts_a_second"], self.learning["query_p95"]
        yield f"triage on one core, {self.learning['texts']}", f"{speed:.0f}/s", "≥ 2,000/s", speed >= LEAST_TRIAGE
        name = f"near-duplicates among {self.learning['among']:,} texts, p95"
        yield name, f"{query * 1000:.1f} ms", "≤ 50 ms", query <= MOST_QUERY

    def table(self) -> str:
        """As Markdown."""
        head = ["| what | measured | wanted | |", "|---|---|---|---|"]
        return "\n".join(
            [*head, *(f"| {what} | {got} | {want} | {_mark(so)} |" for what, got, want, so in self.rows())]
        )


def _mark(holds: object) -> str:
    return "yes" if holds else "**no**"


def page(results: Results, today: date, *, notes: str, extent: str) -> str:
    """docs/benchmarks.md with these figures; what was written by hand stands in page.md.

    Args:
        extent: whether it was the whole run, or with what it was shortened.
    """
    places = {
        "{{machine}}": machine(),
        "{{date}}": today.isoformat(),
        "{{extent}}": extent,
        "{{table}}": results.table(),
        "{{notes}}": notes,
    }
    text = PAGE.read_text(encoding="utf-8")
    for mark, put in places.items():
        text = text.replace(mark, put)
    return text


def machine() -> str:
    """What it was measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    return f"{_processor()}, {os.cpu_count()} cores, {memory} GB of memory, Python {platform.python_version()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def shares(parts: Iterable[dict[str, Any]]) -> str:
    """What the profiles say, page by page, as Markdown."""
    known = list(parts)
    lines = ["| what our time goes to | " + " | ".join(each["name"] for each in known) + " |"]
    lines.append("|---|" + "---|" * len(known))
    kinds = dict.fromkeys(kind for each in known for kind in each["shares"])
    lines += [
        f"| {kind} | " + " | ".join(f"{each['shares'].get(kind, 0):.0%}" for each in known) + " |" for kind in kinds
    ]
    return "\n".join(lines)


def read_json(text: str) -> dict[str, Any]:
    """What a module within an installation printed last."""
    found: dict[str, Any] = json.loads(text.strip().splitlines()[-1])
    return found
