"""A week of the year's demands, played to their ends: every turn is taken, nothing is refused, the record is whole."""

import hashlib
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.db.models import Q

from linli.demo.fates import Door
from linli.demo.year import Extent, Played, Year, play_year
from linli.ground.matters.models import Matter
from linli.ground.matters.search import find
from linli.ground.notices.models import Notice
from linli.ground.record.verifying import verify_database
from linli.insight.indicators.models import PublishedQuarter
from linli.services.cases.models import Case
from linli.site.running import settle

NOW = datetime(2026, 4, 30, 4, 0, tzinfo=UTC)
WEEK = Extent(demands=300, writing_days=7, days=75, residents=20)
REACHED = frozenset(
    {
        *("receive_case", "file_case", "dispatch_case", "accept_case", "handle_case", "draft_reply", "review_reply"),
        *("sign_reply", "call_back_case", "confirm_solved", "verify_case", "close_case", "rate_case", "publish_case"),
        *("return_case", "rule_holder", "hand_over_case", "recall_case", "escalate_case", "decline_case"),
        *("request_extension", "grant_extension", "refuse_extension", "ask_supplement", "supply_supplement"),
        *("merge_case", "close_merged", "split_case", "supervise_case", "urge_case", "send_back_reply"),
        *("withdraw_case", "reopen_case", "reopen_for_filer", "request_reopening"),
        *("appeal_rating", "uphold_rating", "overrule_rating", "contact_rater", "rectify_case", "close_rectification"),
    }
)


pytestmark = [pytest.mark.once, pytest.mark.django_db]


def played(extent: Extent, seed: int = 7) -> Year:
    return play_year(NOW, password="Trial-4711-pass", seed=seed, extent=extent, say=lambda _: None)


def digest() -> str:
    rows = Matter.objects.order_by("id").values_list("title", "state", "opened_at", "closed_at", "holder__name")
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()


def test_a_week_is_played_to_its_end() -> None:
    days: list[Played] = []
    year = play_year(NOW, password="Trial-4711-pass", extent=WEEK, say=lambda _: None, after_day=days.append)
    scene = year.scene
    assert scene.refusals == {}
    assert {act for act in REACHED if not scene.outcomes[act]} == set()
    assert year.demands == 300
    assert scene.doors.keys() == set(Door)
    assert {day.of for day in days} == {300}
    assert days[-1].demands == 300
    assert Case.objects.filter(overdue_at__isnull=False, supervised__gt=0).exists()
    assert Case.objects.filter(overdue_at__isnull=True, replied_at__isnull=False).count() > 200
    assert {"closed", "declined", "withdrawn"} <= set(Matter.objects.values_list("state", flat=True))
    settle(batch=5000)
    verified = verify_database()
    assert verified.whole, verified.faults
    assert verified.unplaced == 0
    assert PublishedQuarter.objects.filter(year=2026, number=1).exists()
    assert Notice.objects.exists()
    assert find("噪音", Q(), public=False)
    assert len(year.logins) > 10


def test_the_same_seed_lives_the_same() -> None:
    few = Extent(demands=12, writing_days=3, days=25, residents=3)
    digests = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            played(few, seed)
            digests.append(digest())
            transaction.set_rollback(True)
    assert digests[0] == digests[1] != digests[2]
