"""What a step would be refused for is said before it is tried: on the case page, on its form, among its choices."""

import re

import pytest
from django.conf import settings
from django.test import Client

from linli.ground.organizations.models import Organization
from linli.ground.people.models import Appointment
from linli.kernel.access import Actor, Role
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import CallResult
from linli.services.catalogue.models import Topic
from tests.services.acting import act, refused
from tests.world import World

pytestmark = pytest.mark.once

NOT_NOW = "现在还不能办这一步"
FORM = '<form method="post" enctype'


@pytest.fixture(autouse=True)
def _now(world: World) -> None:
    settings.LINLI_CLOCK.set(world.now)


def page_of(world: World, role: Role, office: str, case: Case, step: str = "") -> str:
    client = Client()
    client.force_login(world.account(role, office))
    answer = client.get(f"/desk/cases/{case.matter.number}/{step + '/' if step else ''}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def bulk(world: World, step: str, cases: list[Case], **given: object) -> str:
    client = Client()
    client.force_login(world.account(Role.DISPATCHER if step == "dispatch_case" else Role.CLERK, "centre"))
    answer = client.post("/desk/bulk/", {"step": step, "matter": [case.pk for case in cases], **given})
    return str(answer.content.decode())


def choices(page: str, name: str) -> set[str]:
    select = re.search(rf'<select name="{name}".*?</select>', page, re.DOTALL)
    assert select
    return set(re.findall(r'<option value="([^"]+)"', select[0]))


def test_a_clerk_above_is_told_that_the_unit_claims_for_itself(world: World) -> None:
    case, above = world.case_of(state="dispatched"), world.actor(Role.CLERK, "street A")
    act(world, case, "accept_case", above)
    page = page_of(world, Role.CLERK, "street A", case)
    assert "经办人须是承办单位的工作人员" in page
    assert f"/desk/cases/{case.matter.number}/claim_case/" not in page
    assert f"/desk/cases/{case.matter.number}/claim_case/" in page_of(world, Role.CLERK, "urban_management A", case)
    assert FORM not in page_of(world, Role.CLERK, "street A", case, "claim_case")


def test_a_clerk_is_told_that_the_reply_needs_a_signer(world: World) -> None:
    case = world.case_of(state="reviewed")
    Case.objects.filter(pk=case.pk).update(drafted_by=world.reviewer_of().person)
    page = page_of(world, Role.CLERK, "urban_management A", case)
    assert "答复须由签发人签发" in page
    assert f"/desk/cases/{case.matter.number}/sign_reply/" not in page
    assert f"/desk/cases/{case.matter.number}/sign_reply/" in page_of(world, Role.SIGNER, "urban_management A", case)


def test_a_signer_of_another_unit_signs_nothing_here(world: World) -> None:
    case = world.case_of(state="reviewed")
    clerk, signer = world.actor(Role.CLERK, "urban_management A", "两处任职"), world.signer_of("B")
    both = Actor(clerk.account, clerk.person, appointments=(*clerk.appointments, *signer.appointments))
    refused(world, case, "sign_reply", both, "signer_only")


@pytest.mark.parametrize(
    ("state", "role", "office", "step", "says"),
    [
        ("filed", Role.CLERK, "urban_management A", "accept_case", ""),
        ("accepted", Role.CLERK, "urban_management A", "claim_case", "已有经办人"),
        ("drafted", Role.SIGNER, "urban_management A", "sign_reply", "答复还没有审核"),
        ("accepted", Role.SUPERVISOR, "street A", "grant_extension", "没有待答复的延期申请"),
        ("closed", Role.DISPATCHER, "citizen_service_center A", "dispatch_case", "当前状态不能进行这一步"),
    ],
)
def test_a_form_that_would_lead_nowhere_says_why_instead(
    world: World, state: str, role: Role, office: str, step: str, says: str
) -> None:
    case = world.case_of(state=state)
    if not says:
        act(world, case, "dispatch_case", world.dispatcher_of(), unit=world.office["urban_management A"])
        assert NOT_NOW not in page_of(world, role, office, case, step)
        return
    page = page_of(world, role, office, case, step)
    assert NOT_NOW in page
    assert says in page
    assert FORM not in page


def test_the_district_has_nobody_to_escalate_to(world: World) -> None:
    case = world.case_of(state="filed")
    act(world, case, "escalate_case", world.dispatcher_of(), reason="街道无力解决。")
    page = page_of(world, Role.DISPATCHER, "centre", case, "escalate_case")
    assert "已在区受理中心" in page
    assert FORM not in page


def test_an_extension_says_how_long_it_may_be(world: World) -> None:
    case = world.case_of(state="accepted")
    page = page_of(world, Role.CLERK, "urban_management A", case, "request_extension")
    assert "一次最多延长 5 个工作日" in page
    assert 'max="5"' in page
    client = Client()
    client.force_login(world.account(Role.CLERK, "urban_management A"))
    address = f"/desk/cases/{case.matter.number}/request_extension/"
    assert client.post(address, {"days": "6", "reason": "等配件。"}).status_code == 422
    assert client.post(address, {"days": "5", "reason": "等配件。"}).status_code == 302


def test_another_call_in_vain_is_not_offered_while_it_would_not_count(world: World) -> None:
    case, desk = world.case_of(state="replied"), (Role.DISPATCHER, "citizen_service_center A")
    assert 'value="unreached"' in page_of(world, *desk, case, "call_back_case")
    act(world, case, "call_back_case", world.dispatcher_of(), result=CallResult.UNREACHED)
    page = page_of(world, *desk, case, "call_back_case")
    assert 'value="unreached"' not in page
    assert 'value="solved"' in page
    assert "后再打才算一次" in page
    settings.LINLI_CLOCK.set(world.later(hours=4))
    assert 'value="unreached"' in page_of(world, *desk, case, "call_back_case")


def test_a_unit_without_clerks_is_known_before_assigning(world: World) -> None:
    case = world.case_of(state="accepted")
    Appointment.objects.filter(role=Role.CLERK).update(ends=world.now.date().replace(day=1))
    page = page_of(world, Role.SIGNER, "urban_management A", case, "assign_case")
    assert "没有可以指派的经办人" in page
    assert FORM not in page


def test_a_catalogue_without_topics_is_known_before_filing(world: World) -> None:
    case = world.case_of()
    Topic.objects.update(active=False)
    page = page_of(world, Role.DISPATCHER, "citizen_service_center A", case, "file_case")
    assert "还没有可用的事项分类" in page
    assert FORM not in page


def at_centre(world: World) -> list[Case]:
    """Two demands of two streets, at the desk of the district's centre."""
    centre = world.actor(Role.DISPATCHER, "centre")
    made = [world.case(world.receive(actor=centre, place=world.community[place]).matter.pk) for place in ("A1", "B1")]
    for case in made:
        act(world, case, "file_case", centre, topic=world.topic)
    return made


def test_many_are_offered_only_the_units_that_can_hold_them_all(world: World) -> None:
    here, there = at_centre(world)
    offered = choices(bulk(world, "dispatch_case", [here, there]), "unit")
    named = dict(Organization.objects.values_list("pk", "name"))
    assert {named[int(pk)] for pk in offered} == {"青溪区城市管理局", "青溪区受理中心"}
    alone = choices(bulk(world, "dispatch_case", [here]), "unit")
    assert str(world.office["urban_management A"].pk) in alone
    page = bulk(world, "dispatch_case", [here, there], confirmed="1", unit=world.office["department"].pk)
    assert page == ""
    assert {world.case(case.pk).matter.desk for case in (here, there)} == {world.office["department"]}


def test_many_of_several_units_have_no_clerk_in_common(world: World) -> None:
    cases = []
    for street in ("A", "B"):
        world.account(Role.CLERK, f"urban_management {street}")
        cases.append(world.case_of(street=street, state="accepted"))
    client = Client()
    above = world.account(Role.SIGNER, "district")
    client.force_login(above)
    answer = client.post("/desk/bulk/", {"step": "assign_case", "matter": [case.pk for case in cases]})
    page = answer.content.decode()
    assert "没有可以指派的经办人" in page
    assert 'name="confirmed"' not in page
    one = client.post("/desk/bulk/", {"step": "assign_case", "matter": [cases[0].pk]}).content.decode()
    assert choices(one, "person") == {str(world.clerk_of().person)}
