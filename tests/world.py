"""A small district for tests: two streets, every office, one person per role, made through the real actions."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import connection

from linli.ground.organizations.actions.establish_organization import establish_organization
from linli.ground.organizations.models import Kind, Organization, StreetUnit
from linli.ground.people.actions.appoint_person import appoint_person
from linli.ground.people.actions.open_account import open_account
from linli.ground.people.models import Account, Person
from linli.ground.people.selectors import actor_of
from linli.ground.territory.actions.found_district import found_district
from linli.ground.territory.models import Unit
from linli.ground.territory.rules.plan import DistrictPlan, PlannedUnit
from linli.kernel.access import SYSTEM, VISITOR, Actor, Role
from linli.kernel.geodesy import Datum
from linli.services.cases.actions.receive_case import receive_case
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.catalogue.models import Topic

NOW = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)  # Tuesday, 10:00 in the district


def square(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def planned_units() -> Iterable[PlannedUnit]:
    yield PlannedUnit("990104000000", "青溪区", square(118.0, 32.0, 118.4, 32.2), Datum.WGS84)
    for index, name in enumerate(("甲街道", "乙街道"), 1):
        west = 118.0 + (index - 1) * 0.2
        yield PlannedUnit(f"99010400{index}000", name, square(west, 32.0, west + 0.2, 32.2), Datum.WGS84)
        for number in (1, 2):
            south = 32.0 + (number - 1) * 0.1
            outline = square(west, south, west + 0.2, south + 0.1)
            letter = "AB"[index - 1]
            yield PlannedUnit(f"99010400{index}00{number}", f"{letter}{number}社区", outline, Datum.WGS84)


class World:
    def __init__(self, now: datetime = NOW) -> None:
        self.now = now
        found_district(DistrictPlan(tuple(planned_units())), actor=SYSTEM, now=now)
        units = {unit.code: unit for unit in Unit.objects.all()}
        self.district = units["990104000000"]
        self.street = {letter: units[f"99010400{index}000"] for index, letter in enumerate("AB", 1)}
        self.community = {
            f"{letter}{number}": units[f"99010400{index}00{number}"]
            for index, letter in enumerate("AB", 1)
            for number in (1, 2)
        }
        self.office: dict[str, Organization] = {}
        self._establish()
        topics = Topic.add_root(name="城市管理")
        second = self.fresh(topics).add_child(name="市政设施")
        self.topic = self.fresh(second).add_child(
            name="路灯", responsible="street", street_unit="urban_management", promised_days=5
        )
        self.simple_topic = self.fresh(second).add_child(name="咨询", promised_days=3, waives_second_person=True)
        self._accounts: dict[str, Account] = {}
        self._actors: dict[tuple[Role, str, str, datetime], Actor] = {}

    @staticmethod
    def fresh(node: Any) -> Any:
        return type(node).objects.get(pk=node.pk)

    def _establish(self) -> None:
        def make(key: str, name: str, kind: Kind, area: Unit, parent: str | None = None, street_unit: str = "") -> None:
            self.office[key] = establish_organization(
                name=name,
                kind=kind,
                area=area,
                parent=self.office[parent] if parent else None,
                street_unit=street_unit,
                actor=SYSTEM,
                now=self.now,
            )

        make("district", "青溪区人民政府", Kind.DISTRICT, self.district)
        make("centre", "青溪区受理中心", Kind.DISTRICT_CENTRE, self.district, "district")
        make("department", "青溪区城市管理局", Kind.DEPARTMENT, self.district, "district")
        for letter, street in self.street.items():
            make(f"street {letter}", f"{street.name}办事处", Kind.STREET_OFFICE, street, "district")
            for unit in StreetUnit:
                make(
                    f"{unit.value} {letter}",
                    f"{street.name}{unit.label}",
                    Kind.STREET_UNIT,
                    street,
                    f"street {letter}",
                    unit,
                )
            for key, community in self.community.items():
                if key.startswith(letter):
                    make(
                        f"committee {key}", f"{community.name}居民委员会", Kind.COMMITTEE, community, f"street {letter}"
                    )

    def account(self, role: Role, office: str, name: str = "") -> Account:
        key = name or f"{role}@{office}"
        if key not in self._accounts:
            account = open_account(login=key.replace(" ", "-"), name=name or "测试人", actor=SYSTEM, now=self.now)
            appoint_person(
                account.person, self.office[office], role, starts=date(2026, 1, 1), actor=SYSTEM, now=self.now
            )
            self._accounts[key] = account
        return self._accounts[key]

    def actor(self, role: Role, office: str, name: str = "") -> Actor:
        """As of the moment when first asked for; a test that moves somebody asks `actor_of`."""
        key = (role, office, name, self.now)
        if key not in self._actors:
            self._actors[key] = actor_of(self.account(role, office, name), self.now)
        return self._actors[key]

    def clerk_of(self, street: str = "A", unit: str = "urban_management", name: str = "") -> Actor:
        return self.actor(Role.CLERK, f"{unit} {street}", name)

    def dispatcher_of(self, street: str = "A") -> Actor:
        return self.actor(Role.DISPATCHER, f"citizen_service_center {street}")

    def reviewer_of(self, street: str = "A") -> Actor:
        return self.actor(Role.REVIEWER, f"urban_management {street}")

    def signer_of(self, street: str = "A") -> Actor:
        return self.actor(Role.SIGNER, f"urban_management {street}")

    def supervisor_of(self, street: str = "A") -> Actor:
        return self.actor(Role.SUPERVISOR, f"street {street}")

    @cached_property
    def resident_account(self) -> Account:
        return open_account(login="resident", name="居民甲", phone="13800001234", actor=SYSTEM, now=self.now)

    @property
    def resident(self) -> Actor:
        return actor_of(self.resident_account, self.now)

    def receive(self, *, street: str = "A", actor: Actor | None = None, **inputs: Any) -> Any:
        given = {
            "title": "路灯不亮",
            "text": "小区门口路灯坏了三天,晚上看不见路。",
            "place": self.community[f"{street}1"],
            "visibility": "public",
        } | inputs
        return receive_case(actor=actor or VISITOR, now=self.now, **given)

    def case_of(self, street: str = "A", state: str = "received", **inputs: Any) -> Case:
        """A case of the resident, brought to `state` by the real actions."""
        if "filer" not in inputs:
            inputs["filer"] = self.resident_account.person
        opened = self.receive(street=street, actor=self.resident, **inputs)
        self.bring(opened.matter.pk, state, street=street)
        return self.case(opened.matter.pk)

    def bring(self, matter: int, state: str, *, street: str = "A") -> None:
        if self.case(matter).matter.state == state:
            return
        for name, inputs, actor, _ in self.way(street):
            if CASES.actions[name](matter, actor=actor, now=self.now, **inputs).matter.state == state:
                return
        raise AssertionError(f"no way to {state}")

    def answer_again(self, matter: int, *, street: str = "A") -> None:
        """From the hands of the unit to the next signed reply."""
        for name, inputs, actor, _ in self.way(street):
            if name in {"handle_case", "draft_reply", "review_reply", "sign_reply"}:
                CASES.actions[name](matter, actor=actor, now=self.now, **inputs)

    def way(self, street: str) -> Iterable[tuple[str, dict[str, Any], Actor, str]]:
        desk, clerk = self.dispatcher_of(street), self.clerk_of(street)
        unit = self.office[f"urban_management {street}"]
        yield "file_case", {"topic": self.topic}, desk, "filed"
        yield "dispatch_case", {"unit": unit}, desk, "dispatched"
        yield "accept_case", {}, clerk, "accepted"
        yield "handle_case", {"work": "已到现场更换灯泡。"}, clerk, "handled"
        yield "draft_reply", {"reply": "您好,路灯已修好。"}, clerk, "drafted"
        yield "review_reply", {}, self.reviewer_of(street), "reviewed"
        yield "sign_reply", {}, self.signer_of(street), "replied"
        yield "confirm_solved", {}, self.resident, "replied"
        yield "verify_case", {}, desk, "verified"
        yield "close_case", {}, desk, "closed"

    @staticmethod
    def case(matter: int) -> Case:
        return Case.objects.select_related("matter", "matter__place", "topic", "first_contact").get(pk=matter)

    def later(self, **delta: float) -> datetime:
        self.now += timedelta(**delta)
        return self.now

    def person(self, actor: Actor) -> Person:
        return Person.objects.get(pk=actor.person)


class Snapshot:
    """The content of every table of the application, to show that a refusal changed nothing."""

    IGNORED = ("django_", "auth_", "people_attempt", "people_opensession", "sqlite_", "matters_search")

    def __init__(self) -> None:
        self.before = self.take()

    def take(self) -> str:
        digest = hashlib.sha256()
        with connection.cursor() as cursor:
            for table in sorted(connection.introspection.table_names(cursor)):
                if table.startswith(self.IGNORED):
                    continue
                cursor.execute(f'SELECT * FROM "{table}"')
                for row in sorted(map(repr, cursor.fetchall())):
                    digest.update(f"{table}{row}".encode())
        return digest.hexdigest()

    def retake(self) -> None:
        self.before = self.take()

    def unchanged(self) -> bool:
        return self.take() == self.before
