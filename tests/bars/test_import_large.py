"""Bar: 100,000 demands come in at 500 a second on PostgreSQL; their end needs no more memory than their first tenth."""

import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, cast
from xml.sax.saxutils import escape

import pytest

from linli.demo.telling import Teller
from linli.demo.year_topics import YEAR_TOPICS
from linli.ground.territory.facade import Unit
from tests.bars.conftest import Installation, python

ROWS, EACH_SECOND, COMPOSED = 100_000, 500, 4_000
ROOT = Path(__file__).parents[2]
HEADINGS = ("编号", "姓名", "标题", "时间", "内容", "答复", "答复时间", "地点")
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="xl/workbook.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="worksheets/sheet1.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>',
}

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


def messages() -> Iterator[tuple[str, ...]]:
    """Demands as long as real ones; some thousand texts, said again at other times and places."""
    draw = Random(7)
    teller = Teller(draw)
    topics = [each.name for each in YEAR_TOPICS]
    place = cast("Unit", SimpleNamespace(name="A1社区"))
    told = []
    for _ in range(COMPOSED):
        topic = draw.choice(topics)
        demand = teller.told(topic, place)
        told.append((demand.title, demand.text, teller.reply(topic, demand)))
    for number in range(ROWS):
        title, text, reply = told[number % COMPOSED]
        at = datetime(2025, 3, 1, tzinfo=UTC) + timedelta(seconds=draw.randrange(86_400 * 300))
        replied = at + timedelta(days=11) if number % 5 < 2 else None
        asked = (f"W{number:06}", f"居民{number}", title, f"{at:%Y-%m-%d %H:%M:%S}", text)
        house = f"{draw.choice('AB')}{draw.choice('12')}社区{draw.randrange(2000)}号楼"
        yield (*asked, reply if replied else "", f"{replied:%Y-%m-%d %H:%M:%S}" if replied else "", house)


def write_workbook(file: Path) -> None:
    """Row by row: what writes spreadsheets elsewhere takes longer for this one than its import."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in PARTS.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
            for cells in (HEADINGS, *messages()):
                row = "".join(
                    f'<c t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>' for cell in cells
                )
                sheet.write(f"<row>{row}</row>".encode())
            sheet.write(b"</sheetData></worksheet>")


@pytest.mark.bar
def test_a_hundred_thousand_demands_come_in(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "messages.xlsx"
    write_workbook(file)
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
