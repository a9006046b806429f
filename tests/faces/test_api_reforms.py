"""Reforms through the API: a plan is uploaded once, looked at, and carried out only as it was looked at."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings

from linli.ground.record.models import Record
from linli.ground.reforms.desk import carry_out_row, preview_row
from linli.ground.reforms.models import Phase, ReformFile
from linli.kernel.access import Role
from tests.faces.program import ROOT, Program
from tests.stage import named
from tests.world import NOW, Snapshot, World

DAY = NOW + timedelta(days=1)
PLANS = "/administration/reforms"
STREETS: dict[str, Any] = {
    "day": DAY.date().isoformat(),
    "document": "青政发〔2026〕1号",
    "reason": "街道合并",
    "units": [{"kind": "merge", "from": ["990104001000", "990104002000"], "to": [{"code": "990104002000"}]}],
}


@pytest.fixture
def system(world: World) -> Program:
    world.case_of(state="accepted")
    account = world.account(Role.SYSTEM_ADMINISTRATOR, "district")
    world.now = DAY
    return Program(world, account)


def upload(program: Program, content: Any, *, key: str = "", name: str = "plan.json") -> Any:
    text = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    headers = program.headers() | ({"Idempotency-Key": key} if key else {})
    return program.client.post(ROOT + PLANS, {"file": named(BytesIO(text), name)}, headers=headers)


def previewed(system: Program, content: Any) -> dict[str, Any]:
    """Uploaded, and looked at by the worker."""
    answer = upload(system, content)
    assert answer.status_code == 201, answer.content
    preview_row(answer.json()["id"], DAY)
    plan: dict[str, Any] = system.get(f"{PLANS}/{answer.json()['id']}")[1]
    return plan


def test_a_plan_is_previewed_confirmed_and_carried_out(system: Program) -> None:
    plan = previewed(system, STREETS)
    assert (plan["phase"], plan["can_be_confirmed"], plan["problems"]) == ("previewed", True, [])
    assert any("990104001000" in each for each in plan["result"]["ended"])
    assert plan["result"]["matters"] == {"case": 1}
    status, confirmed = system.post(f"{PLANS}/{plan['id']}/confirm", {"digest": plan["digest"]}, key="k")
    assert (status, confirmed["phase"]) == (200, "confirmed")
    assert system.post(f"{PLANS}/{plan['id']}/confirm", {"digest": plan["digest"]}, key="k")[0] == 200
    assert Record.objects.filter(event="confirm_reform").count() == 1
    carry_out_row(plan["id"], DAY)
    assert system.get(f"{PLANS}/{plan['id']}")[1]["phase"] == "done"
    assert system.get(PLANS)[1]["rows"] == []
    (past,) = system.get(f"{PLANS}/past")[1]["rows"]
    assert (past["document"], past["matters"], past["actor"]) == ("青政发〔2026〕1号", 1, "测试人")


def test_upload_reform_with_a_key_happens_once(system: Program) -> None:
    first = upload(system, STREETS, key="k")
    again = upload(system, STREETS, key="k")
    assert (again.status_code, again.json(), again["Idempotent-Replayed"]) == (201, first.json(), "true")
    assert ReformFile.objects.count() == 1
    assert upload(system, STREETS | {"reason": "别的"}, key="k").json()["code"] == "key_reused"
    assert upload(system, STREETS, key="k", name="other.json").json()["code"] == "key_reused"


def test_only_what_was_looked_at_is_confirmed_and_only_on_its_day(system: Program) -> None:
    first, second = previewed(system, STREETS), previewed(system, STREETS | {"reason": "别的"})
    later = previewed(system, STREETS | {"day": "2026-12-01"})
    assert (later["can_be_confirmed"], later["phase"]) == (False, "previewed")
    snapshot = Snapshot()
    status, problem = system.post(f"{PLANS}/{second['id']}/confirm", {"digest": first["digest"]})
    assert (status, problem["code"]) == (409, "changed")
    status, problem = system.post(f"{PLANS}/{later['id']}/confirm", {"digest": later["digest"]})
    assert (status, problem["code"]) == (409, "not_the_day")
    assert snapshot.unchanged()


def test_what_is_wrong_with_a_plan_is_named(system: Program) -> None:
    plan = previewed(system, STREETS | {"day": "bald"})
    assert (plan["phase"], plan["result"], plan["digest"]) == ("faulty", None, "")
    assert plan["problems"][0]["detail"].startswith("day：请写成")
    snapshot = Snapshot()
    for content, said in ((b" ", "空的"), (b"\xff\xfe{", "UTF-8")):
        problem = upload(system, content).json()
        assert said in problem["errors"][0]["detail"]
    assert upload(system, STREETS).status_code == 201
    assert not snapshot.unchanged()
    assert ReformFile.objects.count() == 2


def test_a_plan_is_previewed_again_or_discarded_unless_it_is_under_way(system: Program) -> None:
    plan = previewed(system, STREETS)
    address = f"{PLANS}/{plan['id']}"
    assert system.post(f"{address}/preview_again")[1]["phase"] == "reading"
    assert system.post(f"{address}/preview_again")[1]["code"] == "not_open"
    preview_row(plan["id"], DAY)
    digest = system.get(address)[1]["digest"]
    system.post(f"{address}/confirm", {"digest": digest})
    snapshot = Snapshot()
    assert system.post(f"{address}/discard")[1]["code"] == "not_open"
    assert snapshot.unchanged()
    ReformFile.objects.update(phase=Phase.PREVIEWED)
    assert system.post(f"{address}/discard") == (200, {"id": plan["id"]})
    assert system.post(f"{address}/discard")[0] == 404
    assert Record.objects.filter(event="discard_reform").count() == 1


def test_plans_are_paged_by_key(system: Program) -> None:
    keys = [upload(system, STREETS).json()["id"] for _ in range(5)]
    seen, after = [], ""
    for _ in range(3):
        page = system.get(PLANS, size=2, after=after)[1]
        seen += [row["id"] for row in page["rows"]]
        after = page["after"]
    assert (seen, after) == (keys[::-1], "")
    assert system.get(PLANS, after="x")[0] == 422
    assert system.get(f"{PLANS}/{2**70}")[0] == 404


@pytest.mark.parametrize("role", [Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR, Role.CLERK])
def test_reforms_are_the_system_administrators_alone(world: World, system: Program, role: Role) -> None:
    plan = previewed(system, STREETS)
    other = Program(world, world.account(role, "district", name="别的人"))
    settings.LINLI_CLOCK.set(DAY)
    snapshot = Snapshot()
    assert other.get(PLANS)[0] == 403
    assert other.get(f"{PLANS}/past")[0] == 403
    assert other.get(f"{PLANS}/{plan['id']}")[0] == 403
    assert upload(other, STREETS).status_code == 403
    for act in ("confirm", "preview_again", "discard"):
        assert other.post(f"{PLANS}/{plan['id']}/{act}", {"digest": plan["digest"]})[0] == 403
    assert snapshot.unchanged()
