"""How a command takes files: what is wrong in one is told, and a new one stands there whole or not at all."""

from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, TypeVar

import click

from linli.methods.tables import UnreadableInput
from linli.site.commands.reporting import report

SHOWN_FAULTS = 200
Read = TypeVar("Read")


class NewFile(click.Path):
    """A file to be written, of one kind, in a folder that is there; asked before anything is computed."""

    def __init__(self, ending: str = "") -> None:
        super().__init__(dir_okay=False, writable=True, path_type=Path)
        self._ending = ending

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; refused where its ending is another, or its folder is missing."""
        path = Path(str(super().convert(value, param, ctx)))
        if not path.name.lower().endswith(self._ending):
            self.fail(f"{path} is not named {self._ending}", param, ctx)
        if not path.absolute().parent.is_dir():
            self.fail(f"the folder {path.parent} is not there", param, ctx)
        return path


def write_whole(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Write a file beside its place and put it there when it is whole."""
    unfinished = path.with_name(path.name + ".unfinished")
    with unfinished.open("wb") as target:
        write(target)
    unfinished.replace(path)


def read_or_stop(read: Callable[[], Read], *, as_json: bool) -> Read:
    """What is read; or every fault with its file, row and column, and exit code 1."""
    try:
        return read()
    except UnreadableInput as error:
        faults = error.faults
        lines = [str(fault) for fault in faults[:SHOWN_FAULTS]]
        more = [f"… {len(faults) - SHOWN_FAULTS} more"] if len(faults) > SHOWN_FAULTS else []
        report({"faults": faults}, as_json=as_json, lines=lambda: [*lines, *more])
        raise SystemExit(1) from error
