"""What the program proposes, what the record says of it, and that it decides nothing."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from linli.ground.record.models import Record
from linli.kernel.access import Role
from linli.services.cases.advice import suggesting
from linli.services.cases.advice.fingerprinting import alike_to, known_already, similar_cases
from linli.services.cases.advice.learning import (
    ExampleText,
    example_lesson,
    learn_topics,
    learn_topics_at_night,
    own_lesson,
)
from linli.services.cases.advice.predicting import newest_model, proposed_topics
from linli.services.cases.advice.proposals import proposals_for, proposed_unit
from linli.services.cases.desk_forms import TopicForm, UnitForm
from linli.services.cases.facade import measured_cases
from linli.services.cases.models import Case, Fingerprint, Suggestion, TopicModel
from linli.services.catalogue.models import Topic
from linli.site.running import settle
from tests.services.acting import act
from tests.services.sheets import imported, open_file
from tests.world import World

LAMP = ("路灯坏了没有人修", "小区门口的路灯坏了三天，晚上漆黑一片，老人不敢出门，请尽快修好路灯。")
QUESTION = ("想咨询养老金手续", "请问退休以后养老金怎样办理，需要带什么材料，在哪个窗口咨询。")
OTHER = ("楼上漏水无人管", "楼上邻居家水管漏水，把我家天花板泡坏了，物业一直推脱。")


def examples(world: World) -> Iterator[ExampleText]:
    for number in range(8):
        yield ExampleText(world.topic.name, LAMP[0], f"{LAMP[1]}已经第{number}天了。")
        yield ExampleText(world.simple_topic.name, QUESTION[0], f"{QUESTION[1]}我今年{50 + number}岁。")
        yield ExampleText("别处的分类", *OTHER)


@pytest.fixture
def learnt(world: World) -> TopicModel:
    model = learn_topics(world.now, examples(world))
    assert model is not None
    return model


def received(world: World, told: tuple[str, str] = LAMP, **more: Any) -> Case:
    opened = world.receive(title=told[0], text=told[1], **more)
    settle()
    return world.case(opened.matter.pk)


def codes_of(case: Case, event: str) -> dict[str, Any]:
    return dict(Record.objects.filter(subject=case.matter.number, event=event).latest("pk").codes)


def test_a_demand_that_waits_gets_topics_with_their_words(world: World, learnt: TopicModel) -> None:
    case = received(world)
    first = proposals_for(case, world.now)[0]
    assert (first.topic, first.is_sure, first.model) == (world.topic, True, learnt.pk)
    assert any("路灯" in word for word in first.words)
    assert all(word in "".join(LAMP) for word in first.words)
    assert 0.6 <= first.probability <= 1


def test_whom_the_topics_lead_to_is_told_with_their_probabilities_added(world: World, learnt: TopicModel) -> None:
    case = received(world)
    proposed = proposals_for(case, world.now)
    unit = proposed_unit(case, proposed)
    assert unit is not None
    assert unit.probability <= sum(each.probability for each in proposed) + 1e-9
    assert unit.name == world.office["urban_management A"].name


def test_nothing_is_proposed_of_words_that_the_model_does_not_know(world: World, learnt: TopicModel) -> None:
    case = received(world, ("Zzz qqq", "xyzzy plugh foo bar"))
    assert proposals_for(case, world.now) == []
    assert not Suggestion.objects.filter(matter=case.pk).exists()


def test_topics_out_of_use_are_not_proposed(world: World, learnt: TopicModel) -> None:
    Topic.objects.filter(pk=world.topic.pk).update(active=False)
    listed = proposed_topics(learnt, [" ".join(LAMP)])[0]
    assert world.topic.pk not in [each["topic"] for each in listed]


def test_under_the_threshold_nothing_stands_at_the_top(world: World, learnt: TopicModel) -> None:
    case = received(world)
    Suggestion.objects.filter(matter=case.pk).update(
        topics=[{"topic": world.topic.pk, "probability": 0.59, "words": ["路灯"]}]
    )
    form = TopicForm(case=case, actor=world.dispatcher_of(), now=world.now)
    assert (form.proposed, form.fields["topic"].initial) == (None, None)
    offered = dict(form.fields["topic"].choices)["系统建议，由您决定"]  # type: ignore[attr-defined]
    assert [key for key, _ in offered] == [str(world.topic.pk)]
    act(world, case, "file_case", world.dispatcher_of(), topic=world.topic, proposed=form.proposed)
    assert "proposed_topic" not in codes_of(case, "file_case")


@pytest.mark.parametrize("taken", [True, False])
def test_the_record_holds_what_was_proposed_beside_what_was_chosen(
    world: World, learnt: TopicModel, client: Client, *, taken: bool
) -> None:
    case = received(world)
    chosen = world.topic if taken else world.simple_topic
    client.force_login(world.account(Role.DISPATCHER, "citizen_service_center A"))
    page = client.get(reverse("desk_case", kwargs={"number": case.matter.number})).content.decode()
    assert "系统建议的分类" in page
    sent = client.post(
        reverse("desk_case_step", kwargs={"number": case.matter.number, "step": "file_case"}), {"topic": chosen.pk}
    )
    assert sent.status_code == 302
    codes = codes_of(case, "file_case")
    assert (codes["topic"], codes["proposed_topic"], codes["model"]) == (chosen.pk, world.topic.pk, learnt.pk)
    assert 60 <= codes["proposed_percent"] <= 100
    settle()
    assert not Suggestion.objects.filter(matter=case.pk).exists(), "decided: it is of no use any more"
    [measured] = measured_cases([case.pk])
    assert (measured.topic_decided_on is not None, measured.topic_taken) == (True, taken)


def test_the_proposed_unit_and_what_was_alike_stand_in_the_record_of_dispatching(
    world: World, learnt: TopicModel
) -> None:
    first = received(world)
    case = received(world, ("路灯坏了没有人修理", LAMP[1]))
    act(world, case, "file_case", world.dispatcher_of(), topic=world.topic)
    case = world.case(case.pk)
    unit, desk = world.office["urban_management A"], world.dispatcher_of()
    form = UnitForm({"unit": unit.pk}, case=case, actor=desk, now=world.now)
    assert form.is_valid()
    act(world, case, "dispatch_case", world.dispatcher_of(), **form.inputs())
    codes = codes_of(case, "dispatch_case")
    assert (codes["proposed_unit"], codes["proposed_leading"]) == (world.office["urban_management A"].pk, [first.pk])
    [measured] = measured_cases([case.pk])
    assert (measured.unit_taken, measured.merge_taken) == (True, False)
    assert measured.merge_decided_on is not None


def test_merging_what_was_proposed_counts_as_taken(world: World) -> None:
    first, case = received(world), received(world)
    desk = world.dispatcher_of()
    alike = alike_to(desk, case, world.now)
    assert alike == (first.pk,)
    act(world, case, "merge_case", desk, leading=first.matter, alike=alike)
    [measured] = measured_cases([case.pk])
    assert (measured.merge_taken, measured.merge_decided_on is not None) == (True, True)


def test_fingerprints_are_those_of_what_is_open(world: World) -> None:
    case = received(world)
    gone = received(world, OTHER, filer=world.resident_account.person, actor=world.resident)
    assert set(Fingerprint.objects.values_list("matter", flat=True)) == {case.pk, gone.pk}
    act(world, gone, "withdraw_case", world.resident)
    settle()
    assert set(Fingerprint.objects.values_list("matter", flat=True)) == {case.pk}


def test_residents_hear_of_several_people_and_never_of_one(world: World) -> None:
    place = world.community["A1"]
    for count in range(4):
        known = known_already(*LAMP, place, world.now)
        assert (known.people if known else 0) == (count if count >= 3 else 0)
        received(world, filer=None)
    assert known_already(*OTHER, place, world.now) is None
    assert known_already(*LAMP, world.community["A2"], world.now) is None
    assert known_already(*LAMP, place, world.now + timedelta(days=31)) is None


def test_who_must_keep_out_hears_nothing_of_it(world: World) -> None:
    for _ in range(3):
        received(world, filer=None, complained_of=world.office["urban_management A"])
    assert known_already(*LAMP, world.community["A1"], world.now) is None


def test_whom_the_filer_joined_stands_first(world: World) -> None:
    other, first = received(world), received(world)
    case = received(world, joins=other.pk)
    assert codes_of(case, "receive_case")["joins"] == other.pk
    told = similar_cases(world.dispatcher_of(), case, world.now)
    assert [(each.row["id"], each.joins) for each in told] == [(other.pk, True), (first.pk, False)]
    elsewhere = received(world, place=world.community["A2"], joins=first.pk)
    assert similar_cases(world.dispatcher_of(), elsewhere, world.now)[0].row["id"] == first.pk
    assert similar_cases(world.dispatcher_of("B"), elsewhere, world.now) == [], "only what one may read"
    complaint = received(world, joins=other.pk, complained_of=world.office["urban_management A"])
    assert "joins" not in codes_of(complaint, "receive_case")


def test_learning_is_by_the_districts_own_demands_and_once_a_week(world: World) -> None:
    assert learn_topics(world.now, []) is None, "nothing to learn from"
    assert len(example_lesson(examples(world)).texts) == 16, "topics that this district does not have are left out"
    for _ in range(4):
        world.case_of(state="closed")
    assert len(own_lesson().labels) == 4
    world.receive(title=LAMP[0], text=LAMP[1])
    settle()
    morning = world.now.replace(hour=20)  # four in the morning in the district
    assert learn_topics_at_night(morning, examples(world))
    assert Suggestion.objects.count() == 1, "whoever waits already gets a proposal of the first model"
    first = newest_model()
    assert first is not None
    assert (first.own, first.examples, first.topics) == (4, 16, 2)
    assert not learn_topics_at_night(morning + timedelta(days=6), examples(world))
    assert learn_topics_at_night(morning + timedelta(days=8), examples(world))
    assert [bool(model.content) for model in TopicModel.objects.order_by("pk")] == [False, True]


def test_the_card_tells_of_the_model(world: World, client: Client) -> None:
    client.force_login(world.account(Role.DISPATCHER, "citizen_service_center A"))
    assert "还没有学习过" in client.get(reverse("model_card")).content.decode()
    learn_topics(world.now, examples(world))
    page = client.get(reverse("model_card")).content.decode()
    assert world.topic.name in page
    assert "系统自带例文 16 篇" in page


def test_what_an_import_brings_open_is_advised_on_part_by_part(
    world: World, learnt: TopicModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggesting, "AT_ONCE", 4)
    seen: list[int] = []
    monkeypatch.setattr(suggesting, "breathe", lambda: seen.append(Fingerprint.objects.count()))
    source = imported(world, open_file(10))
    assert not Fingerprint.objects.exists()
    settle()
    assert seen == [4, 8, 10]
    brought = source.cases.values_list("matter", flat=True)
    assert set(Fingerprint.objects.values_list("matter", flat=True)) == set(brought)
