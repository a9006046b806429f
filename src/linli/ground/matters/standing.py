"""Where a matter stands, as every list and page draws it: its state in words, a tone, the light of its clock."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from linli.ground.matters.features import Feature
from linli.ground.matters.models import Matter


def standing(feature: Feature[Any], row: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """`state_words`, `tone` and `light` of a row with `state`.

    Where a clock is shown, the row has `closed_at`, `due_at` and `warn_at` too.
    """
    return {
        "state_words": feature.words(row["state"]),
        "tone": feature.tones.get(row["state"], "moving"),
        "light": _light(feature, row, now),
    }


def standing_of(feature: Feature[Any], matter: Matter, now: datetime) -> dict[str, str]:
    """The same of a loaded matter."""
    columns = {"state": matter.state, "closed_at": matter.closed_at, "due_at": matter.due_at, "warn_at": matter.warn_at}
    return standing(feature, columns, now)


def _light(feature: Feature[Any], row: Mapping[str, Any], now: datetime) -> str:
    """Yellow from the warning on, red from the due date on; paused while the filer has the turn; none if none runs."""
    if row.get("closed_at") is not None or row.get("due_at") is None:
        return "none"
    if row["state"] in feature.paused:
        return "paused"
    if row["state"] in feature.resting:
        return "none"
    if now >= row["due_at"]:
        return "red"
    return "yellow" if row["warn_at"] is not None and now >= row["warn_at"] else "green"
