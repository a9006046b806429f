"""A difficulty ticket: a residents' committee asks its street, and through it the district, for help (R49)."""

from linli.ground.matters.action import Opening, Refused, opening
from linli.ground.matters.clocks import local_day, workdays
from linli.ground.organizations.models import Kind, Organization
from linli.ground.organizations.selectors import service_centre_of
from linli.ground.people.models import Person
from linli.ground.territory.facade import Unit
from linli.kernel.access import Role
from linli.kernel.procedure import Blocker
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.rules.rulebook import rulebook
from linli.services.cases.rules.vocabulary import Channel
from linli.services.cases.timing import set_case_clock


@opening(CASES)
def report_difficulty(move: Opening[Case], *, title: str, text: str) -> Case:
    """The committee's clerk files it and may urge, reopen and rate it like any filer; the street's clock runs."""
    committee, area = _committee(move)
    desk = service_centre_of(area)
    filer = Person.objects.get(account=move.actor.account)
    matter = move.begin(title=title, place=area, holder=desk, visibility="private", filer=filer)
    # Whoever reported it, the committee is reached at its office.
    case = Case(matter=matter, channel=Channel.COMMITTEE, first_contact=desk, identity_shown=True)
    case.promised_days = days = rulebook().on(local_day(move.now)).integer("promised_days")
    set_case_clock(case, local_day(move.now), days, workdays())
    move.say("text", text)
    move.note(channel=str(Channel.COMMITTEE), committee=committee.pk, due=matter.due_at.isoformat())
    return case


def _committee(move: Opening[Case]) -> tuple[Organization, Unit]:
    offices = [each.organization_id for each in move.actor.appointments if each.role is Role.CLERK]
    row: Organization | None = (
        Organization.objects.select_related("area")
        .filter(pk__in=offices, kind=Kind.COMMITTEE, area__isnull=False)
        .first()
    )
    if row is None or row.area is None:
        raise Refused("blocked", (Blocker("no_committee"),))
    return row, row.area
