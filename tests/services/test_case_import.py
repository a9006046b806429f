import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from linli.ground.matters.models import MatterLink
from linli.ground.matters.scope import scope
from linli.ground.matters.search import find
from linli.ground.matters.ticking import tick
from linli.ground.matters.timeline import newest_text
from linli.ground.record import breathing
from linli.ground.record.following import follow_all
from linli.ground.record.log import checkpoint, seal
from linli.ground.record.models import Entry, Record
from linli.ground.record.verifying import verify_database
from linli.kernel.access import SYSTEM, Role
from linli.services.cases.importing import (
    confirm_import,
    map_columns,
    preview_import,
)
from linli.services.cases.models import Case
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.rules.vocabulary import Channel, State
from linli.services.cases.selectors import difficulties
from linli.site.commands.cases import cases as cases_command
from tests.services.sheets import (
    ANSWERED_HEADINGS,
    OPEN_HEADINGS,
    ZONE,
    answered,
    content_of_cases,
    imported,
    message,
    open_file,
    refusal_of,
    upload,
    workbook,
)
from tests.world import Snapshot, World


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breathing, "BREATH_SECONDS", 0)


def test_open_messages_wait_for_an_answer_from_the_day_of_the_import(world: World) -> None:
    imported(world, open_file(3))
    case = Case.objects.select_related("matter").get(outside_number="1")
    assert case.matter.state == State.RECEIVED
    assert case.matter.opened_at == datetime(2026, 2, 24, 9, 32, 9, tzinfo=ZONE)
    assert case.matter.clock_start == date(2026, 3, 3)
    assert case.matter.due_at == datetime(2026, 3, 11, tzinfo=ZONE)
    assert case.matter.next_due == case.matter.warn_at
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


def test_a_reply_without_its_time_gets_none_invented(world: World) -> None:
    rows = [answered(1, replied_at=""), answered(2)]
    imported(world, workbook(ANSWERED_HEADINGS, rows), channel=Channel.COMMITTEE)
    case = Case.objects.select_related("matter").get(outside_number="1")
    assert (case.matter.state, case.matter.closed_at) == (State.CLOSED, world.now)
    assert (case.replied_at, case.warned_at, case.matter.next_due) == (None, None, None)
    codes = Record.objects.get(event="import_case", subject=case.matter.number).codes
    assert codes["replied_at"] == "unknown"
    assert tick(world.now + timedelta(days=60)) == 0
    found = difficulties(world.actor(Role.DISPATCHER, "centre"))
    assert (found.closed, found.median_days) == (1, 2.0)


def test_a_demand_of_unknown_beginning_counts_in_no_median(world: World) -> None:
    rows = [answered(1, asked_at=""), answered(2)]
    imported(world, workbook(ANSWERED_HEADINGS, rows), channel=Channel.COMMITTEE)
    assert difficulties(world.actor(Role.DISPATCHER, "centre")).closed == 1


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
    map_columns(source, {"title": "说什么", "text": "怎么了"}, actor=SYSTEM)
    assert preview_import(source).can_be_confirmed
    map_columns(source, {"title": "说什么", "text": "怎么了", "number": ""}, actor=SYSTEM)
    assert preview_import(source).missing == ("number",)
    map_columns(source, {"title": "说什么", "text": "怎么了"}, actor=SYSTEM)
    confirm_import(source, actor=SYSTEM, now=world.now)
    assert refusal_of(lambda: map_columns(source, {}, actor=SYSTEM)) == "already_confirmed"


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
