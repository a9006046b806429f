"""Many matters opened at once: the rows and the record of opening one after another, by few statements."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext

from linli.ground.files.models import StoredFile
from linli.ground.matters import numbers
from linli.ground.matters.action import Refused
from linli.ground.matters.clocks import local_day, workdays
from linli.ground.matters.models import Matter
from linli.ground.record.canonical import ENTRY, digest, entry_digest
from linli.ground.record.models import Entry, Pending, Record
from linli.ground.record.verifying import verify_database
from linli.kernel.access import SYSTEM, VISITOR, Role
from linli.services.cases.actions.import_case import import_case
from linli.services.cases.actions.open_part import open_part
from linli.services.cases.actions.receive_case import receive_case
from linli.services.cases.models import Case, CaseImport
from linli.services.cases.rules.imported import ImportedRow
from linli.site.running import settle
from tests.services.sheets import confirmed, open_file
from tests.world import Snapshot, World

BY_CHANCE = {"id", "number", "subject", "salt", "digests", "matter", "matter_id", "record_id"}


@pytest.fixture
def source(world: World) -> CaseImport:
    return confirmed(world, open_file(1))


def imported_rows(world: World) -> list[ImportedRow]:
    """Open and answered, with times and without, with words that name a place and with others."""
    asked, replied = world.now - timedelta(days=40), world.now - timedelta(days=29)
    return [
        ImportedRow(2, "a1", "路灯\\不亮", '巷口{的}"路灯",\n坏了', "王某", asked, place="A1社区3号楼"),
        ImportedRow(3, "a2", "噪音", "夜里施工", "", asked, "已停工", replied, "乙街道"),
        ImportedRow(4, "a3", "停车", "没有时间", "李某", None, "已划线", None),
        ImportedRow(5, "a4", "绿化", "树太密", "", None, place="B2社区"),
        ImportedRow(6, "a5", "下水", "只有答复时间", "", None, "已疏通", replied),
    ]


def given(world: World, source: CaseImport, rows: list[ImportedRow]) -> list[dict[str, Any]]:
    doors = [
        (world.community["A1"], world.office["citizen_service_center A"]),
        (world.district, world.office["centre"]),
    ]
    return [
        {"row": row, "source": source, "place": place, "desk": desk}
        for row, (place, desk) in zip(rows, doors * len(rows), strict=False)
    ]


def left_behind(last_record: int) -> list[dict[str, Any]]:
    """All that acts have written behind a row of the record, but for what is drawn by chance; that is proven here."""
    found = []
    for entry in Entry.objects.filter(record__gt=last_record).select_related("record").order_by("record"):
        record, matter = entry.record, Matter.objects.get(pk=entry.matter)
        assert record.subject == matter.number
        assert re.fullmatch(f"{local_day(matter.opened_at):%Y%m%d}[0-9]{{8}}", matter.number)
        salt = bytes(entry.salt)
        assert len(salt) == 16
        assert record.digests == {
            ENTRY: entry_digest(salt, entry.actor_name, entry.office_title, entry.audience),
            **{name: digest(salt, name, text) for name, text in entry.texts.items()},
        }
        assert Pending.objects.filter(record=record).exists()
        rows = {"matter": matter, "case": matter.case, "record": record, "entry": entry}
        found.append({name: kept(row) for name, row in rows.items()} | {"digests": sorted(record.digests)})
    return found


def kept(row: models.Model) -> dict[str, Any]:
    names = [field.attname for field in row._meta.concrete_fields]
    return {name: getattr(row, name) for name in names if name not in BY_CHANCE}


def undone(write: Callable[[], Any]) -> list[dict[str, Any]]:
    """What a writing leaves behind; taken back afterwards."""
    last = Record.objects.order_by("-id").values_list("id", flat=True)[0]
    with transaction.atomic():
        write()
        found = left_behind(last)
        transaction.set_rollback(True)
    return found


def test_many_leave_the_rows_and_the_record_of_one_after_another(world: World, source: CaseImport) -> None:
    inputs = given(world, source, imported_rows(world))
    singly = undone(lambda: [import_case(actor=SYSTEM, now=world.now, **each) for each in inputs])
    together = undone(lambda: import_case.many(inputs, actor=SYSTEM, now=world.now))
    assert len(singly) == len(inputs)
    assert together == singly
    opened = import_case.many(inputs, actor=SYSTEM, now=world.now)
    assert [each.row.outside_number for each in opened] == ["a1", "a2", "a3", "a4", "a5"]
    for each in opened:
        assert Case.objects.get(pk=each.matter.pk).outside_number == each.row.outside_number
        assert Entry.objects.get(record=each.record).texts["title"] == each.matter.title
    settle()
    assert verify_database().whole


def test_what_is_opened_by_an_office_with_files_is_the_same(world: World) -> None:
    files = [
        StoredFile.objects.create(
            name=f"{number}.png",
            content_type="image/png",
            size=1,
            digest=f"{number}" * 64,
            salt=b"0" * 16,
            at=world.now,
        )
        for number in range(2)
    ]
    clerk = world.actor(Role.WINDOW_CLERK, "citizen_service_center A")
    inputs = [
        {"title": f"第{number}件", "text": "内容", "place": world.community["A1"], "files": (file,)}
        for number, file in enumerate(files)
    ]
    opened = receive_case.many(inputs, actor=clerk, now=world.now)
    for file, each in zip(files, opened, strict=True):
        file.refresh_from_db()
        assert file.matter == each.matter.pk
        assert each.record.digests[f"file:{file.pk}"] == file.digest
        assert each.record.office == str(world.office["citizen_service_center A"].pk)
    assert len({each.code for each in opened}) == len({each.matter.code_digest for each in opened}) == 2


def test_more_of_them_take_no_more_statements(world: World, source: CaseImport) -> None:
    calendar = workdays()

    def asked(count: int, first: int) -> int:
        rows = [ImportedRow(each, f"n{each}", f"第{each}件", "内容") for each in range(first, first + count)]
        inputs = [each | {"calendar": calendar} for each in given(world, source, rows)]
        with CaptureQueriesContext(connection) as queries:
            import_case.many(inputs, actor=SYSTEM, now=world.now)
        return len(queries)

    assert asked(2, 0) == asked(40, 100)


def test_none_is_opened_where_one_is_refused(world: World) -> None:
    mine, other = world.receive().row, world.receive(street="B").row
    desk = world.dispatcher_of()
    inputs = [
        {"whole": each, "text": "一部分", "unit": world.office["urban_management A"], "days": 3}
        for each in (mine, other)
    ]
    before = Snapshot()
    with pytest.raises(Refused) as refused:
        open_part.many(inputs, actor=desk, now=world.now)
    assert refused.value.reason == "blocked"
    assert before.unchanged()


def test_who_may_not_open_one_may_not_open_many(world: World, source: CaseImport) -> None:
    before = Snapshot()
    for inputs in ([], given(world, source, imported_rows(world))):
        with pytest.raises(Refused) as refused:
            import_case.many(inputs, actor=VISITOR, now=world.now)
        assert (refused.value.reason, refused.value.sign_in_may_help) == ("not_granted", True)
    assert before.unchanged()


def test_a_number_that_is_taken_is_drawn_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def draws() -> Iterator[int]:
        yield from (1, 1, 2, 1, 2, 1, 3, 4)

    drawn = draws()
    monkeypatch.setattr(numbers.secrets, "randbelow", lambda _: next(drawn))
    first = world.receive().matter.number
    inputs = [{"title": "题", "text": "内容", "place": world.community["A1"]}] * 3
    opened = receive_case.many(inputs, actor=VISITOR, now=world.now)
    # 1 is taken in the table, 2 by another of the three; the third draws 1 again, then 2, then 1, then 3
    assert [each.matter.number[8:] for each in opened] == ["00000003", "00000002", "00000004"]
    assert first[8:] == "00000001"
    assert all(Record.objects.get(pk=each.record.pk).subject == each.matter.number for each in opened)
