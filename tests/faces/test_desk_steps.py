"""The case page and the forms of its steps: what is offered, what stands beside a form, and where one goes on."""

import re
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from linli.ground.files.models import StoredFile
from linli.ground.matters.models import Matter
from linli.kernel.access import Role
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from tests.world import World

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def _now(world: World) -> None:
    settings.LINLI_CLOCK.set(world.now)


@pytest.fixture
def desk(world: World, client: Client) -> Client:
    client.force_login(world.account(Role.DISPATCHER, "citizen_service_center A"))
    return client


def signed_in(world: World, role: Role, office: str) -> Client:
    client = Client()
    client.force_login(world.account(role, office))
    return client


def clerk(world: World) -> Client:
    return signed_in(world, Role.CLERK, "urban_management A")


def page_of(client: Client, case: Case, step: str = "") -> str:
    answer = client.get(f"/desk/cases/{case.matter.number}/{step + '/' if step else ''}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def act(world: World, case: Case, name: str, actor: object, **inputs: object) -> None:
    CASES.actions[name](case.pk, actor=actor, now=world.now, **inputs)


def photo(name: str = "现场.png") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (4, 4)).save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue())


def test_whoever_gives_a_case_away_lands_in_the_inbox_with_a_word(world: World) -> None:
    case, client = world.case_of(state="dispatched"), clerk(world)
    client.get("/desk/?light=red")
    answer = client.post(f"/desk/cases/{case.matter.number}/return_case/", {"reason": "不属于本部门。"})
    assert answer["Location"] == "/desk/?light=red"
    assert "退单：已完成" in client.get(answer["Location"]).content.decode()


def test_a_returned_case_shows_the_reason_and_does_not_propose_the_same_unit(world: World, desk: Client) -> None:
    case = world.case_of(state="dispatched")
    unit = world.office["urban_management A"]
    act(world, case, "return_case", world.clerk_of(), reason="灯杆归供电公司管。")
    page = page_of(desk, case, "dispatch_case")
    assert "灯杆归供电公司管。" in page
    assert f"{unit.name} 刚退单" in page
    assert f'value="{unit.pk}" selected' not in page
    act(world, case, "dispatch_case", world.dispatcher_of(), unit=world.office["department"])
    assert "灯杆归供电公司管。" not in page_of(desk, world.case_of(state="filed"), "dispatch_case")


def test_an_extension_is_granted_with_open_eyes(world: World) -> None:
    case = world.case_of(state="accepted")
    act(world, case, "request_extension", world.clerk_of(), days=3, reason="灯头要从厂家订。")
    supervisor = signed_in(world, Role.SUPERVISOR, "street A")
    page = page_of(supervisor, case, "grant_extension")
    for told in ("3 个工作日", "灯头要从厂家订。", "由 2026-03-10 改为 2026-03-13"):
        assert told in page
    act(world, case, "grant_extension", world.supervisor_of())
    assert "3 个工作日，时限由 2026-03-10 改为 2026-03-13" in page_of(clerk(world), case)
    resident = Client()
    resident.force_login(world.resident_account)
    mine = resident.get(f"/mine/{case.matter.number}/").content.decode()
    assert "3 个工作日，时限由 2026-03-10 改为 2026-03-13" in mine


def test_review_and_signature_stand_beside_the_reply(world: World) -> None:
    case = world.case_of(state="drafted", text="小区门口路灯坏了三天。")
    client = signed_in(world, Role.REVIEWER, "urban_management A")
    for step in ("review_reply", "send_back_reply"):
        page = page_of(client, case, step)
        for told in ("您好,路灯已修好。", "小区门口路灯坏了三天。", "已到现场更换灯泡。"):
            assert told in page, step
    assert "您好,路灯已修好。" in page_of(client, case)


@pytest.mark.parametrize("state", ["accepted", "handled"])
def test_every_form_shows_the_demand(world: World, state: str) -> None:
    case = world.case_of(state=state, text="三号楼的水管裂了。")
    step = "handle_case" if state == "accepted" else "draft_reply"
    assert "三号楼的水管裂了。" in page_of(clerk(world), case, step)


def test_a_draft_that_came_back_is_mended_not_written_again(world: World) -> None:
    case, client = world.case_of(state="drafted"), clerk(world)
    act(world, case, "send_back_reply", world.reviewer_of(), reason="请写明修好的日期。")
    page = page_of(client, case, "draft_reply")
    form = page[page.index('id="id_reply"') :]
    assert "您好,路灯已修好。" in form[: form.index("</textarea>")]
    assert "请写明修好的日期。" in page
    fresh = page_of(client, world.case_of(state="handled"), "draft_reply")
    form = fresh[fresh.index('id="id_reply"') :]
    assert "路灯已修好" not in form[: form.index("</textarea>")]


def test_several_photos_come_in_at_once_and_stand_beside_the_work(world: World) -> None:
    case, client = world.case_of(state="accepted"), clerk(world)
    assert re.search(r"<input[^>]*name=\"photos\"[^>]*multiple", page_of(client, case, "handle_case"))
    client.post(
        f"/desk/cases/{case.matter.number}/handle_case/",
        {"work": "已换灯头。", "photos": [photo("前.png"), photo("后.png")]},
    )
    assert StoredFile.objects.filter(matter=case.pk).count() == 2
    page = page_of(client, case)
    history = page.index('id="history-heading"')
    assert "前.png" not in page[:history]
    assert {"前.png", "后.png"} <= set(re.findall(r'alt="([^"]+)"', page[history:]))


def test_a_refused_file_is_refused_in_words(world: World) -> None:
    case, client = world.case_of(state="accepted"), clerk(world)
    given = {"work": "已换灯头。", "photos": SimpleUploadedFile("README.md", b"# read me")}
    answer = client.post(f"/desk/cases/{case.matter.number}/handle_case/", given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "“README.md”的类型不能上传" in page
    assert "unknown_type" not in page


def test_steps_without_input_are_buttons_that_do_it(world: World) -> None:
    case, client = world.case_of(state="dispatched"), clerk(world)
    address = f"/desk/cases/{case.matter.number}/accept_case/"
    assert f'<form method="post" action="{address}"' in page_of(client, case)
    client.post(address)
    assert world.case(case.pk).matter.state == "accepted"


def test_the_next_case_of_the_same_list_is_one_key_away(world: World, desk: Client) -> None:
    numbers = [world.case_of(title=f"第{each}件").matter.number for each in range(3)]
    world.case_of(state="filed")
    desk.get("/desk/?state=received")
    for here, onward in zip(numbers, [*numbers[1:], numbers[0]], strict=True):
        page = desk.get(f"/desk/cases/{here}/").content.decode()
        assert f'href="/desk/cases/{onward}/" data-key="j"' in page
    # After a step the case has left the list, and its due date has moved; the next one is still the next one.
    desk.post(f"/desk/cases/{numbers[1]}/file_case/", {"topic": world.simple_topic.pk})
    page = desk.get(f"/desk/cases/{numbers[1]}/").content.decode()
    assert f'href="/desk/cases/{numbers[2]}/" data-key="j"' in page


def test_the_topic_is_found_by_its_leaf_and_proposed_from_the_words(world: World, desk: Client) -> None:
    page = page_of(desk, world.case_of(title="路灯不亮"), "file_case")
    likely = page[page.index('label="系统建议，由您决定"') : page.index('label="全部分类"')]
    assert "路灯 — 城市管理 / 市政设施" in likely
    assert "咨询" not in likely
    assert "data-filter" in page
    assert "系统建议，由您决定" not in page_of(
        desk, world.case_of(title="噪声", text="楼上太吵，睡不着。"), "file_case"
    )


def test_only_what_the_next_steps_lack_is_said_openly(world: World) -> None:
    case, client = world.case_of(state="accepted"), clerk(world)
    page = page_of(client, case)
    steps = page[page.index('id="steps-heading"') :]
    assert "已有经办人" not in steps[: steps.index("其他步骤")]
    assert "已有经办人" in steps[steps.index("其他步骤") :]
    Matter.objects.filter(pk=case.pk).update(handler=None)
    steps = page_of(client, case)
    steps = steps[steps.index('id="steps-heading"') :]
    assert "还没有经办人" in steps.partition("其他步骤")[0]


def test_the_district_centre_is_not_asked_to_pass_a_case_up(world: World, desk: Client) -> None:
    case = world.case_of(state="filed")
    assert "报区处理" in page_of(desk, case)
    act(world, case, "escalate_case", world.dispatcher_of(), reason="街道无力解决。")
    centre = signed_in(world, Role.DISPATCHER, "centre")
    assert "escalate_case" not in page_of(centre, case)


def test_only_a_committees_clerk_is_shown_the_form_of_difficulties(world: World) -> None:
    heading = "上报一个困难"
    assert heading not in clerk(world).get("/desk/difficulties/").content.decode()
    committee = signed_in(world, Role.CLERK, "committee A1")
    assert heading in committee.get("/desk/difficulties/").content.decode()


def test_the_timeline_names_the_unit_the_office_and_the_person(world: World) -> None:
    case = world.case_of(state="accepted")
    page = page_of(clerk(world), case)
    assert "已派遣给甲街道城市管理部" in page
    assert re.search(r"<span>甲街道市民服务中心 测试人</span>", page)


@pytest.mark.parametrize(
    ("role", "office", "told"),
    [
        (Role.CLERK, "urban_management A", "反映人选择不让承办单位看到身份"),
        (Role.REVIEWER, "urban_management A", "您的岗位不能查看反映人"),
    ],
)
def test_it_is_said_why_the_filer_is_not_shown(world: World, role: Role, office: str, told: str) -> None:
    case = world.case_of(state="drafted", identity_shown=False)
    assert told in page_of(signed_in(world, role, office), case)


def test_a_reason_to_see_the_filer_is_one_button(world: World) -> None:
    case = world.case_of(state="accepted")
    answer = clerk(world).post(f"/desk/cases/{case.matter.number}/filer/", {"why": "", "reason": "回访"})
    assert "居民甲" in answer.content.decode()
