"""The figures of the board: what a demand adds, how the log moves them, what a night's check finds."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from linli.ground.matters.clocks import end_of, local_day
from linli.ground.matters.models import Matter
from linli.ground.record import breathing
from linli.ground.record.log import seal
from linli.ground.record.models import Record, Subscription
from linli.insight.indicators import figures as figures_module
from linli.insight.indicators.checking import check_figures, last_check
from linli.insight.indicators.figures import TREES, recount_again
from linli.insight.indicators.models import CountedCase, DailyFigures
from linli.insight.indicators.rules.figures import MEASURES, NOTHING, Cell, Counted, Trees, Values, added, cells_of
from linli.insight.indicators.tasks import check_figures_at_night
from linli.services.cases.counting import Answered, count_answers
from linli.services.cases.feature import CASES
from linli.services.cases.importing_batches import Doors, RowReader, release_import, write_batch
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import State
from linli.site.running import settle
from tests.services.sheets import confirmed, open_file
from tests.world import World

SMALL = Trees(place_step=2, place_depth=2, topic_step=1)
DAYS = some.dates(date(2026, 1, 1), date(2026, 1, 9))
COUNTED = some.builds(
    Counted,
    place=some.sampled_from(["01", "0101", "010101", "0102"]),
    topic=some.sampled_from(["", "a", "ab"]),
    opened_on=DAYS,
    closed_on=some.none() | DAYS,
    hops=some.integers(0, 9),
    returns=some.integers(0, 3),
    due_on=some.none() | DAYS,
    answered=some.booleans(),
    closed_in_time=some.booleans(),
    said_on=some.none() | DAYS,
    solved=some.booleans(),
    rated_on=some.none() | DAYS,
    bad=some.booleans(),
    mended=some.booleans(),
)


def total(sums: dict[Cell, Values], place: str, topic: str = "") -> dict[str, int]:
    chosen = [values for cell, values in sums.items() if (cell.place, cell.topic) == (place, topic)]
    return dict(zip(MEASURES, map(sum, zip(NOTHING, *chosen, strict=True)), strict=True))


@given(some.lists(COUNTED, max_size=20))
def test_the_district_is_the_sum_of_its_demands_and_parts_exceed_no_whole(demands: list[Counted]) -> None:
    sums: dict[Cell, Values] = {}
    for each in demands:
        added(sums, each, SMALL)
    whole = total(sums, "01")
    assert whole["received"] == len(demands)
    assert whole["open"] == sum(each.closed_on is None for each in demands)
    assert whole["closed"] == len(demands) - whole["open"]
    for part, of in (("answered", "due"), ("closed_in_time", "due"), ("solved", "said"), ("mended", "bad")):
        assert whole[part] <= whole[of]
    assert whole["satisfied"] + whole["bad"] == whole["rated"]
    assert total(sums, "01", "a")["received"] == sum(bool(each.topic) for each in demands)


@given(some.lists(COUNTED, max_size=12), some.randoms())
def test_what_is_taken_away_leaves_nothing(demands: list[Counted], random: Any) -> None:
    sums: dict[Cell, Values] = {}
    for each in demands:
        added(sums, each, SMALL)
    random.shuffle(demands)
    for each in demands:
        added(sums, each, SMALL, sign=-1)
    assert set(sums.values()) <= {NOTHING}


def test_a_demand_in_a_grid_counts_in_its_community_its_street_and_the_district() -> None:
    day = date(2026, 1, 1)
    one = Counted("010101", "ab", day, day, 2, 1, None, False, False, None, False, None, False, False)
    cells = dict(cells_of(one, SMALL))
    assert {(cell.place, cell.topic) for cell in cells} == {(a, b) for a in ("01", "0101") for b in ("", "a", "ab")}
    assert {cell.day for cell in cells} == {date(2026, 1, 1)}
    assert dict(zip(MEASURES, cells[Cell(date(2026, 1, 1), "01", "")], strict=True)) == dict.fromkeys(MEASURES, 0) | {
        "received": 1,
        "closed": 1,
        "hops": 2,
        "returns": 1,
    }


def figures(place: str, topic: str = "") -> dict[str, int]:
    rows = DailyFigures.objects.filter(place=place, topic=topic).values_list(*MEASURES)
    return dict(zip(MEASURES, map(sum, zip(*rows, strict=True)), strict=True)) if rows else {}


def test_the_log_moves_the_figures(world: World) -> None:
    closed = world.case_of(state="closed")
    world.case_of(state="accepted")
    world.case_of(street="B", place=world.street["B"])
    CASES.actions["rate_case"](closed.pk, actor=world.resident, now=world.now, rating=2)
    settle()
    district = figures(world.district.path)
    assert (district["received"], district["open"], district["closed"]) == (3, 2, 1)
    assert (district["rated"], district["bad"], district["mended"], district["solved"]) == (1, 1, 0, 1)
    assert figures(world.street["A"].path)["received"] == 2
    assert figures(world.community["A1"].path)["received"] == 2
    assert figures(world.street["B"].path)["received"] == 1
    assert figures(world.district.path, world.topic.path)["received"] == 2
    group = world.topic.path[: world.topic.steplen]
    assert figures(world.district.path, group)["received"] == 2


def test_being_told_twice_changes_nothing(world: World) -> None:
    world.case_of(state="closed")
    settle()
    before = list(DailyFigures.objects.order_by("pk").values())
    Subscription.objects.filter(name="figures").update(position=0)
    settle()
    assert list(DailyFigures.objects.order_by("pk").values()) == before


def test_hops_and_returns_are_counted_when_it_is_closed(world: World) -> None:
    case = world.case_of(state="dispatched")
    CASES.actions["return_case"](case.pk, actor=world.clerk_of(), now=world.now, reason="不属于本部门。")
    unit = world.office["urban_management A"]
    CASES.actions["dispatch_case"](case.pk, actor=world.dispatcher_of(), now=world.now, unit=unit)
    settle()
    assert CountedCase.objects.get(pk=case.pk).hops == 3
    assert figures(world.district.path)["hops"] == 0
    for name, inputs, actor, _ in list(world.way("A"))[2:]:
        CASES.actions[name](case.pk, actor=actor, now=world.now, **inputs)
    settle()
    found = figures(world.district.path)
    assert (found["hops"], found["returns"], found["closed"]) == (3, 1, 1)


def test_what_is_due_counts_on_its_last_day_and_not_where_nobody_has_to_answer(world: World) -> None:
    late = world.case_of(state="accepted")
    declined = world.case_of()
    CASES.actions["decline_case"](
        declined.pk, actor=world.dispatcher_of(), now=world.now, reason="不属于本区。", right_door="12345"
    )
    settle()
    due = Matter.objects.get(pk=late.pk).due_at
    assert due is not None
    row = CountedCase.objects.get(pk=late.pk)
    assert row.due_on == local_day(due) - timedelta(days=1)  # at 24:00
    assert CountedCase.objects.get(pk=declined.pk).due_on is None
    assert figures(world.district.path)["due"] == 1


def test_an_import_counts_when_it_is_released(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures_module, "AT_ONCE", 4)
    monkeypatch.setattr(breathing, "BREATH_SECONDS", 0)
    source = confirmed(world, open_file(10))
    reader, doors = RowReader(source), Doors()
    while (progress := write_batch(source.pk, reader, doors, world.now)).done < progress.rows:
        pass
    settle()
    assert not CountedCase.objects.exists()
    release_import(source.pk, world.now)
    while seal():
        pass
    taken: list[int] = []
    monkeypatch.setattr(figures_module, "breathe", lambda: taken.append(CountedCase.objects.count()))
    settle()
    assert taken == [4, 8, 10]  # part by part, with a pause between them
    assert CountedCase.objects.count() == 10
    assert figures(world.district.path)["received"] == 10
    figures_module.count_released(list(Record.objects.filter(event="release_import")))
    assert figures(world.district.path)["received"] == 10
    assert check_figures(world.now).wrong_demands == 0


def test_the_board_and_the_published_rates_count_alike(world: World) -> None:
    """Two ways to count the same: by rows that are asked in SQL, and demand by demand."""
    for rating, result in ((5, True), (2, True), (None, False)):
        case = world.case_of(state="replied" if not result else "closed")
        if rating:
            CASES.actions["rate_case"](case.pk, actor=world.resident, now=world.now, rating=rating)
    for state in ("accepted", "received", "replied"):
        world.case_of(street="B", state=state)
    declined = world.case_of()
    desk = world.dispatcher_of()
    CASES.actions["decline_case"](declined.pk, actor=desk, now=world.now, reason="不属于本区。", right_door="12345")
    settle()
    day = local_day(world.now)
    answered = count_answers(end_of(day - timedelta(days=1)), end_of(day + timedelta(days=60)))
    counted = sum(answered.values(), Answered((0, 0), (0, 0), (0, 0)))
    found = figures(world.district.path)
    assert counted.response == (found["answered"], found["due"])
    assert counted.solution == (found["solved"], found["said"])
    assert counted.satisfaction == (found["satisfied"], found["rated"])
    assert min(found["due"], found["said"], found["rated"]) > 0


def test_the_check_finds_nothing_where_nothing_is_wrong(world: World) -> None:
    for state in (State.CLOSED, State.REPLIED, State.RECEIVED):
        world.case_of(state=state)
    settle()
    done = check_figures(world.now)
    assert (done.demands, done.wrong_demands, done.wrong_sums) == (3, 0, 0)
    assert done.sums == DailyFigures.objects.count()


def test_the_check_puts_right_what_is_wrong(world: World) -> None:
    closed = world.case_of(state="closed")
    world.case_of()
    settle()
    right = list(DailyFigures.objects.order_by("pk").values())
    CountedCase.objects.filter(pk=closed.pk).update(hops=9)
    DailyFigures.objects.filter(place=world.district.path, topic="").update(received=7)
    DailyFigures.objects.filter(place=world.street["A"].path, topic="").delete()
    done = check_figures(world.now)
    assert done.wrong_demands == 1
    assert done.wrong_sums > 1
    after = list(DailyFigures.objects.order_by("pk").values())
    strip = [{**row, "id": 0} for row in right]
    assert sorted(({**row, "id": 0} for row in after), key=str) == sorted(strip, key=str)
    assert check_figures(world.now).wrong_sums == 0


def test_a_demand_that_was_forgotten_is_counted_by_the_check(world: World) -> None:
    case = world.case_of()
    settle()
    CountedCase.objects.filter(pk=case.pk).delete()
    DailyFigures.objects.all().delete()
    assert check_figures(world.now).wrong_demands == 1
    assert figures(world.district.path)["received"] == 1


def test_the_check_comes_once_a_night(world: World) -> None:
    world.case_of()
    settle()
    night = world.now.replace(hour=18)  # 2 in the morning of the next day in the district
    assert not check_figures_at_night(night - timedelta(hours=2))
    assert check_figures_at_night(night)
    assert not check_figures_at_night(night + timedelta(hours=5))
    assert check_figures_at_night(night + timedelta(days=1))
    newest = last_check()
    assert newest is not None
    assert newest.at == night + timedelta(days=1)


@pytest.mark.parametrize("many", [1, 4])
def test_following_asks_no_more_however_many_demands_there_are(
    world: World, many: int, django_assert_num_queries: Any
) -> None:
    for _ in range(many):
        world.case_of(state="accepted")
    with django_assert_num_queries(15):
        assert recount_again(list(Case.objects.values_list("pk", flat=True))) == many


def test_the_paths_of_the_house_are_cut_as_the_trees_are(world: World) -> None:
    assert world.district.path == world.community["A1"].path[: TREES.place_step]
    assert len(world.community["A1"].path) == TREES.place_step * TREES.place_depth
