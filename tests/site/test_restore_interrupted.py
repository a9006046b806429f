"""A restore that is cut off anywhere is known, keeps everything else from starting, and can be finished."""

import json
import os
import runpy
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from linli.ground.files.bucket import Bucket
from linli.ground.record.alone import UnderWay, alone
from linli.ground.record.keys import create_keys, installation_id, public_log_key
from linli.ground.record.signing import Verified
from linli.site import restoring
from linli.site.archives import FORMAT, BackupRefused, Manifest, pack, part_of
from linli.site.commandline import main_group
from linli.site.commands import installation, record
from linli.site.marks import Mark, standing_mark
from linli.site.restoring import finish_restore, restore_archive
from tests.object_store import ObjectStore
from tests.site.installations import Place, place
from tests.world import NOW

pytestmark = pytest.mark.installation

PHOTO, OTHER = (f"ab/ab000000-0000-4000-8000-00000000000{number}" for number in (1, 2))


class Cut(BaseException):
    """The process ends here."""


class Power:
    """Goes off before the step after so many, once."""

    def __init__(self) -> None:
        self.steps: int | None = None

    def before(self, step: Callable[..., Any]) -> Callable[..., Any]:
        def taken(*arguments: Any, **named: Any) -> Any:
            if self.steps == 0:
                self.steps = None
                raise Cut
            if self.steps is not None:
                self.steps -= 1
            return step(*arguments, **named)

        return taken


def contents(home: Path) -> dict[str, str]:
    """What an installation consists of; the database is a file here."""
    parts = [
        home / "database.txt",
        *(each for name in ("files", "imports", "keys") for each in (home / name).rglob("*")),
    ]
    return {each.relative_to(home).as_posix(): each.read_bytes().hex() for each in parts if each.is_file()}


@pytest.fixture
def power(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Power:
    """Every step of a restore can be the last one; the database is a file that is read and written whole."""
    power = Power()

    def home() -> Path:
        return Path(settings.LINLI_HOME)

    def load(folder: Path, migrations: Any, check: Any) -> None:
        shutil.copy(folder / "dump.txt", home() / "database.txt")

    def dump(folder: Path) -> None:
        shutil.copy(home() / "database.txt", folder / "dump.txt")

    monkeypatch.setattr(os, "sync", power.before(lambda: None))
    monkeypatch.setattr(restoring, "load_dump", power.before(load))
    monkeypatch.setattr(restoring, "write_dump", power.before(dump))
    monkeypatch.setattr(restoring, "call_command", power.before(lambda *_, **__: None))
    monkeypatch.setattr(restoring, "remove_mark", power.before(restoring.remove_mark))
    monkeypatch.setattr(restoring, "verify_database", power.before(lambda: Verified(0, 0, 0, ())))
    monkeypatch.setattr(Path, "rename", power.before(Path.rename))
    monkeypatch.setattr(Path, "replace", power.before(Path.replace))
    return power


@pytest.fixture
def homes(settings: Any, tmp_path: Path) -> dict[str, Path]:
    """An installation that stands, and another one from which the archive was made."""
    homes = {name: tmp_path / name for name in ("old", "new")}
    for name, home in homes.items():
        settings.LINLI_HOME = home
        create_keys()
        (home / "files" / "ab").mkdir(parents=True)
        (home / "files" / PHOTO).write_text(name)
        (home / "database.txt").write_text(name)
    (homes["old"] / "imports").mkdir()
    (homes["old"] / "imports" / "left.xlsx").write_text("old")
    return homes


@pytest.fixture
def archive(homes: dict[str, Path], settings: Any, tmp_path: Path, db: None) -> Path:
    settings.LINLI_HOME = homes["new"]
    packed = tmp_path / "packed"
    shutil.copytree(homes["new"], packed, ignore=shutil.ignore_patterns("database.txt"))
    (packed / "database").mkdir()
    (packed / "database" / "dump.txt").write_text("new")
    parts = {each.relative_to(packed).as_posix(): part_of(each) for each in packed.rglob("*") if each.is_file()}
    vendor = restoring.connection.vendor
    manifest = Manifest(FORMAT, "2026", installation_id(public_log_key()), vendor, "inside", 0, "", [], parts)
    made = tmp_path / "new.tar.gz"
    pack(made, packed, manifest, list(parts))
    return made


@pytest.fixture
def fresh(homes: dict[str, Path], settings: Any, tmp_path: Path) -> Iterator[Callable[[], Path]]:
    """A copy of the old installation, each time it is asked for."""
    numbers = count()

    def copy() -> Path:
        home = tmp_path / f"copy-{next(numbers)}"
        shutil.copytree(homes["old"], home)
        settings.LINLI_HOME = home
        return home

    return copy


def cut_at(power: Power, steps: int, act: Callable[[], Any]) -> bool:
    """Whether the power went off during the act."""
    power.steps = steps
    try:
        act()
    except Cut:
        return True
    power.steps = None
    return False


@pytest.mark.once
def test_wherever_it_is_cut_off_it_is_the_old_one_or_can_be_finished(
    power: Power, homes: dict[str, Path], archive: Path, fresh: Callable[[], Path]
) -> None:
    old, new = contents(homes["old"]), contents(homes["new"])
    begun = 0
    for steps in count():
        home = fresh()
        if not cut_at(power, steps, lambda: restore_archive(archive, now=NOW, replace=True)):
            break
        if standing_mark() is None:
            assert contents(home) in (old, new)
            continue
        begun += 1
        for again in count():  # cut off once more while it is finished
            if not cut_at(power, again, finish_restore) or standing_mark() is None:
                break
        assert contents(home) == new
        assert standing_mark() is None
        (aside,) = home.glob("replaced-*")
        assert (aside / "database" / "dump.txt").read_text() == "old"
        assert set(contents(aside)) == set(old) - {"database.txt"}
        with pytest.raises(BackupRefused, match="no restore was interrupted"):
            finish_restore()
    assert begun > 8, "the steps between the mark and its removal"
    assert contents(home) == new
    assert not list(home.glob(".restore-*"))


@pytest.mark.once
def test_the_same_where_files_lie_in_a_bucket(
    power: Power,
    archive: Path,
    fresh: Callable[[], Path],
    bucket_store: ObjectStore,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before the mark the bucket is as it was; afterwards it is what the archive holds, the former files set aside."""
    client = bucket_store.client()
    monkeypatch.setattr(Bucket, "write", power.before(Bucket.write))
    monkeypatch.setattr(Bucket, "remove", power.before(Bucket.remove))
    old = {PHOTO: "old", OTHER: "old", f"{PHOTO}.small": "old", "notes.txt": "foreign"}

    def inside() -> dict[str, str]:
        listed = client.list_objects_v2(Bucket=bucket)["Contents"]
        read = {each["Key"]: client.get_object(Bucket=bucket, Key=each["Key"])["Body"].read() for each in listed}
        return {name: content.decode() for name, content in read.items()}

    bucket = bucket_store.new_bucket()
    files = {"BACKEND": "linli.ground.files.bucket.Bucket", "OPTIONS": bucket_store.options(bucket)}
    settings.STORAGES = settings.STORAGES | {"files": files}
    begun = 0
    for steps in count():
        home = fresh()
        for name, content in old.items():
            client.put_object(Bucket=bucket, Key=name, Body=content.encode())
        cut = cut_at(power, steps, lambda: restore_archive(archive, now=NOW, replace=True))
        (aside,) = home.glob("replaced-*") if standing_mark() or not cut else (None,)
        if standing_mark():
            begun += 1
            finish_restore()
        elif cut:
            assert inside() in (old, {PHOTO: "new", "notes.txt": "foreign"})
            continue
        assert aside is not None
        assert inside() == {PHOTO: "new", "notes.txt": "foreign"}
        kept = {name: (aside / "files" / name).read_text() for name in (PHOTO, OTHER)}
        assert kept == {PHOTO: "old", OTHER: "old"}
        assert (aside / "files-from-folder" / PHOTO).read_text() == "old"
        assert not (home / "files").exists()
        assert not list(home.glob(".restore-*"))
        if not cut:
            break
    assert begun > 8, "the steps between the mark and its removal"


@pytest.mark.once
def test_what_a_killed_restore_left_unpacked_is_removed_by_the_next(
    power: Power, homes: dict[str, Path], archive: Path, fresh: Callable[[], Path]
) -> None:
    home = fresh()
    (home / ".restore-killed" / "keys").mkdir(parents=True)
    restore_archive(archive, now=NOW, replace=True)
    assert contents(home) == contents(homes["new"])
    assert not list(home.glob(".restore-*"))


@pytest.mark.once
def test_one_that_was_interrupted_can_be_replaced_by_another(
    power: Power, homes: dict[str, Path], archive: Path, fresh: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = fresh()
    assert cut_at(power, 8, lambda: restore_archive(archive, now=NOW, replace=True))
    mark = standing_mark()
    assert mark is not None
    with pytest.raises(BackupRefused, match="interrupted"):
        restore_archive(archive, now=NOW)

    def unfit(*_: Any) -> None:
        raise BackupRefused("mixed", "of two backups")

    with monkeypatch.context() as patch:
        patch.setattr(restoring, "load_dump", unfit)
        with pytest.raises(BackupRefused, match="of two backups"):
            restore_archive(archive, now=NOW.replace(hour=4), replace=True)
    assert standing_mark() == mark, "what was interrupted before is still to be finished"
    shutil.rmtree(home / mark.prepared)
    with pytest.raises(BackupRefused, match="with --replace"):
        finish_restore()
    restore_archive(archive, now=NOW.replace(hour=5), replace=True)
    assert contents(home) == contents(homes["new"])
    assert standing_mark() is None


@pytest.mark.once
def test_a_refused_one_leaves_nothing(
    power: Power, homes: dict[str, Path], archive: Path, fresh: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unfit(*_: Any) -> None:
        raise BackupRefused("mixed", "of two backups")

    home = fresh()
    before = sorted(home.iterdir())
    monkeypatch.setattr(restoring, "load_dump", unfit)
    with pytest.raises(BackupRefused):
        restore_archive(archive, now=NOW, replace=True)
    assert sorted(home.iterdir()) == before
    assert contents(home) == contents(homes["old"])


def test_while_the_mark_stands_nothing_else_starts(settings: Any, tmp_path: Path) -> None:
    settings.LINLI_HOME = tmp_path
    for each in (installation, record):
        each.register(main_group)
    Mark(".restore-gone", "").write()
    for command in (["record", "verify"], ["backup", str(tmp_path / "out")]):
        refused = CliRunner().invoke(main_group, command)
        assert refused.exit_code == 1
        assert "finish it with `linli restore`" in refused.output
    with pytest.raises(RuntimeError, match="finish it"):
        runpy.run_module("linli.site.wsgi")


@pytest.mark.django_db
def test_restore_without_a_file_says_what_it_did(settings: Any, tmp_path: Path) -> None:
    settings.LINLI_HOME = tmp_path
    installation.register(main_group)
    assert "name the FILE" in CliRunner().invoke(main_group, ["restore"]).output
    assert "name the FILE" in CliRunner().invoke(main_group, ["restore", "--replace"]).output
    Mark(".restore-gone", "").write()
    assert "prepared_is_gone" in CliRunner().invoke(main_group, ["restore"]).output


@pytest.mark.django_db
def test_two_restores_do_not_meet(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """Beside SQLite the folder is locked, whoever asks; sessions of PostgreSQL are told apart in the test of keys."""
    if restoring.connection.vendor == "postgresql":
        pytest.skip("one session takes its own lock twice")
    settings.LINLI_HOME = tmp_path
    with alone(), pytest.raises(UnderWay):
        finish_restore()


@pytest.fixture(scope="module")
def backup(origin: Place, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A backup, and what is in it."""
    folder = tmp_path_factory.mktemp("backup")
    made = origin.linli("backup", folder / "backup.tar.gz")
    assert made.returncode == 0, made.stderr
    return folder / "backup.tar.gz", origin.read()


@pytest.mark.parametrize("renames", [0, pytest.param(2, marks=pytest.mark.once)])
def test_a_process_that_was_killed(backup: tuple[Path, dict[str, Any]], tmp_path: Path, renames: int) -> None:
    """After the database was loaded, and between two folders."""
    archive, whole = backup
    target = place(tmp_path / "home")
    target.linli_killed(renames, "restore", archive)
    assert list(target.home.glob(".restore-*"))
    done = target.linli("restore", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["verified"]["faults"] == []
    assert target.read() == whole
