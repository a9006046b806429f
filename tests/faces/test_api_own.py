"""One's own account through the API: details, consents, data and notices; and what is open to everybody."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from linli.ground.exchange.scopes import Scope
from linli.ground.notices.models import Notice
from linli.ground.people.actions.unmask_person import unmask_person
from linli.ground.people.models import Consent, Person
from linli.ground.record.models import Record
from linli.kernel.access import Role
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.site.running import settle
from tests.faces.program import ROOT, Program
from tests.faces.test_portal_consents import make_ten
from tests.world import Snapshot, World


@pytest.fixture
def own(world: World) -> Program:
    return Program(world, world.resident_account)


def test_name_and_address_are_put_right_once(world: World, own: Program) -> None:
    assert own.get("/own/profile")[1] == {"name": "居民甲", "email": "", "phone": "138****1234"}
    given = {"name": "王阿姨", "email": "wang@example.org"}
    first, again = (own.send("/own/profile", given, key="k") for _ in range(2))
    assert (first.status_code, first.content, again["Idempotent-Replayed"]) == (200, again.content, "true")
    person = Person.objects.get(pk=world.resident_account.person_id)
    assert (person.name, person.email) == ("王阿姨", "wang@example.org")
    assert Record.objects.filter(event="change_profile").count() == 1
    snapshot = Snapshot()
    for wrong in ({}, {"name": ""}, {"name": "王", "email": "x"}, {"name": "王", "phone": "13900005678"}):
        assert own.post("/own/profile", wrong)[0] == 422, wrong
    assert snapshot.unchanged()


def test_a_token_for_reading_changes_nothing_of_its_owner(world: World) -> None:
    reader = Program(world, world.resident_account, [Scope.READ])
    snapshot = Snapshot()
    for path in (
        "/own/profile",
        "/own/data/copy",
        "/own/notices/read",
        "/own/consents/public_name/give",
        "/own/consents/public_name/withdraw",
    ):
        assert reader.post(path, {"name": "王"})[1]["code"] == "scope_missing"
    assert snapshot.unchanged()


def test_consents_are_given_and_withdrawn_with_what_hangs_on_them(world: World, own: Program) -> None:
    case = world.case_of(state="closed")
    CASES.actions["publish_case"](
        case.pk, actor=world.clerk_of(), now=world.now, title="路灯", text="路灯不亮。", reply="已修好。"
    )
    listed = {row["purpose"]: row for row in own.get("/own/consents")[1]["rows"]}
    assert listed["public_name"]["given_at"] is None
    assert own.post("/own/consents/public_name/give", key="k")[0] == 200
    assert own.post("/own/consents/public_name/give", key="k")[0] == 200
    row = Consent.objects.get(purpose="public_name")
    assert row.wording == listed["public_name"]["edition"]
    Case.objects.filter(pk=case.pk).update(names_filer=True)
    status, after = own.post("/own/consents/public_name/withdraw")
    assert status == 200
    assert after["past"][0]["withdrawn_at"] is not None
    assert Case.objects.get(pk=case.pk).matter.published_at is None


def test_a_childs_consent_waits_for_a_guardian(world: World, own: Program) -> None:
    make_ten(world.resident_account)
    snapshot, address = Snapshot(), "/own/consents/progress_mail/give"
    for asked in (None, {"under_14": True}, {"under_14": True, "guardian_name": "李", "guardian_relation": "x"}):
        status, problem = own.post(address, asked)
        assert (status, problem["code"]) == (422, "invalid")
    assert snapshot.unchanged()
    guardian = {"under_14": True, "guardian_name": "李", "guardian_relation": "parent"}
    assert own.post(address, guardian)[0] == 200
    assert Consent.objects.get(purpose="progress_mail").guardian_relation == "parent"


def test_the_consent_on_which_the_account_stands_is_taken_back_in_the_browser(world: World, own: Program) -> None:
    snapshot = Snapshot()
    assert own.post("/own/consents/account/withdraw")[1]["code"] == "in_browser"
    assert own.post("/own/consents/demands/give")[0] == 404
    assert own.post("/own/consents/no-such/withdraw")[0] == 404
    assert snapshot.unchanged()


def test_what_is_kept_is_read_in_full_by_its_owner_and_a_copy_is_recorded(world: World, own: Program) -> None:
    case = world.case_of(state="accepted")
    unmask_person(
        world.resident_account.person, fields=("phone",), why="回访要用", actor=world.clerk_of(), now=world.now
    )
    snapshot = Snapshot()
    kept = own.get("/own/data")[1]
    assert (kept["person"]["phone"], kept["readings"][0]["why"]) == ("13800001234", "回访要用")
    assert snapshot.unchanged()
    first, again = (own.send("/own/data/copy", key="k") for _ in range(2))
    assert first.content == again.content
    assert [each["number"] for each in first.json()["demands"]] == [case.matter.number]
    assert Record.objects.get(event="copy_own_data").codes == {"matters": 1}


def test_notices_are_paged_told_apart_and_marked_read(world: World, own: Program) -> None:
    for _ in range(2):
        world.case_of(state="accepted")
    settle()
    clerk = Program(world, world.account(Role.CLERK, "urban_management A"))
    rows, after = [], ""
    while True:
        page = own.get("/own/notices", size=1, after=after)[1]
        rows += page["rows"]
        after = page["after"]
        if not after:
            break
    assert len(rows) == Notice.objects.filter(person=world.resident_account.person_id).count() > 1
    assert all(row["words"] and not row["as_staff"] for row in rows)
    assert {row["as_staff"] for row in clerk.get("/own/notices")[1]["rows"]} == {True}
    assert clerk.get("/own/notices", as_filer=True)[1]["rows"] == []
    assert own.get("/own/notices", after="x")[0] == 422
    assert own.post("/own/notices/read")[1]["read"] == len(rows)
    assert own.post("/own/notices/read", {"as_filer": True})[1]["read"] == 0
    assert Notice.objects.filter(person=clerk.token.account.person_id, read_at__isnull=True).exists()


def open_get(path: str, **query: Any) -> tuple[int, Any]:
    return Program.told(Client().get(ROOT + path, query, headers={"Accept-Language": "zh-hans"}))


def test_the_territory_is_open_and_paged_by_key(world: World) -> None:
    settings.LINLI_CLOCK.set(world.now)
    codes, after = [], ""
    while True:
        status, page = open_get("/territory", size=2, after=after)
        assert status == 200
        codes += [row["code"] for row in page["rows"]]
        after = page["after"]
        if not after:
            break
    assert codes == sorted(codes)
    assert len(codes) == 7
    streets = open_get("/territory", level="street")[1]["rows"]
    assert [row["name"] for row in streets] == ["甲街道", "乙街道"]
    assert {row["parent"] for row in streets} == {"990104000000"}
    assert open_get("/territory", as_of="2020-01-01")[1]["rows"] == []
    assert open_get("/territory", as_of="soon")[0] == 422
    assert open_get("/territory/changes")[1]["rows"] == []
    assert len(open_get("/territory/outlines/street")[1]["features"]) == 2
    assert open_get("/territory/outlines/planet")[0] == 404


def test_a_receipt_is_checked_without_a_token(world: World) -> None:
    receipt = world.receive().receipt.text()
    settings.LINLI_CLOCK.set(world.now)

    def check(text: str) -> tuple[int, Any]:
        return Program.told(Client().post(f"{ROOT}/record/check", {"receipt": text}, content_type="application/json"))

    status, told = check(receipt)
    assert (status, told["holds"], told["row_found"], told["sealed"]) == (200, True, True, False)
    settle()
    assert check(receipt)[1]["position"] is not None
    assert check(receipt[:-9])[0] == 422
