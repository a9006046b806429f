"""One archive with a list of its parts: what `linli backup` writes and `linli restore` will believe."""

import hashlib
import json
import re
import shutil
import tarfile
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp

MANIFEST = "manifest.json"
PREPARED = ".restore-"
KEYS = "keys/"
FORMAT = 1
PART = re.compile(r"(database|files|imports|keys)(/[\w-][\w.-]*)+")
UNREADABLE = (tarfile.TarError, EOFError, OSError, zlib.error)


class BackupRefused(ValueError):
    """The archive is not restored and nothing was changed. `code` says why, the message where."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Part:
    """Size and SHA-256 of one file of the archive."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What the archive is, and every part that belongs to it.

    Args:
        installation: fingerprint of the key that signs the log.
        keys: `inside`, or `separate` when they lie in an archive of their own; they are listed in either case.
        log_size: rows under the newest checkpoint at the time.
        log_root: root of the log at that size.
    """

    format: int
    made_at: str
    installation: str
    engine: str
    keys: str
    log_size: int
    log_root: str
    migrations: list[tuple[str, str]]
    parts: dict[str, Part] = field(default_factory=dict)

    @classmethod
    def parse(cls, content: bytes) -> "Manifest":
        """Read a manifest.

        Raises:
            BackupRefused: it is none, or of another format.
        """
        try:
            values = json.loads(content)
            if values["format"] != FORMAT:
                raise BackupRefused("not_a_backup", f"{MANIFEST}: format {values['format']}, not {FORMAT}")
            values["parts"] = {name: Part(**part) for name, part in values["parts"].items()}
            values["migrations"] = [(app, name) for app, name in values["migrations"]]
            return cls(**values)
        except (KeyError, TypeError, AttributeError) as error:
            raise BackupRefused("not_a_backup", f"{MANIFEST} is not the list of a backup") from error
        except json.JSONDecodeError as error:
            raise BackupRefused("damaged", f"{MANIFEST} cannot be read") from error

    def content(self) -> bytes:
        """The manifest as it is written."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()

    def is_key(self, name: str) -> bool:
        """Whether a part is one of the keys."""
        return name.startswith(KEYS)


def part_of(path: Path) -> Part:
    """Size and digest of a file."""
    with path.open("rb") as file:
        return Part(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def pack(target: Path, folder: Path, manifest: Manifest, names: Iterable[str]) -> None:
    """Write an archive of the named parts below `folder`, the manifest first; readable by its owner alone."""
    temporary = target.with_name(f"{target.name}.new")
    temporary.touch(mode=0o600)
    with temporary.open("wb") as file, tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive:
        listed = tarfile.TarInfo(MANIFEST)
        content = manifest.content()
        listed.size, listed.mode = len(content), 0o600
        archive.addfile(listed, BytesIO(content))
        for name in names:
            archive.add(folder / name, arcname=name, recursive=False)
    temporary.replace(target)


def unpack(archive: Path, keys_archive: Path | None, beside: Path) -> tuple[Path, Manifest]:
    """Unpack into a new folder below `beside`, the manifest too, every part compared with it.

    Raises:
        BackupRefused: not a backup, damaged, keys that are missing or of another backup; nothing is left of the folder.
    """
    beside.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix=PREPARED, dir=beside))
    try:
        return folder, _unpacked(archive, keys_archive, folder)
    except BaseException:
        shutil.rmtree(folder)
        raise


def _unpacked(archive: Path, keys_archive: Path | None, folder: Path) -> Manifest:
    manifest = _extract(archive, folder)
    if manifest.keys == "separate":
        if keys_archive is None:
            raise BackupRefused(
                "keys_missing", f"{archive.name} holds no keys, they were saved separately: give --keys FILE"
            )
        theirs = _extract(keys_archive, folder, only=KEYS)
        if theirs.installation != manifest.installation:
            raise BackupRefused("keys_of_another", f"{keys_archive.name} belongs to another installation")
    for name, part in sorted(manifest.parts.items()):
        _require_part(folder, name, part, manifest)
    (folder / MANIFEST).write_bytes(manifest.content())
    return manifest


def _require_part(folder: Path, name: str, part: Part, manifest: Manifest) -> None:
    path = folder / name
    if not PART.fullmatch(name):
        raise BackupRefused("not_a_backup", f"{name} is no part of a backup")
    if not path.is_file():
        code = "keys_missing" if manifest.is_key(name) else "damaged"
        raise BackupRefused(code, f"{name} is missing")
    if part_of(path) != part:
        code = "keys_of_another" if manifest.is_key(name) and manifest.keys == "separate" else "damaged"
        raise BackupRefused(code, f"{name} is not the file that was backed up")


def _extract(archive: Path, folder: Path, only: str = "") -> Manifest:
    """Write the parts of an archive below `folder`: plain files under expected names, nothing else."""
    manifest: Manifest | None = None
    try:
        with tarfile.open(archive, "r:gz") as packed:
            for member in packed:
                source = packed.extractfile(member) if member.isfile() else None
                if source is not None and member.name == MANIFEST:
                    manifest = Manifest.parse(source.read())
                elif not member.name.startswith(only):
                    continue
                elif source is not None and PART.fullmatch(member.name):
                    path = folder / member.name
                    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                    path.touch(mode=0o600)
                    with path.open("wb") as file:
                        shutil.copyfileobj(source, file)
                else:
                    raise BackupRefused("not_a_backup", f"{member.name} is no part of a backup")
    except UNREADABLE as error:
        raise BackupRefused("damaged", f"{archive.name} cannot be read to its end: {error}") from error
    if manifest is None:
        raise BackupRefused("not_a_backup", f"{archive.name} has no {MANIFEST}")
    return manifest
