"""Due date and warning of a demand, from its start, its days and a calendar."""

from datetime import date, datetime

from linli.ground.matters.clocks import end_of, local_day, set_clock
from linli.kernel.workdays import Workdays
from linli.services.cases.models import Case
from linli.services.cases.rules.rulebook import rulebook
from linli.services.cases.rules.vocabulary import IN_RECTIFICATION


def set_case_clock(case: Case, start: date, days: int, calendar: Workdays) -> None:
    """Set due date and warning, `days` working days from `start` (not counted).

    A new clock has not warned yet. The mark of being overdue goes only when the new due date lies behind it.
    """
    warn_days = rulebook().on(local_day(case.matter.opened_at)).integer("warn_days")
    set_clock(case.matter, start, days, calendar, warn_days=warn_days)
    case.warned_at = None
    if case.overdue_at and case.overdue_at < case.matter.due_at:
        case.overdue_at = None


def reclock_case(case: Case, calendar: Workdays) -> None:
    """Set every clock again under another calendar; what was promised to a closed case stays.

    What has warned stays warned, unless by the new calendar it was too early: then time will tell again.
    """
    matter = case.matter
    rules = rulebook().on(local_day(matter.opened_at))
    if matter.closed_at is None:
        warned = case.warned_at
        set_case_clock(case, matter.clock_start, matter.clock_days, calendar)
        case.warned_at = warned if warned and matter.warn_at and warned >= matter.warn_at else None

    def counted(anchor: datetime | None, rule: str, present: datetime | None) -> datetime | None:
        if present is None or anchor is None:
            return present
        return end_of(calendar.add(local_day(anchor), rules.integer(rule)))

    case.waits_until = counted(case.supplement_asked_at, "supplement_days", case.waits_until)
    case.ruling_by = counted(case.disputed_at, "ruling_days", case.ruling_by)
    case.verify_by = counted(case.rectified_at or case.replied_at, "verify_days", case.verify_by)
    case.appeal_until = counted(case.rated_at, "appeal_days", case.appeal_until)
    # While a rectification runs the first closing, from which the term is counted, stands in the record alone.
    ended = matter.closed_at if matter.state in IN_RECTIFICATION else matter.closed_at or case.replied_at
    case.reopen_until = counted(ended, "reopen_days", case.reopen_until)
