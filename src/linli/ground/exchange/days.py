"""The day that a program asks for: of days to come nothing is known yet."""

from datetime import date

from linli.ground.matters.clocks import local_day
from linli.ground.people.doors import Request


def day_asked(request: Request, day: date | None) -> date:
    """The day that is told of: today where none is asked for, or one to come."""
    today = local_day(request.now)
    return min(day or today, today)


def past_day_asked(request: Request, day: date | None) -> date | None:
    """The day before today of which is asked; None for how things are."""
    asked = day_asked(request, day)
    return asked if asked < local_day(request.now) else None
