"""The desk's pages: counter, import, publication, personal fields, bulk, export, filters, notices."""

import re
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from linli.ground.files.models import StoredFile
from linli.ground.matters.models import Matter, SavedFilter
from linli.ground.notices.models import Notice
from linli.ground.record.models import Record
from linli.kernel.access import Role
from linli.services.cases.importing import continue_import
from linli.services.cases.models import Case, CaseImport
from linli.site.running import settle
from tests.faces.portal_visitor import picture
from tests.world import Snapshot, World


@pytest.fixture
def desk(world: World, client: Client) -> Client:
    client.force_login(world.account(Role.DISPATCHER, "citizen_service_center A"))
    return client


def sheet(*rows: tuple[object, ...]) -> SimpleUploadedFile:
    book = Workbook()
    for row in (("编号", "标题", "时间", "内容", "答复", "答复时间"), *rows):
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    return SimpleUploadedFile("demands.xlsx", content.getvalue())


COUNTER = {"channel": "phone", "phone": "13800001234", "name": "程采薇", "title": "路灯不亮", "text": "坏了三天"}


def grouped(number: str) -> str:
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def test_a_demand_taken_down_on_the_phone(world: World, desk: Client) -> None:
    place = world.community["A2"]
    answer = desk.post("/desk/file/", COUNTER | {"place": place.pk, "identity_shown": "on"})
    page = desk.get(answer["Location"]).content.decode()
    case = Case.objects.select_related("matter__filer").get()
    assert grouped(case.matter.number) in page
    assert (case.channel, case.matter.place, case.matter.filer.name) == ("phone", place, "程采薇")
    earlier = desk.post("/desk/file/earlier/", {"phone": "138 0000 1234"}, headers={"HX-Request": "true"})
    assert case.matter.number in earlier.content.decode()
    desk.post("/desk/file/", COUNTER | {"title": "又坏了"})
    assert Matter.objects.values("filer").distinct().count() == 1


def test_photos_of_the_work_are_kept_while_the_text_is_put_right(world: World, client: Client) -> None:
    case = world.case_of(state="accepted")
    client.force_login(world.account(Role.CLERK, "urban_management A"))
    step = f"/desk/cases/{case.matter.number}/handle_case/"
    answer = client.post(step, {"work": "", "photos": picture("现场.jpg")})
    assert answer.status_code == 422
    held = re.findall(r'name="held" value="([^"]+)"', answer.content.decode())
    bad = SimpleUploadedFile("坏.jpg", b"MZ no picture", "image/jpeg")
    answer = client.post(step, {"work": "已更换灯泡。", "held": held, "photos": bad})
    assert answer.status_code == 422
    assert "的类型不能上传" in answer.content.decode()
    assert client.post(step, {"work": "已更换灯泡。", "held": held}).status_code == 302
    photo = StoredFile.objects.get(matter=case.pk)
    assert photo.name == "现场.jpg"
    page = client.get(reverse("desk_case", kwargs={"number": case.matter.number})).content.decode()
    small = f'src="{reverse("matter_file_small", kwargs={"file": photo.pk})}" alt="现场.jpg" loading="lazy"'
    assert f'{reverse("matter_file", kwargs={"file": photo.pk})}"><img {small} width="320" height="320">' in page


def test_the_slip_has_a_page_of_its_own_and_a_form_files_once(world: World, desk: Client) -> None:
    settings.LINLI_CLOCK.set(world.now)
    page = desk.get("/desk/file/").content.decode()
    once = page.split('name="once" value="')[1].split('"')[0]
    for _ in range(2):
        assert desk.post("/desk/file/", COUNTER | {"once": once})["Location"] == "/desk/file/slip/"
    case = Case.objects.select_related("matter").get()
    for _ in range(2):
        slip = desk.get("/desk/file/slip/").content.decode()
        assert grouped(case.matter.number) in slip
        assert "3月10日（含当天）前" in slip
        assert "甲街道市民服务中心" in slip
    for _ in range(4):
        settings.LINLI_CLOCK.set(world.later(minutes=9))
        answer = desk.get("/desk/file/slip/")
    assert answer["Location"] == "/desk/file/"


def test_the_counter_offers_its_own_street_first_and_unclear_places_stay_with_it(world: World, desk: Client) -> None:
    page = desk.get("/desk/file/").content.decode()
    places = page[page.index('<select name="place"') :]
    assert f'<option value="{world.street["A"].pk}" selected>' in places
    assert places.index("A2社区") < places.index("B1社区")
    assert "990104" not in places
    desk.post("/desk/file/", COUNTER)
    case = Case.objects.select_related("matter__holder", "matter__place").get()
    assert case.matter.holder == world.office["citizen_service_center A"]
    assert case.matter.place == world.district


def test_an_emergency_at_the_counter_comes_before_the_form(world: World, desk: Client) -> None:
    snapshot = Snapshot()
    page = desk.post("/desk/file/", COUNTER | {"text": "楼道着火了"})
    assert "tel:119" in page.content.decode()
    assert snapshot.unchanged()
    desk.post("/desk/file/", COUNTER | {"text": "楼道着火了", "urgent_seen": "1"})
    assert Case.objects.count() == 1


@pytest.mark.parametrize(("field", "value"), [("phone", "12"), ("title", ""), ("text", ""), ("channel", "web")])
def test_a_bad_field_at_the_counter_is_named_and_nothing_lost(
    world: World, desk: Client, field: str, value: str
) -> None:
    snapshot = Snapshot()
    page = desk.post("/desk/file/", COUNTER | {field: value})
    assert page.status_code == 422
    assert f'id="id_{field}' in page.content.decode()
    assert "程采薇" in page.content.decode()
    assert snapshot.unchanged()


def test_an_outside_number_is_taken_down_once(world: World, desk: Client) -> None:
    numbered = COUNTER | {"channel": "hotline_12345", "outside_number": "NJ-1"}
    assert desk.post("/desk/file/", numbered).status_code == 302
    assert desk.post("/desk/file/", numbered).status_code == 422
    assert Case.objects.count() == 1


def test_a_file_is_previewed_confirmed_and_watched(world: World, desk: Client) -> None:
    upload = sheet(
        (1, "路灯", "2026-01-05 10:00", "坏了", "", ""), (2, "垃圾", "2026-01-06", "满了", "已清运", "2026-01-08")
    )
    answer = desk.post("/desk/imports/", {"file": upload, "channel": "platform"})
    source = CaseImport.objects.get()
    page = desk.get(answer["Location"]).content.decode()
    assert "路灯" in page
    assert not Case.objects.exists()
    desk.post(answer["Location"])
    continue_import(source.pk, world.now)
    assert Case.objects.filter(matter__withheld=False).count() == 2
    page = desk.get(answer["Location"]).content.decode()
    assert 'max="2" value="2"' in page


def test_a_bad_row_is_named_and_nothing_goes_in(world: World, desk: Client) -> None:
    upload = sheet((1, "路灯", "昨天", "坏了", "", ""), (2, "", "2026-01-06", "满了", "", ""))
    address = desk.post("/desk/imports/", {"file": upload, "channel": "platform"})["Location"]
    page = desk.get(address).content.decode()
    assert "昨天" in page
    snapshot = Snapshot()
    assert desk.post(address).status_code == 422
    assert snapshot.unchanged()
    desk.post(address, {"discard": "1"})
    assert not CaseImport.objects.exists()


@pytest.mark.parametrize("given", [{}, {"channel": "no such"}])
def test_an_upload_without_file_or_with_an_unknown_source(world: World, desk: Client, given: dict[str, str]) -> None:
    assert desk.post("/desk/imports/", given).status_code == 422


def test_publication_shows_both_and_needs_a_look(world: World, client: Client) -> None:
    case = world.case_of(state="replied", text="我叫王建国,住3栋2单元501室,电话13812345678。", title="路灯坏了")
    client.force_login(world.account(Role.CLERK, "urban_management A"))
    address = f"/desk/cases/{case.matter.number}/publish_case/"
    page = client.get(address).content.decode()
    form = page[page.index('id="id_text"') :]
    assert "王建国" in page[: page.index('id="id_text"')]
    assert "王建国" not in form
    assert "13812345678" not in form
    masked = {"title": "路灯坏了", "text": "路灯坏了", "reply": "已修好"}
    assert client.post(address, masked).status_code == 422
    assert world.case(case.pk).matter.published_at is None
    left = masked | {"reply": "王建国说已修好", "checked": "on"}
    page = client.post(address, left)
    assert (page.status_code, "王建国" in page.content.decode()) == (422, True)
    assert 'name="not_personal"' in page.content.decode()
    assert client.post(address, left | {"text": "打13812345678", "not_personal": "on"}).status_code == 422
    assert world.case(case.pk).matter.published_at is None
    client.post(address, masked | {"checked": "on"})
    settle()
    assert "王建国" not in Client().get(f"/cases/{case.matter.number}/").content.decode()


def test_reading_a_name_needs_a_reason_and_is_recorded(world: World, client: Client) -> None:
    case = world.case_of(state="accepted")
    client.force_login(world.account(Role.CLERK, "urban_management A"))
    address = f"/desk/cases/{case.matter.number}/"
    assert "居民甲" not in client.get(address).content.decode()
    client.post(f"{address}filer/", {"why": ""})
    assert not Record.objects.filter(event="unmask_person").exists()
    assert "居民甲" in client.post(f"{address}filer/", {"why": "电话核实地点"}).content.decode()
    assert Record.objects.filter(event="unmask_person").count() == 1


@pytest.mark.parametrize("state", ["dispatched", "accepted", "handled"])
@pytest.mark.parametrize("office", ["urban_management A", "street A"])
def test_a_unit_that_may_not_know_never_does(world: World, client: Client, state: str, office: str) -> None:
    case = world.case_of(state=state, identity_shown=False)
    client.force_login(world.account(Role.CLERK, office))
    address = f"/desk/cases/{case.matter.number}/"
    assert "居民" not in client.get(address).content.decode().split("反映人")[2]
    assert client.post(f"{address}filer/", {"why": "想知道是谁"}).status_code == 403
    assert not Record.objects.filter(event="unmask_person").exists()


def test_bulk_previews_then_does(world: World, desk: Client) -> None:
    fresh, filed = world.case_of(), world.case_of(state="filed")
    ids = {"step": "file_case", "matter": [fresh.pk, filed.pk]}
    page = desk.post("/desk/bulk/", ids).content.decode()
    assert fresh.matter.number in page
    assert "当前状态不能进行这一步" in page
    desk.post("/desk/bulk/", ids | {"confirmed": "1", "topic": world.topic.pk})
    assert world.case(fresh.pk).topic == world.topic


@pytest.mark.parametrize("ids", [["²"], ["9" * 30], [], ["999999"]])
def test_bulk_bears_whatever_is_sent(world: World, desk: Client, ids: list[str]) -> None:
    assert desk.post("/desk/bulk/", {"step": "file_case", "matter": ids}).status_code == 302


def test_export_holds_what_the_list_shows(world: World, desk: Client) -> None:
    case, other = world.case_of(title="=1+1"), world.case_of(street="B")
    book = load_workbook(BytesIO(desk.get("/desk/export/?reach=all").content))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=2)]
    assert [row[0] for row in cells] == [case.matter.number]
    assert other.matter.number not in str(cells)
    assert Record.objects.filter(event="export_rows").count() == 1


def test_filters_are_kept_under_a_name(world: World, desk: Client) -> None:
    desk.post("/desk/filters/", {"name": "我的超期", "query": "light=red&who=mine"})
    assert SavedFilter.objects.get().query == "light=red&who=mine"
    assert "我的超期" in desk.get("/desk/").content.decode()


def test_notices_are_counted_and_read(world: World, desk: Client) -> None:
    case = world.case_of()
    settle()
    assert Notice.objects.filter(read_at=None, as_staff=True).count() == 1
    assert case.matter.title in desk.get("/desk/notices/").content.decode()
    desk.post("/desk/notices/read/")
    assert not Notice.objects.filter(read_at=None, as_staff=True).exists()


def test_an_export_says_the_last_day_and_is_ready_to_filter(world: World, desk: Client) -> None:
    case = world.case_of(title="小区东门口的路灯连续几个晚上都不亮了")
    sheet = load_workbook(BytesIO(desk.get("/desk/export/?reach=all").content)).active
    headings = [cell.value for cell in sheet[1]]
    row = dict(zip(headings, [cell.value for cell in sheet[2]], strict=True))
    assert f"{row['承诺时限']:%Y-%m-%d}" == "2026-03-10"
    assert "2026-03-10" in desk.get(f"/desk/cases/{case.matter.number}/").content.decode()
    assert row["状态"] == "已收到"
    assert sheet.auto_filter.ref == f"A1:I{sheet.max_row}"
    assert sheet.column_dimensions["A"].width >= len(case.matter.number)
    assert sheet.column_dimensions["B"].width >= 2 * len(case.matter.title)
    assert sheet.column_dimensions["I"].width >= len("结案时间")


@pytest.mark.parametrize("address", ["/desk/cases/2026030300000000/", "/desk/no-such-page/", "/desk/imports/"])
def test_an_error_at_the_desk_keeps_its_navigation(world: World, client: Client, address: str) -> None:
    client.force_login(world.account(Role.CLERK, "urban_management A"))
    answer = client.get(address)
    assert answer.status_code in {403, 404}
    page = answer.content.decode()
    assert "desk-nav" in page
    assert "回收件箱" in page
    plain = Client().get("/no-such-page/").content.decode()
    assert "desk-nav" not in plain
    assert "回到首页" in plain


def test_lists_and_cases_are_printed(world: World, desk: Client) -> None:
    case = world.case_of()
    page = desk.get("/desk/").content.decode()
    assert 'class="inbox-form print"' in page
    assert "data-print" in page
    assert "data-print" in desk.get(f"/desk/cases/{case.matter.number}/").content.decode()
