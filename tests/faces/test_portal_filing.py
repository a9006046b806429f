"""Filing a demand as a browser without scripts does it: plain forms, one after another."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.ground.files.models import StoredFile
from linli.ground.matters.action import code_digest
from linli.ground.matters.models import Matter
from linli.ground.people.models import Person
from linli.ground.people.throttle import note
from linli.ground.record.models import Record
from linli.ground.record.receipts import verify_receipt
from linli.ground.territory.models import Unit
from linli.kernel.access import Role
from linli.services.cases.models import Case
from linli.services.cases.portal.gate import FILING
from tests.faces.portal_visitor import CONTACT, WHAT, WHERE, Visitor, picture
from tests.world import Snapshot, World

pytestmark = pytest.mark.once


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


def the_case() -> Case:
    return Case.objects.select_related("matter__place", "matter__holder", "matter__filer").get()


def used(times: int, world: World) -> None:
    for _ in range(times):
        note(FILING, "127.0.0.1", world.now)


def test_three_steps_a_review_and_a_receipt(visitor: Visitor, world: World) -> None:
    assert visitor.get(reverse("file_case")).status_code == 200
    review = visitor.fill().content.decode()
    assert "A1社区" in review
    assert "5 个工作日" in review
    assert "条文待核对原文" in review
    assert visitor.send().url == reverse("filed")
    page, kept, case = visitor.read("filed"), visitor.kept("filed"), the_case()
    assert case.matter.title == "小区门口路灯坏了三天，晚上看不见路"
    assert case.matter.place == world.community["A1"]
    assert case.place_text == "青年路 12 号门前"
    assert case.matter.filer is None
    assert case.matter.visibility == "private"
    assert case.matter.code_digest == code_digest(kept["code"])
    assert kept["receipt"] in page
    assert "2026-03-10" in page
    assert verify_receipt(kept["receipt"]).holds
    assert kept["receipt"] in visitor.read("filed_receipt")
    assert "现在到哪一步了" in visitor.read("my_case", number=case.matter.number)


def test_a_telephone_makes_a_person_known_and_nobody_elses_row_is_taken(visitor: Visitor, world: World) -> None:
    known = world.resident_account.person
    visitor.file(contact=CONTACT | {"name": "李阿姨", "phone": "138 0000 1234", "visibility": "public"})
    filer = the_case().matter.filer
    assert filer is not None
    assert (filer.name, filer.phone) == ("李阿姨", "13800001234")
    assert filer.pk != known.pk
    assert not filer.phone_verified


def test_whoever_is_signed_in_files_as_themselves(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world.resident_account)
    assert "怎么称呼您" not in visitor.read("home")
    visitor.file()
    assert the_case().matter.filer == world.resident_account.person


def test_a_clerk_files_as_a_resident_not_in_office(visitor: Visitor, world: World) -> None:
    account = world.account(Role.WINDOW_CLERK, "citizen_service_center B")
    visitor.sign_in(account)
    visitor.file()
    assert the_case().matter.filer == account.person
    assert the_case().matter.holder == world.office["citizen_service_center A"]


@pytest.mark.parametrize(
    ("step", "given", "says"),
    [
        ("file_case", {"text": "", "title": ""}, "请写下要反映的事"),
        ("file_case", {"text": "灯", "title": ""}, "写得太短"),
        ("file_where", {"street": "", "community": "", "place_text": ""}, "有一样就可以"),
        ("file_where", {"longitude": "10", "latitude": "10"}, "不在本区"),
        ("file_where", WHERE | {"street": "990104002000"}, "community"),
        ("file_contact", CONTACT | {"phone": "12"}, "不像一个电话号码"),
        ("file_contact", CONTACT | {"name": "李阿姨"}, "请同时留电话"),
        ("file_contact", CONTACT | {"visibility": ""}, "请选一项"),
    ],
)
def test_each_step_says_what_is_wrong_at_the_field(
    visitor: Visitor, world: World, step: str, given: dict[str, str], says: str
) -> None:
    visitor.fill()
    snapshot = Snapshot()
    answer = visitor.post(reverse(step), given)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()
    assert snapshot.unchanged()


def test_what_was_typed_is_kept_and_the_back_button_works(visitor: Visitor) -> None:
    visitor.fill(contact=CONTACT | {"name": "李阿姨", "phone": "13800005678"})
    assert WHAT["text"] in visitor.read("file_case")
    assert "青年路 12 号门前" in visitor.read("file_where")
    assert "A2社区" in visitor.read("file_where")
    assert "李阿姨" in visitor.read("file_contact")
    answer = visitor.post(reverse("file_case"), {"text": "改成另一件事：垃圾没有人清。", "title": "垃圾"})
    assert answer.url == reverse("file_review")
    assert "垃圾没有人清" in visitor.read("file_review")


@pytest.mark.parametrize("step", ["file_where", "file_contact", "file_review", "filed", "file_emergency"])
def test_no_step_can_be_skipped(visitor: Visitor, world: World, step: str) -> None:
    expected = reverse("look_up_case") if step == "filed" else reverse("file_case")
    assert visitor.get(reverse(step)).url == expected
    if step != "filed":
        assert visitor.post(reverse(step), {"draft": "x"}).url == expected
    assert not Matter.objects.exists()


def test_communities_are_listed_without_scripts_and_with_them(visitor: Visitor) -> None:
    visitor.post(reverse("file_case"), WHAT)
    assert "B1社区" not in visitor.read("file_where")
    answer = visitor.post(reverse("file_where"), {"street": "990104002000", "act": "communities"})
    assert answer.url == reverse("file_where")
    assert "B1社区" in visitor.read("file_where")
    fragment = visitor.get(reverse("file_where") + "?street=990104001000", headers={"HX-Request": "true"})
    assert "A1社区" in fragment.content.decode()
    assert "<html" not in fragment.content.decode()


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ({"longitude": "118.3", "latitude": "32.15", "street": "", "place_text": ""}, "B2社区"),
        ({"street": "990104002000", "community": "", "place_text": ""}, "乙街道"),
        ({"street": "", "community": "", "place_text": "A2社区活动室旁"}, "A2社区"),
        ({"street": "", "community": "", "place_text": "河边那棵树下"}, "青溪区"),
    ],
)
def test_a_point_a_choice_or_an_address_is_enough(visitor: Visitor, where: dict[str, str], place: str) -> None:
    visitor.file(where=where)
    assert the_case().matter.place.name == place


IN_A1 = {"longitude": "118.1", "latitude": "32.05"}
B2 = {"street": "990104002000", "community": "990104002002", "place_text": ""}


def draw_only(*levels: str) -> None:
    Unit.objects.exclude(level__in=levels).update(outline=None, outline_datum="", checksum=F("checksum") + 1)


def test_with_only_the_district_drawn_the_chosen_community_counts(visitor: Visitor, world: World) -> None:
    draw_only("district")
    visitor.file(where=IN_A1 | B2)
    assert the_case().matter.place == world.community["B2"]
    assert the_case().longitude == 118.1


def test_with_only_the_district_drawn_the_address_counts(visitor: Visitor, world: World) -> None:
    draw_only("district")
    visitor.file(where=IN_A1 | {"street": "", "community": "", "place_text": "A2社区活动室旁"})
    assert the_case().matter.place == world.community["A2"]


def test_a_finer_point_counts_before_the_chosen_street(visitor: Visitor, world: World) -> None:
    visitor.file(where=IN_A1 | {"street": "990104001000", "community": "", "place_text": "B1社区对面"})
    assert the_case().matter.place == world.community["A1"]


@pytest.mark.parametrize(("meant", "place", "longitude"), [("point", "A1", 118.1), ("chosen", "B2", None)])
def test_a_point_elsewhere_than_the_chosen_community_is_asked_about(
    visitor: Visitor, world: World, meant: str, place: str, longitude: float | None
) -> None:
    visitor.post(reverse("file_case"), WHAT)
    answer = visitor.post(reverse("file_where"), IN_A1 | B2)
    assert answer.status_code == 422
    assert "图上的点在A1社区，选的却是B2社区" in answer.content.decode()
    visitor.file(where=IN_A1 | B2 | {"meant": meant})
    assert the_case().matter.place == world.community[place]
    assert the_case().longitude == longitude


def test_without_any_outline_a_point_is_kept_and_the_rest_asked_for(visitor: Visitor, world: World) -> None:
    draw_only()
    visitor.post(reverse("file_case"), WHAT)
    alone = visitor.post(reverse("file_where"), IN_A1)
    assert alone.status_code == 422
    assert "边界还没有录入" in alone.content.decode()
    assert "不在本区" not in alone.content.decode()
    visitor.file(where=IN_A1 | B2)
    assert (the_case().matter.place, the_case().longitude) == (world.community["B2"], 118.1)


def test_outlines_that_overlap_leave_the_choice_and_are_told_to_staff(visitor: Visitor, world: World) -> None:
    a1 = Unit.objects.get(pk=world.community["A1"].pk)
    twice = {"outline": a1.outline, "checksum": F("checksum") + 1}
    Unit.objects.filter(pk=world.community["A2"].pk).update(**twice)
    visitor.file(where=IN_A1 | {"street": "990104001000", "community": "990104001002", "place_text": ""})
    case = the_case()
    assert case.matter.place == world.community["A2"]
    codes = Record.objects.get(event="receive_case").codes
    assert codes["place_faults"] == ["overlap:community:990104001001,990104001002"]
    desk = Visitor(world)
    desk.sign_in(world.account(Role.DISPATCHER, "citizen_service_center A"))
    assert "重叠的边界" in desk.read("desk_case", number=case.matter.number)


def test_the_map_shows_the_finest_level_that_is_drawn_throughout(visitor: Visitor) -> None:
    visitor.post(reverse("file_case"), WHAT)
    for levels, shown in ((("district", "street", "community"), "community"), (("district",), "district"), ((), "")):
        draw_only(*levels)
        found = re.search(r"outlines/(\w+)\.geojson", visitor.read("file_where"))
        assert (found[1] if found else "") == shown


def test_a_unit_complained_of_does_not_receive_it(visitor: Visitor, world: World) -> None:
    complained = world.office["citizen_service_center A"]
    visitor.file(contact=CONTACT | {"complained_of": str(complained.pk)})
    assert the_case().complained_of == complained
    assert the_case().matter.holder == world.office["centre"]


def test_photos_are_stored_at_once_and_belong_to_the_case(visitor: Visitor) -> None:
    answer = visitor.post(reverse("file_case"), {"text": "", "photos": [picture("一.jpg"), picture("二.jpg")]})
    assert answer.status_code == 422
    assert "一.jpg" in answer.content.decode()
    first = StoredFile.objects.order_by("name").first()
    assert first is not None
    visitor.post(reverse("file_case"), WHAT | {"act": f"remove:{first.pk}"})
    assert WHAT["text"] in visitor.read("file_case")
    visitor.file()
    assert StoredFile.objects.get(matter=the_case().pk).audience == "party"
    assert StoredFile.objects.filter(matter__isnull=True).count() == 1


def test_a_bad_file_is_refused_at_its_field_and_the_good_one_kept(visitor: Visitor) -> None:
    bad = SimpleUploadedFile("x.jpg", b"MZ\x90\x00 not a picture", "image/jpeg")
    answer = visitor.post(reverse("file_case"), WHAT | {"photos": [bad, picture("好.jpg")]})
    assert answer.status_code == 422
    assert "类型不能上传" in answer.content.decode()
    assert len(visitor.kept("filing")["files"]) == 1


def test_more_than_nine_photos_are_not_kept(visitor: Visitor) -> None:
    answer = visitor.post(reverse("file_case"), WHAT | {"photos": [picture(f"{n}.jpg") for n in range(10)]})
    assert "最多 9 张" in answer.content.decode()
    assert StoredFile.objects.count() == 9


def test_somebody_elses_upload_cannot_be_drawn_in(visitor: Visitor, world: World) -> None:
    visitor.post(reverse("file_case"), WHAT | {"photos": [picture()]})
    visitor.file()
    taken = StoredFile.objects.get()
    other = Visitor(world)
    other.post(reverse("file_case"), WHAT | {"files": [str(taken.pk)]})
    other.file()
    assert StoredFile.objects.get().matter == taken.matter


def test_emergencies_are_told_whom_to_call_first(visitor: Visitor) -> None:
    answer = visitor.post(reverse("file_case"), {"text": "三楼厨房着火了，快来人！"})
    assert answer.url == reverse("file_emergency")
    page = visitor.read("file_emergency")
    assert all(number in page for number in ("tel:110", "tel:119", "tel:120", "着火"))
    assert visitor.get(reverse("file_where")).url == reverse("file_emergency")
    assert visitor.post(reverse("file_emergency")).url == reverse("file_where")
    answer = visitor.post(reverse("file_case"), {"text": "三楼厨房着火了，有人晕倒。"})
    assert answer.url == reverse("file_emergency"), "a new word asks again"


def test_after_five_in_an_hour_a_plain_question_is_asked(visitor: Visitor, world: World) -> None:
    used(5, world)
    assert "加起来" in visitor.fill().content.decode()
    kept = visitor.kept("filing_question")
    snapshot = Snapshot()
    wrong = visitor.send(answer="0")
    assert wrong.status_code == 422
    assert "答案不对" in wrong.content.decode()
    assert snapshot.unchanged()
    kept = visitor.kept("filing_question")
    assert visitor.send(answer=str(kept["a"] + kept["b"])).url == reverse("filed")
    assert Matter.objects.count() == 1


def test_ten_wrong_answers_close_the_door_for_an_hour(visitor: Visitor, world: World) -> None:
    used(5, world)
    visitor.fill()
    for _ in range(10):
        visitor.send(answer="0")
    kept = visitor.kept("filing_question")
    assert visitor.send(answer=str(kept.get("a", 0) + kept.get("b", 0))).status_code == 429
    assert not Matter.objects.exists()


def test_thirty_a_day_are_the_end_and_there_is_a_number_to_call(visitor: Visitor, world: World) -> None:
    used(30, world)
    assert "tel:12345" in visitor.fill().content.decode()
    snapshot = Snapshot()
    assert visitor.send().status_code == 429
    assert snapshot.unchanged()
    visitor.clock(hours=25)
    visitor.fill()
    assert visitor.send().url == reverse("filed")


def test_pressing_twice_files_once(visitor: Visitor) -> None:
    visitor.fill()
    draft = visitor.kept("filing")
    visitor.send()
    again = visitor.post(reverse("file_review"), {"draft": draft["id"]})
    assert again.url == reverse("filed")
    assert Matter.objects.count() == 1


def test_an_old_draft_page_does_not_send_another_draft(visitor: Visitor) -> None:
    visitor.fill()
    assert visitor.post(reverse("file_review"), {"draft": "older"}).status_code == 200
    assert not Matter.objects.exists()


def test_drafts_lie_encrypted_and_for_a_day(visitor: Visitor) -> None:
    visitor.fill(contact=CONTACT | {"name": "李阿姨", "phone": "13800005678"})
    raw = str(dict(visitor.session))
    assert "路灯" not in raw
    assert "13800005678" not in raw
    visitor.clock(hours=25)
    assert WHAT["text"] not in visitor.read("file_case")


def test_a_receipt_is_shown_for_half_an_hour(visitor: Visitor) -> None:
    visitor.file()
    visitor.clock(minutes=31)
    assert visitor.get(reverse("filed")).url == reverse("look_up_case")
    assert visitor.get(reverse("filed_receipt")).status_code == 404


@pytest.mark.parametrize("signed_in", [False, True])
def test_no_page_of_filing_asks_the_database_over_and_over(visitor: Visitor, world: World, signed_in: bool) -> None:
    if signed_in:
        visitor.sign_in(world.resident_account)
    visitor.post(reverse("file_case"), WHAT)
    for name, given in (("file_where", IN_A1 | WHERE), ("file_contact", CONTACT)):
        with CaptureQueriesContext(connection) as asked:
            assert visitor.post(reverse(name), given).status_code == 302
        assert len(asked) <= 12, [each["sql"][:120] for each in asked.captured_queries]
    for name in ("file_where", "file_contact", "file_review"):
        visitor.read(name)
        with CaptureQueriesContext(connection) as asked:
            visitor.read(name)
        assert len(asked) <= 12, [each["sql"][:120] for each in asked.captured_queries]


def test_a_failing_step_leaves_no_person_behind(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_given: Any) -> None:
        raise RuntimeError

    visitor.fill(contact=CONTACT | {"name": "李阿姨", "phone": "13800005678"})
    before = Person.objects.count()
    monkeypatch.setattr("linli.services.cases.portal.drafts.receive_case", broken)
    with pytest.raises(RuntimeError):
        visitor.send()
    assert Person.objects.count() == before
