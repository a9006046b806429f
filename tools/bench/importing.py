"""Runs within an installation: a generated file goes the whole way of an import; what writes it is watched."""

import io
import json
import resource
import sys
import time
from datetime import timedelta
from random import Random

import openpyxl
from django.conf import settings
from django.utils.timezone import localtime

from linli.demo.measured import REPLY_LENGTHS, TEXT_LENGTHS, drawn_length
from linli.kernel.access import SYSTEM
from linli.services.cases.importing import confirm_import, continue_import, upload_import
from linli.services.cases.importing_batches import Progress
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import Channel

HEADINGS = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间")
WORDS = "路灯垃圾噪音电梯停车消防绿化排水物业维修补贴学校公交施工违建充电楼道小区居民希望解决问题反映情况处理"


def main(step: str, number: str) -> None:
    """`upload` so many rows and confirm them, which prints the import; or `write` it, which prints the figures."""
    print(json.dumps(_uploaded(int(number)) if step == "upload" else _written(int(number))))


def _uploaded(rows: int) -> int:
    now = settings.LINLI_CLOCK.now()
    source = upload_import("messages.xlsx", _sheet(rows), channel=Channel.PLATFORM, actor=SYSTEM, now=now)
    confirm_import(source, actor=SYSTEM, now=now)
    return source.pk


def _written(source: int) -> dict[str, float]:
    """Rows in a second, and the peak of memory in megabytes when a tenth was written, and at the end."""
    before, began = Case.objects.count(), time.monotonic()
    tenth: list[float] = []

    def after_batch(progress: Progress) -> None:
        if not tenth and progress.done * 10 >= progress.rows:
            tenth.append(_peak())
        rate = progress.done / (time.monotonic() - began)
        print(f"import: {progress.done} of {progress.rows} rows, {rate:.0f}/s", file=sys.stderr, flush=True)

    progress = continue_import(source, settings.LINLI_CLOCK.now(), after_batch=after_batch)
    spent = time.monotonic() - began
    if progress.problem or not progress.released:
        raise RuntimeError(f"the import stopped: {progress.problem}")
    return {
        "rows": progress.rows,
        "written": Case.objects.count() - before,
        "rows_a_second": progress.rows / spent,
        "peak_at_a_tenth": tenth[0],
        "peak_at_the_end": _peak(),
    }


def _sheet(rows: int) -> bytes:
    """A spreadsheet of answered messages as long as real ones."""
    draw = Random(3)  # noqa: S311 -- invented rows
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADINGS)
    written = localtime(settings.LINLI_CLOCK.now()) - timedelta(days=40)
    for number in range(1, rows + 1):
        asked = written - timedelta(minutes=draw.randrange(300_000))
        answered = asked + timedelta(days=draw.randrange(1, 30))
        text, reply = (_words(drawn_length(lengths, draw), draw) for lengths in (TEXT_LENGTHS, REPLY_LENGTHS))
        moments = (f"{asked:%Y/%m/%d %H:%M:%S}", f"{answered:%Y/%m/%d %H:%M:%S}")
        sheet.append((number, f"A{number:06}", _words(18, draw), moments[0], text, reply, moments[1]))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _words(length: int, draw: Random) -> str:
    return "".join(
        WORDS[2 * place : 2 * place + 2] for place in draw.choices(range(len(WORDS) // 2), k=length // 2 + 1)
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
