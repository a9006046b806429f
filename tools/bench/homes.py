"""Installations for the benchmarks: each a temporary home and a database, with the settings of an ordinary one."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tools.check import ROOT, postgresql

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
OURS, FLOOR = "linli.site.wsgi:application", "tools.bench.floor:application"
NAME = re.compile(r"/([^/?]+)\?")
"""The database in an address of PostgreSQL."""
WORKERS = os.cpu_count() or 1
PATIENCE = 60.0
WITHOUT_LIMITS = {"LINLI_API_WRITES_PER_MINUTE": "100000000", "LINLI_API_READS_PER_MINUTE": "100000000"}
"""How often a token may be used is a setting; the checks themselves stay where they are."""


@dataclass(frozen=True)
class Home:
    """An installation.

    Args:
        kind: the database, by name; `database` is its address.
    """

    kind: str
    folder: Path
    database: str

    def environment(self, **more: str) -> dict[str, str]:
        """What its processes are told."""
        own = {
            "LINLI_HOME": str(self.folder),
            "DATABASE_URL": self.database,
            "DJANGO_SETTINGS_MODULE": "linli.site.settings",
            "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
        }
        return os.environ | own | WITHOUT_LIMITS | more

    def run(self, module: str, *arguments: object, asked: Any = None) -> str:
        """What a module of the benchmarks says that runs within the installation; what it tells meanwhile is shown."""
        command = [sys.executable, "-m", "tools.bench.within", module, *map(str, arguments)]
        given = None if asked is None else json.dumps(asked)
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment(), input=given, stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout

    def logins(self) -> tuple[str, dict[str, list[str]]]:
        """The password of the sample logins, and these by role."""
        content = json.loads((self.folder / "sample-logins.json").read_text())
        logins: dict[str, list[str]] = {}
        for each in content["logins"]:
            logins.setdefault(each["role"], []).append(each["login"])
        return content["password"], logins


@contextlib.contextmanager
def twin(of: Home) -> Iterator[Home]:
    """Another installation with everything that this one holds; nothing is left of it afterwards."""
    with contextlib.ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="linli-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        shutil.copytree(of.folder, folder, dirs_exist_ok=True)
        if of.kind == SQLITE:
            yield Home(of.kind, folder, f"sqlite:///{folder / 'linli.sqlite3'}")
            return
        own = NAME.search(of.database)[1]  # type: ignore[index]  # every address names its database
        name = f"{own}_{folder.name.rsplit('-', 1)[1].lower()}"
        server = NAME.sub("/postgres?", of.database, count=1)
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {own}')
        stack.callback(_drop, server, name)
        yield Home(of.kind, folder, NAME.sub(f"/{name}?", of.database, count=1))


@contextlib.contextmanager
def home(kind: str) -> Iterator[Home]:
    """An installation on one of the databases; nothing is left of it afterwards."""
    with contextlib.ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="linli-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        if kind == SQLITE:
            yield Home(kind, folder, f"sqlite:///{folder / 'linli.sqlite3'}")
            return
        server = stack.enter_context(postgresql())
        name = f"linli_bench_{os.getpid()}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        stack.callback(_drop, server, name)
        yield Home(kind, folder, server.replace("/postgres?", f"/{name}?"))


def _drop(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextlib.contextmanager
def served(of: Home, application: str, **more: str) -> Iterator[int]:
    """The port at which the server of `linli start` answers for an application; worker and clock rest."""
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("granian")),
        *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(WORKERS)),
        *("--blocking-threads", "1", "--no-ws", "--log-level", "warning", application),
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=of.environment(**more), start_new_session=True)
    try:
        _wait_for(port, process)
        yield port
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server with all its workers, which may still wait for the next request of an open connection."""
    for sent in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, sent)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=3)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
