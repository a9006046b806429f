"""A whole installation in a folder of its own, run as its users run it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

LINLI = str(Path(sys.executable).with_name("linli"))

CHECK_RECEIPTS = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "linli.site.settings"
import django
django.setup()
from linli.ground.record.receipts import verify_receipt
for line in sys.stdin.read().split():
    if not verify_receipt(line).proof_ok:
        print(line)
"""


PREPARED = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "linli.site.settings"
import django
django.setup()
"""


class Installation:
    """Starts, kills and asks an installation through its command line."""

    def __init__(self, home: Path, database: str) -> None:
        self.port = free_port()
        self.environment = os.environ | {
            "LINLI_HOME": str(home),
            "DATABASE_URL": database,
            "LINLI_PORT": str(self.port),
            "LINLI_SECRET_KEY": "only-for-tests",
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *command: str, check: bool = True) -> Any:
        done = subprocess.run([LINLI, *command, "--json"], env=self.environment, capture_output=True, text=True)
        if check and done.returncode:
            raise AssertionError(done.stdout + done.stderr)
        return json.loads(done.stdout)

    def unproven(self, receipts: list[str]) -> list[str]:
        """Those of the receipts whose row is not proven to stand in the log."""
        done = subprocess.run(
            [sys.executable, "-c", CHECK_RECEIPTS],
            env=self.environment,
            input="\n".join(receipts),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.split()

    def start(self, patience: float = 60) -> None:
        command = [LINLI, "start", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=self.environment, start_new_session=True)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(self.address + "/", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the installation did not answer")

    def kill(self) -> None:
        """End every process of the group at once, as a power cut does."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def python(installation: Installation, code: str, **environment: str) -> Any:
    """What a piece of code inside the installation printed as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", PREPARED + code],
        env=installation.environment | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as made:
        yield made


@contextmanager
def installed(home: Path) -> Iterator[Installation]:
    """An installation with a database of its own, taken down afterwards."""
    server = os.environ.get("TEST_DATABASE_URL")
    database = f"sqlite:///{home / 'linli.sqlite3'}"
    name = f"linli_bar_{home.name.replace('-', '_')}_{os.getpid()}"
    if server:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name}")
            connection.execute(f"CREATE DATABASE {name}")
        database = server.replace("/postgres?", f"/{name}?")
    made = Installation(home, database)
    try:
        yield made
    finally:
        made.kill()
        if server:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
