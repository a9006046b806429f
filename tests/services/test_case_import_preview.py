import io
import zipfile
from typing import Any

import openpyxl
import pytest

from linli.ground.matters.action import Refused
from linli.ground.record.models import Record
from linli.kernel.access import SYSTEM, Role
from linli.services.cases import importing_files
from linli.services.cases.importing import (
    confirm_import,
    discard_import,
    map_columns,
    preview_import,
    preview_upload,
    recent_imports,
    upload_import,
    view_import,
)
from linli.services.cases.importing_words import FAULTS, REFUSALS, refusal_words
from linli.services.cases.models import CaseImport
from linli.services.cases.rules.imported import LONGEST
from linli.services.cases.rules.vocabulary import Channel
from tests.services.sheets import (
    ANSWERED_HEADINGS,
    OPEN_HEADINGS,
    answered,
    confirmed,
    imported,
    message,
    open_file,
    refusal_of,
    upload,
    workbook,
)
from tests.world import Snapshot, World


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


def test_an_import_is_seen_in_its_street_and_above_never_sideways(world: World) -> None:
    source = upload(world, open_file(1))
    beside = world.actor(Role.DISPATCHER, "citizen_service_center B")
    above = world.actor(Role.DISPATCHER, "centre")
    assert list(recent_imports(above)) == [source] == [view_import(above, source.pk)]
    assert list(recent_imports(beside)) == []
    snapshot = Snapshot()
    for act in (
        lambda: view_import(beside, source.pk),
        lambda: map_columns(source, {}, actor=beside),
        lambda: confirm_import(source, actor=beside, now=world.now),
        lambda: discard_import(source, actor=beside, now=world.now),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.reason == "not_found"
    assert snapshot.unchanged()
    of_the_district = upload(world, open_file(1, first=2), actor=SYSTEM)
    assert list(recent_imports(world.dispatcher_of())) == [source]
    assert list(recent_imports(above)) == [of_the_district, source]


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
