"""A spreadsheet of very many demands, as long as real ones and in the encoding that offices write."""

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

from linli.demo.telling import Teller
from linli.demo.year_topics import YEAR_TOPICS

COMPOSED = 4_000
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


def messages(rows: int) -> Iterator[tuple[str, ...]]:
    """Demands as long as real ones; some thousand texts, said again at other times and places."""
    draw = Random(7)
    teller = Teller(draw)
    topics = [each.name for each in YEAR_TOPICS]
    told = []
    for _ in range(COMPOSED):
        topic = draw.choice(topics)
        demand = teller.told(topic, "A1社区")
        told.append((demand.title, demand.text, teller.reply(topic, demand)))
    for number in range(rows):
        title, text, reply = told[number % COMPOSED]
        at = datetime(2025, 3, 1, tzinfo=UTC) + timedelta(seconds=draw.randrange(86_400 * 300))
        replied = at + timedelta(days=11) if number % 5 < 2 else None
        asked = (f"W{number:06}", f"居民{number}", title, f"{at:%Y-%m-%d %H:%M:%S}", text)
        house = f"{draw.choice('AB')}{draw.choice('12')}社区{draw.randrange(2000)}号楼"
        yield (*asked, reply if replied else "", f"{replied:%Y-%m-%d %H:%M:%S}" if replied else "", house)


def write_large_workbook(file: Path, rows: int) -> None:
    """Row by row: what writes spreadsheets elsewhere takes longer for this one than its import."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in PARTS.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
            for cells in (HEADINGS, *messages(rows)):
                row = "".join(
                    f'<c t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>' for cell in cells
                )
                sheet.write(f"<row>{row}</row>".encode())
            sheet.write(b"</sheetData></worksheet>")
