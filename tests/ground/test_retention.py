"""What is kept long enough: planned, confirmed, erased; the log stays whole."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q

from linli.ground.files.models import StoredFile
from linli.ground.files.storage import files_folder
from linli.ground.files.storing import store_upload
from linli.ground.matters.action import Refused
from linli.ground.matters.actions.erase_matters import TOMBSTONE, StillOpen, erase_matters
from linli.ground.matters.models import Matter
from linli.ground.matters.search import find
from linli.ground.notices.models import Notice
from linli.ground.people.actions.appoint_person import appoint_person
from linli.ground.people.actions.give_consent import give_consent
from linli.ground.people.actions.know_person import know_person
from linli.ground.people.actions.withdraw_consent import withdraw_consent
from linli.ground.people.models import Consent, Person
from linli.ground.people.rules.purposes import PUBLIC_NAME
from linli.ground.privacy.actions.run_retention import PlanChanged, run_retention
from linli.ground.privacy.retention import KINDS, retention_plan
from linli.ground.privacy.rules.rulebook import rulebook
from linli.ground.record.models import Entry, Record
from linli.ground.record.verifying import verify_database
from linli.ground.record.writing import Audience
from linli.kernel.access import SYSTEM, VISITOR, Role
from linli.services.cases.importing_files import stored
from linli.services.cases.models import Case, CaseImport
from linli.site.commands.retention import retention
from linli.site.running import settle
from tests.faces.portal_visitor import Visitor
from tests.services.acting import act
from tests.services.sheets import confirmed, open_file, upload
from tests.stage import picture
from tests.world import NOW, Snapshot, World

A_DAY = timedelta(days=1)
TEN_YEARS = NOW.replace(year=NOW.year + 10) + A_DAY
TWO_YEARS = NOW.replace(year=NOW.year + 2) + A_DAY


def planned(now: datetime) -> dict[str, int]:
    return {kind.code: kind.rows for kind in retention_plan(SYSTEM, now).kinds if kind.rows}


def run(now: datetime) -> dict[str, int]:
    done = run_retention(retention_plan(SYSTEM, now).digest, actor=SYSTEM, now=now)
    return {code: rows for code, rows in done.items() if rows}


@pytest.fixture
def old(world: World) -> Case:
    """A closed demand with a photo, filed by somebody without an account; another one is still open."""
    photo = store_upload("灯.png", picture("灯.png").getvalue(), audience=Audience.PARTY, now=NOW)
    case = world.case_of(state="closed", files=(photo,), place_text="梧桐路 12 号", longitude=118.1, latitude=32.05)
    filer = know_person(name="张桂兰", phone="13900001111", actor=VISITOR, now=NOW)
    Matter.objects.filter(pk=case.pk).update(filer=filer)
    world.case_of(state="accepted")
    settle()
    return world.case(case.pk)


def test_every_kind_has_a_term_with_a_source() -> None:
    rules = rulebook().versions[-1]
    assert {"demand_texts", "demand_contacts", "notices", "withdrawn_consents", "unconfirmed_imports"} == set(KINDS)
    for code in KINDS:
        assert rules.integer(code) > 0
        assert (rules.rule(code).unit, rules.rule(code).verified) == ("个月", False), "until a district confirms them"


def test_nothing_goes_before_its_term(old: Case) -> None:
    assert planned(NOW) == {}
    assert "demand_contacts" not in planned(TWO_YEARS - A_DAY)
    assert planned(TWO_YEARS)["demand_contacts"] == 1
    assert "demand_texts" not in planned(TEN_YEARS - A_DAY)
    assert planned(TEN_YEARS)["demand_texts"] == 1, "the open one is not counted"


def test_a_demand_becomes_a_tombstone_and_the_log_stays_whole(world: World, old: Case) -> None:
    entries, photo = Entry.objects.filter(matter=old.pk), StoredFile.objects.get(matter=old.pk)
    assert find("路灯坏了", Q(pk=old.pk), public=False)
    rows = set(Record.objects.values_list("pk", flat=True))
    assert run(TEN_YEARS)["demand_texts"] == 1
    case = world.case(old.pk)
    assert (case.matter.number, case.matter.state, case.matter.title) == (old.matter.number, "closed", TOMBSTONE)
    assert (case.matter.filer_id, case.matter.code_digest, case.place_text, case.longitude) == (None, "", "", None)
    assert not entries.exclude(texts={}).exists()
    assert not entries.exclude(actor_name="").exists()
    assert not StoredFile.objects.filter(matter=old.pk).exists()
    assert not find("路灯坏了", Q(pk=old.pk), public=False)
    assert rows < set(Record.objects.values_list("pk", flat=True))
    settle()
    verified = verify_database()
    assert verified.whole, verified.faults
    kept = Record.objects.get(event="run_retention", codes__kind="demand_texts")
    assert kept.codes["rows"] == 1
    assert "demand_texts" not in planned(TEN_YEARS), "once"
    assert photo.digest in str(Record.objects.filter(entry__matter=old.pk).values_list("digests", flat=True))


def test_the_photo_goes_from_the_disk(old: Case, django_capture_on_commit_callbacks: Any) -> None:
    path = files_folder() / StoredFile.objects.get(matter=old.pk).path
    small = path.with_name(f"{path.name}.small")
    assert path.exists()
    assert small.exists()
    with django_capture_on_commit_callbacks(execute=True):
        run(TEN_YEARS)
    assert not path.exists()
    assert not small.exists()


def test_nobody_moves_a_tombstone_and_its_page_still_opens(world: World, old: Case) -> None:
    run(TEN_YEARS)
    world.now = TEN_YEARS
    for name, actor, inputs in (
        ("add_note", world.clerk_of(), {"note": "又想起"}),
        ("request_reopening", world.dispatcher_of(), {"reason": "又不亮"}),
    ):
        snapshot = Snapshot()
        with pytest.raises(Refused, match="not_open"):
            act(world, old, name, actor, **inputs)
        assert snapshot.unchanged()
    clerk = Visitor(world)
    clerk.sign_in(world.account(Role.CLERK, "urban_management A"))
    assert TOMBSTONE in clerk.read("desk_case", number=old.matter.number)


def test_an_open_matter_is_not_erased(world: World, old: Case) -> None:
    going_on, snapshot = Matter.objects.get(closed_at__isnull=True), Snapshot()
    with pytest.raises(StillOpen):
        erase_matters([old.pk, going_on.pk], why="试试", actor=SYSTEM, now=TEN_YEARS)
    assert snapshot.unchanged()


def test_contacts_go_when_the_last_demand_has_ended_and_nothing_else_knows_the_person(world: World, old: Case) -> None:
    filer = Person.objects.get(pk=old.matter.filer_id)
    assert run(TWO_YEARS)["demand_contacts"] == 1
    filer.refresh_from_db()
    assert (filer.name, filer.phone, filer.phone_index, filer.email) == ("", "", "", "")
    assert world.case(old.pk).matter.filer_id == filer.pk, "the matter still has its row"
    assert Person.objects.get(pk=world.resident_account.person_id).name, "whoever has an account keeps it"
    assert verify_database().whole


@pytest.mark.parametrize("why", ["open", "recent", "office"])
def test_contacts_stay_while_something_needs_them(world: World, old: Case, why: str) -> None:
    filer = Person.objects.get(pk=old.matter.filer_id)
    if why == "office":
        office = world.office["urban_management A"]
        appoint_person(filer, office, Role.CLERK, starts=date(2026, 1, 1), actor=SYSTEM, now=NOW)
    else:
        closed = {"open": None, "recent": TWO_YEARS - A_DAY}[why]
        other = world.case_of(state="closed")
        Matter.objects.filter(pk=other.pk).update(filer=filer, closed_at=closed)
    assert "demand_contacts" not in planned(TWO_YEARS)


def test_notices_consents_and_files_that_nobody_confirmed_go_too(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    world.case_of(state="accepted")
    settle()
    person, own = world.resident_account.person, world.resident
    give_consent(person, PUBLIC_NAME, wording="1", actor=own, now=NOW)
    withdraw_consent(person, PUBLIC_NAME, actor=own, now=NOW)
    left, going_in = upload(world, open_file(2)), confirmed(world, open_file(1, first=5))
    then = TWO_YEARS.replace(year=TWO_YEARS.year + 1)
    counts = planned(then)
    assert counts["notices"] == Notice.objects.count() > 0
    assert (counts["withdrawn_consents"], counts["unconfirmed_imports"]) == (1, 1)
    with django_capture_on_commit_callbacks(execute=True):
        assert run(then) == counts
    assert not Notice.objects.exists()
    assert not Consent.objects.filter(purpose=PUBLIC_NAME).exists()
    assert list(CaseImport.objects.all()) == [going_in]
    assert not stored(left.path).exists()
    assert planned(then) == {}


def test_a_plan_that_has_changed_is_refused(world: World, old: Case) -> None:
    plan = retention_plan(SYSTEM, TEN_YEARS)
    assert plan.digest == retention_plan(SYSTEM, TEN_YEARS + A_DAY).digest, "the same rows are the same plan"
    Matter.objects.filter(closed_at__isnull=True).update(closed_at=NOW)
    snapshot = Snapshot()
    for digest in (plan.digest, "", "0" * 64):
        with pytest.raises(PlanChanged):
            run_retention(digest, actor=SYSTEM, now=TEN_YEARS)
    assert snapshot.unchanged()


def test_only_the_command_line_erases_and_only_administrators_look(world: World, old: Case) -> None:
    plan = retention_plan(SYSTEM, TEN_YEARS)
    actors = [
        world.actor(role, "district")
        for role in (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR)
    ]
    others = [world.clerk_of(), world.resident, VISITOR]
    snapshot = Snapshot()
    for actor in actors[:2]:
        assert retention_plan(actor, TEN_YEARS) == plan
    for actor in (*actors[2:], *others):
        with pytest.raises(PermissionDenied):
            retention_plan(actor, TEN_YEARS)
    for actor in (*actors, *others):
        with pytest.raises(PermissionDenied):
            run_retention(plan.digest, actor=actor, now=TEN_YEARS)
    assert snapshot.unchanged()


def test_the_commands_show_first_and_erase_what_was_shown(world: World, old: Case) -> None:
    settings.LINLI_CLOCK.set(TEN_YEARS)
    shown = CliRunner().invoke(retention, ["plan"])
    assert "unconfirmed" in shown.output
    plan = json.loads(CliRunner().invoke(retention, ["plan", "--json"]).output)
    assert plan["digest"] in shown.output
    assert {each["kind"]: each["rows"] for each in plan["kinds"]}["demand_texts"] == 1
    wrong = CliRunner().invoke(retention, ["run", "--confirm", "0" * 64])
    assert wrong.exit_code == 1
    assert "nothing was erased" in wrong.output
    done = CliRunner().invoke(retention, ["run", "--confirm", plan["digest"], "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["demand_texts"] == 1


def test_the_plan_stands_on_a_page_with_its_terms(world: World, old: Case) -> None:
    visitor = Visitor(world)
    visitor.sign_in(world.account(Role.SECURITY_ADMINISTRATOR, "district"))
    page = visitor.read("administered_retention")
    assert "一共 0 条期满" in page
    assert "（条文待核对原文）" in page
    world.now = TEN_YEARS
    later = Visitor(world)
    later.sign_in(world.account(Role.SECURITY_ADMINISTRATOR, "district"))
    assert retention_plan(SYSTEM, TEN_YEARS).digest in later.read("administered_retention")
