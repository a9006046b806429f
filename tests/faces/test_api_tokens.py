"""Tokens: shown once, kept as a digest, cut down to their scopes, ended at once, counted."""

import json
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.test import Client

from linli.ground.exchange.actions.make_token import make_token
from linli.ground.exchange.actions.revoke_token import revoke_token
from linli.ground.exchange.models import ApiToken
from linli.ground.exchange.scopes import Scope
from linli.ground.people.models import Account
from linli.ground.record.models import Entry, Record
from linli.kernel.access import SYSTEM, Role
from linli.site.commands.tokens import tokens
from tests.faces.program import Program
from tests.world import Snapshot, World

pytestmark = pytest.mark.once


@pytest.fixture
def clerk(world: World) -> Account:
    return world.account(Role.CLERK, "urban_management A")


def test_a_token_is_made_at_the_desk_shown_once_and_kept_as_a_digest(
    world: World, clerk: Account, client: Client
) -> None:
    settings.LINLI_CLOCK.set(world.now)
    client.force_login(clerk)
    answer = client.post("/desk/tokens/new/", {"name": "数据平台", "scopes": ["read", "feed"], "days": "90"})
    assert answer["Location"] == "/desk/tokens/"
    page = client.get("/desk/tokens/").content.decode()
    text = page.split("<code>linli_")[1].split("</code>")[0]
    assert f"linli_{text}" not in client.get("/desk/tokens/").content.decode()
    token = ApiToken.objects.get()
    assert token.scopes == ["read", "feed"]
    assert token.expires_at == world.now + timedelta(days=90)
    assert text not in json.dumps(list(ApiToken.objects.values()), default=str)
    made = Record.objects.get(event="make_token")
    assert text not in json.dumps(made.codes)
    assert Entry.objects.get(record=made).texts == {"name": "数据平台"}
    headers = {"Authorization": f"Bearer linli_{text}"}
    assert client.get("/api/v1/cases", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "given",
    [
        {"name": "", "scopes": ["read"], "days": "30"},
        {"name": "平台", "days": "30"},
        {"name": "平台", "scopes": ["everything"], "days": "30"},
        {"name": "平台", "scopes": ["read"], "days": "3650"},
    ],
)
def test_a_token_without_name_scope_or_a_sane_term_is_not_made(
    world: World, clerk: Account, client: Client, given: dict[str, Any]
) -> None:
    client.force_login(clerk)
    snapshot = Snapshot()
    assert client.post("/desk/tokens/new/", given).status_code == 422
    assert snapshot.unchanged()


@pytest.mark.parametrize(
    ("days", "scopes", "why"), [(0, [Scope.READ], "days"), (366, [Scope.READ], "days"), (30, [], "scopes")]
)
def test_make_token_holds_to_a_year_and_asks_for_a_scope(
    world: World, clerk: Account, days: int, scopes: list[Scope], why: str
) -> None:
    snapshot = Snapshot()
    with pytest.raises(ValueError, match=why):
        make_token(clerk, name="平台", scopes=scopes, days=days, actor=SYSTEM, now=world.now)
    assert snapshot.unchanged()


def test_twenty_tokens_of_one_account_are_enough(world: World, clerk: Account, client: Client) -> None:
    made = [
        make_token(clerk, name=f"{each}", scopes=[Scope.READ], days=1, actor=SYSTEM, now=world.now)[0]
        for each in range(20)
    ]
    settings.LINLI_CLOCK.set(world.now)
    client.force_login(clerk)
    given = {"name": "又一个", "scopes": ["read"], "days": "30"}
    assert client.post("/desk/tokens/new/", given).status_code == 409
    revoke_token(made[0], actor=SYSTEM, now=world.now)
    assert client.post("/desk/tokens/new/", given).status_code == 302


def test_revoke_token_ends_it_at_once_and_only_its_owner_can(world: World, clerk: Account, client: Client) -> None:
    program = Program(world, clerk)
    assert program.get("/cases")[0] == 200
    client.force_login(world.account(Role.DISPATCHER, "citizen_service_center A"))
    address = f"/desk/tokens/{program.token.pk}/revoke/"
    snapshot = Snapshot()
    assert client.post(address).status_code == 404
    assert snapshot.unchanged()
    client.force_login(clerk)
    assert client.post(address).status_code == 302
    status, problem = program.get("/cases")
    assert (status, problem["code"]) == (401, "token_revoked")
    assert Record.objects.filter(event="revoke_token").count() == 1
    assert not revoke_token(program.token, actor=SYSTEM, now=world.now)
    assert Record.objects.filter(event="revoke_token").count() == 1


def test_a_token_ends_by_itself_and_with_its_account(world: World, clerk: Account) -> None:
    program = Program(world, clerk)
    settings.LINLI_CLOCK.set(world.now + timedelta(days=30))
    assert program.get("/cases")[1]["code"] == "token_expired"
    settings.LINLI_CLOCK.set(world.now)
    Account.objects.filter(pk=clerk.pk).update(is_active=False)
    assert program.get("/cases")[1]["code"] == "token_closed"


@pytest.mark.parametrize(
    "header", ["", "linli_x", "Basic abc", "Bearer", "Bearer linli_wrong", "Bearer \u00e4", "Bearer x y"]
)
def test_without_a_token_that_holds_nothing_opens(world: World, clerk: Account, header: str) -> None:
    settings.LINLI_CLOCK.set(world.now)
    signed_in = Client()
    signed_in.force_login(clerk)  # a session is no way in: other sites could use it
    answer = signed_in.get("/api/v1/cases", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"


def test_a_token_opens_no_more_than_its_scopes(world: World, clerk: Account) -> None:
    case = world.case_of(state="dispatched")
    reader, writer = Program(world, clerk, [Scope.READ]), Program(world, clerk, [Scope.WRITE])
    step = f"/cases/{case.matter.number}/accept_case"
    snapshot = Snapshot()
    assert reader.post(step)[1]["code"] == "scope_missing"
    assert reader.get("/feed")[1]["code"] == "scope_missing"
    assert writer.get("/cases")[1]["code"] == "scope_missing"
    assert snapshot.unchanged()
    assert writer.post(step)[0] == 200


def test_last_use_is_written_once_an_hour(world: World, clerk: Account) -> None:
    program = Program(world, clerk)

    def used(minutes: int) -> Any:
        settings.LINLI_CLOCK.set(world.now + timedelta(minutes=minutes))
        assert program.get("/cases")[0] == 200
        return ApiToken.objects.get().last_used_at

    assert used(0) == used(59) == world.now
    assert used(60) == world.now + timedelta(hours=1)


def test_a_token_used_too_often_waits(world: World, clerk: Account, settings: Any) -> None:
    settings.API_READS_PER_MINUTE, settings.API_WRITES_PER_MINUTE = 3, 2
    case = world.case_of(state="accepted")
    program, other = Program(world, clerk), Program(world, clerk)
    assert [program.get("/cases")[0] for _ in range(4)] == [200, 200, 200, 429]
    assert other.get("/cases")[0] == 200
    note = f"/cases/{case.matter.number}/add_note"
    assert [program.post(note, {"note": "备注"})[0] for _ in range(3)] == [200, 200, 429]
    answer = program.client.get("/api/v1/cases", headers=program.headers())
    assert 0 < int(answer["Retry-After"]) <= 60
    settings.LINLI_CLOCK.set(world.now + timedelta(seconds=61))
    assert program.get("/cases")[0] == 200
    assert program.post(note, {"note": "备注"})[0] == 200


def test_the_commands_list_and_revoke(world: World, clerk: Account) -> None:
    program = Program(world, clerk)
    run = CliRunner()
    listed = run.invoke(tokens, ["list", "--login", clerk.login, "--json"])
    (row,) = json.loads(listed.output)
    assert (row["id"], row["name"], row["ended"]) == (str(program.token.pk), "平台", "")
    assert program.text not in listed.output
    assert run.invoke(tokens, ["revoke", row["id"]]).exit_code == 0
    assert run.invoke(tokens, ["list"]).output.strip() == "no tokens"
    assert "revoked" in run.invoke(tokens, ["list", "--all"]).output
    assert run.invoke(tokens, ["revoke", "00000000-0000-0000-0000-000000000000"]).exit_code == 1
