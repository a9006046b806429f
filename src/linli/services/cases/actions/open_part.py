"""Opening a part of a demand, with a unit and a limit of its own."""

from linli.ground.matters.action import Opening, opening
from linli.ground.matters.clocks import local_day, workdays
from linli.ground.organizations.models import Organization
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import Channel, State
from linli.services.cases.selectors import decide_case
from linli.services.cases.timing import set_case_clock

LONGEST_TITLE = 60


@opening(CASES, audience=Audience.STAFF)
def open_part(move: Opening[Case], *, whole: Case, text: str, unit: Organization, days: int) -> Case:
    """Lay a part before its unit; who filed the whole is not its filer. Called by `split_case`, not by itself."""
    if not decide_case(move.actor, "split_case", whole).allowed:
        move.refuse("out_of_scope")
    title = text.strip().splitlines()[0][:LONGEST_TITLE]
    desk = whole.first_contact
    matter = move.begin(title=title, place=whole.matter.place, holder=desk, visibility="private")
    move.lay_before(unit)
    matter.state, matter.code_digest = State.DISPATCHED, ""
    matter.recused_path = whole.matter.recused_path
    case = Case(
        matter=matter,
        channel=Channel.PART,
        topic_id=whole.topic_id,
        place_text=whole.place_text,
        identity_shown=False,
        wants_feedback=False,
        first_contact=desk,
        waives_second_person=whole.waives_second_person,
        promised_days=days,
        dispatched_at=move.now,
    )
    set_case_clock(case, local_day(move.now), days, workdays())
    move.say("text", text)
    move.note(whole=whole.pk, unit=unit.pk, due=matter.due_at.isoformat())
    return case
