"""Backup: database, files and keys as one thing."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connection

from linli.ground.files.storage import SMALL, UNFINISHED, lie_in_folder
from linli.ground.record.canonical import moment
from linli.ground.record.keys import KeysMissing, field_keys, installation_id, keys_folder, public_log_key
from linli.ground.record.log import checkpoint, seal
from linli.site.archives import FORMAT, BackupRefused, Manifest, pack, part_of
from linli.site.dumps import applied_migrations, write_dump
from linli.site.file_copies import fetch_files
from linli.site.marks import BackupMark

FOLDERS = ("files", "imports")
SUFFIX = ".tar.gz"
LEFT_OUT = {SMALL, UNFINISHED}  # made again, or never finished


@dataclass(frozen=True)
class BackedUp:
    """What a backup holds."""

    file: str
    keys_file: str
    files: int
    bytes: int
    log_size: int
    installation: str


def back_up(target: Path, *, now: datetime, keys_file: Path | None = None) -> BackedUp:
    """Write one archive of everything; with `keys_file`, the keys go there instead and the archive tells nothing.

    `target` is a file that ends in .tar.gz, or a folder in which the archive is named after the moment.

    Raises:
        KeysMissing: an installation without keys cannot be backed up.
        StorageSilent: the store of files cannot be asked.
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
    BackupMark(now, keys_apart=keys_file is not None, key_version=field_keys().newest).write()
    files = sum(name.startswith("files/") for name in manifest.parts)
    size = target.stat().st_size
    return BackedUp(str(target), str(keys_file or ""), files, size, manifest.log_size, manifest.installation)


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
    fetched = not lie_in_folder()
    if fetched:
        fetch_files(folder / "files")
    for name in FOLDERS:
        if name == "files" and fetched:
            continue
        source = Path(settings.LINLI_HOME) / name
        for path in sorted(source.rglob("*")):
            copy = folder / path.relative_to(source.parent)
            if path.is_file() and path.suffix not in LEFT_OUT:
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
