"""The rates of a quarter: what is counted, what is shown, and that what is hidden cannot be found."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from linli.ground.organizations.models import Organization
from linli.ground.record.models import Record
from linli.insight.indicators.actions.publish_rates import NotEnded, publish_rates
from linli.insight.indicators.models import PublishedQuarter, PublishedRate
from linli.insight.indicators.rules.rates import LEAST_SHOWN, OWN, Quarter, Rate, Share, table_of
from linli.insight.indicators.selectors import rate_table
from linli.insight.indicators.tasks import publish_last_quarter
from linli.kernel.access import SYSTEM, VISITOR
from linli.services.cases.counting import count_answers
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import Appeal
from tests.services.reforming import SECTION, reformed
from tests.world import World

SPRING = Quarter(2026, 1)
AFTER = datetime(2026, 4, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "quarter", "last", "previous"),
    [
        (date(2026, 1, 1), "2026Q1", date(2026, 3, 31), "2025Q4"),
        (date(2026, 12, 31), "2026Q4", date(2026, 12, 31), "2026Q3"),
        (date(2026, 5, 5), "2026Q2", date(2026, 6, 30), "2026Q1"),
    ],
)
def test_quarters(day: date, quarter: str, last: date, previous: str) -> None:
    found = Quarter.of(day)
    assert (str(found), found.last_day, str(found.previous)) == (quarter, last, previous)
    assert Quarter.parse(quarter) == found


@pytest.mark.parametrize("text", ["2026Q5", "2026", "26Q1", "2026Q1 "])
def test_no_quarter(text: str) -> None:
    with pytest.raises(ValueError, match="no quarter"):
        Quarter.parse(text)


def test_the_table_adds_up_and_hides_the_small_with_a_neighbour() -> None:
    own = {"1": Share(1, 6), "12": Share(2, 3), "13": Share(8, 9), "14": Share(30, 50)}
    table = table_of(own, ["1", "12", "13", "14", "15"], 1)
    assert table["1", not OWN] == Share(41, 68)
    assert table["12", not OWN] is None
    assert table["1", OWN] is None  # the smallest neighbour: otherwise 68 − 6 − 9 − 50 = 3
    assert table["13", not OWN] == Share(8, 9)
    assert table["15", not OWN] == Share(0, 0)


def rated(world: World, street: str, ratings: list[int], *, unit: str = "urban_management") -> None:
    """Closed demands with these ratings, the first answered late."""
    for number, rating in enumerate(ratings):
        case = world.case_of(street=street, state="closed")
        office = world.office[f"{unit} {street}"]
        type(case.matter).objects.filter(pk=case.pk).update(holder=office, holder_path=office.path)
        late = {"replied_at": datetime(2026, 3, 30, tzinfo=UTC)} if number == 0 else {}
        Case.objects.filter(pk=case.pk).update(rating=rating, rated_at=world.now, solved=rating > 2, **late)


def published(world: World) -> PublishedQuarter:
    return publish_rates(SPRING, actor=SYSTEM, now=AFTER)


def cell(world: World, office: str, rate: Rate, *, own: bool = False) -> tuple[int | None, int | None]:
    row = PublishedRate.objects.get(organization=world.office[office], rate=rate, own=own)
    return row.part, row.whole


def test_what_is_counted(world: World) -> None:
    rated(world, "A", [5, 4, 3, 2, 1, 5])
    withdrawn = world.case_of(state="accepted")
    type(withdrawn.matter).objects.filter(pk=withdrawn.pk).update(state="withdrawn")
    path = world.office["urban_management A"].path
    counts = count_answers(datetime(2025, 12, 31, 16, tzinfo=UTC), datetime(2026, 3, 31, 16, tzinfo=UTC))
    assert set(counts) == {path}
    assert counts[path].response == (5, 6)
    assert counts[path].satisfaction == (4, 6)
    assert counts[path].solution == (4, 6)
    assert count_answers(datetime(2026, 3, 31, 16, tzinfo=UTC), datetime(2026, 6, 30, 16, tzinfo=UTC)) == {}


@pytest.mark.parametrize("state", ["merged", "waiting", "declined", "withdrawn"])
def test_what_nobody_has_to_answer_now_is_not_due(world: World, state: str) -> None:
    case = world.case_of(state="accepted")
    whole = (datetime(2025, 12, 31, 16, tzinfo=UTC), datetime(2026, 3, 31, 16, tzinfo=UTC))
    assert [each.response for each in count_answers(*whole).values()] == [(0, 1)]
    type(case.matter).objects.filter(pk=case.pk).update(state=state)
    assert count_answers(*whole) == {}


def test_a_rating_found_unfair_counts_neither_way(world: World) -> None:
    rated(world, "A", [5, 1, 1])
    Case.objects.filter(rating=1).update(appeal=Appeal.UPHELD)
    Case.objects.filter(pk=Case.objects.filter(rating=1).values("pk")[0]["pk"]).update(appeal=Appeal.UNFAIR)
    counts = count_answers(datetime(2025, 12, 31, 16, tzinfo=UTC), datetime(2026, 3, 31, 16, tzinfo=UTC))
    assert [each.satisfaction for each in counts.values()] == [(1, 2)]


def test_a_due_date_at_the_end_of_the_last_day_belongs_to_the_quarter(world: World) -> None:
    case = world.case_of(state="accepted")
    end = datetime(2026, 3, 31, 16, tzinfo=UTC)  # 24:00 of March 31 in the district
    type(case.matter).objects.filter(pk=case.pk).update(due_at=end)
    assert [each.response for each in count_answers(datetime(2025, 12, 31, 16, tzinfo=UTC), end).values()] == [(0, 1)]
    assert count_answers(end, datetime(2026, 6, 30, 16, tzinfo=UTC)) == {}


def test_a_quarter_is_published_once_after_it_has_ended(world: World) -> None:
    assert not publish_last_quarter(AFTER)
    rated(world, "A", [5] * 6)
    with pytest.raises(NotEnded):
        publish_rates(SPRING, actor=SYSTEM, now=datetime(2026, 3, 31, 15, 59, tzinfo=UTC))
    assert not PublishedQuarter.objects.exists()
    assert publish_last_quarter(AFTER)
    assert cell(world, "district", Rate.SATISFACTION) == (6, 6)
    assert Record.objects.get(event="publish_rates").subject == "quarter:2026Q1"
    rated(world, "A", [1])
    assert not publish_last_quarter(AFTER)
    published(world)
    assert cell(world, "district", Rate.SATISFACTION) == (6, 6)
    assert Record.objects.filter(event="publish_rates").count() == 1


def satisfaction_shown(organization: int | None = None) -> set[int]:
    """The numbers of ratings that a page shows."""
    rows = rate_table(VISITOR, SPRING, organization)
    shown = (rate for row in rows for name, rate in row.rates.items() if name == Rate.SATISFACTION)
    return {rate.whole for rate in shown if rate.whole is not None}


def test_what_is_hidden_is_kept_nowhere_and_not_found_between_pages(world: World) -> None:
    rated(world, "A", [5] * 7)
    rated(world, "A", [1] * 2, unit="social_management")
    rated(world, "A", [4] * 6, unit="economic_services")
    rated(world, "B", [3] * 9)
    published(world)
    assert cell(world, "street A", Rate.SATISFACTION) == (13, 15)
    assert cell(world, "social_management A", Rate.SATISFACTION) == (None, None)
    assert cell(world, "economic_services A", Rate.SATISFACTION) == (None, None)
    assert cell(world, "urban_management A", Rate.SATISFACTION) == (7, 7)
    assert satisfaction_shown() == {24, 15, 9}
    assert satisfaction_shown(world.office["street A"].pk) == {15, 7}
    assert not PublishedRate.objects.filter(whole__gt=0, whole__lt=LEAST_SHOWN).exists()


def test_the_page_leads_down_and_up_and_knows_its_quarters(world: World, client: Client) -> None:
    assert "还没有公布" in client.get(reverse("rates")).content.decode()
    assert client.get(reverse("rates_sheet")).status_code == 404
    rated(world, "A", [5] * 6)
    rated(world, "B", [5] * 6)
    published(world)
    page = client.get(reverse("rates")).content.decode()
    street = reverse("rates_of", kwargs={"organization": world.office["street A"].pk})
    assert f"{street}?quarter=2026Q1" in page
    assert "100%" in page
    assert "5/6" in page
    assert "urban_management" not in page
    below = client.get(f"{street}?quarter=2026Q1").content.decode()
    assert world.office["urban_management A"].name in below
    assert "甲街道办事处（合计）" in below
    for wrong in ("?quarter=2026Q2", "?quarter=x"):
        assert client.get(reverse("rates") + wrong).status_code == 404
    unknown = Organization.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
    assert client.get(reverse("rates_of", kwargs={"organization": unknown})).status_code == 404


def test_programs_read_the_rates_of_the_page_without_a_token(world: World, client: Client) -> None:
    def told(**query: Any) -> tuple[int, Any]:
        answer = client.get("/api/v1/rates", query)
        return answer.status_code, answer.json()

    assert told()[1]["quarter"] == ""
    rated(world, "A", [5] * 6)
    rated(world, "B", [5] * 6)
    published(world)
    status, found = told()
    assert (status, found["quarter"], found["quarters"], found["least"]) == (200, "2026Q1", ["2026Q1"], LEAST_SHOWN)
    district = next(row for row in found["rows"] if row["organization"] == world.office["district"].pk)
    shown = {rate["rate"]: rate for rate in district["rates"]}
    assert (shown["satisfaction"]["percent"], shown["satisfaction"]["whole"]) == (100, 12)
    below = told(quarter="2026Q1", organization=world.office["street A"].pk)[1]["rows"]
    assert world.office["urban_management A"].name in {row["name"] for row in below}
    settings.LINLI_CLOCK.set(AFTER)
    assert told(as_of="2026-03-01")[1]["rows"] == []
    assert told(quarter="2026Q2")[0] == 404
    assert told(quarter="soon")[0] == 422
    assert told(organization=2**40)[0] == 404


def test_the_page_needs_few_queries(
    world: World, client: Client, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    rated(world, "A", [5] * 6)
    published(world)
    with django_assert_max_num_queries(10):
        client.get(reverse("rates"))


def test_a_quarter_is_counted_under_the_organizations_of_its_last_day(world: World) -> None:
    rated(world, "A", [5] * 6)
    rated(world, "B", [5] * 6)
    reformed(world, (), [SECTION])
    published(world)
    assert cell(world, "social_management A", Rate.SATISFACTION) == (6, 6)
    assert cell(world, "street A", Rate.SATISFACTION) == (6, 6)
    assert not PublishedRate.objects.filter(organization=world.office["urban_management A"]).exists()


def test_what_is_dissolved_after_the_quarter_has_its_own_rates_of_then(world: World) -> None:
    rated(world, "A", [5] * 6)
    rated(world, "B", [5] * 6)
    case = world.case_of(state="replied")
    world.now = AFTER
    reformed(world, (), [SECTION])
    assert world.case(case.pk).matter.holder == world.office["social_management A"]
    published(world)
    assert cell(world, "urban_management A", Rate.SATISFACTION) == (6, 6)


def test_the_page_of_a_day_shows_what_was_published_of_the_time_before(world: World, client: Client) -> None:
    rated(world, "A", [5] * 6)
    rated(world, "B", [5] * 6)
    published(world)
    settings.LINLI_CLOCK.set(AFTER)
    assert "2026 年第 1 季度" in client.get(reverse("rates") + "?as_of=2026-03-31").content.decode()
    assert "还没有公布" in client.get(reverse("rates") + "?as_of=2026-03-30").content.decode()
    assert "2026 年第 1 季度" in client.get(reverse("rates") + "?as_of=2030-01-01").content.decode()
    assert client.get(reverse("rates") + "?as_of=tomorrow").status_code == 404
