"""Backup and restore, through the command line, between installations of their own."""

import json
import sqlite3
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from linli.site.archives import BackupRefused, Manifest, Part, part_of, unpack
from tests.site.installations import EMPTY_THE_RECORD, MORE, SEAL_AND_FOLLOW, SERVER, Place, place

pytestmark = pytest.mark.installation


@dataclass(frozen=True)
class Backups:
    """Two backups of one installation, the second with more in it, and a third with its keys apart."""

    origin: Place
    first: Path
    second: Path
    without_keys: Path
    keys: Path
    at_first: dict[str, Any]
    at_second: dict[str, Any]


@pytest.fixture(scope="module")
def backups(origin: Place, tmp_path_factory: pytest.TempPathFactory) -> Backups:
    out = tmp_path_factory.mktemp("out") / "out"
    at_first = origin.read(SEAL_AND_FOLLOW)
    assert at_first["found"] == 1
    told = origin.linli_in_turn(("record", "seal"), ("backup", out / "first.tar.gz", "--json"))
    assert '"files": 2' in told
    at_second = origin.read(MORE)
    origin.linli_in_turn(
        ("keys", "rotate"),
        ("keys", "rotate", "--drop-old"),
        ("backup", out / "second.tar.gz"),
        ("backup", out / "apart.tar.gz", "--keys-separately", out / "keys.tar.gz"),
    )
    return Backups(
        origin,
        out / "first.tar.gz",
        out / "second.tar.gz",
        out / "apart.tar.gz",
        out / "keys.tar.gz",
        at_first,
        at_second,
    )


@pytest.fixture
def target(tmp_path: Path) -> Place:
    return place(tmp_path / "restored")


def rewritten(archive: Path, target: Path, change: Callable[[dict[str, bytes]], None], *, forge: bool = False) -> Path:
    """A copy of an archive with other contents; `forge` makes the manifest agree."""
    parts: dict[str, bytes] = {}
    with tarfile.open(archive) as packed:
        for member in packed:
            source = packed.extractfile(member)
            assert source is not None
            parts[member.name] = source.read()
    change(parts)
    if forge:
        manifest = Manifest.parse(parts.pop("manifest.json"))
        manifest.parts.clear()
        for name, content in parts.items():
            scratch = target.with_suffix(".part")
            scratch.write_bytes(content)
            manifest.parts[name] = part_of(scratch)
        parts["manifest.json"] = manifest.content()
    with tarfile.open(target, "w:gz") as packed:
        for name, content in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            packed.addfile(info, BytesIO(content))
    return target


def parts_of(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as packed:
        return {member.name: packed.extractfile(member).read() for member in packed}  # type: ignore[union-attr]


def test_everything_comes_back(backups: Backups, target: Place) -> None:
    done = target.linli("restore", backups.first, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    verified = json.loads(done.stdout)["verified"]
    assert verified["faults"] == []
    assert verified["rows"] == verified["covered"] > 20
    assert target.read() == backups.at_first
    assert not [path for path in target.home.iterdir() if path.name.startswith(".restore")]
    # Life goes on: new rows get new ids, and the record still refuses to be changed.
    assert "append-only" in target.python(MORE + EMPTY_THE_RECORD)
    target.linli_in_turn(("record", "seal"), ("record", "verify"))


def test_a_backup_is_readable_by_its_owner_alone_and_names_its_parts(backups: Backups) -> None:
    assert backups.first.stat().st_mode & 0o077 == 0
    assert not list(backups.first.parent.glob(".backup-*"))
    parts = parts_of(backups.first)
    manifest = Manifest.parse(parts.pop("manifest.json"))
    assert set(parts) == set(manifest.parts)
    assert {"keys/log.pem", "keys/fields.json", "keys/secret.key"} <= set(parts)
    assert manifest.log_size > 20
    assert len(manifest.installation) == 32


@pytest.mark.once
def test_keys_can_be_kept_apart(backups: Backups, target: Place) -> None:
    assert not [name for name in parts_of(backups.without_keys) if name.startswith("keys/")]
    assert {name for name in parts_of(backups.keys) if name != "manifest.json"} == {
        "keys/fields.json",
        "keys/log.pem",
        "keys/secret.key",
    }
    assert "--keys FILE" in target.refuses(backups.without_keys)
    done = target.linli("restore", backups.without_keys, "--keys", backups.keys)
    assert done.returncode == 0, done.stdout + done.stderr
    assert target.read() == backups.at_second


@pytest.mark.once
def test_a_folder_gets_an_archive_named_after_the_moment(backups: Backups, tmp_path: Path) -> None:
    done = backups.origin.linli("backup", tmp_path, "--json")
    assert done.returncode == 0, done.stderr
    (made,) = tmp_path.iterdir()
    assert made.name.startswith("linli-2")
    assert json.loads(done.stdout)["file"] == str(made)


@pytest.mark.once
def test_what_stands_there_is_not_overwritten_but_set_aside(backups: Backups, target: Place) -> None:
    assert target.linli("restore", backups.first).returncode == 0
    assert "--replace" in target.refuses(backups.second)
    done = target.linli("restore", backups.second, "--replace", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert target.read() == backups.at_second
    aside = Path(json.loads(done.stdout)["set_aside"])
    assert (aside / "keys" / "log.pem").exists()
    assert len([path for path in (aside / "files").rglob("*") if path.is_file()]) == 2
    assert any((aside / "database").iterdir())


def refusal(archive: Path, tmp_path: Path, keys: Path | None = None) -> str:
    with pytest.raises(BackupRefused) as refused:
        unpack(archive, keys, tmp_path / "beside")
    assert not list((tmp_path / "beside").iterdir())
    return refused.value.code


def test_every_damaged_part_is_refused(backups: Backups, tmp_path: Path) -> None:
    for name in parts_of(backups.first):
        if name == "manifest.json":
            continue

        def flip(parts: dict[str, bytes], name: str = name) -> None:
            middle = len(parts[name]) // 2
            parts[name] = parts[name][:middle] + bytes([parts[name][middle] ^ 1]) + parts[name][middle + 1 :]

        if parts_of(backups.first)[name]:
            assert refusal(rewritten(backups.first, tmp_path / "a.tar.gz", flip), tmp_path) == "damaged", name


def test_missing_and_foreign_parts_are_refused(backups: Backups, tmp_path: Path) -> None:
    def without(prefix: str) -> Callable[[dict[str, bytes]], None]:
        def drop(parts: dict[str, bytes]) -> None:
            parts.pop(next(name for name in parts if name.startswith(prefix)))

        return drop

    made = tmp_path / "a.tar.gz"
    assert refusal(rewritten(backups.first, made, without("database/")), tmp_path) == "damaged"
    assert refusal(rewritten(backups.first, made, without("files/")), tmp_path) == "damaged"
    assert refusal(rewritten(backups.first, made, without("keys/fields.json")), tmp_path) == "keys_missing"
    assert refusal(rewritten(backups.first, made, without("manifest.json")), tmp_path) == "not_a_backup"
    for name in ("../outside", "/etc/passwd", "files/../../x", "other/x"):
        rewritten(backups.first, made, lambda parts, name=name: parts.update({name: b"x"}))  # type: ignore[misc]
        assert refusal(made, tmp_path) == "not_a_backup"
    assert not (tmp_path / "outside").exists()


def test_a_torn_archive_and_something_else_are_refused(backups: Backups, tmp_path: Path) -> None:
    content = backups.first.read_bytes()
    torn = tmp_path / "torn.tar.gz"
    torn.write_bytes(content[: len(content) * 2 // 3])
    assert refusal(torn, tmp_path) == "damaged"
    torn.write_bytes(b"not an archive")
    assert refusal(torn, tmp_path) == "damaged"
    with tarfile.open(torn, "w:gz") as packed:
        info = tarfile.TarInfo("files/link")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        packed.addfile(info)
    assert refusal(torn, tmp_path) == "not_a_backup"


def test_keys_of_another_backup_are_refused(backups: Backups, tmp_path: Path) -> None:
    assert refusal(backups.without_keys, tmp_path) == "keys_missing"
    assert refusal(backups.without_keys, tmp_path, backups.first) == "keys_of_another"


@pytest.mark.once
@pytest.mark.parametrize("prefix", ["keys/fields.json", "files/"])
def test_a_set_mixed_from_two_backups_is_refused_even_with_a_forged_list(
    backups: Backups, target: Place, tmp_path: Path, prefix: str
) -> None:
    older = parts_of(backups.first)

    def mix(parts: dict[str, bytes]) -> None:
        for name in [name for name in parts if name.startswith(prefix)]:
            del parts[name]
        parts.update({name: content for name, content in older.items() if name.startswith(prefix)})

    made = rewritten(backups.second, tmp_path / "mixed.tar.gz", mix, forge=True)
    assert "[mixed]" in target.refuses(made)


@pytest.mark.once
def test_the_log_key_of_another_installation_is_refused(backups: Backups, target: Place, tmp_path: Path) -> None:
    stranger = place(tmp_path / "stranger")
    stranger.python("from linli.ground.record.keys import create_keys; create_keys()")

    def swap(parts: dict[str, bytes]) -> None:
        parts["keys/log.pem"] = (stranger.home / "keys" / "log.pem").read_bytes()

    made = rewritten(backups.first, tmp_path / "swapped.tar.gz", swap, forge=True)
    assert "[keys_of_another]" in target.refuses(made)


@pytest.mark.once
def test_a_newer_program_and_another_engine_are_refused(backups: Backups, target: Place, tmp_path: Path) -> None:
    def change(**values: Any) -> Callable[[dict[str, bytes]], None]:
        def apply(parts: dict[str, bytes]) -> None:
            parts["manifest.json"] = json.dumps(json.loads(parts["manifest.json"]) | values).encode()

        return apply

    newer = rewritten(backups.first, tmp_path / "a.tar.gz", change(migrations=[["record", "0999_later"]]))
    assert "record.0999_later" in target.refuses(newer)
    other = rewritten(backups.first, tmp_path / "b.tar.gz", change(engine="oracle"))
    assert "oracle" in target.refuses(other)


@pytest.mark.once
def test_an_installation_without_keys_cannot_be_backed_up(backups: Backups, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    done = Place(tmp_path / "bare", backups.origin.database).linli("backup", tmp_path / "out.tar.gz")
    assert done.returncode == 1
    assert "keys" in done.stderr
    assert not (tmp_path / "out.tar.gz").exists()


@pytest.mark.skipif(SERVER.startswith("postgres"), reason="the file of SQLite")
def test_the_database_without_keys_gives_nothing_personal_away(backups: Backups, tmp_path: Path) -> None:
    content = parts_of(backups.without_keys)["database/linli.sqlite3"]
    for text in ("居民甲", "后来者", "13800001234", "13900001111"):
        assert text.encode() not in content
    copy = tmp_path / "copy.sqlite3"
    copy.write_bytes(content)
    with sqlite3.connect(copy) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_manifest_is_read_back() -> None:
    manifest = Manifest(1, "2026", "i", "sqlite", "inside", 3, "ab", [("a", "b")], {"files/x": Part(1, "c")})
    assert Manifest.parse(manifest.content()) == manifest
    for content, code in ((b"", "damaged"), (b"[]", "not_a_backup"), (b'{"format": 2}', "not_a_backup")):
        with pytest.raises(BackupRefused) as refused:
            Manifest.parse(content)
        assert refused.value.code == code
