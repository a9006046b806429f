"""Where a matter stands, as every list and page draws it: its state in words, a tone, the light of its clock."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from linli.ground.matters.features import Feature
from linli.ground.matters.models import Matter


def standing(feature: Feature[Any], row: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """`state_words`, `tone` and `light` of a row with `state` and, where a clock is shown, `closed_at` and `due_at`."""
    return {
        "state_words": feature.words(row["state"]),
        "tone": feature.tones.get(row["state"], "moving"),
        "light": _light(feature, row["state"], row.get("closed_at"), row.get("due_at"), now),
    }


def standing_of(feature: Feature[Any], matter: Matter, now: datetime) -> dict[str, str]:
    """The same of a loaded matter."""
    columns = {"state": matter.state, "closed_at": matter.closed_at, "due_at": matter.due_at}
    return standing(feature, columns, now)


def _light(
    feature: Feature[Any], state: str, closed_at: datetime | None, due_at: datetime | None, now: datetime
) -> str:
    """Green, yellow or red around the due date; paused while the filer has the turn; none when nothing runs."""
    if closed_at is not None or due_at is None:
        return "none"
    if state in feature.paused:
        return "paused"
    if state in feature.resting:
        return "none"
    if now >= due_at:
        return "red"
    return "yellow" if now >= due_at - timedelta(days=1) else "green"
