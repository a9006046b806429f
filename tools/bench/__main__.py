"""`make bench`: measures the house on SQLite and on PostgreSQL, prints a table and writes docs/benchmarks.md."""

import argparse
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime

from tools.bench.comparing import FILING, INBOX, LIST, asked_of, compare
from tools.bench.growing import compare_growth, first_view
from tools.bench.homes import OURS, POSTGRESQL, SQLITE, Home, home, served, twin
from tools.bench.results import Results, page, read_json, shares
from tools.check import ROOT

FEW, MANY, IMPORTED = 10_000, 1_000_000, 100_000
PARTS = ("floor", "growth", "board", "learning", "import")
BEGAN = time.monotonic()


def main() -> int:
    """Measure what is asked for; the exit code is 0 when all of it is as wanted."""
    given = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # homes and servers go, however it ends
    results, notes = Results(), ""
    if "learning" in given.only:
        say("triage and near-duplicates")
        results.learning = read_json(alone("learning", 100_000))
    for kind in given.database:
        with home(kind) as large:
            say(f"{kind}: founding the district")
            large.run("filling", "found")
            few = int(large.run("filling", "copy", FEW).strip())
            notes = measure(large, few, given, results) or notes
    print(results.table())
    if given.write:
        extent = f"shortened by `{' '.join(sys.argv[1:])}`" if sys.argv[1:] else "in full"
        text = page(results, datetime.now(UTC).date(), notes=notes, extent=extent)
        (ROOT / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")
    return 0 if all(row[3] for row in results.rows()) else 1


def measure(large: Home, few: int, given: argparse.Namespace, results: Results) -> str:
    """All that is asked for on one database; what our time goes to, as Markdown."""
    notes = ""
    with ExitStack() as stack:
        small = stack.enter_context(twin(large))
        if "floor" in given.only:
            with twin(small) as of:
                results.ratios += compare(of, given.seconds, lambda _: True, say)
                notes = spent(of)
        if "import" in given.only:
            with twin(small) as of:
                source = of.run("importing", "upload", given.rows).strip()
                results.imports[large.kind] = read_json(of.run("importing", "write", source))
        if {"growth", "board"} & set(given.only):
            many = int(large.run("filling", "copy", given.cases).strip())
            if "growth" in given.only:
                results.growth += compare_growth(small, large, (few, many), given.seconds, say)
            if "board" in given.only:
                results.boards.append(first_view(large, many, say))
    return notes


def spent(of: Home) -> str:
    """By whom the time of our pages is spent."""
    with served(of, OURS) as port:
        asked = asked_of(of, port, residents=3)
    told = asked.told() | {"tokens": list(asked.tokens)}
    known = {LIST: "public_list", INBOX: "inbox"}
    told["pages"] = [next(each for each in told["pages"] if each["kind"] == kind) for kind in known.values()]
    found = json.loads(of.run("spending", asked=told).strip().splitlines()[-1])
    names = {"public_list": LIST, "inbox": INBOX, "filing": FILING}
    return f"On {of.kind}:\n\n{shares({**each, 'name': names[each['name']]} for each in found)}"


def alone(module: str, *given: object) -> str:
    """What a module says that needs no installation."""
    command = [sys.executable, "-c", f"import sys; from tools.bench.{module} import main; main(*sys.argv[1:])"]
    return subprocess.run(
        [*command, *map(str, given)], cwd=ROOT, env=_environment(), stdout=subprocess.PIPE, text=True, check=True
    ).stdout


def _environment() -> dict[str, str]:
    return Home("", ROOT, "").environment()


def say(text: str) -> None:
    """A line of progress, with the minutes that have gone by."""
    print(f"[{(time.monotonic() - BEGAN) / 60:5.1f} min] {text}", file=sys.stderr, flush=True)


def arguments() -> argparse.Namespace:
    """What is asked for; everything, when nothing is said."""
    parser = argparse.ArgumentParser(prog="tools.bench", description=__doc__)
    parser.add_argument("--cases", type=int, default=MANY, help="demands of the large district")
    parser.add_argument("--rows", type=int, default=IMPORTED, help="rows of the imported file")
    parser.add_argument("--seconds", type=float, default=20.0, help="for which each page is asked")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--database", nargs="+", choices=(SQLITE, POSTGRESQL), default=(SQLITE, POSTGRESQL))
    parser.add_argument("--no-write", dest="write", action="store_false", help="leave docs/benchmarks.md as it is")
    return parser.parse_args()


Say = Callable[[str], None]

if __name__ == "__main__":
    sys.exit(main())
