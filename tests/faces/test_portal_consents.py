"""Consents: given and taken back with one button each, read where something hangs on them."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from linli.faces.portal.consent_words import CONSENTS, PRIVACY_NOTICE
from linli.ground.matters.action import Refused
from linli.ground.matters.models import Matter
from linli.ground.notices import sending
from linli.ground.notices.sending import send_notices
from linli.ground.people.actions.close_account import close_account
from linli.ground.people.actions.give_consent import GuardianMissing, NotAsked, give_consent
from linli.ground.people.actions.register_resident import register_resident
from linli.ground.people.actions.withdraw_consent import EndsWithAccount, withdraw_consent
from linli.ground.people.consents import has_consent
from linli.ground.people.models import Account, Consent, Person
from linli.ground.people.rules.purposes import (
    ACCOUNT,
    CONSENTED,
    PROGRESS_MAIL,
    PUBLIC_NAME,
    Guardian,
    Relation,
    is_child,
)
from linli.ground.people.selectors import actor_of
from linli.ground.record.models import Record
from linli.kernel.identity import is_resident_number
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.site.running import settle
from tests.faces.portal_visitor import Visitor
from tests.services.acting import act, refused
from tests.world import NOW, Snapshot, World

PHONE, PASSWORD = "13900005678", "梧桐树下的老井-1953"
NAMED = {"title": "路灯", "text": "王建国反映路灯不亮。", "reply": "已修好。"}


def register(now: datetime = NOW, **more: Any) -> Account:
    return register_resident(phone=PHONE, password=PASSWORD, notice="2026-03", now=now, **({"name": "王建国"} | more))


def closed_case(world: World, account: Account) -> Case:
    case = world.case_of(state="closed")
    Matter.objects.filter(pk=case.pk).update(filer=account.person)
    return world.case(case.pk)


def make_ten(account: Account) -> None:
    """Known by resident number to be ten years old."""
    first = f"990000{NOW.year - 10}{NOW:%m%d}001"
    number = next(first + last for last in "0123456789X" if is_resident_number(first + last))
    Person.objects.filter(pk=account.person_id).update(resident_number=number)


@pytest.fixture
def registered(world: World) -> Account:
    return register()


@pytest.fixture
def visitor(world: World, registered: Account) -> Visitor:
    visitor = Visitor(world)
    visitor.sign_in(registered)
    return visitor


def press(visitor: Visitor, button: str, purpose: str, **given: str) -> Any:
    return visitor.post(reverse(button, kwargs={"purpose": purpose}), given)


def test_registering_writes_its_consent_through_the_same_action(registered: Account) -> None:
    row = Consent.objects.get()
    assert (row.purpose, row.wording, row.separate, row.given_at, row.given_by) == (
        ACCOUNT,
        "2026-03",
        False,
        NOW,
        registered.pk,
    )
    kept = Record.objects.get(event="give_consent")
    assert kept.subject == f"person:{registered.person_id}"
    assert kept.codes == {"purpose": ACCOUNT, "wording": "2026-03", "separate": False, "by_guardian": False}


def test_a_consent_is_given_and_taken_back_with_one_button_each(visitor: Visitor, registered: Account) -> None:
    page = visitor.read("my_consents")
    assert reverse("give_my_consent", kwargs={"purpose": PUBLIC_NAME}) in page
    assert press(visitor, "give_my_consent", PUBLIC_NAME).url == reverse("my_consents")
    assert has_consent(registered.person, PUBLIC_NAME)
    assert Consent.objects.get(purpose=PUBLIC_NAME).separate
    press(visitor, "give_my_consent", PUBLIC_NAME)
    assert Consent.objects.filter(purpose=PUBLIC_NAME).count() == 1, "twice is once"
    assert reverse("withdraw_my_consent", kwargs={"purpose": PUBLIC_NAME}) in visitor.read("my_consents")
    visitor.clock(minutes=1)
    assert press(visitor, "withdraw_my_consent", PUBLIC_NAME).url == reverse("my_consents")
    assert not has_consent(registered.person, PUBLIC_NAME)
    assert "撤回" in visitor.read("my_consents")
    row = Consent.objects.get(purpose=PUBLIC_NAME)
    assert (row.withdrawn_by, row.withdrawn_at) == (registered.pk, NOW + timedelta(minutes=1))
    assert [row.event for row in Record.objects.order_by("-pk")[:2]] == ["withdraw_consent", "give_consent"]


def test_another_edition_takes_the_place_of_the_older(visitor: Visitor, registered: Account) -> None:
    press(visitor, "give_my_consent", ACCOUNT)
    rows = Consent.objects.filter(purpose=ACCOUNT).order_by("pk")
    assert [(row.wording, row.withdrawn_at is None) for row in rows] == [("2026-03", False), (PRIVACY_NOTICE, True)]


def test_nobody_consents_for_somebody_else_nor_to_what_is_not_asked(world: World, registered: Account) -> None:
    snapshot = Snapshot()
    for refused_act in (
        lambda: give_consent(registered.person, PUBLIC_NAME, wording="1", actor=world.resident, now=NOW),
        lambda: withdraw_consent(registered.person, ACCOUNT, actor=world.clerk_of(), now=NOW),
    ):
        world.resident, world.clerk_of()
        snapshot.retake()
        with pytest.raises(PermissionDenied):
            refused_act()
    own = actor_of(registered, NOW)
    for purpose in ("demands", "households", "no-purpose"):
        with pytest.raises(NotAsked):
            give_consent(registered.person, purpose, wording="1", actor=own, now=NOW)
    with pytest.raises(EndsWithAccount):
        withdraw_consent(registered.person, ACCOUNT, actor=own, now=NOW)
    assert not withdraw_consent(registered.person, PUBLIC_NAME, actor=own, now=NOW)
    assert snapshot.unchanged()


def test_a_purpose_that_is_none_has_no_address(visitor: Visitor, snapshot: Snapshot) -> None:
    snapshot.retake()
    for button in ("give_my_consent", "withdraw_my_consent"):
        assert press(visitor, button, "households").status_code == 404
    assert press(visitor, "withdraw_my_consent", ACCOUNT).url == reverse("close_my_account")
    assert snapshot.unchanged()


def test_every_consent_has_words() -> None:
    assert tuple(CONSENTS) == CONSENTED


def test_the_filers_name_is_published_only_with_their_separate_consent(world: World, registered: Account) -> None:
    case, clerk = closed_case(world, registered), world.clerk_of()
    said = NAMED | {"not_personal": ("王建国",)}
    refused(world, case, "publish_case", clerk, "filer_not_to_be_named", **said)
    other = act(world, case, "publish_case", clerk, **(NAMED | {"text": "路灯不亮。"}))
    assert not other.row.names_filer
    give_consent(registered.person, PUBLIC_NAME, wording="1", actor=actor_of(registered, NOW), now=NOW)
    assert act(world, case, "publish_case", clerk, **said).row.names_filer


def test_withdrawing_takes_back_what_names_the_filer_and_nothing_else(
    visitor: Visitor, world: World, registered: Account
) -> None:
    press(visitor, "give_my_consent", PUBLIC_NAME)
    clerk = world.clerk_of()
    named, masked = (closed_case(world, registered) for _ in range(2))
    act(world, named, "publish_case", clerk, **NAMED, not_personal=("王建国",))
    act(world, masked, "publish_case", clerk, **(NAMED | {"text": "路灯不亮。"}))
    world.later(minutes=1)
    press(visitor, "withdraw_my_consent", PUBLIC_NAME)
    named, masked = world.case(named.pk), world.case(masked.pk)
    assert (named.matter.published_at, named.names_filer) == (None, False)
    assert masked.matter.published_at is not None
    act(world, named, "publish_case", clerk, **(NAMED | {"text": "路灯不亮。"}))
    with pytest.raises(Refused):
        CASES.actions["publish_case"](named.pk, actor=clerk, now=world.now, **NAMED, not_personal=("王建国",))


def test_news_goes_by_mail_only_while_that_is_wanted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "send_sms", lambda *_, **__: None)
    account = register(email="wang@example.org")
    visitor = Visitor(world)
    visitor.sign_in(account)
    assert has_consent(account.person, PROGRESS_MAIL)

    def mails() -> int:
        world.case_of(state="accepted", filer=account.person)
        settle()
        mail.outbox.clear()
        send_notices(world.now)
        return len(mail.outbox)

    assert mails() > 0
    press(visitor, "withdraw_my_consent", PROGRESS_MAIL)
    assert mails() == 0
    press(visitor, "give_my_consent", PROGRESS_MAIL)
    assert mails() > 0
    visitor.post(reverse("my_profile"), {"name": "王建国", "email": ""})
    assert not has_consent(account.person, PROGRESS_MAIL)
    visitor.post(reverse("my_profile"), {"name": "王建国", "email": "new@example.org"})
    assert mails() > 0


def test_closing_the_account_ends_every_consent(registered: Account) -> None:
    own = actor_of(registered, NOW)
    give_consent(
        registered.person, PUBLIC_NAME, wording="1", actor=own, now=NOW, guardian=Guardian("王大山", Relation.PARENT)
    )
    close_account(registered, actor=own, now=NOW)
    assert not Consent.objects.filter(withdrawn_at__isnull=True).exists()
    assert set(Consent.objects.values_list("guardian_name", flat=True)) == {""}


def test_a_guardian_consents_for_a_child(visitor: Visitor, registered: Account) -> None:
    make_ten(registered)
    snapshot = Snapshot()
    assert press(visitor, "give_my_consent", PUBLIC_NAME).status_code == 422
    assert press(visitor, "give_my_consent", PUBLIC_NAME, under_14="on").status_code == 422
    person = Person.objects.get(pk=registered.person_id)
    with pytest.raises(GuardianMissing):
        give_consent(person, PUBLIC_NAME, wording="1", actor=actor_of(registered, NOW), now=NOW)
    visitor.post(reverse("my_profile"), {"name": "王建国", "email": ""})
    assert snapshot.unchanged()
    given_by = {"under_14": "on", "guardian_name": "王大山", "guardian_relation": "parent"}
    assert press(visitor, "give_my_consent", PUBLIC_NAME, **given_by).status_code == 302
    row = Consent.objects.get(purpose=PUBLIC_NAME)
    assert (row.guardian_name, row.guardian_relation) == ("王大山", "parent")
    assert "王" not in str(Record.objects.get(event="give_consent", codes__purpose=PUBLIC_NAME).codes)
    assert "父母" in visitor.read("my_consents")


def test_a_childs_address_waits_for_a_guardian(visitor: Visitor, registered: Account) -> None:
    make_ten(registered)
    visitor.post(reverse("my_profile"), {"name": "王建国", "email": "child@example.org"})
    assert Person.objects.get(pk=registered.person_id).email == "child@example.org"
    assert not has_consent(registered.person, PROGRESS_MAIL)


@given(st.dates(date(1950, 1, 1), date(2040, 12, 31)), st.integers(0, 20_000))
def test_childhood_ends_once_and_not_before_the_fourteenth_birthday(birth: date, days: int) -> None:
    day = birth + timedelta(days=days)
    if not is_child(birth, day):
        assert not is_child(birth, day + timedelta(days=1))
        assert days > 14 * 365
    else:
        assert days <= 14 * 366
