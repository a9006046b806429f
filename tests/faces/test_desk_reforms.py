"""The desk's pages for reforms: upload, preview, confirm by digest, and what happened."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from linli.ground.people.models import Account, Dwelling
from linli.ground.record.models import Record
from linli.ground.reforms.actions.upload_reform import upload_reform
from linli.ground.reforms.desk import carry_out_row, preview_row
from linli.ground.reforms.models import Phase, ReformFile
from linli.ground.territory.facade import Unit
from linli.kernel.access import Role
from tests.faces.portal_visitor import Visitor
from tests.services.reforming import A1, A2, A3, MERGED
from tests.world import NOW, Snapshot, World

DAY = NOW + timedelta(days=1)
SYS = Role.SYSTEM_ADMINISTRATOR
STREETS: dict[str, Any] = {
    "day": DAY.date().isoformat(),
    "document": "青政发〔2026〕1号",
    "reason": "街道合并",
    "units": [{"kind": "merge", "from": ["990104001000", "990104002000"], "to": [{"code": "990104002000"}]}],
}


@pytest.fixture(autouse=True)
def _a_day_later(world: World) -> None:
    world.case_of(state="accepted")
    Dwelling.objects.create(community=world.community["A1"], address="槐树巷1号")
    world.account(SYS, "district")
    settings.LINLI_CLOCK.set(DAY)
    world.now = DAY


@pytest.fixture
def system(world: World) -> Visitor:
    visitor = Visitor(world)
    visitor.sign_in(world.account(SYS, "district"))
    return visitor


def upload(system: Visitor, content: Any, name: str = "plan.json") -> Any:
    text = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    file = BytesIO(text)
    file.name = name
    return system.post(reverse("administered_reforms"), {"file": file})


def previewed(system: Visitor, content: Any) -> ReformFile:
    """Uploaded, and looked at by the worker."""
    assert upload(system, content).status_code == 302
    row = ReformFile.objects.latest("pk")
    preview_row(row.pk, DAY)
    row.refresh_from_db()
    return row


def decide(system: Visitor, row: ReformFile, **given: str) -> Any:
    return system.post(reverse("administered_reform", kwargs={"reform": row.pk}), given)


def page(system: Visitor, row: ReformFile) -> str:
    return system.read("administered_reform", reform=row.pk)


def test_a_plan_is_previewed_confirmed_and_carried_out(world: World, system: Visitor) -> None:
    row, snapshot = previewed(system, STREETS), Snapshot()
    text = page(system, row)
    assert snapshot.unchanged()
    for said in (
        "将会发生什么",
        "青政发〔2026〕1号",
        "990104001000 甲街道",
        "乙街道城市管理部",
        "确认实施",
        row.digest[:12],
    ):
        assert said in text
    assert decide(system, row, digest=row.digest).status_code == 302
    assert "正在实施" in page(system, row)
    carry_out_row(row.pk, DAY)
    assert "全部实施" in page(system, row)
    assert Unit.objects.get(code="990104001000").valid_to == DAY.date()
    done = Record.objects.get(event="carry_out_reform")
    assert done.entry.actor_name == "测试人"
    text = system.read("administered_reforms")
    assert "青政发〔2026〕1号" in text
    assert "测试人" in text
    assert "住户 1 处" in text
    carry_out_row(row.pk, DAY)
    assert Record.objects.filter(event="carry_out_reform").count() == 1


def test_a_changed_state_is_refused_and_shown_anew(world: World, system: Visitor) -> None:
    row = previewed(system, STREETS)
    decide(system, row, digest=row.digest)
    world.case_of(state="received")
    snapshot = Unit.objects.filter(valid_to__isnull=True).count()
    carry_out_row(row.pk, DAY)
    assert Unit.objects.filter(valid_to__isnull=True).count() == snapshot
    after = ReformFile.objects.get(pk=row.pk)
    assert (after.phase, after.digest != row.digest, after.stale) == (Phase.PREVIEWED, True, True)
    assert "情况有了变化" in page(system, row)
    assert decide(system, row, digest=row.digest).status_code == 422
    assert decide(system, row, digest=after.digest).status_code == 302
    carry_out_row(row.pk, DAY)
    assert ReformFile.objects.get(pk=row.pk).phase == Phase.DONE


def test_another_plan_has_another_digest(system: Visitor) -> None:
    first, second = previewed(system, STREETS), previewed(system, STREETS | {"reason": "别的"})
    answer = decide(system, second, digest=first.digest)
    assert answer.status_code == 422
    assert "没有实施" in answer.content.decode()


def test_before_its_day_it_is_kept_and_not_confirmed(system: Visitor) -> None:
    row = previewed(system, STREETS | {"day": "2026-12-01"})
    assert "当天重新预览" in page(system, row)
    assert "确认实施" not in page(system, row)
    assert decide(system, row, digest=row.digest).status_code == 422
    assert "plan.json" in system.read("administered_reforms")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"day": "2026-03-04",\n "units": [}', "第 2 行"),
        ({"day": "2026-03-04"}, "document：缺少这一项"),
        (STREETS | {"wrong": 1}, "wrong：不认识这一项"),
        (STREETS | {"day": "bald"}, "day：请写成"),
        (STREETS | {"units": [{"kind": "x", "from": [A1], "to": [{"code": A3}]}]}, "units.1.kind：不能这样写"),
        (STREETS | {"units": [{"kind": "merge", "from": [], "to": [{"code": A3}]}]}, "units.1.from：至少要写一个"),
        (
            STREETS | {"units": [{"kind": "merge", "from": [A1, A2], "to": [{"code": A3, "name": MERGED}]}]},
            "A1社区居民委员会",
        ),
        (
            STREETS | {"units": [{"kind": "split", "from": [A1], "to": [{"code": A3, "outline": {"type": "Point"}}]}]},
            "Polygon",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_where_and_what_to_do(system: Visitor, content: Any, said: str) -> None:
    row = previewed(system, content)
    assert row.phase == Phase.FAULTY
    text = page(system, row)
    assert said in text
    assert "确认实施" not in text
    assert row.text, "the upload is kept"


@pytest.mark.parametrize(("content", "said"), [(b" ", "空的"), (b"\xff\xfe{", "UTF-8")])
def test_what_is_no_text_is_not_kept(system: Visitor, content: bytes, said: str) -> None:
    answer = upload(system, content)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ReformFile.objects.exists()


def test_a_plan_is_discarded_or_previewed_again(system: Visitor) -> None:
    row = previewed(system, STREETS)
    decide(system, row, again="1")
    assert ReformFile.objects.get(pk=row.pk).phase == Phase.READING
    assert "正在核对" in page(system, row)
    preview_row(row.pk, DAY)
    decide(system, row, discard="1")
    assert not ReformFile.objects.exists()
    assert Record.objects.filter(event="discard_reform").exists()


def test_work_that_was_lost_is_offered_again(system: Visitor) -> None:
    row = previewed(system, STREETS)
    decide(system, row, digest=row.digest)
    decide(system, row, again="1")
    assert ReformFile.objects.get(pk=row.pk).phase == Phase.CONFIRMED, "it is under way"
    ReformFile.objects.update(asked_at=DAY - timedelta(minutes=11))
    assert "可能中断" in page(system, row)
    decide(system, row, again="1")
    assert ReformFile.objects.get(pk=row.pk).phase == Phase.READING


def test_whoever_is_no_administrator_any_more_carries_nothing_out(world: World, system: Visitor) -> None:
    row = previewed(system, STREETS)
    decide(system, row, digest=row.digest)
    Account.objects.filter(pk=world.account(SYS, "district").pk).update(is_active=False)
    carry_out_row(row.pk, DAY)
    row.refresh_from_db()
    assert (row.phase, row.problems[0]["code"]) == (Phase.FAULTY, "no_office")
    assert Unit.objects.get(code="990104001000").valid_to is None


def test_progress_is_asked_for_piece_by_piece(system: Visitor) -> None:
    row = previewed(system, STREETS)
    answer = system.get(reverse("administered_reform", kwargs={"reform": row.pk}), headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert "确认实施" in answer.content.decode()


def test_only_the_system_administrator_uploads(world: World) -> None:
    with pytest.raises(PermissionDenied):
        upload_reform("plan.json", b"{}", actor=world.actor(Role.SECURITY_ADMINISTRATOR, "district"), now=DAY)
    assert not ReformFile.objects.exists()
