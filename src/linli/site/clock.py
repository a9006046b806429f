"""The only place where the time of day is read; everything below is handed `now`."""

import datetime


class Clock:
    """The clock of an installation, in UTC. A rehearsal or a test may set it by hand."""

    def __init__(self) -> None:
        self._fixed: datetime.datetime | None = None

    def now(self) -> datetime.datetime:
        """The present moment, aware, in UTC."""
        return self._fixed or datetime.datetime.now(datetime.UTC)

    def set(self, moment: datetime.datetime | None) -> None:
        """Stop the clock at `moment` (aware); `None` lets it run again."""
        if moment is not None and moment.tzinfo is None:
            raise ValueError("the clock needs a moment with a time zone")
        self._fixed = moment
