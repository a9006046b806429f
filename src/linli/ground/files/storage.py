"""Where the bytes of files lie: in a folder below LINLI_HOME or, by setting, in a bucket of an S3-compatible store.

Nobody is ever sent to either: bytes leave through a view that has asked whether one may read the file.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn, Protocol, cast

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.utils._os import safe_join

ORIGINAL = re.compile(r"[0-9a-f]{2}/[0-9a-f-]{36}")
OURS = re.compile(rf"({ORIGINAL.pattern})(\.\w+)*")
SMALL, UNFINISHED = ".small", ".new"
NEVER_SERVED = "files have no address of their own: they leave through a permission check"


class StorageSilent(OSError):
    """The store does not answer, or refuses what it is asked for: whether a file is there is not known."""


@dataclass(frozen=True)
class Kept:
    """Something of ours in the store, and since when it has been there."""

    name: str
    at: datetime


class FileStorage(Protocol):
    """What a store has to do; each of it raises StorageSilent where the store cannot be asked."""

    def write(self, name: str, content: bytes) -> None:
        """Keep it under a name, whole or not at all."""

    def read(self, name: str) -> bytes:
        """The bytes under a name.

        Raises:
            FileNotFoundError: there are none.
        """

    def remove(self, name: str) -> None:
        """Remove what lies under a name, if anything does."""

    def walk(self) -> Iterator[Kept]:
        """Everything of ours, what an interrupted write left too; what others put there is not told."""


class Folder(FileSystemStorage):
    """The folder `files` below LINLI_HOME."""

    def path(self, name: str) -> str:
        """Where something lies; nothing lies outside of the folder."""
        return safe_join(files_folder(), name)

    def url(self, name: str | None) -> NoReturn:
        """There is none.

        Raises:
            ValueError: always.
        """
        raise ValueError(NEVER_SERVED)

    def write(self, name: str, content: bytes) -> None:
        """Write beside, then rename."""
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}{UNFINISHED}")
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)

    def read(self, name: str) -> bytes:
        """The bytes under a name.

        Raises:
            FileNotFoundError: there are none.
        """
        return Path(self.path(name)).read_bytes()

    def remove(self, name: str) -> None:
        """Remove what lies under a name, if anything does."""
        Path(self.path(name)).unlink(missing_ok=True)

    def walk(self) -> Iterator[Kept]:
        """Everything of ours."""
        for path in files_folder().glob("??/*"):
            name = path.relative_to(files_folder()).as_posix()
            if OURS.fullmatch(name):
                with suppress(FileNotFoundError):  # removed in the meantime
                    yield Kept(name, datetime.fromtimestamp(path.stat().st_mtime, UTC))


def files_folder() -> Path:
    """The folder in which files lie unless the settings name a bucket; never served directly."""
    return Path(settings.LINLI_HOME) / "files"


def files_storage() -> FileStorage:
    """The store that the settings name."""
    return cast(FileStorage, storages["files"])


def lie_in_folder() -> bool:
    """Whether files lie in the folder; elsewhere they have to be fetched one by one."""
    return isinstance(files_storage(), Folder)


def original_of(name: str) -> str:
    """The file that something belongs to: itself, its small picture, or what an interrupted write left of it."""
    found = OURS.fullmatch(name)
    return found[1] if found else name
