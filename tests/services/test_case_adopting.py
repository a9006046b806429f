"""Demands filed without an account find the account of whoever has shown to hold their telephone."""

from typing import Any

import pytest

from linli.ground.matters.models import Matter
from linli.ground.notices.models import Notice
from linli.ground.people.actions.know_person import know_person
from linli.ground.people.actions.register_resident import register_resident
from linli.ground.people.models import Person
from linli.ground.people.selectors import actor_of
from linli.ground.record.models import Record
from linli.ground.record.writing import Audience
from linli.kernel.access import SYSTEM, VISITOR
from linli.services.cases.adopting import adopt_earlier_cases
from linli.services.cases.models import Case
from linli.services.cases.selectors import own_cases
from linli.site.running import settle
from tests.services.acting import act, refused, wrote
from tests.world import Snapshot, World

PHONE, OTHER = "13900005678", "13900009999"


def filed(world: World, phone: str = PHONE, name: str = "李阿姨", **inputs: Any) -> Case:
    filer = know_person(name=name, phone=phone, actor=VISITOR, now=world.now)
    return world.case(world.receive(filer=filer, **inputs).matter.pk)


def registered(world: World, phone: str = PHONE) -> Person:
    password = "梧桐树下的老井-1953"
    return register_resident(phone=phone, name="李阿姨", password=password, notice="2026-03", now=world.now).person


def numbers(world: World, person: Person) -> set[str]:
    return {row["number"] for row in own_cases(actor_of(person.account, world.now)).rows}


def test_whatever_name_was_left_the_telephone_counts(world: World) -> None:
    mine = [filed(world), filed(world, name="她女儿"), filed(world, name="")]
    world.bring(mine[0].pk, "accepted")
    others, nobodys = filed(world, OTHER), world.receive().matter
    person = registered(world)
    assert numbers(world, person) == set(), "registering alone takes nothing"
    assert adopt_earlier_cases(person, world.now) == 3
    assert numbers(world, person) == {case.matter.number for case in mine}
    assert adopt_earlier_cases(person, world.now) == 0
    rows = Record.objects.filter(event="adopt_case").order_by("id")
    assert [row.subject for row in rows] == [case.matter.number for case in mine]
    assert not any(str(person.pk) in str(row.codes) for row in rows), "the record ties no demands together"
    for untouched in (others.matter, nobodys):
        before = untouched.filer_id
        untouched.refresh_from_db()
        assert untouched.filer_id == before


def test_the_filer_is_not_told_of_what_they_did_themselves(world: World) -> None:
    case = filed(world)
    person = registered(world)
    adopt_earlier_cases(person, world.now)
    world.bring(case.pk, "accepted")
    settle()
    told = set(Notice.objects.filter(as_staff=False).values_list("person", "event"))
    assert (person.pk, "accept_case") in told
    assert not any(event == "adopt_case" or reader != person.pk for reader, event in told)


def test_adopt_case(world: World) -> None:
    case, person = filed(world), registered(world)
    done = act(world, case, "adopt_case", SYSTEM, person=person)
    assert case.matter.filer == person
    wrote(done, Audience.STAFF, {})


def test_a_telephone_that_nobody_has_shown_to_hold_takes_nothing(world: World) -> None:
    case, person = filed(world), registered(world)
    Person.objects.filter(pk=person.pk).update(phone_verified=False)
    person.refresh_from_db()
    snapshot = Snapshot()
    assert adopt_earlier_cases(person, world.now) == 0
    assert adopt_earlier_cases(Person.objects.create(phone_verified=True), world.now) == 0
    refused(world, case, "adopt_case", SYSTEM, "phone_not_shown", person=person)
    Person.objects.exclude(pk=person.pk).filter(phone_verified=True).delete()
    assert snapshot.unchanged()


@pytest.mark.parametrize("which", ["another telephone", "an account", "no filer"])
def test_what_is_somebody_elses_stays_theirs(world: World, which: str) -> None:
    person = registered(world)
    if which == "another telephone":
        case = filed(world, OTHER)
    elif which == "an account":
        case = world.case_of()
        index = person.phone_index
        Person.objects.filter(pk=case.matter.filer_id).update(phone_index=index, phone_verified=False)
    else:
        case = world.case(world.receive().matter.pk)
    assert adopt_earlier_cases(person, world.now) == 0
    refused(world, case, "adopt_case", SYSTEM, "phone_not_shown", person=person)
    refused(world, case, "adopt_case", actor_of(person.account, world.now), "not_granted", person=person)


def test_rows_of_an_import_that_is_not_released_are_left_alone(world: World) -> None:
    case, person = filed(world), registered(world)
    Matter.objects.filter(pk=case.pk).update(withheld=True)
    assert adopt_earlier_cases(person, world.now) == 0
