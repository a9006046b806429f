"""Filing where it is easy to go wrong: an identity nobody can know, and the key that presses a button unseen."""

import re
from typing import Any

import pytest
from django.urls import reverse

from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from tests.faces.portal_visitor import CONTACT, WHAT, Visitor, picture
from tests.world import World

pytestmark = pytest.mark.once

KNOWN = {"name": "李阿姨", "phone": "13800005678"}
SAYS = ("承办单位可以知道您是谁", "承办单位看不到您是谁")
BUTTON = re.compile(r"<button [^>]*type=\"submit\"[^>]*>")


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


def review(visitor: Visitor, **contact: str) -> str:
    return str(visitor.fill(contact=CONTACT | contact).content.decode())


def test_who_leaves_nothing_is_told_that_there_is_nobody_to_know(visitor: Visitor) -> None:
    page = review(visitor)
    assert not any(words in page for words in SAYS)
    assert "都不留，我们也不知道您是谁" in visitor.read("file_contact")
    visitor.send()
    assert Case.objects.get().identity_shown is False


@pytest.mark.parametrize(("choice", "says", "shown"), [("yes", SAYS[0], True), ("no", SAYS[1], False)])
def test_who_leaves_a_telephone_decides(visitor: Visitor, choice: str, says: str, *, shown: bool) -> None:
    assert says in review(visitor, **KNOWN, identity_shown=choice)
    visitor.send()
    assert Case.objects.get().identity_shown is shown


def test_whoever_is_signed_in_decides(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world.resident_account)
    assert SAYS[0] in review(visitor)
    assert "都不留" not in visitor.read("file_contact")
    visitor.send()
    assert Case.objects.get().identity_shown is True


def test_the_question_is_put_only_to_who_leaves_a_telephone(visitor: Visitor) -> None:
    visitor.fill()
    unanswered = CONTACT | {"identity_shown": ""}
    answer = visitor.post(reverse("file_contact"), unanswered | KNOWN)
    assert answer.status_code == 422
    assert "请选一项" in answer.content.decode()
    assert visitor.post(reverse("file_contact"), unanswered).url == reverse("file_review")


def test_at_the_counter_too_nobody_is_shown_where_nobody_is_known(world: World) -> None:
    assert world.receive(actor=world.dispatcher_of()).row.identity_shown is False
    assert world.case_of().identity_shown is True


def enter_presses(page: str) -> str:
    """The first button of the form is what a browser presses on Enter."""
    form = page.partition("data-keep=")[2]
    found = BUTTON.search(form)
    assert found
    return found[0]


def test_enter_goes_on_and_lists_or_removes_nothing(visitor: Visitor) -> None:
    visitor.post(reverse("file_case"), WHAT | {"photos": [picture()]})
    for name in ("file_case", "file_where"):
        page = visitor.read(name)
        assert 'name="act"' in page
        assert "name=" not in enter_presses(page), name


def test_enter_removes_no_photo_of_a_supplement(visitor: Visitor, world: World) -> None:
    case = world.case_of(state="accepted")
    ask: Any = CASES.actions["ask_supplement"]
    ask(case.pk, actor=world.clerk_of(), now=world.now, question="请补一张照片")
    visitor.sign_in(world.resident_account)
    address = reverse("my_case_step", kwargs={"number": case.matter.number, "step": "supply_supplement"})
    page = visitor.post(address, {"text": "", "uploads": [picture()]}).content.decode()
    assert 'value="remove:' in page
    assert "name=" not in enter_presses(page)
