"""Marks below the home: of the last backup, and of a restore, while which stands nothing else starts."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from linli.ground.record.keys import write_secret

HALF_RESTORED = (
    "a backup is being restored here, or restoring it was interrupted. If no `linli restore` is running any more, "
    "finish it with `linli restore`, without a file"
)


@dataclass(frozen=True)
class Mark:
    """Which restore it is.

    Args:
        prepared: the folder below the home in which what has yet to be put in place lies.
        aside: the folder to which what stood in its place goes; empty when there was nothing.
    """

    prepared: str
    aside: str

    def write(self) -> None:
        """Set the mark, in one step, in place of any other."""
        write_secret(_place(), json.dumps(asdict(self)).encode())


def standing_mark() -> Mark | None:
    """The mark that stands, if one does."""
    try:
        return Mark(**json.loads(_place().read_bytes()))
    except FileNotFoundError:
        return None


def remove_mark() -> None:
    """What was restored is in its place."""
    _place().unlink()


@dataclass(frozen=True)
class BackupMark:
    """The last backup: when, whether the keys lie apart from it, and up to which key version they go."""

    made_at: datetime
    keys_apart: bool
    key_version: int

    def write(self) -> None:
        """Set the mark in place of the one before."""
        content = asdict(self) | {"made_at": self.made_at.isoformat()}
        write_secret(_backup_place(), json.dumps(content).encode())


def last_backup() -> BackupMark | None:
    """The mark of the last backup that was made from here; None where none was, or it cannot be read."""
    try:
        content = json.loads(_backup_place().read_bytes())
        return BackupMark(**(content | {"made_at": datetime.fromisoformat(content["made_at"])}))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _backup_place() -> Path:
    return Path(settings.LINLI_HOME) / "last-backup.json"


def _place() -> Path:
    return Path(settings.LINLI_HOME) / "restoring.json"
