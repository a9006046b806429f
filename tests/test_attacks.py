"""Attacks from outside: each fails, and each would succeed if its one defence were taken away."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from io import BytesIO
from typing import Any
from unittest.mock import patch
from urllib.parse import urljoin, urlsplit

import openpyxl
import pytest
from django.conf import settings
from django.contrib.auth import hashers
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.template import engines
from django.test import Client, override_settings
from django.urls import reverse
from structlog.stdlib import ProcessorFormatter

from linli.faces.portal import views as portal_views
from linli.ground.files import storing
from linli.ground.files.storage import files_folder
from linli.ground.files.storing import StoredFile, UploadRefused, store_upload
from linli.ground.look import spreadsheets, views
from linli.ground.look.spreadsheets import workbook_of
from linli.ground.people import signing_in
from linli.ground.record.writing import Audience
from linli.kernel.access import Role
from linli.services.cases.selectors import look_up
from tests.ground.test_files import SHEET, office, picture
from tests.stage import API, OPEN311, Stage
from tests.stored_scripts import stored_scripts
from tests.test_access_table import table
from tests.test_planted_faults import planted
from tests.world import World

pytestmark = pytest.mark.once
PASSWORD = "梧桐树下的老井-1953"
OUTSIDE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https:evil.example",
    "http:///evil.example/",
    "\t//evil.example/",
    " https://evil.example/",
)
Attack = Callable[[World], bool]


def session_fixation(world: World) -> bool:
    """A session whose key somebody else knows is signed in by its victim."""
    known = Client()
    session = known.session
    session["draft"] = "x"
    session.save()
    key = str(session.session_key)
    victim = Client()
    victim.cookies[settings.SESSION_COOKIE_NAME] = key
    enter(victim, world)
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = key
    return thief.get(reverse("my_profile")).status_code == 200


def enter(client: Client, world: World, **more: str) -> Any:
    settings.LINLI_CLOCK.set(world.now)
    world.resident_account.set_password(PASSWORD)
    world.resident_account.save()
    return client.post(reverse("sign_in"), {"login": "resident", "password": PASSWORD} | more)


def foreign_forms(world: World) -> bool:
    """A page elsewhere lets the browser of somebody signed in send a form to any address that takes one."""
    stage = Stage(world)
    client = Client(enforce_csrf_checks=True)
    client.force_login(stage.cast.accounts["dispatcher_own"])
    by_token = (API, OPEN311)  # no session is looked at there
    rows = [row for row in table() if row.method == "POST" and not row.url_name.startswith(by_token)]
    forms = {(row.url_name, row.step): row for row in rows}
    assert len(forms) > 80
    for row in forms.values():
        with transaction.atomic():
            answer = client.post(stage.address(row, "dispatcher_own"), stage.form(row))
            transaction.set_rollback(True)
        if answer.status_code != 403 or "页面打开太久" not in answer.content.decode():
            return True
    return False


def open_redirect(world: World) -> bool:
    """A link that shows the district's address leads elsewhere; browsers read backslashes as slashes."""
    answers = [
        answer
        for wanted in OUTSIDE
        for answer in (
            Client().post(reverse("preferences"), {"next": wanted, "elder": "1"}),
            enter(Client(), world, next=wanted),
        )
    ]
    assert all(answer.status_code == 302 for answer in answers)
    return any(leads_outside(str(answer["Location"])) for answer in answers)


def leads_outside(location: str) -> bool:
    as_browsers_read = re.sub(r"[\t\r\n]", "", location.strip()).replace("\\", "/")
    return urlsplit(urljoin("http://testserver/", re.sub("^/{2,}", "//", as_browsers_read))).hostname != "testserver"


def formula_injection(world: World) -> bool:
    """A text that a clerk exports is computed when the file is opened."""
    content = workbook_of([{"title": '=HYPERLINK("https://evil.example/")'}], {"title": "标题"})
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    assert sheet is not None
    return bool(sheet["A2"].data_type == "f")


def packed_bomb(world: World) -> bool:
    """A small file fills the memory of whoever unpacks it."""
    return is_taken_in("a.xlsx", office(SHEET, *[(f"xl/{n}.xml", b"\0" * 21_000_000) for n in range(10)]), world)


def image_bomb(world: World) -> bool:
    """A small picture fills the memory of whoever decodes it."""
    return is_taken_in("a.png", picture("PNG", (10_000, 5_001), mode="1"), world)


def is_taken_in(name: str, content: bytes, world: World) -> bool:
    try:
        store_upload(name, content, audience=Audience.PARTY, now=world.now)
    except UploadRefused:
        return False
    return True


def path_tricks(world: World) -> bool:
    """The name of an upload leads out of its folder, here or on the machine of whoever downloads it."""
    names = ("../../../etc/passwd", "..\\..\\boot.ini", "/etc/cron.d/x", "C:\\x.png", "a/../../b", "..", "\x00../x")
    stored = [store_upload(name, picture(), audience=Audience.PARTY, now=world.now) for name in names]
    folder = files_folder().resolve()
    assert all((folder / each.path).resolve().is_relative_to(folder) for each in stored)
    return any(re.search(r"[/\\\x00]|^\.\.", each.name) for each in stored)


def header_injection(world: World) -> bool:
    """The name of a file ends a line of the answer's head and begins the next one."""
    case = world.case_of(state="accepted")
    stored = store_upload("x\r\nSet-Cookie: a=1;.png", picture(), audience=Audience.PARTY, now=world.now)
    StoredFile.objects.filter(pk=stored.pk).update(matter=case.matter_id)
    client = Client(raise_request_exception=False)
    client.force_login(world.account(Role.CLERK, "urban_management A"))
    settings.LINLI_CLOCK.set(world.now)
    answer = client.get(reverse("matter_file", kwargs={"file": stored.pk}))
    return answer.status_code != 200 or "set-cookie: a=1" in str(answer.headers).lower()


def log_injection(world: World) -> bool:
    """A visitor writes a line of their own into the log."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.setFormatter(formatter())
    handler.emit = lambda record: lines.append(handler.format(record))  # type: ignore[method-assign]
    root = logging.getLogger()
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.INFO)
    try:
        client = Client()
        client.get("/no/such%0A%7B%22event%22:%20%22sign_in%22%7D/", headers={"User-Agent": "x\nforged: yes"})
        client.post(reverse("sign_in"), {"login": 'nobody\n{"event": "sign_in"}', "password": "x"})
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert any("such" in line for line in lines), "something was logged"
    return any("\n" in line for line in lines)


def formatter() -> ProcessorFormatter:
    return ProcessorFormatter(processor=settings.LOGGING["formatters"]["plain"]["processor"])


def timing_of_sign_in(world: World) -> bool:
    """How long an answer takes tells whether somebody has an account: the slow digest is the time."""
    enter(Client(), world)
    counted = [
        digests(partial(signing_in.sign_in_with_password, name, "x", world.now)) for name in ("resident", "nobody")
    ]
    assert max(counted) > 0
    return len(set(counted)) > 1


def digests(act: Callable[[], Any]) -> int:
    kind = type(hashers.get_hasher("default"))
    with (
        patch.object(kind, "encode", autospec=True, side_effect=kind.encode) as encode,
        patch.object(kind, "verify", autospec=True, side_effect=kind.verify) as verify,
    ):
        act()
    return int(encode.call_count + verify.call_count)


def timing_of_looking_up(world: World) -> bool:
    """How long an answer takes tells whether there is a demand of that number: the digest of the code is the time."""
    number = str(world.case_of().matter.number)
    counted = []
    for each in (number, "2026030399999999"):
        with patch("linli.services.cases.selectors.code_digest", side_effect=lambda code: "x" * 64) as digest:
            look_up(each, "AAAAAAAAAA")
        counted.append(digest.call_count)
    assert counted[0] > 0
    return counted[0] != counted[1]


@contextmanager
def without_escaping() -> Iterator[None]:
    """Templates are written into code once, so that what was written has to be forgotten before and after."""
    environment = engines["jinja2"].env  # type: ignore[attr-defined]
    environment.cache.clear()
    with patch.object(environment, "autoescape", False):
        yield
    environment.cache.clear()


def plain_lines(logger: Any, name: str, event: dict[str, Any]) -> str:
    return " ".join(f"{key}={value}" for key, value in event.items())


def without_form_tokens() -> AbstractContextManager[Any]:
    kept = [each for each in settings.MIDDLEWARE if "Csrf" not in each]
    return override_settings(MIDDLEWARE=kept)


def with_names_as_they_come() -> AbstractContextManager[Any]:
    return patch.object(storing, "clean_name", lambda name, kind=None: name)


@contextmanager
def with_names_in_the_head_as_they_come() -> Iterator[None]:
    """Twice defended: the name is cleaned when it comes in, and written in percent codes when it goes out."""
    with with_names_as_they_come(), patch.object(portal_views, "quote", lambda name: name):
        yield


def with_every_address_taken_for_ours() -> AbstractContextManager[Any]:
    return patch.object(views, "url_has_allowed_host_and_scheme", lambda *_, **__: True)


def with_limits(**more: int) -> AbstractContextManager[Any]:
    return patch.object(storing, "LIMITS", storing.Limits(**more))


ATTACKS: dict[str, tuple[Attack, Callable[[], AbstractContextManager[Any]]]] = {
    "session fixation": (session_fixation, lambda: patch.object(SessionBase, "cycle_key", lambda self: None)),
    "forms of other sites": (foreign_forms, without_form_tokens),
    "open redirect": (open_redirect, with_every_address_taken_for_ours),
    "stored script": (stored_scripts, without_escaping),
    "formula in a spreadsheet": (
        formula_injection,
        lambda: planted(spreadsheets._text, 'cell.data_type = "s"', "pass"),
    ),
    "packed bomb": (packed_bomb, lambda: with_limits(unpacked_bytes=10**12)),
    "image bomb": (image_bomb, lambda: with_limits(pixels=10**12)),
    "path in a file name": (path_tricks, with_names_as_they_come),
    "header in a file name": (header_injection, with_names_in_the_head_as_they_come),
    "line in the log": (
        log_injection,
        lambda: patch.dict(settings.LOGGING["formatters"]["plain"], processor=plain_lines),
    ),
    "time of signing in": (timing_of_sign_in, lambda: patch.object(signing_in, "make_password", lambda password: "")),
    "time of looking up": (
        timing_of_looking_up,
        lambda: planted(look_up, "wanted = code_digest(code)", 'wanted = code_digest(code) if row else ""'),
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_fails(world: World, name: str) -> None:
    assert not ATTACKS[name][0](world)


@pytest.mark.parametrize("name", ATTACKS)
def test_without_its_defence_it_would_succeed(world: World, name: str) -> None:
    attack, undefended = ATTACKS[name]
    with undefended():
        assert attack(world)
