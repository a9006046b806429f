"""Installations of their own, each a home and a database, used through the command line."""

import json
import os
import subprocess
import sys
import textwrap
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from linli.site.archives import part_of

ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("TEST_DATABASE_URL", "")

FOUND = """
from linli.ground.record.keys import create_keys
from django.core.management import call_command
create_keys()
call_command("migrate", verbosity=0)
from io import BytesIO
from PIL import Image
from linli.ground.files.storing import store_upload
from linli.ground.record.writing import Audience
from tests.world import World
world = World()
output = BytesIO()
Image.new("RGB", (30, 20), (200, 10, 10)).save(output, "JPEG")
photo = store_upload("灯.jpg", output.getvalue(), audience=Audience.PARTY, now=world.now)
world.case_of(state="replied", files=(photo,))
store_upload("忘了.jpg", output.getvalue(), audience=Audience.PARTY, now=world.now)
"""

MORE = """
from tests.world import NOW
from linli.ground.files.models import StoredFile
from linli.ground.files.storing import store_upload
from linli.ground.matters.models import Matter
from linli.ground.organizations.models import Organization
from linli.ground.people.actions.open_account import open_account
from linli.ground.territory.models import Unit
from linli.ground.record.writing import Audience
from linli.kernel.access import SYSTEM, VISITOR
from linli.services.cases.actions.receive_case import receive_case
open_account(login="later", name="后来者", phone="13900001111", actor=SYSTEM, now=NOW)
photo = store_upload("二.pdf", b"%PDF-1.4 second", audience=Audience.PARTY, now=NOW)
place = Unit.objects.get(name="A1社区")
receive_case(title="再来一件", text="井盖坏了", place=place, files=(photo,), actor=VISITOR, now=NOW)
"""

READ = """
import json
from linli.ground.people.models import Person
from linli.ground.files.models import StoredFile
from linli.ground.matters.models import Matter
from linli.ground.matters.search import find
from django.db.models import Q
print(json.dumps({
    "names": sorted(p.name for p in Person.objects.all()),
    "matters": sorted(Matter.objects.values_list("number", "title", "state")),
    "files": sorted(StoredFile.objects.values_list("name", "digest")),
    "found": len(find("路灯", Q(), public=False)),
}))
"""

IN_TURN = """
import json, sys
from linli.site.commandline import main
for command in json.loads(sys.argv.pop(1)):
    sys.argv[1:] = command
    try:
        main()
    except SystemExit as ended:
        if ended.code:
            raise
"""

SEAL_AND_FOLLOW = """
from linli.ground.record.following import follow_all
from linli.ground.record.log import seal
seal()
while follow_all():
    pass
"""

EMPTY_THE_RECORD = """
from django.db import DatabaseError, connection
try:
    connection.cursor().execute("DELETE FROM record_record")
except DatabaseError as error:
    print(error)
"""

KILLED = """
import os, sys
from pathlib import Path
rename, left = Path.rename, int(sys.argv.pop(1))
def rename_or_die(self, target):
    global left
    if left == 0:
        os._exit(9)
    left -= 1
    return rename(self, target)
Path.rename = rename_or_die
from linli.site.commandline import main
main()
"""


@dataclass(frozen=True)
class Place:
    """An installation: a home and a database, and what else its settings say."""

    home: Path
    database: str
    settings: dict[str, str] = field(default_factory=dict)

    def _run(self, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        env = os.environ | {
            "LINLI_HOME": str(self.home),
            "DATABASE_URL": self.database,
            "LINLI_SECRET_KEY": "only-for-tests",
            "DJANGO_SETTINGS_MODULE": "linli.site.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            **self.settings,
        }
        return subprocess.run(
            [sys.executable, "-c", code, *arguments], env=env, capture_output=True, text=True, check=False, timeout=120
        )

    def linli(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        return self._run("from linli.site.commandline import main; main()", *map(str, arguments))

    def linli_in_turn(self, *commands: tuple[object, ...]) -> str:
        """Several commands that must do what they are asked, in one process."""
        done = self._run(IN_TURN, json.dumps([[str(part) for part in command] for command in commands]))
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def linli_killed(self, renames: int, *arguments: object) -> None:
        """A command that is killed, as by a power failure, when it is about to rename for the time after `renames`."""
        done = self._run(KILLED, str(renames), *map(str, arguments))
        assert done.returncode == 9, done.stdout + done.stderr

    def python(self, code: str) -> str:
        done = self._run(f"import django; django.setup()\n{textwrap.dedent(code)}")
        assert done.returncode == 0, done.stderr
        return done.stdout

    def read(self, after: str = "") -> dict[str, Any]:
        """What is in it, read by a process of its own that may do something first."""
        return dict(json.loads(self.python(after + READ)))

    def refuses(self, *arguments: object) -> str:
        before = self.everything()
        done = self.linli("restore", *arguments)
        assert done.returncode == 1, done.stdout + done.stderr
        assert self.everything() == before
        return done.stderr

    def everything(self) -> dict[str, Any]:
        """Every file below the home but the database's own."""
        return {
            path.relative_to(self.home).as_posix(): part_of(path)
            for path in sorted(self.home.rglob("*"))
            if path.is_file() and "sqlite3" not in path.name
        }


def place(folder: Path, **settings: str) -> Place:
    if not SERVER.startswith("postgres"):
        return Place(folder, f"sqlite:///{folder / 'linli.sqlite3'}", settings)
    name = f"linli_backup_{uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    head, _, query = SERVER.partition("?")
    return Place(folder, f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else ""), settings)
