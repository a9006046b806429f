"""How a command tells what is wrong in a file, and ends."""

from collections.abc import Callable
from typing import TypeVar

from linli.methods.tables import UnreadableInput
from linli.site.commands.reporting import report

SHOWN_FAULTS = 200
Read = TypeVar("Read")


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
