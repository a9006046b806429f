import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError

from linli.ground.matters.models import Matter
from linli.ground.matters.scope import scope
from linli.ground.matters.ticking import tick
from linli.ground.record import breathing
from linli.ground.record.models import Record
from linli.kernel.access import Role
from linli.services.cases import importing_batches, importing_files
from linli.services.cases.actions.import_case import import_case
from linli.services.cases.importing import (
    continue_import,
    import_progress,
    unfinished_imports,
)
from linli.services.cases.importing_batches import BATCH_SECONDS, Doors, RowReader, release_import, write_batch
from linli.services.cases.importing_words import refusal_words
from linli.services.cases.models import Case
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.tasks import write_import
from tests.services.sheets import ZONE, confirmed, content_of_cases, open_file
from tests.world import Snapshot, World


@pytest.fixture(autouse=True)
def _no_pause_and_few_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breathing, "BREATH_SECONDS", 0)
    monkeypatch.setattr(importing_batches, "TOGETHER", 3)


def test_nothing_is_shown_before_all_is_in(world: World) -> None:
    source = confirmed(world, open_file(30))
    reader, doors = RowReader(source), Doors()
    condition = scope(ACCESS, world.actor(Role.DISPATCHER, "centre"), "view_case")
    while True:
        progress = write_batch(source.pk, reader, doors, world.now, seconds=0)
        assert not Matter.objects.filter(condition).exists()
        assert tick(world.now + timedelta(days=60)) == 0
        if progress.done == progress.rows:
            break
    release_import(source.pk, world.now)
    assert Matter.objects.filter(condition).count() == 30


def test_a_batch_is_bounded_and_goes_on_where_the_last_one_ended(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    source = confirmed(world, open_file(40))
    monkeypatch.setattr(importing_batches, "TOGETHER", 1)
    monkeypatch.setattr(importing_batches, "BATCH_SECONDS", 1)
    moments = iter(range(1000))
    monkeypatch.setattr(importing_batches.time, "monotonic", lambda: next(moments) / 4)
    seen: list[int] = []
    continue_import(source.pk, world.now, after_batch=lambda progress: seen.append(progress.done))
    assert seen == list(range(4, 41, 4))
    assert BATCH_SECONDS <= 0.9


class Killed(BaseException):
    pass


class Dying:
    """Opens so many demands, then its worker is killed."""

    def __init__(self, survived: int) -> None:
        self.left = survived

    def many(self, each: Sequence[Mapping[str, Any]], **given: Any) -> Any:
        if self.left < len(each):
            raise Killed
        self.left -= len(each)
        return import_case.many(each, **given)


@pytest.mark.parametrize("together", [1, 7])
@pytest.mark.parametrize("survived", [0, 1, 5, 11, 12, 13, 29])
def test_a_worker_killed_anywhere_is_continued_with_the_same_result(
    world: World, monkeypatch: pytest.MonkeyPatch, survived: int, together: int
) -> None:
    source = confirmed(world, open_file(30))
    batches = iter(range(10_000))
    monkeypatch.setattr(importing_batches, "import_case", Dying(survived))
    monkeypatch.setattr(importing_batches, "TOGETHER", together)
    monkeypatch.setattr(importing_batches, "BATCH_SECONDS", 1)
    monkeypatch.setattr(importing_batches.time, "monotonic", lambda: next(batches) / 4)
    with pytest.raises(Killed):
        continue_import(source.pk, world.now)
    progress = import_progress(source)
    assert progress.written == Case.objects.count() == survived // (4 * together) * (4 * together)
    assert not Matter.objects.filter(withheld=False).exists()
    assert unfinished_imports() == [source.pk]
    monkeypatch.setattr(importing_batches, "import_case", import_case)
    later = world.now + timedelta(days=3)
    assert continue_import(source.pk, later).written == 30
    assert unfinished_imports() == []
    assert Record.objects.filter(event="import_case").count() == 30
    assert Record.objects.filter(event="release_import").count() == 1
    resumed = content_of_cases()
    assert [row[0] for row in resumed] == sorted(str(each) for each in range(1, 31))
    assert {row[6] for row in resumed} == {datetime(2026, 3, 11, tzinfo=ZONE)}
    assert {row[8] for row in resumed} == {False}


def test_two_workers_that_take_turns_write_every_row_once(world: World) -> None:
    source = confirmed(world, open_file(20))
    workers = [(RowReader(source), Doors()), (RowReader(source), Doors())]
    for turn in range(20):
        reader, doors = workers[turn % 3 % 2]
        write_batch(source.pk, reader, doors, world.now, seconds=0)
    assert import_progress(source).written == Case.objects.count() == 20
    assert write_batch(source.pk, *workers[1], world.now).written == 20
    release_import(source.pk, world.now)
    release_import(source.pk, world.now)
    assert Record.objects.filter(event="release_import").count() == 1


PREPARE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from linli.ground.record.keys import create_keys
create_keys()
from linli.kernel.access import SYSTEM
from linli.services.cases.importing import confirm_import, upload_import
from tests.world import World
world = World()
source = upload_import(
    "m.xlsx", open(sys.argv[1], "rb").read(), channel="platform", actor=SYSTEM, now=world.now
)
print(confirm_import(source, actor=SYSTEM, now=world.now).pk)
"""
WORK = """
import django; django.setup()
from django.conf import settings
from linli.services.cases.importing import continue_import
from linli.services.cases import importing_batches
importing_batches.BATCH_SECONDS = 0.05
continue_import(int(sys.argv[1]), settings.LINLI_CLOCK.now(), after_batch=lambda each: print(each.done, flush=True))
"""
COUNT = """
import django; django.setup()
import json
from django.db.models import Count
from linli.ground.record.models import Record
from linli.services.cases.models import Case
events = Record.objects.filter(event__in=["import_case", "release_import"]).values_list("event").annotate(Count("id"))
print(json.dumps({
    "cases": Case.objects.count(),
    "withheld": Case.objects.filter(matter__withheld=True).count(),
    "events": dict(events),
}))
"""


@pytest.mark.bar
def test_real_workers_together_one_killed_write_every_row_once(tmp_path: Any) -> None:
    home = tmp_path / "home"
    home.mkdir()
    file = tmp_path / "messages.xlsx"
    file.write_bytes(open_file(400))
    environment = os.environ | {
        "LINLI_HOME": str(home),
        "DATABASE_URL": f"sqlite:///{home / 'linli.sqlite3'}",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }

    def start(script: str, *arguments: Any) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", f"import sys\n{script}", *map(str, arguments)]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    source = start(PREPARE, file).communicate()[0].strip()
    doomed, other = start(WORK, source), start(WORK, source)
    doomed.stdout.readline()
    doomed.stdout.readline()
    doomed.kill()
    doomed.wait()
    other.communicate()
    assert other.returncode == 0
    assert json.loads(start(COUNT).communicate()[0]) == {
        "cases": 400,
        "withheld": 0,
        "events": {"import_case": 400, "release_import": 1},
    }


def test_two_files_with_the_same_numbers_written_side_by_side(world: World) -> None:
    sources = [confirmed(world, open_file(20)), confirmed(world, open_file(20, first=11))]
    workers = [(source.pk, RowReader(source), Doors()) for source in sources]
    for turn in range(40):
        write_batch(*workers[turn % 2], world.now, seconds=0)
    assert Case.objects.count() == 30
    assert [continue_import(source.pk, world.now).released for source in sources] == [True, True]
    assert not Matter.objects.filter(withheld=True).exists()


def test_an_import_whose_file_is_gone_stops_and_can_be_taken_up_again(world: World) -> None:
    source = confirmed(world, open_file(3))
    path = importing_files.stored(source.path)
    content = path.read_bytes()
    path.unlink()
    assert continue_import(source.pk, world.now).problem == "missing_file"
    assert unfinished_imports() == []
    path.write_bytes(open_file(2))
    assert continue_import(source.pk, world.now).problem == "file_changed"
    assert not Matter.objects.filter(withheld=False).exists()
    path.write_bytes(content)
    progress = continue_import(source.pk, world.now)
    assert progress.released
    assert not progress.problem
    assert not path.exists()


def test_confirming_hands_the_file_to_the_worker(world: World) -> None:
    source = confirmed(world, open_file(3))
    write_import.call(source.pk)
    assert import_progress(source).released
    snapshot = Snapshot()
    write_import.call(source.pk)
    assert snapshot.unchanged()


def test_a_row_that_cannot_be_written_stops_its_file_and_no_later_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = confirmed(world, open_file(3)), confirmed(world, open_file(3, first=11))
    tries: list[int] = []

    class Clashing:
        def many(self, each: Sequence[Mapping[str, Any]], **given: Any) -> Any:
            if each[0]["source"].pk == bad.pk:
                tries.append(len(each))
                raise IntegrityError
            return import_case.many(each, **given)

    monkeypatch.setattr(importing_batches, "import_case", Clashing())
    assert unfinished_imports() == [bad.pk, good.pk]
    assert continue_import(bad.pk, world.now).problem == "rows_clash"
    assert tries == [3] * importing_batches.ATTEMPTS
    assert refusal_words("rows_clash")
    assert unfinished_imports() == [good.pk]
    assert continue_import(good.pk, world.now).released
    assert not Matter.objects.filter(case__source=bad).exists()
