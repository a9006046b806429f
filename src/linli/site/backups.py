"""Backup and restore: database, files and keys as one thing, or not at all."""

import hashlib
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from linli.ground.people.rotation import encrypted_columns
from linli.ground.record.canonical import moment
from linli.ground.record.keys import (
    FieldKeys,
    KeysMissing,
    installation_id,
    keys_folder,
    parse_fields,
    parse_log_key,
    public_log_key,
)
from linli.ground.record.log import checkpoint, seal
from linli.ground.record.signing import Statement, Verified
from linli.ground.record.verifying import verify_database
from linli.site.archives import FORMAT, BackupRefused, Manifest, pack, part_of, unpacked
from linli.site.dumps import Rows, applied_migrations, has_column, load_dump, unknown_migrations, write_dump

FOLDERS = ("files", "imports")
SUFFIX = ".tar.gz"


@dataclass(frozen=True)
class BackedUp:
    """What a backup holds."""

    file: str
    keys_file: str
    files: int
    bytes: int
    log_size: int
    installation: str


@dataclass(frozen=True)
class Restored:
    """What a restore brought back, where the replaced installation lies now, and how the record fares."""

    made_at: str
    files: int
    installation: str
    set_aside: str
    verified: Verified


def back_up(target: Path, *, now: datetime, keys_file: Path | None = None) -> BackedUp:
    """Write one archive of everything; with `keys_file`, the keys go there instead and the archive tells nothing.

    `target` is a file that ends in .tar.gz, or a folder in which the archive is named after the moment.

    Raises:
        KeysMissing: an installation without keys cannot be backed up.
    """
    while seal():
        pass
    newest = checkpoint(now, at_once=True)
    if not target.name.endswith(SUFFIX):
        target = target / f"linli-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".backup-", dir=target.parent) as made:
        folder = Path(made)
        _gather(folder)
        manifest = Manifest(
            format=FORMAT,
            made_at=moment(now),
            installation=installation_id(public_log_key()),
            engine=connection.vendor,
            keys="separate" if keys_file else "inside",
            log_size=newest.size if newest else 0,
            log_root=bytes(newest.root).hex() if newest else "",
            migrations=applied_migrations(),
            parts={name: part_of(folder / name) for name in _names(folder)},
        )
        keys = [name for name in manifest.parts if manifest.is_key(name)]
        others = [name for name in manifest.parts if not manifest.is_key(name)]
        pack(target, folder, manifest, others if keys_file else [*others, *keys])
        if keys_file:
            keys_file.parent.mkdir(parents=True, exist_ok=True)
            pack(keys_file, folder, manifest, keys)
    files = sum(name.startswith("files/") for name in manifest.parts)
    size = target.stat().st_size
    return BackedUp(str(target), str(keys_file or ""), files, size, manifest.log_size, manifest.installation)


def restore(archive: Path, *, now: datetime, keys_archive: Path | None = None, replace: bool = False) -> Restored:
    """Bring back what `back_up` wrote, verified part by part before and as a whole after.

    The other processes of the installation are to be stopped. What `replace` replaces is set aside, not deleted.

    Raises:
        BackupRefused: damaged, mixed, without its keys, or not for this place; nothing was changed.
    """
    home = Path(settings.LINLI_HOME)
    home.mkdir(parents=True, exist_ok=True)
    if not replace and (found := _occupied()):
        raise BackupRefused("not_empty", f"there is an installation already ({found}); --replace sets it aside")
    with unpacked(archive, keys_archive, home) as (folder, manifest):
        if manifest.engine != connection.vendor:
            raise BackupRefused("other_engine", f"the backup is of {manifest.engine}, this is {connection.vendor}")
        if unknown := unknown_migrations(manifest.migrations):
            raise BackupRefused("newer_program", f"the backup is of a newer program: {'.'.join(unknown[-1])}")
        fields = _require_keys(folder, manifest)
        aside = _copy_database_aside(now) if replace and _occupied() else None
        try:
            load_dump(folder / "database", manifest.migrations, lambda rows: _require_fit(rows, fields, folder))
        except BackupRefused:
            if aside is not None:
                shutil.rmtree(aside)
            raise
        for name in (*FOLDERS, "keys"):
            _exchange(folder / name, home / name, aside)
        call_command("migrate", verbosity=0)
        verified = verify_database()
    files = sum(name.startswith("files/") for name in manifest.parts)
    return Restored(manifest.made_at, files, manifest.installation, str(aside or ""), verified)


def _gather(folder: Path) -> None:
    """Copy the keys, one moment of the database, and the files, which are never changed once they are named in it."""
    database, keys = folder / "database", folder / "keys"
    database.mkdir(mode=0o700)
    for _ in range(3):
        before = _key_contents()
        for each in database.iterdir():
            each.unlink()
        write_dump(database)
        if before == _key_contents():
            break
    else:
        raise BackupRefused("keys_change", "the keys are being rotated; make the backup when that is done")
    keys.mkdir(mode=0o700)
    for name, content in before.items():
        (keys / name).write_bytes(content)
    for name in FOLDERS:
        source = Path(settings.LINLI_HOME) / name
        for path in sorted(source.rglob("*")):
            copy = folder / path.relative_to(source.parent)
            if path.is_file() and path.suffix != ".new":
                copy.parent.mkdir(parents=True, exist_ok=True)
                _link_or_copy(path, copy)


def _link_or_copy(path: Path, copy: Path) -> None:
    """Stored files are never rewritten, so a hard link is as good as a copy; one just removed is left out."""
    try:
        copy.hardlink_to(path)
    except FileNotFoundError:
        return
    except OSError:
        shutil.copyfile(path, copy)


def _key_contents() -> dict[str, bytes]:
    folder = keys_folder()
    names = ("log.pem", "fields.json", "secret.key")
    if not (folder / "log.pem").exists() or not (folder / "fields.json").exists():
        raise KeysMissing(f"no keys at {folder}: without them a backup could not be read")
    return {name: (folder / name).read_bytes() for name in names if (folder / name).exists()}


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _require_keys(folder: Path, manifest: Manifest) -> FieldKeys:
    """The field keys of the archive, whose signing key is that of the installation."""
    try:
        fields = parse_fields((folder / "keys" / "fields.json").read_bytes())
        key = parse_log_key((folder / "keys" / "log.pem").read_bytes())
    except (FileNotFoundError, KeysMissing) as error:
        raise BackupRefused(
            "keys_missing", "the archive holds no keys: without them its personal data cannot be read"
        ) from error
    if installation_id(key.public_key()) != manifest.installation:
        raise BackupRefused("keys_of_another", "keys/log.pem is the key of another installation")
    return fields


def _require_fit(rows: Rows, fields: FieldKeys, folder: Path) -> None:
    """Refuse a database whose keys or files are those of another backup."""
    key = parse_log_key((folder / "keys" / "log.pem").read_bytes()).public_key()
    for size, root, at, signature in rows(
        "SELECT size, root, at, signature FROM record_checkpoint ORDER BY size DESC LIMIT 1"
    ):
        if not Statement(size, bytes(root), moment(_aware(at)), bytes(signature)).is_signed_by(key):
            raise BackupRefused("mixed", "the database's log was signed with another key than keys/log.pem")
    position = "strpos" if connection.vendor == "postgresql" else "instr"
    for column in encrypted_columns():
        if not has_column(rows, column.table, column.name):
            continue
        version = f"substr({column.name}, 1, {position}({column.name}, ':'))"
        samples = rows(f"SELECT min({column.name}) FROM {column.table} WHERE {column.name} <> '' GROUP BY {version}")
        for (stored,) in samples:
            _require_readable(fields, stored, column.context)
    for path, salt, digest, matter in rows("SELECT path, salt, digest, matter FROM files_storedfile"):
        _require_file(folder / "files" / path, bytes(salt), digest, attached=matter is not None)


def _require_readable(fields: FieldKeys, stored: str, context: str) -> None:
    try:
        fields.open(stored, context)
    except (KeyError, ValueError, InvalidTag) as error:
        raise BackupRefused("mixed", f"the keys do not open what the database holds in {context}") from error


def _require_file(path: Path, salt: bytes, digest: str, *, attached: bool) -> None:
    if not path.is_file():
        if attached:
            raise BackupRefused("mixed", f"the database names files/{path.parent.name}/{path.name}, which is not there")
        return
    if hashlib.sha256(salt + path.read_bytes()).hexdigest() != digest:
        raise BackupRefused("mixed", f"files/{path.parent.name}/{path.name} is not the file that the database names")


def _aware(at: Any) -> datetime:
    """A moment as either database gives it."""
    parsed = at if isinstance(at, datetime) else datetime.fromisoformat(at)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _occupied() -> str:
    """What of an installation is here already; empty when nothing is."""
    for name in ("keys", *FOLDERS):
        folder = Path(settings.LINLI_HOME) / name
        if folder.is_dir() and any(folder.iterdir()):
            return name
    with connection.cursor() as cursor:
        if "record_record" in connection.introspection.table_names(cursor):
            cursor.execute("SELECT 1 FROM record_record LIMIT 1")
            return "database" if cursor.fetchone() else ""
    return ""


def _copy_database_aside(now: datetime) -> Path:
    folder = Path(settings.LINLI_HOME) / f"replaced-{now.astimezone(UTC):%Y%m%dT%H%M%S%fZ}"
    (folder / "database").mkdir(parents=True, mode=0o700)
    write_dump(folder / "database")
    return folder


def _exchange(new: Path, place: Path, aside: Path | None) -> None:
    """Put a folder in its place; what stood there goes aside."""
    if place.exists():
        if aside is None:
            place.rmdir()
        else:
            place.rename(aside / place.name)
    if new.exists():
        new.rename(place)
