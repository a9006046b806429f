"""Restore: prepared beside and looked over whole, then put in place step by step.

What is left to do is what still lies in the prepared folder: the database is loaded and its dump renamed, then each
folder is moved. A mark stands from the first step to the last: whatever interrupts a restore, it is known and can be
finished.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from linli.ground.files.storage import lie_in_folder
from linli.ground.people.rotation import encrypted_columns
from linli.ground.record.alone import alone
from linli.ground.record.canonical import moment
from linli.ground.record.keys import FieldKeys, KeysMissing, installation_id, parse_fields, parse_log_key
from linli.ground.record.signing import Statement, Verified
from linli.ground.record.verifying import verify_database
from linli.site.archives import MANIFEST, PREPARED, BackupRefused, Manifest, unpack
from linli.site.backups import FOLDERS
from linli.site.dumps import Rows, has_column, load_dump, unknown_migrations, write_dump
from linli.site.file_copies import bucket_holds_something, fetch_files, put_files_back
from linli.site.marks import Mark, remove_mark, standing_mark

DUMP, LOADED = "database", "database-loaded"
MOVED = (*FOLDERS, "keys")


@dataclass(frozen=True)
class Restored:
    """What a restore brought back, where the replaced installation lies now, and how the record fares."""

    made_at: str
    files: int
    installation: str
    set_aside: str
    verified: Verified


def restore_archive(
    archive: Path, *, now: datetime, keys_archive: Path | None = None, replace: bool = False
) -> Restored:
    """Bring back what `back_up` wrote, verified part by part before and as a whole after.

    The other processes of the installation are to be stopped. What `replace` replaces is set aside, not deleted.

    Raises:
        BackupRefused: damaged, mixed, without its keys, or not for this place; nothing was changed.
        UnderWay: another process restores or rotates keys.
        StorageSilent: the store of files cannot be asked.
    """
    home = _home()
    home.mkdir(parents=True, exist_ok=True)
    with alone():
        interrupted = standing_mark()
        if interrupted and not replace:
            raise BackupRefused(
                "interrupted", "a restore was interrupted here: finish it without a file, or replace it with --replace"
            )
        if not replace and (found := _occupied()):
            raise BackupRefused("not_empty", f"there is an installation already ({found}); --replace sets it aside")
        _remove_leftovers(interrupted)
        folder, manifest = unpack(archive, keys_archive, home)
        with _removed_unless_done(folder):
            _require_place(folder, manifest)
            mark = Mark(folder.name, _copy_aside(now).name if replace and _occupied() else "")
            os.sync()  # what the mark promises lies on the disk before it stands
        return _put_in_place_first(mark, interrupted)


def finish_restore() -> Restored:
    """Take a restore that was interrupted to its end.

    Raises:
        BackupRefused: none was interrupted, or what it had prepared is gone.
        UnderWay: it is still at work, or keys are being rotated.
    """
    with alone():
        mark = standing_mark()
        if mark is None:
            raise BackupRefused("nothing_interrupted", "no restore was interrupted here: name the FILE to restore")
        return _put_in_place(mark)


def _put_in_place_first(mark: Mark, interrupted: Mark | None) -> Restored:
    """Begin; what is refused before anything was changed leaves things, and the mark, as they were."""
    mark.write()
    try:
        restored = _put_in_place(mark)
    except BackupRefused:
        if interrupted:
            interrupted.write()
        else:
            remove_mark()
        for name in filter(None, (mark.prepared, mark.aside)):
            shutil.rmtree(_home() / name)
        raise
    _remove_leftovers(None)
    return restored


def _put_in_place(mark: Mark) -> Restored:
    """Do every step that is not done yet. Each can be cut off anywhere and taken up again."""
    folder = _home() / mark.prepared
    if not (folder / MANIFEST).is_file():
        raise BackupRefused("prepared_is_gone", f"{folder} is gone: restore the archive again, with --replace")
    manifest = Manifest.parse((folder / MANIFEST).read_bytes())
    if (folder / DUMP).exists():
        fields = _require_keys(folder, manifest)
        load_dump(folder / DUMP, manifest.migrations, lambda rows: _require_fit(rows, fields, folder))
        os.sync()
        (folder / DUMP).rename(folder / LOADED)
    aside = _home() / mark.aside if mark.aside else None
    for name in MOVED:
        if name == "files" and not lie_in_folder():
            put_files_back(folder / name, aside)
        else:
            _exchange(folder / name, _home() / name, aside)
    call_command("migrate", verbosity=0)
    os.sync()
    remove_mark()
    shutil.rmtree(folder)
    files = sum(name.startswith("files/") for name in manifest.parts)
    return Restored(manifest.made_at, files, manifest.installation, str(aside or ""), verify_database())


def _exchange(new: Path, place: Path, aside: Path | None) -> None:
    """Put a folder in its place, unless that is done; what stood there goes aside."""
    if not new.exists():
        return
    if place.exists():
        if aside is None:
            place.rmdir()
        else:
            place.rename(aside / place.name)
    new.rename(place)


@contextmanager
def _removed_unless_done(folder: Path) -> Iterator[None]:
    """A folder made for a restore is removed when the restore does not come about."""
    try:
        yield
    except BaseException:
        shutil.rmtree(folder)
        raise


def _remove_leftovers(but: Mark | None) -> None:
    """What was unpacked by a process that was killed before it set its mark, or whose work another one replaced."""
    for folder in _home().glob(f"{PREPARED}*"):
        if but is None or folder.name != but.prepared:
            shutil.rmtree(folder)


def _require_place(folder: Path, manifest: Manifest) -> None:
    """Refuse what this program and this database cannot take; every folder that will be moved is there afterwards."""
    if manifest.engine != connection.vendor:
        raise BackupRefused("other_engine", f"the backup is of {manifest.engine}, this is {connection.vendor}")
    if unknown := unknown_migrations(manifest.migrations):
        raise BackupRefused("newer_program", f"the backup is of a newer program: {'.'.join(unknown[-1])}")
    _require_keys(folder, manifest)
    for name in MOVED:
        (folder / name).mkdir(mode=0o700, exist_ok=True)


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
    for name in MOVED:
        folder = _home() / name
        if folder.is_dir() and any(folder.iterdir()):
            return name
    if not lie_in_folder() and bucket_holds_something():
        return "files"
    with connection.cursor() as cursor:
        if "record_record" in connection.introspection.table_names(cursor):
            cursor.execute("SELECT 1 FROM record_record LIMIT 1")
            return "database" if cursor.fetchone() else ""
    return ""


def _copy_aside(now: datetime) -> Path:
    """Copy what cannot be moved when its turn comes, before anything is changed: database, files in a bucket."""
    folder = _home() / f"replaced-{now.astimezone(UTC):%Y%m%dT%H%M%S%fZ}"
    (folder / DUMP).mkdir(parents=True, mode=0o700)
    with _removed_unless_done(folder):
        write_dump(folder / DUMP)
        if not lie_in_folder():
            fetch_files(folder / "files")
    return folder


def _home() -> Path:
    return Path(settings.LINLI_HOME)
