"""`linli check`: what an installation lacks, what to do about it, and the exit code."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.conf import settings as installed

from linli.ground.people.actions.add_second_factor import add_second_factor
from linli.ground.people.actions.appoint_person import appoint_person
from linli.ground.people.actions.open_account import open_account
from linli.ground.people.rules.purposes import ASSESSED
from linli.ground.privacy.actions.enter_assessment import enter_assessment
from linli.ground.privacy.assessments import Findings
from linli.ground.record.keys import field_keys
from linli.kernel.access import ADMINISTRATORS, SYSTEM, Role
from linli.site.backups import back_up
from linli.site.commands.installation import check
from linli.site.marks import BackupMark, last_backup
from linli.site.readiness import Finding, readiness
from tests.faces.test_second_factor import SECRET, code_at
from tests.world import NOW, World

REAL = {
    "SECRET_KEY": "0123456789" * 5,
    "SECRET_KEY_GIVEN": True,
    "HTTPS": True,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "TRUSTED_PROXIES": 1,
    "ALLOWED_HOSTS": ["linli.example.org", "localhost"],
    "LINLI_SMS_ADAPTER": "operator.channel.Sms",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "LINLI_SCAN_ADAPTER": "tests.site.test_readiness.CleanScanner",
    "SECOND_FACTOR": "staff",
    "PASSWORD_KINDS": 3,
    "PASSWORD_DAYS": 90,
    "SESSIONS_PER_ACCOUNT": 3,
}


BUCKET = "linli.ground.files.bucket.Bucket"
NOWHERE = {
    "endpoint": "http://127.0.0.1:9",
    "bucket": "files",
    "key": "key",
    "secret": "not-a-secret",
    "region": "us-east-1",
    "style": "path",
}


class CleanScanner:
    """What an operator's scanner is to the check: somebody who answers."""

    def scan(self, content: bytes) -> str:
        return ""


@pytest.fixture(autouse=True)
def _no_mark_yet() -> Iterator[None]:
    mark = Path(installed.LINLI_HOME) / "last-backup.json"
    installed.LINLI_CLOCK.set(NOW)
    mark.unlink(missing_ok=True)
    yield
    mark.unlink(missing_ok=True)


@pytest.fixture
def _real(world: World, settings: Any) -> None:
    """Everything that a district in use has, the backup and the administrators too."""
    for name, value in REAL.items():
        setattr(settings, name, value)
    for role in sorted(ADMINISTRATORS):
        account = open_account(login=str(role), name="某人", actor=SYSTEM, now=NOW)
        appoint_person(account.person, world.office["district"], role, starts=date(2026, 1, 1), actor=SYSTEM, now=NOW)
        add_second_factor(account, SECRET, code_at(world), actor=SYSTEM, now=NOW)
    for purpose in ASSESSED:
        findings = Findings(NOW.date(), "必要。", "可控。", "加密。", acceptable=True)
        enter_assessment(purpose, findings, actor=SYSTEM, now=NOW)
    BackupMark(NOW - timedelta(hours=3), keys_apart=True, key_version=field_keys().newest).write()


def lacking(now: Any = NOW, *, essential: bool | None = True) -> set[str]:
    found = readiness(now, deploy=True)
    return {each.code for each in found if not each.fulfilled and essential in {None, each.essential}}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(check, list(arguments))


@pytest.mark.usefixtures("_real")
def test_a_district_in_use_lacks_nothing_essential(world: World) -> None:
    assert lacking() == set()
    assert lacking(essential=False) <= {"postgresql", "calendar_next_year"}
    done = run("--deploy", "--json")
    assert done.exit_code == 0, done.output
    assert {each["code"] for each in json.loads(done.output)} > {"https", "backup", "three_administrators"}


@pytest.mark.usefixtures("_real")
@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("SECRET_KEY", "unset-until-linli-init", "secret_key"),
        ("DEBUG", True, "debug_off"),
        ("HTTPS", False, "https"),
        ("TRUSTED_PROXIES", 0, "trusted_proxies"),
        ("ALLOWED_HOSTS", ["localhost"], "hosts"),
        ("ALLOWED_HOSTS", ["linli.example.org", "*"], "hosts"),
        ("LINLI_SMS_ADAPTER", "linli.ground.notices.adapters.FileSms", "text_messages"),
        ("SECOND_FACTOR", "optional", "second_factor"),
        ("LINLI_SCAN_ADAPTER", "linli.ground.files.scanning.NoScanner", "virus_scanner"),
        ("LINLI_SCAN_ADAPTER", "linli.ground.files.scanning.Clamd", "virus_scanner"),
        ("LINLI_SCAN_ADAPTER", "operator.nowhere.Scanner", "virus_scanner"),
        ("STORAGES", installed.STORAGES | {"files": {"BACKEND": BUCKET, "OPTIONS": NOWHERE}}, "files_kept"),
    ],
)
def test_each_thing_that_is_essential_is_missed(settings: Any, name: str, value: Any, code: str) -> None:
    setattr(settings, name, value)
    assert code in lacking()
    done = run("--deploy")
    assert done.exit_code == 1
    line = next(line for line in done.output.splitlines() if f" {code}:" in line)
    assert line.startswith("MISSING")


@pytest.mark.usefixtures("_real")
@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("SECRET_KEY_GIVEN", False, "secret_key_from_environment"),
        ("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend", "email"),
        ("PASSWORD_KINDS", 2, "account_limits"),
        ("PASSWORD_DAYS", 0, "account_limits"),
        ("LOCK_FAILURES", 10, "account_limits"),
        ("SESSION_IDLE_MINUTES", 600, "account_limits"),
        ("SESSIONS_PER_ACCOUNT", 0, "account_limits"),
        ("SESSION_COOKIE_SECURE", False, "security.W012"),
    ],
)
def test_what_is_merely_advised_does_not_fail(settings: Any, name: str, value: Any, code: str) -> None:
    setattr(settings, name, value)
    assert code in lacking(essential=False)
    assert run("--deploy").exit_code == 0


@pytest.mark.usefixtures("_real")
def test_a_backup_grows_old_and_holds_the_newest_key(world: World) -> None:
    assert "backup" in lacking(NOW + timedelta(hours=21))
    BackupMark(NOW, keys_apart=False, key_version=field_keys().newest - 1).write()
    assert lacking() == {"keys_backed_up"}
    assert "keys_apart" in lacking(essential=False)


def test_a_backup_leaves_its_mark(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linli.site.backups.write_dump", lambda folder: None)  # the test's transaction is open
    back_up(tmp_path / "backups", now=NOW, keys_file=tmp_path / "keys.tar.gz")
    assert last_backup() == BackupMark(NOW, keys_apart=True, key_version=field_keys().newest)
    (Path(installed.LINLI_HOME) / "last-backup.json").write_text("half a")
    assert last_backup() is None


@pytest.mark.usefixtures("_real")
def test_calendars_of_this_year_and_in_december_of_the_next(world: World) -> None:
    assert not {code for code in lacking() if code.startswith("calendar")}
    december = NOW.replace(year=2026, month=12)
    assert "calendar_next_year" in lacking(december)
    assert "calendar_this_year" in lacking(NOW.replace(year=2027))


@pytest.mark.usefixtures("_real")
def test_three_administrators_are_three_persons_in_office_today(world: World) -> None:
    assert "three_administrators" in lacking(NOW.replace(year=2025))
    appoint_person(
        world.account(Role.CLERK, "district").person,
        world.office["district"],
        Role.CLERK,
        starts=date(2026, 1, 1),
        actor=SYSTEM,
        now=NOW,
    )
    assert "second_factors_added" in lacking(essential=False)


def test_without_deploy_only_the_basics_are_asked(world: World) -> None:
    done = run()
    assert done.exit_code == 0, done.output
    assert [line.split()[:2] for line in done.output.splitlines()] == [
        ["ok", "keys"],
        ["ok", "migrations"],
        ["ok", "django"],
    ]


def test_without_tables_nothing_more_is_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linli.site.readiness._is_migrated", lambda: False)
    found = readiness(NOW, deploy=True)
    assert Finding("migrations", False, True, "run `linli init --empty`, which brings the tables up to date") in found
    assert "backup" not in {each.code for each in found}
