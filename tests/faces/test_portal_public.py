"""What everyone may see, and that nothing else shows."""

import json
import re
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from linli.ground.files.models import StoredFile
from linli.ground.files.storing import store_upload
from linli.ground.matters.models import Matter
from linli.ground.matters.search import index_records
from linli.ground.record.models import Record
from linli.ground.record.writing import Audience
from linli.kernel.access import Role
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from tests.faces.portal_visitor import Visitor, picture
from tests.world import World

SECRETS = ("王小明", "13912345678", "3幢402室")
MASKED = {"title": "路灯不亮", "text": "某居民反映路灯不亮。", "reply": "路灯已修好。"}


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


def published(world: World, street: str = "A", **texts: str) -> Case:
    case = world.case_of(street=street, state="closed", text=f"我是{'，'.join(SECRETS)}，门口路灯不亮。")
    clerk = world.clerk_of(street)
    CASES.actions["publish_case"](case.pk, actor=clerk, now=world.now, **(MASKED | texts))
    index_records(list(Record.objects.select_related("entry").order_by("id")))
    return world.case(case.pk)


def everything_public(visitor: Visitor, case: Case) -> str:
    number = case.matter.number
    pages = [visitor.read("home"), visitor.read("public_cases"), visitor.read("public_cases", "?q=路灯")]
    return "".join([*pages, visitor.read("public_case", number=number)])


def test_home_leads_by_intention(visitor: Visitor, world: World) -> None:
    page = visitor.read("home")
    assert all(reverse(name) in page for name in ("file_case", "look_up_case", "my_matters", "check_receipt"))
    assert "三步填好，核对后提交" in page
    published(world)
    assert "路灯不亮" in visitor.read("home")


def test_a_published_case_shows_masked_texts_unit_times_and_rating(visitor: Visitor, world: World) -> None:
    case = published(world)
    CASES.actions["rate_case"](case.pk, actor=world.resident, now=world.now, rating=5, comment="谢谢老王")
    page = visitor.read("public_case", number=case.matter.number)
    assert all(text in page for text in MASKED.values())
    assert all(text in page for text in ("甲街道城市管理部", "非常满意", "已结案", "2026-03-03 10:00"))
    shown = everything_public(visitor, case)
    assert not any(secret in shown for secret in SECRETS)
    assert "谢谢老王" not in shown
    assert "已到现场更换灯泡" not in shown


def test_after_a_reopening_reply_and_rating_are_those_of_last_time(visitor: Visitor, world: World) -> None:
    case = published(world)
    CASES.actions["rate_case"](case.pk, actor=world.resident, now=world.now, rating=2)
    new = '<h2 id="reply">答复</h2>'
    assert new in visitor.read("public_case", number=case.matter.number)
    assert "上一次" not in everything_public(visitor, case)
    CASES.actions["reopen_case"](case.pk, actor=world.resident, now=world.now, reason="又坏了。")
    page = visitor.read("public_case", number=case.matter.number)
    assert "上一次的答复（已要求重办）" in page
    assert "<dt>上一次的评价</dt><dd>不满意</dd>" in page
    assert "上一次：不满意" in visitor.read("public_cases")
    world.answer_again(case.pk)
    assert "上一次的答复" in visitor.read("public_case", number=case.matter.number), "the new one is not published yet"
    CASES.actions["publish_case"](case.pk, actor=world.clerk_of(), now=world.now, **(MASKED | {"reply": "已换新灯。"}))
    page = visitor.read("public_case", number=case.matter.number)
    assert new in page
    assert "上一次的评价" in page


@pytest.mark.parametrize("state", ["received", "accepted", "closed"])
def test_what_is_not_published_does_not_exist(visitor: Visitor, world: World, state: str) -> None:
    case = world.case_of(state=state, title="独一无二的标题")
    index_records(list(Record.objects.select_related("entry").order_by("id")))
    there = visitor.get(reverse("public_case", kwargs={"number": case.matter.number}))
    nowhere = visitor.get(reverse("public_case", kwargs={"number": "2026030300000000"}))
    assert there.status_code == nowhere.status_code == 404
    for page in (visitor.read("home"), visitor.read("public_cases"), visitor.read("public_cases", "?q=独一无二")):
        assert case.matter.number not in page
        assert "独一无二的标题" not in page


def test_a_withheld_case_is_gone_from_the_public_pages(visitor: Visitor, world: World) -> None:
    case = published(world)
    Matter.objects.update(withheld=True)
    assert visitor.get(reverse("public_case", kwargs={"number": case.matter.number})).status_code == 404
    assert case.matter.number not in visitor.read("public_cases")


def test_filters_and_words_narrow_the_list(visitor: Visitor, world: World) -> None:
    lamp = published(world)
    rubbish = published(world, "B", title="垃圾没有清运", text="垃圾堆了两天。", reply="已清。")
    both = visitor.read("public_cases")
    assert lamp.matter.number in both
    assert rubbish.matter.number in both
    for query, found, missed in (
        ("?q=垃圾", rubbish, lamp),
        ("?q=路灯", lamp, rubbish),
        ("?place=990104001000", lamp, rubbish),
        ("?place=990104002000&state=closed", rubbish, lamp),
    ):
        page = visitor.read("public_cases", query)
        assert found.matter.number in page
        assert missed.matter.number not in page
    assert "没有找到" in visitor.read("public_cases", "?q=不存在的词")
    assert lamp.matter.number in visitor.read("public_cases", "?place=nonsense&state=nonsense&after=nonsense")


def test_a_search_for_the_original_words_finds_nothing(visitor: Visitor, world: World) -> None:
    case = published(world)
    assert case.matter.number not in visitor.read("public_cases", "?q=王小明")


def test_the_list_is_a_fragment_for_htmx_and_pages_by_key(visitor: Visitor, world: World) -> None:
    published(world)
    Matter.objects.update(published_at=world.now)
    answer = visitor.get(reverse("public_cases"), headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert "路灯不亮" in answer.content.decode()


def test_a_longer_list_needs_no_more_queries(visitor: Visitor, world: World) -> None:
    def queries(name: str) -> int:
        cache.clear()  # what is kept for a minute is asked for every time, not whenever a minute is over
        with CaptureQueriesContext(connection) as held:
            visitor.read(name)
        return len(held)

    published(world)
    visitor.sign_in(world.resident_account)
    for name in ("home", "public_cases", "my_matters"):
        visitor.read(name)
    before = {name: queries(name) for name in ("home", "public_cases", "my_matters")}
    for _ in range(4):
        published(world)
    assert {name: queries(name) for name in before} == before
    assert max(before.values()) <= 10


def _flat(page: str) -> str:
    return re.sub(r">\s+<", "><", page)


class TestFiles:
    @staticmethod
    def file(case: Case, world: World, audience: Audience) -> StoredFile:
        content = picture().read()
        file = store_upload("现场.jpg", content, audience=audience, now=world.now)
        StoredFile.objects.filter(pk=file.pk).update(matter=case.pk)
        return file

    @staticmethod
    def get(visitor: Visitor, file: StoredFile) -> Any:
        return visitor.get(reverse("matter_file", kwargs={"file": file.pk}))

    def test_each_audience_reads_its_files(self, world: World) -> None:
        case = world.case_of(state="closed")
        files = {each: self.file(case, world, each) for each in Audience}
        people: dict[str, Visitor] = {name: Visitor(world) for name in ("visitor", "filer", "clerk", "other")}
        people["filer"].sign_in(world.resident_account)
        people["clerk"].sign_in(world.account(Role.CLERK, "urban_management A"))
        people["other"].sign_in(world.account(Role.CLERK, "urban_management B"))
        opens = {
            (name, audience)
            for name, person in people.items()
            for audience, file in files.items()
            if self.get(person, file).status_code == 200
        }
        party = {("filer", Audience.PARTY), ("filer", Audience.PUBLIC)}
        assert opens == party | {("clerk", each) for each in Audience}
        CASES.actions["publish_case"](case.pk, actor=world.clerk_of(), now=world.now, **MASKED)
        assert self.get(people["visitor"], files[Audience.PUBLIC]).status_code == 200
        assert self.get(people["visitor"], files[Audience.PARTY]).status_code == 404
        Matter.objects.update(withheld=True)
        assert all(self.get(person, file).status_code == 404 for person in people.values() for file in files.values())

    def test_a_small_picture_goes_where_its_image_goes(self, world: World) -> None:
        case = world.case_of(state="closed")
        photo = self.file(case, world, Audience.PARTY)
        paper = store_upload("a.pdf", b"%PDF-1.7", audience=Audience.PARTY, now=world.now)
        StoredFile.objects.filter(pk=paper.pk).update(matter=case.pk)
        resident = Visitor(world)
        resident.sign_in(world.resident_account)

        def small(visitor: Visitor, file: StoredFile) -> Any:
            return visitor.get(reverse("matter_file_small", kwargs={"file": file.pk}))

        answer = small(resident, photo)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "private" in answer["Cache-Control"]
        assert len(answer.content) < 2000
        assert small(resident, paper).status_code == 404, "no image"
        assert small(Visitor(world), photo).status_code == 404
        shown = f'<img src="{reverse("matter_file_small", kwargs={"file": photo.pk})}" alt="现场.jpg" loading="lazy"'
        shown += ' width="320" height="320">'
        assert f'<a href="{reverse("matter_file", kwargs={"file": photo.pk})}">{shown}</a>' in _flat(
            resident.read("my_case", number=case.matter.number)
        )
        Matter.objects.update(withheld=True)
        assert small(resident, photo).status_code == 404

    def test_a_file_is_sent_so_that_it_can_do_no_harm(self, world: World) -> None:
        resident = Visitor(world)
        resident.sign_in(world.resident_account)
        case = world.case_of()
        image = self.get(resident, self.file(case, world, Audience.PARTY))
        assert image["Content-Type"] == "image/jpeg"
        assert image["Content-Disposition"].startswith("inline; filename*=UTF-8''%E7%8E%B0%E5%9C%BA.jpg")
        assert image["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in image["Content-Security-Policy"]
        assert "private" in image["Cache-Control"]
        document = store_upload("说明.pdf", b"%PDF-1.4 x", audience=Audience.PARTY, now=world.now)
        StoredFile.objects.filter(pk=document.pk).update(matter=case.pk)
        assert self.get(resident, document)["Content-Disposition"].startswith("attachment")

    def test_an_upload_that_belongs_to_nothing_yet_is_not_served(self, world: World) -> None:
        file = store_upload("现场.jpg", picture().read(), audience=Audience.PUBLIC, now=world.now)
        assert self.get(Visitor(world), file).status_code == 404


def test_outlines_are_cached_until_they_change(visitor: Visitor, world: World) -> None:
    address = reverse("territory_outlines", kwargs={"level": "community"})
    first = visitor.get(address)
    assert first["Content-Type"] == "application/geo+json"
    assert {each["properties"]["name"] for each in json.loads(first.content)["features"]} == {
        "A1社区",
        "A2社区",
        "B1社区",
        "B2社区",
    }
    assert visitor.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    world.street["A"].checksum += 1
    world.street["A"].save()
    assert visitor.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert visitor.get("/territory/outlines/planet.geojson").status_code == 404


def test_large_print_is_kept_across_pages(visitor: Visitor) -> None:
    visitor.post(reverse("preferences"), {"elder": "1", "next": reverse("file_case")})
    assert '<html lang="zh-Hans" class="elder"' in visitor.read("file_case")
    assert 'class="elder"' in visitor.read("look_up_case")
    assert settings.LANGUAGE_CODE == "zh-hans"


def test_the_public_list_as_a_spreadsheet_holds_what_is_published(world: World) -> None:
    published, private = world.case_of(state="replied", title="路灯坏了"), world.case_of(title="家里的事")
    texts = {"title": "=路灯坏了", "text": "坏了", "reply": "已修好"}
    CASES.actions["publish_case"](published.pk, actor=world.clerk_of(), now=world.now, **texts)
    content = Visitor(world).get(reverse("public_cases_sheet")).content
    cells = [[cell.value for cell in row] for row in load_workbook(BytesIO(content)).active.iter_rows(min_row=2)]
    assert [row[:2] for row in cells] == [[published.matter.number, "=路灯坏了"]]
    assert private.matter.number not in str(cells)
