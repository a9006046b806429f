"""The commands that check, publish, rotate and load: what they print, and their exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.conf import settings
from django.db import connection

from linli.ground.record import triggers
from linli.ground.record.log import seal
from linli.ground.record.models import Entry
from linli.ground.territory.models import Unit
from linli.site.commands.calendar import calendar
from linli.site.commands.keys import keys
from linli.site.commands.record import record
from linli.site.commands.territory import territory
from tests.ground.test_calendar import OFFICIAL
from tests.world import NOW, World, square

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fixed_clock() -> None:
    settings.LINLI_CLOCK.set(NOW)


def run(command: Any, *arguments: object) -> Result:
    return CliRunner().invoke(command, [str(each) for each in arguments])


def test_verify_says_whole_or_names_the_place(world: World) -> None:
    world.case_of(state="replied")
    assert run(record, "seal").exit_code == 0
    whole = run(record, "verify", "--json")
    assert whole.exit_code == 0, whole.output
    assert json.loads(whole.output)["whole"] is True
    assert "whole" in run(record, "verify", "--database").output
    triggers.drop(None, connection.schema_editor())
    entry = Entry.objects.get(record__event="sign_reply")
    Entry.objects.filter(pk=entry.pk).update(texts={"reply": "改过"})
    broken = run(record, "verify")
    assert broken.exit_code == 1
    assert f"record {entry.pk} (sign_reply {entry.record.subject}), text 'reply'" in broken.output
    (fault,) = json.loads(run(record, "verify", "--json").output)["database"]["faults"]
    assert fault["problem"] == "the text was altered"


def test_publish_and_verify_what_was_published(world: World, tmp_path: Path) -> None:
    world.case_of(state="filed")
    assert run(record, "publish", tmp_path / "one").exit_code == 0
    world.later(minutes=5)
    settings.LINLI_CLOCK.set(world.now)
    world.case_of(state="filed")
    assert run(record, "publish", tmp_path / "two").exit_code == 0
    options = ["--key", tmp_path / "one" / "public.pem", "--earlier", tmp_path / "one"]
    done = run(record, "verify", "--bundle", tmp_path / "two", *options)
    assert done.exit_code == 0, done.output
    assert done.output.startswith("bundle: ")
    assert "database" not in done.output
    rows = tmp_path / "two" / "rows.jsonl"
    rows.write_bytes(rows.read_bytes().replace(b"file_case", b"skip_case", 1))
    assert run(record, "verify", "--bundle", tmp_path / "two", *options).exit_code == 1
    (tmp_path / "empty").mkdir()
    assert "missing" in run(record, "verify", "--bundle", tmp_path / "empty").output
    assert run(record, "verify", "--earlier", tmp_path / "one").exit_code == 2


def test_a_receipt_on_the_command_line(world: World) -> None:
    text = world.receive().receipt.text()
    early = run(record, "verify", "--receipt", text)
    assert early.exit_code == 0
    assert "not under a checkpoint yet" in early.output
    seal()
    run(record, "seal")
    late = run(record, "verify", "--receipt", text)
    assert late.exit_code == 0
    assert "proven" in late.output
    assert run(record, "verify", "--receipt", text[:50]).exit_code == 1


def test_calendar_commands(world: World, tmp_path: Path) -> None:
    file = tmp_path / "2027.toml"
    file.write_text(OFFICIAL)
    preview = run(calendar, "load", file, "--preview")
    assert preview.exit_code == 0
    assert "2027: provisional → official" in preview.output
    assert "becomes a working day: 01-02" in preview.output
    assert "provisional" in run(calendar, "show", 2027).output
    assert run(calendar, "load", file).exit_code == 0
    shown = json.loads(run(calendar, "show", 2027, "--json").output)
    assert (shown["status"], shown["work"]) == ("official", ["2027-01-02"])
    assert shown["working_days"] == 258
    assert run(calendar, "show", 1999).exit_code == 1
    file.write_text("year = 2027")
    assert "missing" in run(calendar, "load", file).output


def test_keys_list(world: World) -> None:
    listed = json.loads(run(keys, "list", "--json").output)
    assert [each["version"] for each in listed][-1] >= 1
    assert any(each["newest"] for each in listed)


def test_territory_import(db: None, tmp_path: Path) -> None:
    streets, communities = tmp_path / "streets.csv", tmp_path / "communities.csv"
    streets.write_text("code,name,areaCode\n990104001,甲街道,990104\n")
    communities.write_text("code,name,streetCode\n990104001001,A1社区居委会,990104001\n")
    done = run(territory, "import", streets, communities, "--name", "青溪区", "--datum", "wgs84", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["created"] == Unit.objects.count() == 3
    again = run(territory, "import", streets, communities, "--name", "青溪区")
    assert "0 units created" in again.output
    communities.write_text("code,name,streetCode\n99010400100,A1社区居委会,990104001\n")
    wrong = run(territory, "import", streets, communities, "--name", "青溪区")
    assert wrong.exit_code == 1
    assert "communities.csv:2 code" in wrong.output


def test_outlines_that_overlap_or_leave_gaps_are_told(db: None, tmp_path: Path) -> None:
    streets, communities, outline = tmp_path / "streets.csv", tmp_path / "communities.csv", tmp_path / "o.json"
    streets.write_text("code,name,areaCode\n990104001,甲街道,990104\n990104002,乙街道,990104\n")
    communities.write_text("code,name,streetCode\n990104001001,A1社区居委会,990104001\n")
    drawn = {
        "990104": square(118.0, 32.0, 118.4, 32.2),
        "990104001": square(118.0, 32.0, 118.2, 32.2),
        "990104002": square(118.1, 32.0, 118.3, 32.2),
    }
    features = [{"type": "Feature", "properties": {"code": code}, "geometry": area} for code, area in drawn.items()]
    outline.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    files = [streets, communities, "--outline", outline, "--name", "青溪区", "--datum", "wgs84"]
    done = run(territory, "import", *files)
    assert done.exit_code == 0, done.output
    assert "outlines, street: 990104001000, 990104002000: overlap (" in done.output
    assert "outlines, street: 990104000000: is not covered by what is below it (" in done.output
    assert "community" not in done.output, "a level of which nothing is drawn is no fault"
    checked = run(territory, "check", "--json")
    assert checked.exit_code == 1
    assert [each["problem"] for each in json.loads(checked.output)["outlines"]["street"]] == ["overlap", "gap"]


def test_outlines_that_fit(world: World) -> None:
    done = run(territory, "check")
    assert (done.exit_code, done.output) == (0, "every outline fits\n")
