"""What the programs of the three administrators read and do: the pages' decisions, each act once, never their own."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from linli.ground.exchange.scopes import Scope
from linli.ground.people.actions.register_resident import register_resident
from linli.ground.people.actions.set_password import set_password
from linli.ground.people.actions.suspend_account import suspend_account
from linli.ground.people.models import Account, OpenSession, SecondFactor
from linli.ground.people.signing_in import sign_in_with_password
from linli.ground.privacy.models import Assessment
from linli.ground.record.models import Record
from linli.kernel.access import SYSTEM, Role
from tests.faces.portal_visitor import Visitor
from tests.faces.program import Program
from tests.world import NOW, Snapshot, World

PASSWORD = "梧桐树下的老井-1953"
SYS, SEC, AUD = Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR
NOBODY = "00000000-0000-0000-0000-000000000000"
WHY = {"why": "已经调离"}
ASSESSED = {"assessed_on": "2026-03-01", "acceptable": True} | dict.fromkeys(
    ("necessity", "impact", "measures"), "已核对。"
)


def program_of(world: World, role: Role) -> Program:
    return Program(world, world.account(role, "district"))


@pytest.fixture
def security(world: World) -> Program:
    return program_of(world, SEC)


@pytest.fixture
def clerk(world: World) -> Account:
    account = world.account(Role.CLERK, "urban_management A", "程知远")
    set_password(account, PASSWORD, actor=SYSTEM, now=NOW)
    return account


def every_row(program: Program, path: str, **query: Any) -> list[dict[str, Any]]:
    """All pages, two rows at a time."""
    rows, after = [], ""
    while True:
        status, page = program.get(path, size=2, after=after, **query)
        assert status == 200, page
        assert len(page["rows"]) <= 2
        rows += page["rows"]
        after = page["after"]
        if not after:
            return rows


def test_administration_asks_for_its_own_scope_to_read_and_to_write(world: World, clerk: Account) -> None:
    others = [each for each in Scope if each is not Scope.ADMINISTER]
    daily = Program(world, world.account(SEC, "district"), others)
    only = Program(world, world.account(SEC, "district"), [Scope.ADMINISTER])
    snapshot = Snapshot()
    account = f"/administration/accounts/{clerk.pk}"
    for status, problem in (
        daily.get("/administration/accounts"),
        daily.get(account),
        daily.post(f"{account}/suspend", WHY),
        daily.post("/administration/assessments/demands", ASSESSED),
    ):
        assert (status, problem["code"]) == (403, "scope_missing")
    assert only.get("/administration/accounts")[0] == 200
    assert only.get("/cases")[1]["code"] == "scope_missing"
    assert snapshot.unchanged()


def test_the_scope_makes_no_administrator(world: World, clerk: Account) -> None:
    program, snapshot = Program(world, clerk), Snapshot()
    status, problem = program.get("/administration/accounts")
    assert (status, problem["code"], problem["detail"]) == (403, "not_granted", "这一项只对负责它的管理员开放。")
    assert program.post(f"/administration/accounts/{clerk.pk}/suspend", WHY)[0] == 403
    assert program.get("/administration/log")[0] == 403
    assert program.get("/administration/reforms")[0] == 403
    assert snapshot.unchanged()


def test_the_scope_is_offered_to_administrators_alone(world: World, clerk: Account, client: Client) -> None:
    given = {"name": "管理平台", "scopes": ["administer"], "days": "30"}
    client.force_login(clerk)
    assert 'value="administer"' not in client.get("/desk/tokens/").content.decode()
    snapshot = Snapshot()
    assert client.post("/desk/tokens/new/", given).status_code == 422
    assert snapshot.unchanged()
    client.force_login(world.account(AUD, "district"))
    assert 'value="administer"' in client.get("/desk/tokens/").content.decode()
    assert client.post("/desk/tokens/new/", given).status_code == 302


def test_administrative_writes_are_counted_as_writes(
    world: World, security: Program, clerk: Account, settings: Any
) -> None:
    settings.API_WRITES_PER_MINUTE = 1
    address = f"/administration/accounts/{clerk.pk}/suspend"
    assert security.post(address, WHY)[0] == 200
    assert security.post(address, WHY)[0] == 429
    assert security.get("/administration/accounts")[0] == 200


def test_offices_and_accounts_are_paged_by_key(world: World, clerk: Account) -> None:
    system = program_of(world, SYS)
    offices = every_row(system, "/administration/offices")
    assert [each["name"] for each in offices] == [
        each.name for each in sorted(world.office.values(), key=lambda each: world.fresh(each).path)
    ]
    (term,) = next(each for each in offices if each["name"] == "甲街道城市管理部")["terms"]
    assert (term["person"], term["role"], term["role_words"]) == ("程知远", "clerk", "经办人")
    logins = [each["login"] for each in every_row(system, "/administration/accounts")]
    assert logins == sorted(logins)
    assert clerk.login in logins
    assert "resident" not in logins


def test_a_resident_is_found_by_telephone_and_stays_masked(world: World, security: Program) -> None:
    register_resident(phone="13900005678", name="李阿姨", password=PASSWORD, notice="2026-03", now=NOW)
    snapshot = Snapshot()
    status, page = security.get("/administration/accounts", q="139 0000 5678")
    (row,) = page["rows"]
    assert (status, row["login"], row["name"][0]) == (200, "139****5678", "李")
    told = str(page) + str(security.get(f"/administration/accounts/{row['id']}")[1])
    assert "李阿姨" not in told
    assert "13900005678" not in told
    assert security.get("/administration/accounts", q="nobody")[1]["rows"] == []
    assert security.get(f"/administration/accounts/{NOBODY}")[0] == 404
    assert snapshot.unchanged(), "nothing is unmasked, so nothing is recorded"


def test_suspend_account_happens_once_and_ends_its_tokens(world: World, security: Program, clerk: Account) -> None:
    at_work, address = Program(world, clerk), f"/administration/accounts/{clerk.pk}"
    first = security.send(f"{address}/suspend", WHY, key="k1")
    again = security.send(f"{address}/suspend", WHY, key="k1")
    assert (first.status_code, again["Idempotent-Replayed"]) == (200, "true")
    assert first.content == again.content
    assert first.json()["is_active"] is False
    row = Record.objects.get(event="suspend_account")
    assert row.entry.texts == WHY
    assert row.office == str(world.office["district"].pk)
    assert at_work.get("/cases")[1]["code"] == "token_closed"
    assert security.post(f"{address}/suspend", {"why": "别的"}, key="k1")[1]["code"] == "key_reused"
    assert security.post(f"{address}/readmit", WHY)[1]["is_active"] is True
    assert at_work.get("/cases")[0] == 200


def test_a_lock_is_shown_and_lifted(world: World, security: Program, clerk: Account) -> None:
    for _ in range(5):
        sign_in_with_password(clerk.login, "wrong", NOW)
    address = f"/administration/accounts/{clerk.pk}"
    assert security.get(address)[1]["locked_until"] is not None
    assert security.post(f"{address}/readmit", WHY)[1]["locked_until"] is None
    assert sign_in_with_password(clerk.login, PASSWORD, NOW).account == clerk


def test_sessions_are_shown_and_ended_by_the_security_administrator(
    world: World, security: Program, clerk: Account
) -> None:
    browser = Visitor(world)
    browser.sign_in(clerk)
    world.later(minutes=2)
    settings.LINLI_CLOCK.set(world.now)
    browser.get("/desk/")
    address = f"/administration/accounts/{clerk.pk}"
    assert len(security.get(address)[1]["sessions"]) == OpenSession.objects.count() == 1
    assert program_of(world, SYS).get(address)[1]["sessions"] is None
    assert security.post(f"{address}/end_sessions")[1]["ended"] == 1
    assert security.post(f"{address}/end_sessions")[1]["ended"] == 0
    assert Record.objects.filter(event="end_sessions").count() == 1


def test_a_lost_second_factor_is_taken_off(world: World, security: Program, clerk: Account) -> None:
    SecondFactor.objects.create(account=clerk, secret="x", added_at=NOW, used_step=0)
    address = f"/administration/accounts/{clerk.pk}"
    assert security.get(address)[1]["has_second_factor"] is True
    assert security.post(f"{address}/reset_second_factor", {"why": "手机丢了"})[1]["has_second_factor"] is False


def test_the_single_sign_on_links_one_account_only(
    world: World, security: Program, clerk: Account, settings: Any
) -> None:
    settings.OIDC_ISSUER = "https://sso.example.org"
    other = world.account(Role.REVIEWER, "urban_management A")
    given = {"identifier": "sub-1", "why": "本人申请"}
    assert security.post(f"/administration/accounts/{clerk.pk}/link_sign_on", given)[1]["is_linked"] is True
    snapshot = Snapshot()
    status, problem = security.post(f"/administration/accounts/{other.pk}/link_sign_on", given)
    assert (status, problem["errors"][0]["field"]) == (422, "identifier")
    assert snapshot.unchanged()
    ended = security.post(f"/administration/accounts/{clerk.pk}/link_sign_on", {"why": "已离任"})
    assert ended[1]["is_linked"] is False


@pytest.mark.parametrize("act", ["suspend", "readmit", "reset_second_factor", "end_sessions", "link_sign_on"])
def test_a_token_never_acts_on_the_account_of_its_owner(world: World, security: Program, act: str) -> None:
    own, snapshot = world.account(SEC, "district"), Snapshot()
    asked = None if act == "end_sessions" else WHY
    status, problem = security.post(f"/administration/accounts/{own.pk}/{act}", asked)
    assert (status, problem["code"]) == (409, "own_account")
    assert snapshot.unchanged()


@pytest.mark.parametrize("role", [SYS, AUD])
def test_only_the_security_administrator_acts_on_accounts(world: World, clerk: Account, role: Role) -> None:
    program, snapshot = program_of(world, role), Snapshot()
    for act in ("suspend", "readmit", "reset_second_factor"):
        status, problem = program.post(f"/administration/accounts/{clerk.pk}/{act}", WHY)
        assert (status, problem["code"]) == (403, "not_granted")
    assert snapshot.unchanged()


def test_a_reason_is_asked_for(world: World, security: Program, clerk: Account) -> None:
    snapshot = Snapshot()
    for asked in ({}, {"why": ""}, {"why": "  "}, {"why": "x" * 201}, WHY | {"more": "x"}):
        status, problem = security.post(f"/administration/accounts/{clerk.pk}/suspend", asked)
        assert (status, problem["code"]) == (422, "invalid"), asked
    assert snapshot.unchanged()


def test_the_log_is_filtered_paged_and_read_by_the_audit_administrator_alone(world: World, clerk: Account) -> None:
    suspend_account(clerk, why="已经调离", actor=world.actor(SEC, "district"), now=NOW + timedelta(days=1))
    audit, system = program_of(world, AUD), program_of(world, SYS)
    audit.get("/administration/log")
    snapshot = Snapshot()
    rows = every_row(audit, "/administration/log", group="accounts")
    assert [row["record"] for row in rows] == sorted((row["record"] for row in rows), reverse=True)
    newest = next(row for row in rows if row["event"] == "suspend_account")
    assert (newest["event_words"], newest["subject"], newest["details"]) == ("停用账号", clerk.login, "已经调离")
    assert {row["event"] for row in every_row(audit, "/administration/log", since="2026-03-04")} == {"suspend_account"}
    assert audit.get("/administration/log", login="nobody-at-all")[1]["rows"] == []
    assert audit.get("/administration/log", group="no such")[0] == 422
    assert audit.get("/administration/log", after="x")[0] == 422
    assert system.get("/administration/log")[0] == 403
    assert system.post("/administration/log/export")[0] == 403
    assert snapshot.unchanged()


def test_taking_the_log_out_stands_in_the_log(world: World, clerk: Account) -> None:
    audit = program_of(world, AUD)
    first = audit.send("/administration/log/export", {"event": "set_password", "size": 1}, key="k")
    assert (
        audit.send("/administration/log/export", {"event": "set_password", "size": 1}, key="k").json() == first.json()
    )
    assert [row["event"] for row in first.json()["rows"]] == ["set_password"]
    assert Record.objects.get(event="export_log").codes["rows"] == 1
    assert audit.post("/administration/log/export", {"after": "x"})[0] == 422
    assert Record.objects.filter(event="export_log").count() == 1


def test_terms_of_keeping_are_read_and_run_on_the_server(world: World, security: Program) -> None:
    status, plan = security.get("/administration/retention")
    assert (status, plan["rows"], len(plan["digest"])) == (200, 0, 64)
    assert {"code", "title", "term", "unit", "source", "before", "rows"} <= set(plan["kinds"][0])
    assert program_of(world, AUD).get("/administration/retention")[0] == 403


def test_an_assessment_is_entered_and_revised(world: World, security: Program) -> None:
    address = "/administration/assessments/demands"
    assert security.get(address)[1]["versions"] == []
    assert security.post(address, ASSESSED, key="k")[0] == 201
    assert security.post(address, ASSESSED, key="k")[0] == 201
    assert Assessment.objects.count() == 1
    revised = security.post(address, ASSESSED | {"acceptable": False})[1]
    assert [row["version"] for row in revised["versions"]] == [2, 1]
    assert (revised["is_valid"], revised["newest"]["acceptable"]) == (False, False)
    assert {row.event for row in Record.objects.filter(subject="assessment:demands")} == {
        "enter_assessment",
        "revise_assessment",
    }
    lines = program_of(world, AUD).get("/administration/assessments")[1]["rows"]
    assert [(row["purpose"], row["newest"] is None) for row in lines] == [
        ("demands", False),
        ("households", True),
        ("public_name", True),
    ]


def test_an_assessment_that_does_not_fit_changes_nothing(world: World, security: Program) -> None:
    others = [program_of(world, role) for role in (SYS, AUD)]
    snapshot, address = Snapshot(), "/administration/assessments/demands"
    for asked in (ASSESSED | {"assessed_on": "2026-03-09"}, ASSESSED | {"impact": " "}, ASSESSED | {"acceptable": ""}):
        assert security.post(address, asked)[0] == 422, asked
    assert security.post("/administration/assessments/no-such", ASSESSED)[0] == 404
    for other in others:
        assert other.post(address, ASSESSED)[0] == 403
    assert snapshot.unchanged()
