"""The only place where the time of day is read; everything below is handed `now`."""

import datetime as dt


class Clock:
    """The clock of an installation, in UTC. A rehearsal or a test may set it by hand."""

    def __init__(self) -> None:
        self._fixed: dt.datetime | None = None

    def now(self) -> dt.datetime:
        """The present moment, aware, in UTC."""
        return self._fixed or dt.datetime.now(dt.UTC)

    def set(self, moment: dt.datetime | None) -> None:
        """Stop the clock at `moment` (aware); `None` lets it run again."""
        if moment is not None and moment.tzinfo is None:
            raise ValueError("the clock needs a moment with a time zone")
        self._fixed = moment
