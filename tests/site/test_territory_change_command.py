"""The command that carries out a reform: previewed, then confirmed whole."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.conf import settings

from linli.ground.organizations.models import Organization
from linli.ground.territory.facade import Unit
from linli.site.commands.territory import territory
from tests.services.reforming import A1, A2, A3, MERGED, written
from tests.world import NOW, Snapshot, World

DAY = NOW + timedelta(days=1)
MERGER: dict[str, Any] = {
    "day": DAY.date().isoformat(),
    "document": "青政发〔2026〕1号",
    "units": [{"kind": "merge", "from": [A1, A2], "to": [{"code": A3, "name": "新社区"}]}],
    "organizations": [
        {
            "kind": "merge",
            "from": ["A1社区居民委员会", "A2社区居民委员会"],
            "to": [{"name": MERGED, "new": True, "area": A3}],
        }
    ],
}


@pytest.fixture(autouse=True)
def _fixed_clock() -> None:
    settings.LINLI_CLOCK.set(DAY)


def run(*arguments: object, command: str = "change") -> Result:
    result: Any = CliRunner().invoke(territory, [command, *(str(each) for each in arguments)])
    return result


def test_the_units_of_a_day_are_shown_with_what_was_opened_there(world: World, tmp_path: Path) -> None:
    world.receive()
    run(written(tmp_path, **MERGER), "--confirm")

    def matters(*day: str) -> dict[str, int]:
        return {row["code"]: row["matters"] for row in json.loads(run("--json", *day, command="show").output)}

    assert matters()[A3] == matters("--as-of", NOW.date().isoformat())[A1] == 1
    assert A1 not in matters()
    assert "新社区" in run(command="show").output


def test_previewed_and_then_confirmed(world: World, tmp_path: Path) -> None:
    case, file, snapshot = world.case_of(state="dispatched"), written(tmp_path, **MERGER), Snapshot()
    assert "say --preview or --confirm" in run(file).output
    previewed = run(file, "--preview", "--json")
    assert previewed.exit_code == 0, previewed.output
    assert snapshot.unchanged()
    assert "would be carried out: 1 units and 1 offices" in run(file, "--preview").output
    confirmed = run(file, "--confirm", "--json")
    assert json.loads(confirmed.output) == json.loads(previewed.output)
    assert json.loads(confirmed.output)["matters"] == {"case": 1}
    assert Organization.objects.get(name=MERGED).area == Unit.objects.get(code=A3)
    assert world.case(case.pk).matter.place.code == A3
    assert run(file, "--confirm").exit_code == 1, "a second time there is nothing left to merge"


def test_before_its_day_it_is_previewed_only(world: World, tmp_path: Path) -> None:
    file, snapshot = written(tmp_path, **MERGER | {"day": "2026-12-01"}), Snapshot()
    assert run(file, "--preview").exit_code == 0
    refused = run(file, "--confirm")
    assert (refused.exit_code, "2026-12-01" in refused.output) == (1, True)
    assert snapshot.unchanged()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"day": "2026-03-04"}, "document"),
        (MERGER | {"wrong": 1}, "wrong"),
        (
            MERGER | {"units": [{"kind": "split", "from": [A1], "to": [{"code": A3, "outline": {"type": "Point"}}]}]},
            A3,
        ),
        (MERGER | {"organizations": []}, "A1社区居民委员会"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_changes(
    world: World, tmp_path: Path, content: dict[str, Any], said: str
) -> None:
    snapshot = Snapshot()
    done = run(written(tmp_path, **content), "--confirm")
    assert done.exit_code == 1
    assert said in done.output
    assert snapshot.unchanged()


def test_what_is_no_plan_is_said(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("{", "utf-8")
    assert "not JSON" in run(tmp_path / "plan.json", "--preview").output
