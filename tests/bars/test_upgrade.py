"""Bar: an installation of an earlier state goes on under today's program, and so does the backup it left behind."""

import json
import subprocess
import sys
import tarfile
import urllib.request
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.bars.conftest import Installation, installed, python

ROOT = Path(__file__).resolve().parents[2]
# The last state before the API, the second factor, consents, rates and reforms.
EARLIER = "0500f9c63eaa"
RUN = "from linli.site.commandline import main; main()"

PHOTO = """
from django.utils import timezone
from PIL import Image
from io import BytesIO
from linli.ground.files.storing import store_upload
from linli.ground.record.writing import Audience
from linli.ground.territory.models import Unit
from linli.kernel.access import VISITOR
from linli.services.cases.actions.receive_case import receive_case
now, output = timezone.now(), BytesIO()
Image.new("RGB", (900, 600), (200, 10, 10)).save(output, "JPEG")
photo = store_upload("灯.jpg", output.getvalue(), audience=Audience.PARTY, now=now)
place = Unit.objects.filter(level="community").order_by("path").first()
told = {"title": "路灯不亮", "text": "三天没亮了。", "visibility": "private"}
print(json.dumps(receive_case(actor=VISITOR, now=now, place=place, files=(photo,), **told).matter.number))
"""

CONTENT = """
from hashlib import sha256
from linli.ground.files.models import StoredFile
from linli.ground.matters.models import Matter
from linli.ground.people.models import Account, Appointment, Person
from linli.ground.record.models import Entry, Leaf, Record
from linli.services.cases.models import Case
matters = sorted(Matter.objects.values_list("number", "title", "state", "due_at", "opened_at", "closed_at"))
texts = sorted(json.dumps(each, sort_keys=True) for each in Entry.objects.values_list("texts", flat=True))
people = sorted((person.name, person.phone) for person in Person.objects.all())
print(json.dumps({
    "matters": len(matters), "cases": Case.objects.count(),
    "rows": Record.objects.count(), "leaves": Leaf.objects.count(), "files": StoredFile.objects.count(),
    "people": len(people), "accounts": Account.objects.count(),
    "appointments": Appointment.objects.count(),
    "digest": sha256(repr((matters, texts, people)).encode()).hexdigest(),
}))
"""


class Earlier:
    """The program as it was, unpacked beside today's and run with today's libraries."""

    def __init__(self, folder: Path, installation: Installation) -> None:
        packed = subprocess.run(["git", "archive", EARLIER, "src"], cwd=ROOT, capture_output=True)
        if packed.returncode:
            pytest.skip(f"the history does not reach back to {EARLIER}: {packed.stderr.decode()}")
        with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
            archive.extractall(folder, filter="data")
        self.environment = installation.environment | {"PYTHONPATH": str(folder / "src")}

    def run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", RUN, *command], env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def python(self, installation: Installation, code: str) -> Any:
        return python(installation, code, PYTHONPATH=self.environment["PYTHONPATH"])


@pytest.mark.bar
def test_an_earlier_installation_goes_on(installation: Installation, tmp_path: Path) -> None:
    earlier = Earlier(tmp_path / "earlier", installation)
    founded = json.loads(earlier.run("init", "--json"))
    assert founded["story_played"]
    assert earlier.python(installation, PHOTO)
    earlier.run("record", "seal")
    before = earlier.python(installation, CONTENT)
    assert before["files"] == 1
    earlier.run("backup", str(tmp_path / "earlier.tar.gz"))

    installation.run("init")
    after = python(installation, CONTENT)
    print(f"\nbefore {before}\nafter  {after}")
    assert after == before
    verified = installation.run("record", "verify")
    assert verified["whole"]
    installation.start()
    for page in ("/", "/cases/", "/record/", "/rates/"):
        with urllib.request.urlopen(installation.address + page, timeout=30) as answer:
            assert answer.status == 200, page
    installation.kill()

    installation.run("backup", str(tmp_path / "today.tar.gz"))
    for name in ("today", "earlier"):
        (tmp_path / f"from-{name}").mkdir()
        with installed(tmp_path / f"from-{name}") as target:
            restored = target.run("restore", str(tmp_path / f"{name}.tar.gz"))
            assert restored["verified"]["faults"] == [], name
            assert restored["verified"]["rows"] >= before["rows"], name
            found = python(target, CONTENT)
            compared = set(before) - {"rows", "leaves"} if name == "today" else set(before)
            assert {key: found[key] for key in compared} == {key: before[key] for key in compared}, name
