"""The public record: what outsiders download and check, and receipts."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from linli.ground.record.bundle import verify_bundle
from linli.ground.record.log import checkpoint, seal
from linli.ground.record.models import Checkpoint
from linli.ground.record.receipts import parse_receipt
from tests.faces.portal_visitor import WHAT, Visitor
from tests.world import World

pytestmark = pytest.mark.once


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


def sealed(world: World) -> Checkpoint:
    seal()
    newest = checkpoint(world.now, at_once=True)
    assert newest is not None
    return newest


def download(visitor: Visitor, name: str, query: str = "") -> bytes:
    answer = visitor.get(reverse(name) + query)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    return bytes(answer.getvalue())


def check(visitor: Visitor, receipt: str) -> Any:
    return visitor.post(reverse("check_receipt"), {"receipt": receipt})


def test_before_the_first_checkpoint(visitor: Visitor) -> None:
    assert "还没有签名" in visitor.read("checkpoints")
    assert download(visitor, "rows_file") == b""


def test_the_newest_checkpoint_the_key_and_how_to_check(visitor: Visitor, world: World) -> None:
    newest = sealed(world)
    page = visitor.read("checkpoints")
    assert bytes(newest.root).hex() in page
    assert "BEGIN PUBLIC KEY" in page
    assert "linli record verify --bundle" in page


def test_the_downloads_are_a_bundle_that_verifies(visitor: Visitor, world: World, tmp_path: Path) -> None:
    world.case_of(state="closed")
    newest = sealed(world)
    for name in ("rows_file", "checkpoints_file", "key_file"):
        folder_name = {"rows_file": "rows.jsonl", "checkpoints_file": "checkpoints.jsonl", "key_file": "public.pem"}
        (tmp_path / folder_name[name]).write_bytes(download(visitor, name))
    verified = verify_bundle(tmp_path)
    assert verified.whole, verified.faults
    assert verified.rows == newest.size


def test_ranges_of_rows_make_up_the_whole(visitor: Visitor, world: World) -> None:
    newest = sealed(world)
    whole = download(visitor, "rows_file")
    middle = newest.size // 2
    first = download(visitor, "rows_file", f"?from=0&to={middle}")
    second = download(visitor, "rows_file", f"?from={middle}&to={newest.size + 50}")
    assert first + second == whole
    assert download(visitor, "rows_file", "?from=99999999") == b""
    assert download(visitor, "rows_file", "?from=x&to=-1") == whole


def test_rows_behind_the_newest_checkpoint_wait_for_the_next(visitor: Visitor, world: World) -> None:
    newest = sealed(world)
    world.case_of()
    seal()
    assert download(visitor, "rows_file").count(b"\n") == newest.size


def test_nothing_personal_is_published(visitor: Visitor, world: World) -> None:
    visitor.file()
    sealed(world)
    rows = download(visitor, "rows_file").decode()
    assert WHAT["text"] not in rows
    assert "青年路" not in rows


def test_earlier_checkpoints_page_by_size(visitor: Visitor, world: World) -> None:
    for _ in range(23):
        world.receive()
        sealed(world)
    page = visitor.read("checkpoints")
    rows = list(Checkpoint.objects.order_by("-size"))
    assert bytes(rows[19].root).hex() in page
    assert bytes(rows[20].root).hex() not in page
    older = visitor.read("checkpoints", f"?before={rows[19].size}")
    assert bytes(rows[20].root).hex() in older
    assert 'rel="next"' not in older


def test_a_receipt_is_checked_before_and_after_it_is_sealed(visitor: Visitor, world: World) -> None:
    receipt = visitor.file()["receipt"]
    assert "稍后可以再核对" in check(visitor, receipt).content.decode()
    sealed(world)
    page = check(visitor, f"  {receipt[:40]}\n{receipt[40:]} ").content.decode()
    assert "核对通过" in page
    assert "成立" in page


def test_places_in_the_log_are_counted_from_one_on_every_page(visitor: Visitor, world: World) -> None:
    newest = visitor.file()
    size = sealed(world).size
    fact = "<dt>{}</dt><dd>{}</dd>".format
    page = check(visitor, newest["receipt"]).content.decode()
    assert fact("位置", size) in page
    assert fact("公开记录行数", size) in page
    assert fact("记录行数", size) in visitor.read("checkpoints")
    course = visitor.read("my_case", number=newest["number"])
    assert f"记录 {parse_receipt(newest['receipt']).record}</a>" in course


def test_a_receipt_that_was_changed_or_cut_is_found_out(visitor: Visitor) -> None:
    receipt = visitor.file()["receipt"]
    other = parse_receipt(visitor.file()["receipt"])
    forged = replace(parse_receipt(receipt), signature=other.signature).text()
    assert "核对没有通过" in check(visitor, forged).content.decode()
    for text in ("", receipt[:50], "不是回执"):
        assert check(visitor, text).status_code == 422
