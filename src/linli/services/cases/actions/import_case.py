"""One imported demand: only the times that are in the file, clocks started at import for what is open."""

from linli.ground.matters.action import Opening, opening
from linli.ground.matters.clocks import local_day, workdays
from linli.ground.organizations.models import Organization
from linli.ground.record.writing import Audience
from linli.ground.territory.models import Unit
from linli.kernel.workdays import Workdays
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case, CaseImport
from linli.services.cases.rules.imported import ImportedRow
from linli.services.cases.rules.rulebook import rulebook
from linli.services.cases.rules.vocabulary import State
from linli.services.cases.timing import set_case_clock


@opening(CASES, audience=Audience.STAFF)
def import_case(
    move: Opening[Case],
    *,
    row: ImportedRow,
    source: CaseImport,
    place: Unit,
    desk: Organization,
    calendar: Workdays | None = None,
) -> Case:
    """Take over a demand from another system. Steps before the import are marked so and get no invented times.

    A reply without its time closes the demand when the file was confirmed, for want of another moment, and is marked
    so. The clock of an open demand starts when the file was confirmed, for all of its rows at the same moment. The
    case stays withheld until the whole file is in. `calendar` spares a batch from asking for it row by row.
    """
    started_at = source.confirmed_at or move.now
    opened_at = row.asked_at or row.replied_at or started_at
    matter = move.begin(
        title=row.title, place=place, holder=desk, visibility="private", opened_at=min(opened_at, started_at)
    )
    matter.withheld = True
    matter.code_digest = ""
    case = Case(
        matter=matter,
        channel=source.channel,
        outside_number=row.number,
        place_text=row.place[:200],
        wants_feedback=False,
        first_contact=desk,
        source=source,
    )
    case.promised_days = days = rulebook().on(local_day(matter.opened_at)).integer("promised_days")
    runs_from = local_day(started_at if row.is_open else matter.opened_at)
    set_case_clock(case, runs_from, days, calendar or workdays())
    if not row.is_open:
        matter.state, matter.outcome = State.CLOSED, State.CLOSED
        matter.closed_at, case.replied_at = row.replied_at or started_at, row.replied_at
    move.say("text", row.text)
    move.say("reply", row.reply)
    move.say("asker", row.asker)
    move.say("place", row.place)
    move.note(
        channel=str(source.channel),
        source=source.pk,
        due=matter.due_at.isoformat(),
        asked_at=row.asked_at.isoformat() if row.asked_at else "unknown",
        replied_at=row.replied_at.isoformat() if row.replied_at else "" if row.is_open else "unknown",
        before_import=True,
    )
    return case
