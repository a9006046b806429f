"""The look: filters, the strict environment, pages and blocks, preferences, and words across a redirect."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.test import RequestFactory
from django.urls import path
from django.utils import translation
from django_htmx.middleware import HtmxDetails
from jinja2 import DictLoader, Environment, UndefinedError
from markupsafe import Markup

from linli.ground.look import views, wordforms
from linli.ground.look.environment import environment
from linli.ground.look.pages import FLASH_COOKIE, render_page, said, say

LOOK = Path(wordforms.__file__).parent


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("sign-in/", empty, name="sign_in"),
    path("cases/<str:number>/", empty, name="case"),
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def written() -> Environment:
    return environment(loader=DictLoader({}))


def get(path: str = "/", **extra: Any) -> HttpRequest:
    request = RequestFactory().get(path, **extra)
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    return request


def post(**fields: str) -> HttpResponse:
    return views.preferences(RequestFactory().post("/preferences/", fields))


def test_moments_are_written_in_district_time_with_the_year() -> None:
    late = datetime(2026, 11, 22, 17, 5, tzinfo=UTC)
    assert wordforms.moment(late) == "2026-11-23 01:05"
    assert wordforms.day(late) == "2026-11-23"
    assert wordforms.day(date(2026, 1, 2)) == "2026-01-02"
    assert wordforms.moment(None) == wordforms.day(None) == wordforms.due(None) == "—"


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        wordforms.moment(datetime(2026, 11, 23))  # noqa: DTZ001


def test_a_term_that_ends_at_midnight_shows_the_day_before() -> None:
    midnight = datetime(2026, 11, 24, tzinfo=wordforms.DISTRICT_ZONE)
    assert wordforms.due(midnight) == "2026-11-23"
    assert wordforms.due(midnight.astimezone(UTC)) == "2026-11-23"
    assert wordforms.due(midnight + timedelta(hours=9)) == "2026-11-24"


def test_paragraphs_escape_and_make_no_links() -> None:
    text = "路灯<b>坏了\r\n在三号楼\n\n\n 见 https://example.org"
    assert wordforms.paragraphs(text) == Markup("<p>路灯&lt;b&gt;坏了<br>在三号楼</p>\n<p> 见 https://example.org</p>")
    assert wordforms.paragraphs(None) == ""


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("王秀英", "王**"),
        ("王", "王*"),
        ("13800001234", "138****1234"),
        ("025-83001234", "025****1234"),
        ("99010119500101123X", "990***********123X"),
        ("zhou@example.org", "z***@example.org"),
        ("", "—"),
        (None, "—"),
    ],
)
def test_masked(value: str | None, shown: str) -> None:
    assert wordforms.masked(value) == shown


def test_an_unknown_name_is_an_error(written: Environment) -> None:
    with pytest.raises(UndefinedError):
        written.from_string("{{ nothing }}").render()


def test_values_are_escaped_and_words_translated(written: Environment) -> None:
    template = written.from_string("{{ _('你好，%(who)s', who=name) }}{% trans %}好{% endtrans %}")
    with translation.override("zh-hans"):
        assert template.render(name="<i>") == "你好，&lt;i&gt;好"


def test_addresses_come_from_names(written: Environment) -> None:
    assert written.from_string("{{ url('case', number='7') }}").render() == "/cases/7/"


def test_a_block_alone_answers_htmx_and_keeps_its_imports() -> None:
    context = {"title": "撤回？", "explanation": "不再办理。", "confirm_label": "撤回", "cancel_url": "/"}
    whole = render_page(get(), "look/confirm.html", context, block="content")
    block = render_page(get(headers={"HX-Request": "true"}), "look/confirm.html", context, block="content")
    assert "<html" in whole.text
    assert "<html" not in block.text
    assert "撤回？" in block.text
    assert "csrfmiddlewaretoken" in block.text
    assert {whole["Vary"].find("HX-Request"), block["Vary"].find("HX-Request")}.isdisjoint({-1})


def test_a_restored_history_gets_the_whole_page() -> None:
    request = get(headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    context = {"title": "撤回？", "explanation": "", "confirm_label": "撤回", "cancel_url": "/"}
    assert "<html" in render_page(request, "look/confirm.html", context, block="content").text


def test_a_word_crosses_one_redirect() -> None:
    left = say(HttpResponseRedirect("/"), "已提交 <1>")
    request = get()
    request.COOKIES[FLASH_COOKIE] = left.cookies[FLASH_COOKIE].value
    page = views.not_found(request)
    assert "已提交 &lt;1&gt;" in page.text
    assert page.cookies[FLASH_COOKIE]["max-age"] == 0


def test_a_forged_word_is_not_shown() -> None:
    request = get()
    request.COOKIES[FLASH_COOKIE] = "WyJnb29kIiwiXHU1MDQ3Il0:forged"
    assert said(request) is None


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/cases/7/?a=1", "/cases/7/?a=1"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_preferences_lead_back_to_this_site_only(wanted: str, reached: str) -> None:
    assert post(next=wanted, elder="1")["Location"] == reached


def test_preferences_are_remembered_if_they_exist() -> None:
    answer = post(elder="1", language="en")
    assert answer.cookies["linli_elder"].value == "1"
    assert answer.cookies["django_language"].value == "en"
    assert not post(elder="yes", language="xx").cookies


def test_preferences_need_a_post() -> None:
    assert views.preferences(RequestFactory().get("/preferences/")).status_code == 405


def test_large_print_and_language_are_in_the_page() -> None:
    request = get()
    request.COOKIES["linli_elder"] = "1"
    with translation.override("zh-hans"):
        page = views.refused(request, PermissionError("只有承办单位可以签收。"))
    assert page.status_code == 403
    assert '<html lang="zh-Hans" class="elder">' in page.text
    assert "只有承办单位可以签收。" in page.text
    assert "/sign-in/?next=/" in page.text


def test_the_page_of_a_failure_needs_nothing() -> None:
    assert views.broken(get()).status_code == 500


def test_every_template_compiles() -> None:
    for file in (LOOK / "templates" / "look").glob("*.html"):
        assert engines["jinja2"].get_template(f"look/{file.name}")


def test_pages_hold_no_scripts_or_styles_of_their_own() -> None:
    for file in (LOOK / "templates").rglob("*.html"):
        text = file.read_text()
        assert "<style" not in text, file.name
        assert " style=" not in text, file.name
        assert " onclick=" not in text, file.name
        assert "<script>" not in text, file.name
