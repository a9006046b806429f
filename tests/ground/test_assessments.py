"""The register of impact assessments: versions are added, none is changed, and a missing one is said."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from linli.faces.desk.administration.words import PURPOSES
from linli.ground.people.rules.purposes import ASSESSED
from linli.ground.privacy.actions.enter_assessment import enter_assessment
from linli.ground.privacy.actions.revise_assessment import revise_assessment
from linli.ground.privacy.assessments import AssessmentRefused, Findings, lacking_assessments, versions
from linli.ground.privacy.models import Assessment
from linli.ground.record.models import Entry
from linli.ground.record.verifying import verify_database
from linli.kernel.access import SYSTEM, Role
from linli.site.readiness import readiness
from tests.faces.portal_visitor import Visitor
from tests.world import NOW, Snapshot, World

FOUND = Findings(date(2026, 3, 1), "法定职责所必需。", "泄露会影响居民生活。", "加密、遮盖、留痕。", acceptable=True)
GIVEN = {
    "assessed_on": "2026-03-01",
    "necessity": FOUND.necessity,
    "impact": FOUND.impact,
    "measures": FOUND.measures,
    "acceptable": "1",
}


@pytest.fixture
def visitor(world: World) -> Visitor:
    visitor = Visitor(world)
    visitor.sign_in(world.account(Role.SECURITY_ADMINISTRATOR, "district"))
    return visitor


def press(visitor: Visitor, purpose: str = "demands", **given: str) -> Any:
    return visitor.post(reverse("administered_assessment", kwargs={"purpose": purpose}), GIVEN | given)


def test_a_version_is_added_and_the_earlier_stays(world: World, visitor: Visitor) -> None:
    assert press(visitor).url == reverse("administered_assessment", kwargs={"purpose": "demands"})
    assert press(visitor, necessity="范围扩大以后重新评估。").status_code == 302
    rows = versions(SYSTEM, "demands")
    assert [(row.version, row.valid_until, row.acceptable) for row in rows] == [
        (2, date(2027, 3, 1), True),
        (1, date(2027, 3, 1), True),
    ]
    assert [row.record.event for row in rows] == ["revise_assessment", "enter_assessment"]
    assert rows[1].record.entry.texts["necessity"] == FOUND.necessity
    page = visitor.read("administered_assessment", purpose="demands")
    assert page.index("范围扩大") < page.index(FOUND.necessity)
    assert "第 2 版" in visitor.read("administered_assessments")


def test_whoever_alters_a_version_is_found_out(world: World) -> None:
    row = enter_assessment("demands", FOUND, actor=SYSTEM, now=NOW)
    assert verify_database().whole
    entry = Entry.objects.get(pk=row.record_id)
    entry.texts["impact"] = "没有风险。"
    entry.save()
    assert not verify_database().whole


@pytest.mark.parametrize(
    ("code", "purpose", "changed"),
    [
        ("purpose", "account", {}),
        ("purpose", "nothing", {}),
        ("future", "demands", {"assessed_on": date(2026, 3, 4)}),
        ("empty", "demands", {"impact": "  "}),
        ("there", "households", {}),
    ],
)
def test_what_is_no_assessment_is_refused(world: World, code: str, purpose: str, changed: dict[str, Any]) -> None:
    enter_assessment("households", FOUND, actor=SYSTEM, now=NOW)
    snapshot = Snapshot()
    with pytest.raises(AssessmentRefused, match=code):
        enter_assessment(purpose, replace(FOUND, **changed), actor=SYSTEM, now=NOW)
    assert snapshot.unchanged()


def test_a_revision_comes_after_a_first_version_and_not_before_its_day(world: World) -> None:
    with pytest.raises(AssessmentRefused, match="first"):
        revise_assessment("demands", FOUND, actor=SYSTEM, now=NOW)
    enter_assessment("demands", FOUND, actor=SYSTEM, now=NOW)
    snapshot = Snapshot()
    with pytest.raises(AssessmentRefused, match="backwards"):
        revise_assessment("demands", replace(FOUND, assessed_on=date(2026, 2, 1)), actor=SYSTEM, now=NOW)
    assert snapshot.unchanged()


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR, Role.CLERK])
def test_only_the_security_administrator_writes(world: World, role: Role) -> None:
    actor = world.actor(role, "district")
    snapshot = Snapshot()
    for write in (enter_assessment, revise_assessment):
        with pytest.raises(PermissionDenied):
            write("demands", FOUND, actor=actor, now=NOW)
    assert snapshot.unchanged()


def test_the_page_refuses_in_words_and_writes_nothing(visitor: Visitor, snapshot: Snapshot) -> None:
    snapshot.retake()
    for changed, says in (
        ({"impact": ""}, "请填写这一项"),
        ({"assessed_on": "2026-03-09"}, "评估日期还没有到"),
        ({"assessed_on": "今天"}, "请填写日期"),
        ({"acceptable": ""}, "请选择结论"),
    ):
        answer = press(visitor, **changed)
        assert answer.status_code == 422
        assert says in answer.content.decode()
    assert press(visitor, "account").status_code == 404
    assert snapshot.unchanged()


def test_a_missing_unfit_or_outdated_assessment_is_said_by_the_check(world: World) -> None:
    def warned() -> str:
        found = {each.code: each for each in readiness(NOW, deploy=True)}["impact_assessments"]
        assert not found.essential
        return found.todo

    assert lacking_assessments(NOW) == ASSESSED
    assert "households" in warned()
    for purpose in ASSESSED:
        enter_assessment(purpose, replace(FOUND, acceptable=purpose != "demands"), actor=SYSTEM, now=NOW)
    assert lacking_assessments(NOW) == ("demands",)
    revise_assessment("demands", FOUND, actor=SYSTEM, now=NOW)
    assert warned() == ""
    last = NOW.replace(year=2027, month=3, day=1)
    assert lacking_assessments(last) == ()
    assert lacking_assessments(last + timedelta(days=1)) == ASSESSED


def test_every_assessed_purpose_has_words() -> None:
    assert set(PURPOSES) == set(ASSESSED) == set(dict(Assessment._meta.get_field("purpose").choices or ()))
