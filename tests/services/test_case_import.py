import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from tests.world import Snapshot, World

from linli.ground.matters.action import Refused
from linli.ground.matters.models import Matter, MatterLink
from linli.ground.matters.scope import scope
from linli.ground.matters.search import find
from linli.ground.matters.ticking import tick
from linli.ground.matters.timeline import newest_text
from linli.ground.record.following import follow_all
from linli.ground.record.log import checkpoint, seal
from linli.ground.record.models import Entry, Record
from linli.ground.record.verifying import verify_database
from linli.kernel.access import SYSTEM, Role
from linli.services.cases import importing_batches, importing_files
from linli.services.cases.exporting import cases_workbook
from linli.services.cases.importing import (
    confirm_import,
    continue_import,
    discard_import,
    import_progress,
    map_columns,
    preview_import,
    preview_upload,
    recent_imports,
    unfinished_imports,
    upload_import,
)
from linli.services.cases.importing_batches import BATCH_SECONDS, Doors, RowReader, release_import, write_batch
from linli.services.cases.importing_words import FAULTS, REFUSALS, refusal_words
from linli.services.cases.models import Case, CaseImport
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.rules.imported import LONGEST, ImportedRow, clean_text, match_columns, read_moment
from linli.services.cases.rules.vocabulary import Channel, State
from linli.services.cases.tasks import write_import
from linli.site.commands.cases import cases as cases_command

ZONE = ZoneInfo("Asia/Shanghai")
OPEN_HEADINGS = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情")
ANSWERED_HEADINGS = (*OPEN_HEADINGS, "答复意见", "答复时间")


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing_batches, "BREATH_SECONDS", 0)


def workbook(headings: Sequence[Any], rows: Iterable[Sequence[Any]], *, above: int = 0) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for _ in range(above):
        sheet.append(["诉求导出表"])
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def message(number: int, **changes: Any) -> list[Any]:
    values = {
        "number": number,
        "asker": f"A{number:05}",
        "title": f"第{number}条留言",
        "asked_at": "2026/2/24 9:32:09",
        "text": f"\n\t\t路灯坏了,编号{number}。\n",
    } | changes
    return list(values.values())


def answered(number: int, **changes: Any) -> list[Any]:
    reply = changes.get("reply", "您好,已修好。")
    return [*message(number, **changes)[:5], reply, changes.get("replied_at", "2026/2/26 9:32:09")]


def open_file(count: int = 12, first: int = 1) -> bytes:
    return workbook(OPEN_HEADINGS, [message(first + each) for each in range(count)])


def upload(world: World, content: bytes, **inputs: Any) -> CaseImport:
    given = {"channel": Channel.PLATFORM, "actor": world.dispatcher_of(), "now": world.now} | inputs
    return upload_import("messages.xlsx", content, **given)


def confirmed(world: World, content: bytes, **inputs: Any) -> CaseImport:
    return confirm_import(upload(world, content, **inputs), actor=world.dispatcher_of(), now=world.now)


def imported(world: World, content: bytes, **inputs: Any) -> CaseImport:
    source = confirmed(world, content, **inputs)
    assert continue_import(source.pk, world.now).released
    source.refresh_from_db()
    return source


def refusal_of(action: Any) -> str:
    with pytest.raises(Refused) as refused:
        action()
    assert str(refusal_words(refused.value.blockers[0].code, refused.value.blockers[0].values))
    return refused.value.blockers[0].code


def content_of_cases() -> list[tuple[Any, ...]]:
    rows = Case.objects.order_by("outside_number").values_list(
        "outside_number",
        "channel",
        "matter__title",
        "matter__state",
        "matter__opened_at",
        "matter__closed_at",
        "matter__due_at",
        "matter__next_due",
        "matter__withheld",
        "matter__place",
        "matter__desk",
    )
    return list(rows)


# What goes in


def test_open_messages_wait_for_an_answer_from_the_day_of_the_import(world: World) -> None:
    imported(world, open_file(3))
    case = Case.objects.select_related("matter").get(outside_number="1")
    assert case.matter.state == State.RECEIVED
    assert case.matter.opened_at == datetime(2026, 2, 24, 9, 32, 9, tzinfo=ZONE)
    assert case.matter.clock_start == date(2026, 3, 3)
    assert case.matter.due_at == datetime(2026, 3, 11, tzinfo=ZONE)
    assert case.matter.next_due == case.warn_at
    assert case.matter.place == world.district
    assert case.matter.desk == world.office["centre"]
    assert not case.matter.withheld
    assert newest_text(case.pk, "text") == "路灯坏了,编号1。"
    assert (case.accepted_at, case.dispatched_at, case.handled_at) == (None, None, None)


def test_answered_messages_are_closed_with_the_times_of_the_file(world: World) -> None:
    imported(world, workbook(ANSWERED_HEADINGS, [answered(1)]))
    case = Case.objects.select_related("matter").get()
    assert case.matter.state == case.matter.outcome == State.CLOSED
    assert case.matter.closed_at == case.replied_at == datetime(2026, 2, 26, 9, 32, 9, tzinfo=ZONE)
    assert case.matter.next_due is None
    assert newest_text(case.pk, "reply") == "您好,已修好。"
    assert tick(world.now + timedelta(days=60)) == 0


def test_every_row_has_its_own_record_and_the_log_is_whole(world: World) -> None:
    source = imported(world, open_file(5))
    rows = Record.objects.filter(event="import_case")
    assert rows.count() == 5
    assert {row.codes["source"] for row in rows} == {source.pk}
    assert [row.event for row in Record.objects.filter(subject=f"import:{source.pk}").order_by("pk")] == [
        "upload_import",
        "confirm_import",
        "release_import",
    ]
    assert not Entry.objects.filter(record__event="import_case", audience="public").exists()
    while seal():
        pass
    checkpoint(world.now, at_once=True)
    assert verify_database().whole


def test_what_was_imported_is_found_by_its_words(world: World) -> None:
    imported(world, open_file(3))
    while seal():
        pass
    while follow_all():
        pass
    condition = scope(ACCESS, world.actor(Role.DISPATCHER, "centre"), "view_case")
    assert len(find("路灯", condition, public=False)) == 3


def test_a_place_is_taken_only_from_its_column_and_only_if_it_names_a_community(world: World) -> None:
    headings = (*OPEN_HEADINGS, "地址")
    rows = [
        [*message(1), "A1社区3栋"],
        [*message(2), "甲街道"],
        [*message(3), "不知道的地方"],
        [*message(4, text="在A1社区"), ""],
        [*message(5), "A1社区和B1社区之间"],
    ]
    imported(world, workbook(headings, rows))
    found = {case.outside_number: case for case in Case.objects.select_related("matter__place", "matter__desk")}
    assert found["1"].matter.place == world.community["A1"]
    assert found["1"].matter.desk == world.office["citizen_service_center A"]
    for number in ("2", "3", "4", "5"):
        assert found[number].matter.place == world.district
        assert found[number].matter.desk == world.office["centre"]
    assert found["3"].place_text == "不知道的地方"


def test_headings_may_stand_below_a_title_and_go_by_other_names(world: World) -> None:
    headings = ("工单号", "来电人", "标题", "来电时间", "诉求内容", "满意度")
    preview = preview_import(upload(world, workbook(headings, [[*message(1), 5]], above=2)))
    assert preview.can_be_confirmed
    assert preview.columns["text"] == "诉求内容"
    assert preview.unused == ("满意度",)
    assert preview.first[0].row == 4


def test_a_column_may_be_chosen_by_hand(world: World) -> None:
    content = workbook(("编号", "谁", "说什么", "何时", "怎么了"), [message(1)])
    source = upload(world, content)
    assert preview_import(source).missing == ("title", "text")
    map_columns(source, {"title": "说什么", "text": "怎么了"})
    assert preview_import(source).can_be_confirmed
    confirm_import(source, actor=SYSTEM, now=world.now)
    assert refusal_of(lambda: map_columns(source, {})) == "already_confirmed"


# Preview and refusal


def test_a_preview_names_every_bad_row_and_changes_nothing(world: World) -> None:
    rows = [
        answered(1),
        answered(2, asked_at="昨天"),
        answered(3, title=""),
        answered(4, text="长" * (LONGEST["text"] + 1)),
        answered(1, asker="B"),
        answered(6, asked_at="2031-01-01"),
        answered(7, asked_at="1999-01-01"),
        answered(8, asked_at="2026-02-27"),
        [None] * 7,
        answered(10, title="题" * 201, text=""),
    ]
    source = upload(world, workbook(ANSWERED_HEADINGS, rows))
    snapshot = Snapshot()
    preview = preview_import(source)
    assert snapshot.unchanged()
    assert [(fault.row, fault.column, fault.code) for fault in preview.faults] == [
        (3, "留言时间", "not_a_date"),
        (4, "留言主题", "missing"),
        (5, "留言详情", "too_long"),
        (6, "留言编号", "repeated_in_file"),
        (7, "留言时间", "in_future"),
        (8, "留言时间", "too_early"),
        (9, "答复时间", "replied_before_asked"),
        (11, "留言详情", "missing"),
        (11, "留言主题", "too_long"),
    ]
    assert all(fault.problem and fault.remedy for fault in preview.faults)
    assert preview.faults[0].value == "昨天"
    assert preview.faults[3].value == "1（2）"
    assert (preview.rows, preview.good, preview.bad) == (9, 1, 8)
    assert refusal_of(lambda: confirm_import(source, actor=SYSTEM, now=world.now)) == "rows_faulty"
    assert snapshot.unchanged()


def test_a_preview_counts_and_shows_the_first_rows(world: World) -> None:
    imported(world, open_file(5))
    rows = [answered(each, asker="x", title="标题", asked_at="2026/2/20") for each in range(4, 30)]
    preview = preview_import(upload(world, workbook(ANSWERED_HEADINGS, rows)))
    assert (preview.rows, preview.open, preview.closed) == (26, 0, 26)
    assert (preview.already_known, preview.answered_elsewhere, preview.new) == (2, 2, 24)
    assert len(preview.first) == 20
    assert preview.median_days == 6.4


def test_a_missing_column_is_named(world: World) -> None:
    preview = preview_import(upload(world, workbook(("留言编号", "留言主题"), [[1, "二"]])))
    assert preview.missing == ("text",)
    assert preview.refusal == "columns_missing"
    assert "留言详情" in preview.refusal_words()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_workbook"),
        ("编号,标题,内容\n1,二,三\n".encode(), "not_a_workbook"),
        (b"PK\x03\x04 not really", "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "not_a_workbook"),
    ],
)
def test_what_is_no_workbook_is_refused(world: World, content: bytes, code: str) -> None:
    world.dispatcher_of()
    snapshot = Snapshot()
    files = set(importing_files.imports_folder().glob("*"))
    assert refusal_of(lambda: upload(world, content)) == code
    assert snapshot.unchanged()
    assert set(importing_files.imports_folder().glob("*")) == files
    assert preview_upload(content, channel=Channel.PLATFORM, now=world.now).refusal == code


def test_another_zip_is_no_workbook(world: World) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("letter.txt", "hello")
    assert refusal_of(lambda: upload(world, content.getvalue())) == "not_a_workbook"


def test_an_empty_sheet_and_a_sheet_of_headings_are_refused(world: World) -> None:
    assert preview_import(upload(world, workbook((), []))).refusal == "empty"
    assert preview_import(upload(world, workbook(OPEN_HEADINGS, []))).refusal == "no_rows"


def test_files_that_unfold_too_far_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    far = openpyxl.Workbook()
    far.active.cell(1_048_576, 16_384, "x")
    content = io.BytesIO()
    far.save(content)
    assert refusal_of(lambda: upload(world, content.getvalue())) == "too_large"
    monkeypatch.setattr(importing_files, "MAX_UNPACKED", 200_000)
    long = workbook(OPEN_HEADINGS, [message(each, text=sign * 30_000) for each, sign in enumerate("很长的")])
    assert refusal_of(lambda: upload(world, long)) == "too_large"
    many = workbook(OPEN_HEADINGS, [message(each, text="长" * 3_000) for each in range(100)])
    assert refusal_of(lambda: upload(world, many)) == "too_large"
    monkeypatch.setattr(importing_files, "MAX_BYTES", 1_000)
    assert refusal_of(lambda: upload(world, open_file())) == "too_large"


def test_a_size_that_a_file_claims_is_not_believed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = open_file(1)
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(honest)) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/media/filling", b"\x00" * 5_000_000)
    size = (5_000_000).to_bytes(4, "little")
    assert content.getvalue().count(size) == 2
    liar = content.getvalue().replace(size, (10).to_bytes(4, "little"))
    monkeypatch.setattr(importing_files, "MAX_UNPACKED", 1_000_000)
    assert refusal_of(lambda: upload(world, liar)) == "too_large"


def test_only_dispatchers_import(world: World) -> None:
    clerk, source = world.clerk_of(), upload(world, open_file(1))
    snapshot = Snapshot()
    for act in (
        lambda: upload_import("x.xlsx", open_file(1), channel=Channel.PLATFORM, actor=clerk, now=world.now),
        lambda: confirm_import(source, actor=clerk, now=world.now),
        lambda: discard_import(source, actor=clerk, now=world.now),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.reason == "not_granted"
    assert snapshot.unchanged()
    assert list(recent_imports(world.dispatcher_of())) == [source]
    assert list(recent_imports(clerk)) == []


def test_a_discarded_file_is_gone_but_not_from_the_record(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    source = upload(world, open_file(1))
    path = importing_files.stored(source.path)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        discard_import(source, actor=world.dispatcher_of(), now=world.now)
    assert not path.exists()
    assert not CaseImport.objects.exists()
    assert Record.objects.filter(event="discard_import", subject=f"import:{source.pk}").exists()


def test_a_confirmed_import_is_neither_confirmed_again_nor_discarded(world: World) -> None:
    source = confirmed(world, open_file(1))
    snapshot = Snapshot()
    assert refusal_of(lambda: confirm_import(source, actor=SYSTEM, now=world.now)) == "already_confirmed"
    assert refusal_of(lambda: discard_import(source, actor=SYSTEM, now=world.now)) == "already_confirmed"
    assert snapshot.unchanged()


def test_every_code_has_words(world: World) -> None:
    for problem, remedy in FAULTS.values():
        assert str(problem) % {"longest": 1}
        assert str(remedy)
    for code in REFUSALS:
        assert refusal_words(code, {"rows": 1, "columns": ["title"]})


# Once and only once


def test_the_same_file_again_changes_no_case(world: World) -> None:
    imported(world, open_file(5))
    before = content_of_cases()
    again = imported(world, open_file(7))
    assert (again.rows, again.written, again.repeated) == (7, 2, 5)
    assert [row for row in content_of_cases() if row[0] not in {"6", "7"}] == before


def test_the_same_number_of_another_channel_is_another_message(world: World) -> None:
    imported(world, open_file(2))
    assert imported(world, open_file(2), channel=Channel.HOTLINE).written == 2


def test_one_message_under_two_numbers_keeps_its_reply(world: World) -> None:
    twin = {"asker": "A1", "title": "路灯", "text": "不亮。"}
    imported(world, workbook(OPEN_HEADINGS, [message(1, **twin), message(2, **twin | {"asker": "A2"}), message(3)]))
    imported(world, workbook(ANSWERED_HEADINGS, [answered(901, **twin), answered(902)]))
    link = MatterLink.objects.get()
    assert link.relation == "duplicates"
    assert (link.origin.case.outside_number, link.target.case.outside_number) == ("1", "901")


# Batches


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
    moments = iter(range(1000))
    monkeypatch.setattr(importing_batches.time, "monotonic", lambda: next(moments) * BATCH_SECONDS / 4)
    seen: list[int] = []
    continue_import(source.pk, world.now, after_batch=lambda progress: seen.append(progress.done))
    assert seen == list(range(4, 41, 4))
    assert BATCH_SECONDS <= 0.9


class Killed(BaseException):
    pass


@pytest.mark.parametrize("survived", [0, 1, 5, 11, 12, 13, 29])
def test_a_worker_killed_anywhere_is_continued_with_the_same_result(
    world: World, monkeypatch: pytest.MonkeyPatch, survived: int
) -> None:
    source = confirmed(world, open_file(30))
    action, left, batches = importing_batches.import_case, survived, iter(range(10_000))

    def dying(**inputs: Any) -> Any:
        nonlocal left
        if left == 0:
            raise Killed
        left -= 1
        return action(**inputs)

    monkeypatch.setattr(importing_batches, "import_case", dying)
    monkeypatch.setattr(importing_batches.time, "monotonic", lambda: next(batches) * BATCH_SECONDS / 4)
    with pytest.raises(Killed):
        continue_import(source.pk, world.now)
    progress = import_progress(source)
    assert progress.written == Case.objects.count() == survived // 4 * 4
    assert not Matter.objects.filter(withheld=False).exists()
    assert unfinished_imports() == [source.pk]
    monkeypatch.setattr(importing_batches, "import_case", action)
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


# Formula texts, in and out


def test_a_text_that_looks_like_a_formula_goes_in_and_out_as_text(world: World) -> None:
    book = openpyxl.Workbook()
    book.active.append(list(OPEN_HEADINGS))
    book.active.append(message(1, title="+86 电话打不通", text="-1 楼漏水"))
    book.active["E2"].value = '=HYPERLINK("http://x")'
    book.active["E2"].data_type = "s"
    content = io.BytesIO()
    book.save(content)
    imported(world, content.getvalue())
    case = Case.objects.select_related("matter").get()
    assert newest_text(case.pk, "text").startswith("=HYPERLINK")
    exported = cases_workbook([{"title": case.matter.title}], {"title": "标题"})
    cell = openpyxl.load_workbook(io.BytesIO(exported)).active["A2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", "+86 电话打不通", True)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_an_exported_text_is_never_computed(start: str) -> None:
    content = cases_workbook([{"a": f"{start}1+1"}], {"a": f"{start}A"})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    for cell in openpyxl.load_workbook(io.BytesIO(content)).active["A"]:
        assert cell.data_type in {"s", "inlineStr"}
        assert cell.quotePrefix


def test_an_export_shows_local_time_and_leaves_out_what_is_not_asked(world: World) -> None:
    rows = [
        {"at": datetime(2026, 3, 3, 2, 0, 5, 7, tzinfo=UTC), "day": date(2026, 3, 3), "n": 7, "x": None, "secret": "s"},
        {"at": None, "day": "坏\x00字" + "长" * 40_000, "n": 1.5},
    ]
    columns = {"at": "时间", "day": "日期", "n": "数", "x": "空"}
    sheet = openpyxl.load_workbook(io.BytesIO(cases_workbook(rows, columns))).active
    assert [cell.value for cell in sheet[1]] == ["时间", "日期", "数", "空"]
    assert [str(cell.value) for cell in sheet[2]] == ["2026-03-03 10:00:05", "2026-03-03 00:00:00", "7", "None"]
    assert sheet["B3"].value.startswith("坏字长")
    assert len(sheet["B3"].value) == 32_767


# The command line


def run(*arguments: Any) -> Any:
    return CliRunner().invoke(cases_command, ["import", *map(str, arguments)])


def test_the_command_line_imports_reports_and_repeats_without_a_trace(world: World, tmp_path: Any) -> None:
    file = tmp_path / "答复.xlsx"
    file.write_bytes(workbook(ANSWERED_HEADINGS, [answered(1), answered(2, replied_at="2026/3/2 9:32:09")]))
    snapshot = Snapshot()
    previewed = run(file, "--preview", "--json")
    assert json.loads(previewed.stdout)["rows"] == 2
    assert snapshot.unchanged()
    first = json.loads(run(file, "--json").stdout)
    assert (first["written"], first["repeated"], first["median_days"]) == (2, 0, 4.0)
    snapshot.retake()
    second = run(file)
    assert second.exit_code == 0
    assert "known already: 2" in second.stdout
    assert snapshot.unchanged()


def test_the_command_line_names_what_is_wrong_and_fails(world: World, tmp_path: Any) -> None:
    file = tmp_path / "bad.xlsx"
    file.write_bytes(workbook(OPEN_HEADINGS, [message(1, asked_at="昨天")]))
    snapshot = Snapshot()
    result = run(file)
    assert result.exit_code == 1
    assert "Row 2, 留言时间" in result.stdout
    assert run(file, "--column", "sound=响声").exit_code == 2
    assert snapshot.unchanged()


# Cells


STAMPS = (
    "{:%Y/%-m/%-d %-H:%M:%S}",
    "{:%Y-%m-%d %H:%M:%S}",
    "{:%Y年%-m月%-d日 %H时%M分%S秒}",
    "{:%Y.%m.%d %H:%M:%S}",
    "{:%Y-%m-%dT%H:%M:%S}",
)
MOMENTS = st.datetimes(datetime(1995, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - as cells hold them
    lambda each: each.replace(microsecond=0)
)


@given(MOMENTS, st.sampled_from(STAMPS))
def test_a_moment_is_read_from_every_form_people_type(moment: datetime, form: str) -> None:
    expected = moment.replace(tzinfo=ZONE)
    assert read_moment(form.format(moment), ZONE) == expected
    assert read_moment(f"  {form.format(moment)}\n", ZONE) == expected
    assert read_moment(moment, ZONE) == expected
    assert read_moment(moment.date(), ZONE) == datetime(moment.year, moment.month, moment.day, tzinfo=ZONE)
    assert read_moment(f"{moment:%Y/%-m/%-d}", ZONE) == datetime(moment.year, moment.month, moment.day, tzinfo=ZONE)


@given(st.one_of(st.text(max_size=40), st.floats(), st.integers(), st.booleans(), st.timedeltas(), st.times()))
def test_a_moment_is_aware_or_none_or_refused(value: Any) -> None:
    try:
        moment = read_moment(value, ZONE)
    except ValueError:
        return
    assert moment is None or moment.tzinfo is not None
    if moment is None:
        assert str(value).strip() == ""


@pytest.mark.parametrize("text", ["2026/2/30", "2026/13/1", "2026/1/1 25:00", "43500.5", "昨天", "2026/1", "1/2/2026"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=""):
        read_moment(text, ZONE)


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    clean = clean_text(text)
    assert clean_text(clean) == clean
    assert clean == clean.strip()
    assert "\n\n" not in clean
    assert all(char.isprintable() or char in "\n\t" for char in clean)


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1))
def test_cleaning_keeps_every_word(text: str) -> None:
    assert clean_text(f"\n\t\t {text}\r\n\x00\n {text}") == f"{text}\n{text}"


def test_numbers_lose_their_decimal_point() -> None:
    assert clean_text(188006.0) == "188006"
    assert clean_text(1.5) == "1.5"
    assert clean_text("a\xa0b\u3000c\x07") == "a b c"


def test_a_row_without_a_reply_is_open() -> None:
    assert ImportedRow(1, "1", "题", "文").is_open
    assert match_columns(["编 号", " 留言主题\n"]) == {"number": 0, "title": 1}
