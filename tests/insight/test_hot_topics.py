"""Hot topics: what a night reads and leaves out, what it keeps, and that no second run changes anything."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from linli.ground.matters.actions.erase_matters import erase_matters
from linli.ground.matters.models import Matter, MatterLink, Relation
from linli.ground.record.actions.erase_texts import erase_texts
from linli.ground.record.models import Entry
from linli.insight.indicators import hot_topics as hot_topics_module
from linli.insight.indicators import tasks
from linli.insight.indicators.checking import check_figures
from linli.insight.indicators.hot_topics import Found, _keep, find_hot_topics, newest_night
from linli.insight.indicators.models import HotTopic, HotTopicDemand, HotTopicsNight
from linli.insight.indicators.rules.hot_topics import Change, change_of, fit_to_show, same_before, without_details
from linli.insight.indicators.rules.rulebook import rulebook
from linli.insight.indicators.tasks import find_hot_topics_at_night
from linli.kernel.access import SYSTEM
from linli.methods.topics.finding import heat_of
from linli.services.cases.facade import merged_demands, told_demands
from linli.services.cases.feature import CASES
from linli.services.cases.importing_batches import Doors, RowReader, release_import, write_batch
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import Channel
from linli.site import running
from tests.insight.crowd import NAME, TELEPHONE, Crowd, topics
from tests.services.sheets import OPEN_HEADINGS, confirmed, message, workbook
from tests.world import World


@pytest.fixture
def crowd(world: World) -> Crowd:
    return Crowd(world)


def topic_of(matter: int) -> HotTopic:
    return HotTopic.objects.get(demands__matter=matter)


def kept() -> list[Any]:
    tables = (HotTopicsNight, HotTopic, HotTopicDemand)
    return [list(table._default_manager.order_by("pk").values()) for table in tables]


def test_what_many_tell_is_found_and_what_one_tells_is_not(crowd: Crowd) -> None:
    assert crowd.find()
    assert sorted(map(len, topics().values())) == [4, 5]
    plant, parking = topic_of(crowd.plant[0]), topic_of(crowd.parking[0])
    assert plant.place == "桂花新城"
    assert "搅拌站" in plant.phrase
    assert (plant.size, plant.voices, plant.support) == (5, 5, 0)
    assert parking.place == "滨河苑"
    assert {plant.number, parking.number} == {1, 2}
    for topic, demands in ((plant, crowd.plant), (parking, crowd.parking)):
        assert set(topic.demands.values_list("matter", flat=True)) == set(demands)
        days = (topic.last - topic.first).days
        assert topic.heat == pytest.approx(heat_of(topic.voices, topic.support, days, topic.closeness))


def test_no_name_of_a_topic_holds_the_details_of_anybody(crowd: Crowd) -> None:
    crowd.find()
    names = " ".join(topics())
    assert "捆绑" in names
    for detail in (NAME, "王某", "王", "电话", *(TELEPHONE[at : at + 3] for at in range(9))):
        assert detail not in names


def test_the_numbers_of_the_night_add_up(crowd: Crowd) -> None:
    crowd.find()
    for topic in HotTopic.objects.all():
        assert topic.size == topic.demands.count() >= topic.voices >= 3
    assert HotTopicDemand.objects.count() == sum(HotTopic.objects.values_list("size", flat=True))
    numbers = list(HotTopic.objects.order_by("-heat").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    night = newest_night()
    assert night is not None
    assert night.read == len(crowd.plant) + len(crowd.parking) + len(crowd.alone)
    assert (night.until - night.since).days == rulebook().on(night.night).integer("hot_topic_days") - 1
    assert not night.is_cut


def test_a_second_run_of_the_same_night_changes_nothing(crowd: Crowd) -> None:
    assert crowd.find()
    before = kept()
    crowd.tell("桂花新城搅拌站又冒灰", "桂花新城搅拌站粉尘。", days_ago=1)
    assert not crowd.find()
    assert kept() == before


def test_a_second_worker_that_ends_later_leaves_what_the_first_wrote(crowd: Crowd) -> None:
    crowd.find()
    before, night = kept(), newest_night()
    assert night is not None
    late = HotTopicsNight(night=night.night, at=night.at, since=night.since, until=night.until, read=0, is_cut=False)
    found = Found("x", "", crowd.now, crowd.now, (crowd.alone[0],), frozenset("a"), 0, 1.0, 2.0)
    assert not _keep(late, [found])
    assert kept() == before


def test_the_night_comes_once_and_after_one_in_the_morning(crowd: Crowd) -> None:
    check_figures(crowd.now)
    night = crowd.now.replace(hour=18)  # 2 in the morning of the next day in the district
    assert not find_hot_topics_at_night(night - timedelta(hours=2))
    assert find_hot_topics_at_night(night)
    assert not find_hot_topics_at_night(night + timedelta(hours=5))
    assert find_hot_topics_at_night(night + timedelta(days=1))
    assert HotTopicsNight.objects.count() == 1


def test_a_night_that_fails_holds_nothing_else_up_and_is_tried_again(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    night = crowd.now.replace(hour=18)
    check_figures(night)
    settings.LINLI_CLOCK.set(night)
    done: list[str] = []
    monkeypatch.setattr(running, "remove_unattached", lambda _now: done.append("photos"))
    with monkeypatch.context() as broken:
        broken.setattr(tasks, "find_hot_topics", lambda _now: 1 / 0)
        running._tidy()
    assert done == ["photos"]
    assert newest_night() is None
    running._tidy()
    assert done == ["photos", "photos"]
    assert HotTopic.objects.count() == 2


def test_what_fails_in_the_middle_leaves_the_night_before(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd.find()
    before = kept()
    monkeypatch.setattr(hot_topics_module, "same_before", lambda *_: [])
    with pytest.raises(ValueError, match="zip"):
        crowd.find(nights=1)
    assert kept() == before


def test_only_full_days_of_the_period_are_read(crowd: Crowd) -> None:
    for title in ("桂花新城搅拌站粉尘今天", "桂花新城搅拌站粉尘早上"):
        crowd.tell(title, "桂花新城搅拌站粉尘噪音。", days_ago=0)
    old = crowd.tell("桂花新城搅拌站粉尘去年", "桂花新城搅拌站粉尘噪音。", days_ago=31)
    edge = crowd.tell("桂花新城搅拌站粉尘上月", "桂花新城搅拌站粉尘噪音。", days_ago=30)
    crowd.find()
    found = set(HotTopicDemand.objects.values_list("matter", flat=True))
    assert found == {*crowd.plant, *crowd.parking, edge}
    assert old not in found


def test_of_too_many_the_newest_are_read(crowd: Crowd) -> None:
    crowd.find(most=len(crowd.parking) + len(crowd.alone) + 2)
    night = newest_night()
    assert night is not None
    assert (night.read, night.is_cut) == (11, True)
    # The plant was told of 10, 9, 8, 7 and 6 days ago; the two newest of those are read, and are too few for a topic.
    assert set(HotTopicDemand.objects.values_list("matter", flat=True)) == set(crowd.parking)
    assert (night.night - night.since).days == 7


@pytest.mark.parametrize("number", [1, 5, 500])
def test_chunks_do_not_tell(crowd: Crowd, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hot_topics_module, "AT_ONCE", number)
    crowd.find()
    assert sorted(map(len, topics().values())) == [4, 5]


def test_who_tells_it_three_times_makes_no_topic(crowd: Crowd) -> None:
    teller = crowd.person()
    for title in ("健身步道积水", "健身步道积水没人管", "健身步道下雨积水"):
        crowd.tell(title, "健身步道积水，走不了路。", filer=teller)
    crowd.find()
    assert not any("步道" in name for name in topics())


def test_one_telephone_is_one_voice_and_no_filer_is_one_each(crowd: Crowd) -> None:
    first, other = crowd.person(), crowd.person()
    type(first).objects.filter(pk__in=[first.pk, other.pk]).update(phone_index="same")
    told = [crowd.tell("健身步道积水", "健身步道积水。", filer=filer) for filer in (first, other)]
    nobody = [crowd.tell("健身步道积水", "健身步道积水。") for _ in range(2)]
    Matter.objects.filter(pk__in=nobody).update(filer=None)
    voices = [each.voice for each in told_demands([*told, *nobody])]
    assert voices[0] == voices[1]
    assert len(set(voices)) == 3


def test_what_is_no_demand_of_its_own_or_may_not_be_read_is_left_out(crowd: Crowd) -> None:
    one, part, withheld, erased, emptied = (crowd.tell("健身步道积水", "健身步道积水，走不了路。") for _ in range(5))
    Case.objects.filter(pk=part).update(channel=Channel.PART)
    Matter.objects.filter(pk=withheld).update(withheld=True)
    Matter.objects.filter(pk=erased).update(closed_at=crowd.now)
    erase_matters([erased], why="期满", actor=SYSTEM, now=crowd.now)
    records = list(Entry.objects.filter(matter=emptied).values_list("pk", flat=True))
    erase_texts(records, why="本人要求", actor=SYSTEM, now=crowd.now)
    assert [each.matter for each in told_demands([one, part, withheld, erased, emptied])] == [one]
    crowd.find()
    assert not HotTopicDemand.objects.filter(matter__in=[part, withheld, erased, emptied]).exists()


def test_an_import_is_read_when_it_is_out_and_a_twin_of_it_once(crowd: Crowd) -> None:
    rows = [message(number, title="健身步道积水", text=f"健身步道积水，第{number}次。") for number in range(1, 5)]
    rows.append(message(9, title="健身步道积水", text="健身步道积水，第1次。", asker="A00001"))
    source = confirmed(crowd.world, workbook(OPEN_HEADINGS, rows))
    reader, doors = RowReader(source), Doors()
    while (progress := write_batch(source.pk, reader, doors, crowd.now)).done < progress.rows:
        pass
    crowd.find()
    imported = list(Case.objects.filter(source=source).values_list("pk", flat=True))
    assert not HotTopicDemand.objects.filter(matter__in=imported).exists()
    release_import(source.pk, crowd.now)
    crowd.find(nights=1)
    assert len(imported) == 5
    assert HotTopicDemand.objects.filter(matter__in=imported).count() == 4


def merge(crowd: Crowd, follower: int, leading: int) -> None:
    desk = crowd.world.dispatcher_of()
    CASES.actions["file_case"](follower, actor=desk, now=crowd.now, topic=crowd.world.topic)
    lead = Matter.objects.get(pk=leading)
    CASES.actions["merge_case"](follower, actor=desk, now=crowd.now, leading=lead)


def test_who_was_merged_and_is_in_no_topic_supports_that_of_the_leading_demand(crowd: Crowd) -> None:
    merge(crowd, crowd.alone[0], crowd.plant[0])
    merge(crowd, crowd.plant[1], crowd.plant[0])
    crowd.find()
    topic = topic_of(crowd.plant[0])
    assert (topic.size, topic.voices, topic.support) == (5, 5, 1)
    days = (topic.last - topic.first).days
    assert topic.heat == pytest.approx(heat_of(5, 1, days, topic.closeness))
    assert topic_of(crowd.parking[0]).support == 0


def test_who_withdrew_or_was_parted_or_speaks_already_supports_nothing(crowd: Crowd) -> None:
    for follower in crowd.alone[:3]:
        merge(crowd, follower, crowd.plant[0])
    withdrawn, parted, own = crowd.alone[:3]
    Matter.objects.filter(pk=withdrawn).update(state="withdrawn")
    CASES.actions["unmerge_case"](parted, actor=crowd.world.dispatcher_of(), now=crowd.now, reason="不同。")
    speaker = Matter.objects.get(pk=crowd.plant[2]).filer
    Matter.objects.filter(pk=own).update(filer=speaker)
    assert MatterLink.objects.filter(relation=Relation.DUPLICATES).count() == 2
    assert [each.matter for each in merged_demands(crowd.plant)] == [own]
    crowd.find()
    assert topic_of(crowd.plant[0]).support == 0


def test_the_heat_of_the_night_before_stays_beside_that_of_the_newest(crowd: Crowd) -> None:
    crowd.find()
    assert set(HotTopic.objects.values_list("heat_before", flat=True)) == {None}
    before = {name: topic_of(demands[0]).heat for name, demands in (("plant", crowd.plant), ("parking", crowd.parking))}
    for place in ("A1", "A2", "B1"):
        crowd.tell("桂花新城搅拌站粉尘太大", "桂花新城搅拌站粉尘噪音。", place=place, days_ago=-1)
        crowd.tell("健身步道积水", "健身步道积水，走不了路。", place=place, days_ago=-1)
    crowd.find(nights=2)
    plant, parking, path = (
        topic_of(demands[0]) for demands in (crowd.plant, crowd.parking, [Matter.objects.latest("pk").pk])
    )
    assert plant.heat_before == before["plant"]
    assert change_of(plant.heat, plant.heat_before) is Change.HOTTER
    assert parking.heat_before == before["parking"]
    assert path.heat_before is None
    night = newest_night()
    assert night is not None
    assert night.compared_with == (crowd.now + timedelta(hours=8)).date()


def test_a_night_without_topics_says_what_was_read(world: World) -> None:
    world.case_of()
    check_figures(world.now)
    assert find_hot_topics(world.now + timedelta(days=1))
    night = newest_night()
    assert night is not None
    assert (night.read, HotTopic.objects.count()) == (1, 0)


DEMANDS = some.lists(some.frozensets(some.integers(1, 12), min_size=1, max_size=6), max_size=5)


@given(DEMANDS, some.dictionaries(some.integers(1, 12), some.integers(1, 4)))
def test_a_topic_goes_on_as_one_of_the_night_before_and_none_goes_on_twice(
    demands: list[Collection[int]], earlier: dict[int, int]
) -> None:
    found = same_before(demands, earlier)
    assert len(found) == len(demands)
    known = [each for each in found if each is not None]
    assert len(known) == len(set(known))
    for topic, before in zip(demands, found, strict=True):
        shared = {earlier[each] for each in topic if each in earlier}
        assert before in shared if before is not None else shared <= set(known)


@pytest.mark.parametrize(
    ("heat", "before", "change"),
    [(3.0, None, Change.NEW), (3.14, 3.06, Change.SAME), (3.16, 3.14, Change.HOTTER), (2.0, 3.0, Change.COOLER)],
)
def test_what_is_shown_alike_has_not_changed(heat: float, before: float | None, change: Change) -> None:
    if change is Change.SAME:
        assert round(heat, 1) == round(before or 0, 1)
    assert change_of(heat, before) is change


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("电话13912345678，路灯不亮", "电话 ，路灯不亮"),
        ("联系人王建国，路灯不亮", "联系人 ，路灯不亮"),
        ("翠竹苑3栋2单元501室漏水", "翠竹苑※栋※单元※室漏水"),
        ("路灯不亮", "路灯不亮"),
    ],
)
def test_names_and_numbers_leave_a_gap_and_a_dwelling_its_estate(text: str, left: str) -> None:
    assert without_details(text) == left


@given(some.text(alphabet="王建国李路灯不亮0123456789 ，电话", max_size=40))
def test_what_is_fit_to_show_says_itself_or_nothing(words: str) -> None:
    assert fit_to_show(words) in ("", words)
    assert fit_to_show(f"联系电话13912345678{words}") == ""
