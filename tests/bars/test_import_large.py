"""Bar: 100,000 demands come in at 500 a second on PostgreSQL; their end needs no more memory than their first tenth."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.bars.conftest import Installation, python
from tests.bars.large_workbook import write_large_workbook

ROWS, EACH_SECOND = 100_000, 500
ROOT = Path(__file__).parents[2]


CONFIRM = """
import sys
from django.core.management import call_command
call_command("migrate", verbosity=0)
from linli.ground.record.keys import create_keys
create_keys()
from linli.kernel.access import SYSTEM
from linli.services.cases.importing import confirm_import, upload_import
from tests.world import World
world = World()
content = open(os.environ["IMPORTED"], "rb").read()
source = upload_import("m.xlsx", content, channel="platform", actor=SYSTEM, now=world.now)
print(json.dumps(confirm_import(source, actor=SYSTEM, now=world.now).pk))
"""
# A process of its own, as the worker is one: what previewing has taken is not counted.
WRITE = """
import resource, time
from django.conf import settings
from linli.ground.matters.models import Matter
from linli.ground.record.models import Record
from linli.services.cases.importing import continue_import
peaks, began = {}, time.monotonic()
def seen(progress):
    peaks[progress.done * 10 // progress.rows] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seen.written = time.monotonic()
progress = continue_import(int(os.environ["SOURCE"]), settings.LINLI_CLOCK.now(), after_batch=seen)
ended = time.monotonic()
peaks["end"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({
    "seconds": ended - began,
    "releasing": ended - seen.written,
    "peaks": peaks,
    "released": progress.released,
    "shown": Matter.objects.filter(withheld=False).count(),
    "numbers": Matter.objects.values("number").distinct().count(),
    "records": Record.objects.filter(event="import_case").count(),
}))
"""


@pytest.mark.bar
def test_a_hundred_thousand_demands_come_in(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "messages.xlsx"
    write_large_workbook(file, ROWS)
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    source = python(installation, CONFIRM, IMPORTED=str(file), PYTHONPATH=path)
    done: dict[str, Any] = python(installation, WRITE, SOURCE=str(source))
    speed, peaks = ROWS / done["seconds"], done["peaks"]
    print(
        f"\n{ROWS} rows, {file.stat().st_size >> 20} MB: {speed:.0f} a second, released in {done['releasing']:.1f} s; "
        f"{peaks['1']:.0f} MB at a tenth, {peaks['end']:.0f} MB at the end"
    )
    assert done["released"]
    assert done["shown"] == done["numbers"] == done["records"] == ROWS
    assert len(peaks) == 12  # it is told how far it is, all along
    assert peaks["end"] < peaks["1"] * 1.1
    if "TEST_DATABASE_URL" in os.environ:
        assert speed >= EACH_SECOND
