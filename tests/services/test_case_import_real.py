"""The two real files of messages: 4,326 open ones and 2,816 with a reply."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from linli.ground.matters.models import Matter, MatterLink
from linli.ground.matters.scope import scope
from linli.ground.matters.search import find
from linli.ground.record.log import checkpoint
from linli.ground.record.models import Record
from linli.ground.record.verifying import verify_database
from linli.kernel.access import Role
from linli.services.cases.models import Case
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.rules.vocabulary import State
from linli.site.commands.cases import cases
from tests.world import World

pytestmark = pytest.mark.real_data

OPEN, ANSWERED = "messages-4326.xlsx", "replies-2816.xlsx"
SECONDS = 60


def run(real_data: Path, name: str, *options: str) -> dict[str, Any]:
    result = CliRunner().invoke(cases, ["import", str(real_data / "messages" / name), "--json", *options])
    assert result.exit_code == 0, result.output
    content: dict[str, Any] = json.loads(result.stdout)
    return content


def test_the_previews_find_no_fault(world: World, real_data: Path) -> None:
    messages, replies = run(real_data, OPEN, "--preview"), run(real_data, ANSWERED, "--preview")
    assert (messages["rows"], messages["open"], messages["closed"], messages["faults"]) == (4326, 4326, 0, [])
    assert (replies["rows"], replies["open"], replies["closed"], replies["faults"]) == (2816, 0, 2816, [])
    assert messages["unused"] == ["反对数", "点赞数"]
    assert len(messages["first"]) == 20
    assert not Case.objects.exists()


@pytest.mark.bar
def test_both_files_go_in_within_a_minute_and_only_once(world: World, real_data: Path) -> None:
    started = time.monotonic()
    messages, replies = run(real_data, OPEN), run(real_data, ANSWERED)
    assert time.monotonic() - started <= SECONDS
    assert (messages["written"], replies["written"]) == (4326, 2816)
    assert replies["median_days"] == pytest.approx(11.2, abs=0.1)
    assert Case.objects.count() == Record.objects.filter(event="import_case").count() == 7142
    assert Matter.objects.filter(withheld=True).count() == 0
    assert Matter.objects.filter(state=State.CLOSED).count() == 2816
    assert Matter.objects.filter(state=State.RECEIVED, desk=world.office["centre"]).count() == 4326

    # Seven messages stand in both files under two numbers: the open one leads to its reply.
    links = MatterLink.objects.filter(origin__closed_at=None, target__closed_at__isnull=False)
    assert links.filter(relation="duplicates").count() == 7

    condition = scope(ACCESS, world.actor(Role.DISPATCHER, "centre"), "view_case")
    assert find("搅拌站", condition, public=False)
    checkpoint(world.now, at_once=True)
    assert verify_database().whole

    before = Record.objects.count()
    assert [run(real_data, name)["repeated"] for name in (OPEN, ANSWERED)] == [4326, 2816]
    assert (Case.objects.count(), Record.objects.count()) == (7142, before)
