"""Looking up with number and code, and getting a new code by telephone: two doors, each counted."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from linli.ground.matters.action import code_digest
from linli.ground.matters.models import Matter
from linli.ground.notices import tasks
from linli.ground.record.models import Record
from tests.faces.portal_visitor import CONTACT, Messages, Visitor
from tests.world import Snapshot, World

PHONE = "13800005678"
pytestmark = pytest.mark.usefixtures("_tasks_at_once")


@pytest.fixture
def filed(world: World) -> dict[str, Any]:
    return Visitor(world).file(contact=CONTACT | {"name": "李阿姨", "phone": PHONE})


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


def look_up(visitor: Visitor, number: str, code: str) -> Any:
    return visitor.post(reverse("look_up_case"), {"number": number, "code": code})


def recover(visitor: Visitor, number: str, phone: str = PHONE) -> Any:
    return visitor.post(reverse("recover_code"), {"number": number, "phone": phone})


def check(visitor: Visitor, digits: str) -> Any:
    return visitor.post(reverse("recover_code_check"), {"code": digits})


def test_number_and_code_open_the_status_page_however_they_are_typed(visitor: Visitor, filed: dict[str, Any]) -> None:
    number, code = filed["number"], filed["code"]
    answer = look_up(visitor, f" {number[:8]} {number[8:]} ", f"{code[:5].lower()}-{code[5:]}")
    assert answer.url == reverse("my_case", kwargs={"number": number})
    assert "路灯坏了三天" in visitor.get(answer.url).content.decode()


def test_a_wrong_number_and_a_wrong_code_get_the_same_answer(visitor: Visitor, filed: dict[str, Any]) -> None:
    def stripped(answer: Any) -> str:
        text = re.sub(r'(value|content)="[^"]*"', "", answer.content.decode())
        return str(answer.status_code) + text

    wrong_code = look_up(visitor, filed["number"], "AAAAAAAAAA")
    wrong_number = look_up(visitor, "2026030300000000", filed["code"])
    assert stripped(wrong_code) == stripped(wrong_number)
    assert "对不上" in wrong_code.content.decode()
    assert visitor.get(reverse("my_case", kwargs={"number": filed["number"]})).status_code == 302


def test_ten_failures_close_the_door_for_a_quarter_of_an_hour(visitor: Visitor, filed: dict[str, Any]) -> None:
    for _ in range(10):
        look_up(visitor, filed["number"], "AAAAAAAAAA")
    assert look_up(visitor, filed["number"], filed["code"]).status_code == 429
    visitor.clock(minutes=16)
    assert look_up(visitor, filed["number"], filed["code"]).status_code == 302


def test_a_withheld_case_cannot_be_looked_up(visitor: Visitor, filed: dict[str, Any]) -> None:
    Matter.objects.update(withheld=True)
    assert look_up(visitor, filed["number"], filed["code"]).status_code == 422


def test_looking_up_renews_the_session_and_ends_with_the_visit(visitor: Visitor, filed: dict[str, Any]) -> None:
    visitor.get(reverse("recover_code"))
    look_up(visitor, filed["number"], filed["code"])
    before = visitor.session.session_key
    look_up(visitor, filed["number"], filed["code"])
    assert visitor.session.session_key != before
    assert visitor.session.get_expiry_age() <= django_settings.SESSION_IDLE_MINUTES * 60
    assert visitor.post(reverse("sign_out")).status_code == 302
    assert visitor.get(reverse("my_case", kwargs={"number": filed["number"]})).status_code == 302


def test_a_lost_code_is_replaced_by_telephone(
    visitor: Visitor, filed: dict[str, Any], messages: Messages, world: World
) -> None:
    assert recover(visitor, filed["number"], "+86 138-0000-5678").url == reverse("recover_code_check")
    assert [phone for phone, _ in messages] == [PHONE]
    assert check(visitor, messages.digits).url == reverse("recovered")
    new = visitor.kept("new_code")["code"]
    page = visitor.read("recovered")
    assert new[:5] in page
    assert visitor.get(reverse("recovered")).status_code == 302, "shown once"
    assert Matter.objects.get().code_digest == code_digest(new)
    assert Record.objects.filter(event="renew_code", subject=filed["number"]).count() == 1
    assert visitor.get(reverse("my_case", kwargs={"number": filed["number"]})).status_code == 200
    other = Visitor(world)
    assert look_up(other, filed["number"], filed["code"]).status_code == 422, "the old code is void"
    assert look_up(other, filed["number"], new).status_code == 302


def test_a_stranger_learns_nothing(visitor: Visitor, filed: dict[str, Any], messages: Messages, world: World) -> None:
    pages = []
    for number, phone in ((filed["number"], PHONE), (filed["number"], "13900000000"), ("2026030300000000", PHONE)):
        asking = Visitor(world)
        answer = recover(asking, number, phone)
        pages.append((answer.status_code, answer.url, re.sub(r'"[^"]*"', "", asking.read("recover_code_check"))))
    assert pages[0] == pages[1] == pages[2]
    assert len(messages) == 1


def test_no_guess_opens_a_recovery_without_a_match(visitor: Visitor, filed: dict[str, Any], messages: Messages) -> None:
    recover(visitor, filed["number"], "13900000000")
    snapshot = Snapshot()
    assert check(visitor, "000000").status_code == 422
    assert snapshot.unchanged()


def test_five_tries_and_no_more(visitor: Visitor, filed: dict[str, Any], messages: Messages) -> None:
    recover(visitor, filed["number"])
    wrong = "000000" if messages.digits != "000000" else "111111"
    for _ in range(5):
        assert check(visitor, wrong).status_code == 422
    snapshot = Snapshot()
    assert check(visitor, messages.digits).url == reverse("recover_code")
    assert snapshot.unchanged()


def test_the_code_is_valid_for_ten_minutes(visitor: Visitor, filed: dict[str, Any], messages: Messages) -> None:
    recover(visitor, filed["number"])
    visitor.clock(minutes=10)
    assert check(visitor, messages.digits).url == reverse("recover_code")


def test_recovery_is_limited_by_address_and_by_telephone(
    visitor: Visitor, filed: dict[str, Any], messages: Messages
) -> None:
    answers = [recover(visitor, filed["number"]).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert len(messages) == 3


def test_a_stranger_cannot_use_up_the_messages_of_a_telephone(
    world: World, filed: dict[str, Any], messages: Messages
) -> None:
    for _ in range(4):
        recover(Visitor(world), "2026030300000000", PHONE)
    assert messages == []
    recover(Visitor(world), filed["number"], PHONE)
    assert [phone for phone, _ in messages] == [PHONE]


def test_a_new_code_ends_the_keys_of_other_sessions(
    visitor: Visitor, filed: dict[str, Any], messages: Messages, world: World
) -> None:
    older = Visitor(world)
    look_up(older, filed["number"], filed["code"])
    page = reverse("my_case", kwargs={"number": filed["number"]})
    assert older.get(page).status_code == 200
    recover(visitor, filed["number"])
    check(visitor, messages.digits)
    assert older.get(page).status_code == 302
    assert visitor.get(page).status_code == 200
    step = reverse("my_case_step", kwargs={"number": filed["number"], "step": "renew_code"})
    assert visitor.post(step).status_code == 302
    assert visitor.get(page).status_code == 200, "who asked for the code stays"


def test_a_failing_gateway_tells_nothing(
    visitor: Visitor, filed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(tasks, "send_sms", fails)
    assert recover(visitor, filed["number"]).url == reverse("recover_code_check")


def test_messages_go_to_a_file_in_development(visitor: Visitor, filed: dict[str, Any]) -> None:
    recover(visitor, filed["number"])
    assert PHONE in (Path(django_settings.LINLI_HOME) / "outbox" / "sms.txt").read_text()


def test_a_telephone_must_be_one(visitor: Visitor) -> None:
    assert recover(visitor, "2026030300000000", "12").status_code == 422
