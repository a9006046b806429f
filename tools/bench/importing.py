"""Runs within an installation: a generated file goes the whole way of an import; what writes it is watched."""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from django.conf import settings

from linli.kernel.access import SYSTEM
from linli.services.cases.importing import confirm_import, continue_import, upload_import
from linli.services.cases.importing_batches import Progress
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import Channel
from tests.bars.large_workbook import write_large_workbook


def main(step: str, number: str) -> None:
    """`upload` so many rows and confirm them, which prints the import; or `write` it, which prints the figures."""
    print(json.dumps(_uploaded(int(number)) if step == "upload" else _written(int(number))))


def _uploaded(rows: int) -> int:
    now = settings.LINLI_CLOCK.now()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "messages.xlsx"
        write_large_workbook(file, rows)
        source = upload_import(file.name, file.read_bytes(), channel=Channel.PLATFORM, actor=SYSTEM, now=now)
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


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
