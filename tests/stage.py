"""A stage for the access table: one case in every position, and each kind of actor knocking at one address."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import resolve, reverse
from PIL import Image

from linli.ground.exchange.actions.make_token import make_token
from linli.ground.exchange.actions.subscribe_webhook import subscribe_webhook
from linli.ground.exchange.models import ApiToken
from linli.ground.exchange.scopes import Scope
from linli.ground.files.models import StoredFile
from linli.ground.files.storing import store_upload
from linli.ground.matters.action import code_digest
from linli.ground.matters.keys import KEYS, code_version
from linli.ground.matters.models import Matter, MatterLink
from linli.ground.record.writing import Audience
from linli.insight.indicators.figures import recount_again
from linli.insight.indicators.models import HotTopic, HotTopicDemand, HotTopicsNight
from linli.kernel.access import SYSTEM
from linli.services.cases.feature import CASES
from linli.services.cases.rules.vocabulary import CallResult, Rating
from tests.asked import ADMINISTERED, FIXED, FORMS, IMPORTS, PAGES, PROGRAMS, REPORTED
from tests.cast import KINDS, Cast
from tests.services.sheets import open_file, upload
from tests.world import World

CODE = "23456789AB"
PASSING = re.compile(r'(INTO|UPDATE|FROM) "(django_|people_attempt|people_opensession)')
API = "api_"
OPEN311 = "open311_"
UPLOADED: dict[str, Callable[[], BytesIO]] = {
    "api_upload_file": lambda: picture("现场.png"),
    "api_upload_administered_reform": lambda: named(BytesIO(b"{}"), "plan.json"),
    "api_upload_case_import": lambda: named(BytesIO(open_file(1)), "demands.xlsx"),
}


@dataclass(frozen=True)
class Row:
    """One line of the table: an address, a method, what is asked, and what each kind of actor gets."""

    url_name: str
    method: str
    step: str
    state: str
    cells: dict[str, str]

    @property
    def title(self) -> str:
        return " ".join(part for part in (self.method, self.url_name, self.step, self.state) if part)


class Stage:
    """A world with one case per position; every request is taken back afterwards."""

    def __init__(self, world: World) -> None:
        self.world, self.cast = world, Cast(world)
        settings.LINLI_CLOCK.set(world.now)
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        opened = world.receive(actor=world.resident, filer=world.resident_account.person)
        self.receipt = opened.receipt.text()
        self.positions: dict[str, int] = {"received": opened.matter.pk}
        self.writes: list[str] = []
        self.client = Client(raise_request_exception=False)
        for state in ("filed", "dispatched", "accepted", "handled", "drafted", "reviewed", "replied", "verified"):
            self.positions[state] = world.case_of(state=state).pk
        self.positions["closed"] = world.case_of(state="closed").pk
        self._acted()
        self._hot_topic()
        self.upload = upload(world, open_file(1)).pk
        self.files = {state: self._file(self.positions[state]) for state in ("handled", "withheld")}
        Matter.objects.update(code_digest=code_digest(CODE))
        self.sessions = {kind: self._session(kind) for kind in KINDS}
        self.tokens = {kind: self._token(kind) for kind in self.cast.accounts}
        ApiToken.objects.update(last_used_at=world.now)
        self.hooks = {kind: self._hook(kind) for kind in self.tokens}

    def _acted(self) -> None:
        """Positions that are a state and something more."""
        world, clerk = self.world, self.world.clerk_of()
        mended = (("contact_rater", clerk, {"reached": True}), ("rectify_case", clerk, {"work": "已换镇流器。"}))
        made = {
            "waiting": self._after("accepted", ("ask_supplement", clerk, {"question": "请写明灯杆编号。"})),
            "extension_asked": self._after("accepted", ("request_extension", clerk, {"days": 3, "reason": "等配件。"})),
            "unclaimed": self._after("accepted"),
            "confirmed": self._after("replied", ("confirm_solved", world.resident, {})),
            "unsolved": self._after(
                "replied", ("call_back_case", world.dispatcher_of(), {"result": CallResult.UNSOLVED})
            ),
            "rectifying": self._rectifying(),
            "appealed": self._rectifying(("appeal_rating", clerk, {"reason": "说的是另一盏灯。"})),
            "contacted": self._rectifying(("contact_rater", clerk, {"reached": True})),
            "rectified": self._rectifying(*mended),
            "mended": self._rectifying(*mended, ("confirm_solved", world.resident, {})),
            "disputed": self._disputed(),
            "part": self._part(),
            "merged": self._merged("closed"),
            "merged_early": self._merged("accepted"),
            "published": self._after(
                "closed", ("publish_case", clerk, {"title": "路灯", "text": "路灯不亮。", "reply": "已修好。"})
            ),
            "withheld": self._after("closed"),
            "closed_again": self._closed_again(),
            "reopening_asked": self._closed_again(),
        }
        self._take(made["reopening_asked"], "request_reopening", world.resident, {"reason": "还是不亮。"})
        Matter.objects.filter(pk=made["unclaimed"]).update(handler=None)
        Matter.objects.filter(pk=made["withheld"]).update(withheld=True, published_at=world.now)
        self.positions |= made

    def _hot_topic(self) -> None:
        """Of one demand in street A."""
        now, case = self.world.now, self.positions["received"]
        day = now.date()
        night = HotTopicsNight.objects.create(night=day, at=now, since=day, until=day, read=1, is_cut=False)
        numbers = {"number": 1, "size": 1, "voices": 1, "support": 0, "closeness": 1, "heat": 2}
        topic = HotTopic.objects.create(pk=1, night=night, phrase="路灯", first=now, last=now, **numbers)
        HotTopicDemand.objects.create(topic=topic, matter_id=case)
        recount_again([case])

    def _after(self, state: str, *acts: tuple[str, Any, dict[str, Any]]) -> int:
        case = self.world.case_of(state=state).pk
        for name, actor, inputs in acts:
            self._take(case, name, actor, inputs)
        return int(case)

    def _rectifying(self, *acts: tuple[str, Any, dict[str, Any]]) -> int:
        bad = ("rate_case", self.world.resident, {"rating": Rating.DISSATISFIED})
        return self._after("closed", bad, ("open_rectification", SYSTEM, {}), *acts)

    def _disputed(self) -> int:
        world, unit = self.world, self.world.office["urban_management A"]
        back = ("return_case", world.clerk_of(), {"reason": "不属于本部门。"})
        return self._after("dispatched", back, ("dispatch_case", world.dispatcher_of(), {"unit": unit}), back)

    def _part(self) -> int:
        given = {"text": "修剪树枝。", "unit": self.world.office["urban_management A"], "days": 2}
        whole = self._after("filed", ("split_case", self.world.dispatcher_of(), given))
        return int(MatterLink.objects.get(target=whole, relation="part_of").origin_id)

    def _merged(self, lead: str) -> int:
        leading = Matter.objects.get(pk=self.positions[lead])
        return self._after("filed", ("merge_case", self.world.dispatcher_of(), {"leading": leading}))

    def _closed_again(self) -> int:
        case = self._after("closed", ("reopen_case", self.world.resident, {"reason": "又不亮了。"}))
        for name, inputs, actor, _ in self.world.way("A"):
            if name not in {"file_case", "dispatch_case", "accept_case"}:
                self._take(case, name, actor, inputs)
        return case

    def _take(self, case: int, name: str, actor: Any, inputs: dict[str, Any]) -> None:
        CASES.actions[name](case, actor=actor, now=self.world.now, **inputs)

    def _file(self, case: int) -> str:
        stored = store_upload("现场.png", picture("现场.png").getvalue(), audience=Audience.PARTY, now=self.world.now)
        StoredFile.objects.filter(pk=stored.pk).update(matter=case)
        return str(stored.pk)

    def _session(self, kind: str) -> str:
        client = Client()
        if kind in self.cast.accounts:
            client.force_login(self.cast.accounts[kind])
        elif kind == "keyholder":
            session = client.session
            session[KEYS] = {str(case): code_version(code_digest(CODE)) for case in self.positions.values()}
            session.save()
            client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
        return cookie.value if cookie else ""

    def _token(self, kind: str) -> tuple[str, str]:
        """Id and text of a token that may be used for everything."""
        token, text = make_token(
            self.cast.accounts[kind], name=kind, scopes=tuple(Scope), days=30, actor=SYSTEM, now=self.world.now
        )
        return str(token.pk), text

    def _hook(self, kind: str) -> str:
        token = ApiToken.objects.get(pk=self.tokens[kind][0])
        return str(subscribe_webhook(token, url="https://93.184.215.14/", actor=SYSTEM, now=self.world.now)[0].pk)

    @contextmanager
    def knock(self, kind: str, row: Row) -> Iterator[str]:
        """What the table writes for the answer; inside the block what the request did can still be seen."""
        client = self.client
        client.cookies.clear()
        if self.sessions[kind]:  # at the API too, where a session opens nothing
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[kind]
        self.writes.clear()
        address = self.address(row, kind)
        with transaction.atomic():
            with connection.execute_wrapper(self._note_write):
                answer = self._ask(kind, address, row)
            yield outcome(answer)
            transaction.set_rollback(True)

    def _ask(self, kind: str, address: str, row: Row) -> Any:
        if row.url_name.startswith(API):
            return self._ask_as_program(kind, address, row)
        if row.url_name.startswith(OPEN311) and kind in self.tokens:
            return self._ask_with_key(address, row, self.tokens[kind][1])
        return self.client.post(address, self.form(row)) if row.method == "POST" else self.client.get(address)

    def _ask_with_key(self, address: str, row: Row, key: str) -> Any:
        if row.method != "POST":
            return self.client.get(address, {"api_key": key})
        return self.client.post(address, self.form(row) | {"api_key": key})

    def _ask_as_program(self, kind: str, address: str, row: Row) -> Any:
        headers = {"Authorization": f"Bearer {self.tokens[kind][1]}"} if kind in self.tokens else {}
        if row.method != "POST":
            return self.client.get(address, headers=headers)
        if row.url_name in UPLOADED:
            return self.client.post(address, {"file": UPLOADED[row.url_name](), "channel": "platform"}, headers=headers)
        body = json.dumps(self.request(row))
        return self.client.post(address, body, content_type="application/json", headers=headers)

    def _note_write(self, execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE", "REPLACE")) and not PASSING.search(sql):
            self.writes.append(sql)
        return execute(sql, params, many, context)

    def address(self, row: Row, kind: str = "") -> str:
        parts: dict[str, Any] = dict(FIXED.get(row.url_name, {}))
        if row.url_name == "revoke_own_token":
            whose = kind if kind in self.tokens and not row.step else "resident_filer"
            return reverse(row.url_name, kwargs={"token": self.tokens[whose][0]})
        if row.url_name.startswith(API):
            return self._api_address(row, kind)
        if row.url_name in {"my_case", "public_case", "desk_case", "unmask_filer", "my_case_step", "desk_case_step"}:
            parts["number"] = self.number(row)
        if row.url_name in {"open311_request", "open311_token"}:
            parts["number"] = self.number(row)
        if row.url_name in {"my_case_step", "desk_case_step"}:
            parts["step"] = row.step
        if row.url_name in {"matter_file", "matter_file_small"}:
            parts["file"] = self.files[row.state]
        if row.url_name in ADMINISTERED:
            parts["account"] = self.cast.accounts["clerk_other_street"].pk
        if row.url_name in IMPORTS:
            parts["source"] = self.upload
        return reverse(row.url_name, kwargs=parts)

    def _api_address(self, row: Row, kind: str) -> str:
        parts: dict[str, Any] = dict(FIXED.get(row.url_name.removeprefix(API), {}))
        if row.url_name.removeprefix(API) in IMPORTS:
            parts["source"] = self.upload
        elif row.state and row.url_name != "api_look_up_case":
            parts["number"] = self.number(row)
        if row.url_name.removeprefix(API) in ADMINISTERED:
            whose = kind if kind in self.tokens and row.step == "own" else "clerk_other_street"
            parts["account"] = self.cast.accounts[whose].pk
        if row.url_name == "api_case_step":
            parts["step"] = row.step
        if row.url_name == "api_case_file":
            parts["file"] = self.files[row.state]
        if row.url_name == "api_drop_webhook":
            whose = kind if kind in self.hooks and not row.step else "resident_filer"
            other = "clerk_holder" if kind == "resident_filer" and row.step else whose
            parts["webhook"] = self.hooks[other]
        if row.url_name == "api_unknown":
            parts["rest"] = "no/such/address"
        return reverse(row.url_name, kwargs=parts)

    def request(self, row: Row) -> dict[str, Any]:
        """What a program sends."""
        name = row.url_name.removeprefix(API)
        if name == "look_up_case":
            return self.form(replace(row, url_name=name))
        if name == "new_webhook":
            return {"url": "https://10.0.0.1/hook" if row.step else "https://93.184.215.14/hook"}
        given = PROGRAMS.get(name, FORMS.get(name, {}))
        meant = {key: self._meant(value, row) for key, value in given.items()}
        return {key: str(value) if key in {"topic", "unit", "place"} else value for key, value in meant.items()}

    def number(self, row: Row) -> str:
        return str(Matter.objects.values_list("number", flat=True).get(pk=self.positions[row.state]))

    def form(self, row: Row) -> dict[str, Any]:
        if row.url_name in {"my_case_step", "desk_case_step"}:
            given = FORMS.get(row.step, {})
        elif row.url_name == "look_up_case":
            given = {"number": "<number>", "code": CODE if row.step != "wrong code" else "AAAAAAAAAA"}
        elif row.url_name == "bulk_cases":
            confirmed, _, step = row.step.rpartition(" ")
            given = {"step": step, "matter": self.positions[row.state], "confirmed": "1" if confirmed else ""}
        elif row.url_name in {"case_import", "administered_reform"}:
            given = {row.step: "1"} if row.step else {}
        elif row.url_name.startswith(OPEN311):
            given = REPORTED
        else:
            given = PAGES.get(row.url_name, {})
        return {name: self._meant(value, row) for name, value in given.items()}

    def _meant(self, value: Any, row: Row) -> Any:
        world = self.world
        match value:
            case "<topic>":
                return world.topic.pk
            case "<unit>":
                return world.office["urban_management A"].pk
            case "<place>":
                return world.community["A1"].pk
            case "<clerk>":
                return str(self.cast.accounts["clerk_holder"].person_id)
            case "<lead>":
                return Matter.objects.values_list("number", flat=True).get(pk=self.positions["closed"])
            case "<number>":
                return self.number(row)
            case "<receipt>":
                return self.receipt
            case _:
                return value


def picture(name: str) -> BytesIO:
    """A small picture, as a file that has a name."""
    made = BytesIO()
    Image.new("RGB", (4, 4)).save(made, "PNG")
    made.seek(0)
    return named(made, name)


def named(file: BytesIO, name: str) -> BytesIO:
    file.name = name
    return file


def outcome(answer: Any) -> str:
    """An answer in the words of the table: the status, and for a redirect where it leads."""
    if answer.status_code != 302:
        return str(answer.status_code)
    path = str(answer["Location"]).partition("?")[0]
    return f"302>{resolve(path).url_name}"
