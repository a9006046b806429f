"""The real run: 7,142 real messages come in, and 500 of the open ones are dispatched, answered and closed."""

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from linli.ground.matters.models import Matter
from linli.ground.organizations.actions.found_offices import found_offices
from linli.ground.organizations.models import Organization, StreetUnit
from linli.ground.organizations.selectors import district_centre
from linli.ground.people.actions.appoint_person import appoint_person
from linli.ground.people.actions.open_account import open_account
from linli.ground.people.selectors import actor_of
from linli.ground.record.verifying import verify_database
from linli.ground.territory.facade import import_territory, read_units
from linli.kernel.access import SYSTEM, Actor, Role
from linli.kernel.geodesy import Datum
from linli.services.cases.feature import CASES
from linli.services.cases.importing import confirm_import, continue_import, preview_import, upload_import
from linli.services.cases.rules.vocabulary import Channel
from linli.services.catalogue.facade import import_topics, preview_topics
from linli.services.catalogue.models import Topic
from linli.site.running import settle

NOW = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
ANSWERED = 500


def appointed(role: Role, office: Organization) -> Actor:
    account = open_account(login=f"{role}-{office.pk}", name="测试人", actor=SYSTEM, now=NOW)
    appoint_person(account.person, office, role, starts=date(2026, 1, 1), actor=SYSTEM, now=NOW)
    return actor_of(account, NOW)


@pytest.mark.bar
@pytest.mark.real_data
def test_the_real_messages_are_taken_in_and_answered(db: None, real_data: Path) -> None:
    folder = real_data / "territory"
    preview = read_units(
        folder / "qinhuai_streets_2023.csv",
        folder / "qinhuai_communities_2023.csv",
        folder / "qinhuai_district_gcj02.geojson",
        Datum.GCJ02,
    )
    import_territory(preview, actor=SYSTEM, now=NOW)
    found_offices(actor=SYSTEM, now=NOW)
    import_topics(preview_topics((real_data / "messages/categories.xlsx").read_bytes()), actor=SYSTEM, now=NOW)
    began = time.monotonic()
    for name in ("messages-4326.xlsx", "replies-2816.xlsx"):
        content = (real_data / "messages" / name).read_bytes()
        source = upload_import(name, content, channel=Channel.PLATFORM, actor=SYSTEM, now=NOW)
        if name.startswith("replies"):
            assert preview_import(source).median_days == pytest.approx(11.21, abs=0.01)
        confirm_import(source, actor=SYSTEM, now=NOW)
        assert continue_import(source.pk, NOW).released
        settle()
    imported = time.monotonic() - began
    assert Matter.objects.count() == 7142

    centre = district_centre()
    unit = Organization.objects.filter(street_unit=StreetUnit.URBAN_MANAGEMENT).order_by("path")[0]
    desk = appointed(Role.DISPATCHER, centre)
    clerk, reviewer, signer = (appointed(role, unit) for role in (Role.CLERK, Role.REVIEWER, Role.SIGNER))
    topic = Topic.objects.filter(numchild=0).order_by("path")[0]
    began = time.monotonic()
    rows = list(Matter.objects.filter(closed_at=None).order_by("id").values_list("id", flat=True)[:ANSWERED])
    for row in rows:
        for step, actor, inputs in (
            ("file_case", desk, {"topic": topic}),
            ("dispatch_case", desk, {"unit": unit}),
            ("accept_case", clerk, {}),
            ("handle_case", clerk, {"work": "已核实并处理。"}),
            ("draft_reply", clerk, {"reply": "您好,您反映的问题已处理。"}),
            ("review_reply", reviewer, {}),
            ("sign_reply", signer, {}),
            ("verify_case", desk, {}),
            ("close_case", desk, {}),
        ):
            CASES.actions[step](row, actor=actor, now=NOW + timedelta(days=1), **inputs)
    answered = time.monotonic() - began
    settle()
    verified = verify_database()
    print(
        f"\nimported in {imported:.1f} s; {len(rows)} answered in {answered:.1f} s "
        f"({len(rows) * 9 / answered:.0f} actions a second); {verified.rows} record rows, {verified.faults}"
    )
    assert verified.whole
    assert Matter.objects.filter(closed_at=None).count() == 4326 - ANSWERED
