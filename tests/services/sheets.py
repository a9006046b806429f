"""Spreadsheets of messages as other systems deliver them, and the way of one through the import."""

import io
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from linli.ground.matters.action import Refused
from linli.services.cases.importing import (
    confirm_import,
    continue_import,
    upload_import,
)
from linli.services.cases.importing_words import refusal_words
from linli.services.cases.models import Case, CaseImport
from linli.services.cases.rules.vocabulary import Channel
from tests.world import World

ZONE = ZoneInfo("Asia/Shanghai")
OPEN_HEADINGS = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情")
ANSWERED_HEADINGS = (*OPEN_HEADINGS, "答复意见", "答复时间")


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
