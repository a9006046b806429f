"""Faults planted into the harder paths of a demand, one at a time: the stories told here fail with each of them."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from linli.ground.matters.action import Refused
from linli.kernel.access import SYSTEM, Actor, Role
from linli.services.cases import disputes, finding, following
from linli.services.cases.actions.merge_case import merge_case
from linli.services.cases.following import followed, followers_of, leading_of
from linli.services.cases.models import Case
from linli.services.cases.rules import guards, jurisdiction, rating
from linli.services.cases.rules.vocabulary import Rating
from tests.services.acting import act
from tests.test_planted_faults import is_found, planted
from tests.world import World

SECRET = "张三家的灯坏了。"
CHECK = sys.modules[merge_case.__module__].__dict__["_check"]


def badly_rated(world: World, **inputs: Any) -> Case:
    case = world.case_of(state="closed", **inputs)
    act(world, case, "rate_case", world.resident, rating=Rating.DISSATISFIED)
    return case


def may(world: World, case: Case, name: str, actor: Actor, **inputs: Any) -> bool:
    try:
        act(world, case, name, actor, **inputs)
    except Refused:
        return False
    return True


def rectification_is_told(world: World) -> None:
    case = badly_rated(world, identity_shown=False)
    assert case.matter in type(case.matter).objects.filter(finding.rated_badly(world.now))
    act(world, case, "open_rectification", SYSTEM)
    assert not may(world, world.case_of(state="closed"), "open_rectification", SYSTEM)
    assert not may(world, case, "rectify_case", world.clerk_of(), work="已换镇流器。")
    assert not may(world, case, "contact_rater", world.clerk_of(), reached=True)
    assert may(world, case, "contact_rater", world.dispatcher_of(), reached=True)
    assert not may(world, case, "contact_rater", world.dispatcher_of(), reached=True)


def merging_is_told(world: World) -> None:
    lead, case, third = (world.case_of(state="filed", text=SECRET) for _ in range(3))
    desk = world.dispatcher_of()
    assert not may(world, case, "merge_case", desk, leading=world.case_of(street="B", state="filed").matter)
    act(world, case, "merge_case", desk, leading=lead.matter)
    assert leading_of(case) == lead.matter
    found = followed(case)
    assert found is not None
    assert not any(entry.texts or entry.actor_name for entry in found.entries)
    assert len(followers_of(desk, lead.pk)) == 1
    assert followers_of(world.clerk_of("B"), lead.pk) == []
    assert not may(world, third, "merge_case", desk, leading=case.matter)
    assert not may(world, lead, "merge_case", desk, leading=third.matter)
    assert not may(world, case, "close_merged", desk, reply="灯修好了。")


def disputes_are_told(world: World) -> None:
    assert jurisdiction.superior_paths(["00010002", "00010002"], 4) == ["0001"]
    near = world.case_of(state="filed")
    for _ in range(2):
        act(world, near, "dispatch_case", world.dispatcher_of(), unit=world.office["urban_management A"])
        act(world, near, "return_case", world.clerk_of(), reason="不属于本部门。")
    assert near.matter.desk == world.office["street A"]
    case, unit = world.case_of(state="filed"), world.office["urban_management A"]
    for office, state in (("department", "returned"), ("urban_management A", "disputed")):
        act(world, case, "dispatch_case", world.dispatcher_of(), unit=world.office[office])
        act(world, case, "return_case", world.actor(Role.CLERK, office), reason="不属于本部门。")
        assert case.matter.state == state
    assert case.matter.desk == world.office["district"]
    assert not may(world, case, "rule_holder", world.supervisor_of(), unit=unit, reason="归城管。")
    act(world, case, "rule_holder", world.actor(Role.SUPERVISOR, "district"), unit=unit, reason="归城管。")
    assert not may(world, case, "hand_over_case", world.clerk_of(), reason="不属于本部门。")


def appeals_are_told(world: World) -> None:
    case = badly_rated(world)
    assert not may(world, case, "appeal_rating", world.actor(Role.CLERK, "citizen_service_center A"), reason="不实。")
    act(world, case, "appeal_rating", world.clerk_of(), reason="不实。")
    assert not may(world, case, "appeal_rating", world.clerk_of(), reason="不实。")
    assert not may(world, case, "uphold_rating", world.actor(Role.SUPERVISOR, "urban_management A"), reason="属实。")
    act(world, case, "overrule_rating", world.supervisor_of(), reason="不实。")
    assert not rating.counts_in_rates(case.rating, case.appeal)


STORIES: tuple[Callable[[World], None], ...] = (
    rectification_is_told,
    merging_is_told,
    disputes_are_told,
    appeals_are_told,
)
FAULTS: dict[str, tuple[Any, str, str]] = {
    "a bad rating is taken up again and again": (guards.bad_rating_waits, "if facts.rectification_asked_at", "if True"),
    "no bad rating is found": (finding.rated_badly, "__lte=now", "__gt=now"),
    "who hides is called by the unit": (
        guards.rater_to_be_contacted,
        "if facts.identity_shown or facts.actor_at_counter",
        "if True",
    ),
    "the rater is called again and again": (guards.rater_to_be_contacted, "if facts.contacted_at:", "if False:"),
    "the rater is not heard": (guards.rater_was_heard, "if facts.contacted_at or not facts.has_contact", "if True"),
    "a follower leads": (CHECK, "if lead.merged_at is not None:", "if False:"),
    "a leader follows": (CHECK, "if Matter.objects.filter(followers(move.matter.pk)).exists():", "if False:"),
    "what one may not read leads": (
        CHECK,
        'lead.matter.withheld or not decide_case(move.actor, "view_case", lead).allowed',
        "lead.matter.withheld",
    ),
    "the other one's words are read": (following.followed, "texts={}, ", ""),
    "the other one's handler is named": (following.followed, ', actor_name=""', ""),
    "who follows is anybody's to read": (
        following.followers_of,
        'followers(matter) & scope(ACCESS, actor, "view_case")',
        "followers(matter)",
    ),
    "one who returned it rules": (jurisdiction.superior_paths, "len(path) > shared", "len(path) >= shared"),
    "only the last who returned it counts": (disputes._common_superior, "[unit.path, *paths]", "[unit.path]"),
    "the highest rules": (disputes._common_superior, 'order_by("-path")', 'order_by("path")'),
    "a superior of one rules over both": (guards.rules_over_both, "if facts.actor_above_desk", "if True"),
    "what was ruled is sent back": (guards.not_ruled, "if facts.ruled_at", "if False"),
    "a dispute never ends before the superior": (guards.goes_back_to_desk, "if facts.goes_to_superior", "if False"),
    "anybody appeals": (guards.appeal_possible, "if not facts.actor_of_rated:", "if False:"),
    "an appeal is made twice": (guards.appeal_possible, "if facts.appeal:", "if False:"),
    "the unit judges itself": (guards.appeal_decidable, "if facts.actor_above_rated", "if True"),
    "what was unfair counts": (rating.counts_in_rates, " and appeal != Appeal.UNFAIR", ""),
}


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def told(world: World) -> bool:
    """Whether a fault is found by any of the stories."""
    for story in STORIES:
        with taken_back():
            if is_found(lambda story=story: story(world)):  # type: ignore[misc]
                return True
    return False


@pytest.mark.once
def test_every_fault_planted_into_the_harder_paths_is_found(world: World) -> None:
    for story in STORIES:
        story(world)  # and whoever acts in it is there for good
    assert not told(world), "without a fault the stories are silent"
    missed = []
    for name, fault in FAULTS.items():
        with planted(*fault):
            if not told(world):
                missed.append(name)
    assert missed == []
    assert not told(world), "and silent again afterwards"
