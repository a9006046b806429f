"""The mark of a restore that is being put in place: while it stands, nothing else of the installation starts."""

import json
from dataclasses import asdict, dataclass
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


def _place() -> Path:
    return Path(settings.LINLI_HOME) / "restoring.json"
