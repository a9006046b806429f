"""Receiving a demand: on the web with or without an account, at the counter, by phone or letter."""

from linli.ground.files.models import StoredFile
from linli.ground.matters.action import Opening, opening
from linli.ground.matters.clocks import local_day, workdays
from linli.ground.organizations.models import Organization
from linli.ground.organizations.selectors import district_centre, organization, service_centre_of
from linli.ground.people.models import Person
from linli.ground.territory.models import Unit
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.rules.rulebook import rulebook
from linli.services.cases.rules.vocabulary import Channel
from linli.services.cases.timing import set_case_clock
from linli.services.catalogue.models import Topic


@opening(CASES)
def receive_case(
    move: Opening[Case],
    *,
    title: str,
    text: str,
    place: Unit,
    channel: Channel = Channel.WEB,
    filer: Person | None = None,
    visibility: str = "private",
    identity_shown: bool = True,
    complained_of: Organization | None = None,
    place_text: str = "",
    longitude: float | None = None,
    latitude: float | None = None,
    outside_number: str = "",
    files: tuple[StoredFile, ...] = (),
    place_faults: tuple[str, ...] = (),
    asked_topic: Topic | None = None,
    joins: int | None = None,
) -> Case:
    """Take in a demand. The desk that receives it answers for it until another unit accepts (首接负责).

    Who leaves neither name nor telephone shows nobody: what they chose for others counts only with a filer. A topic
    that was chosen elsewhere (`asked_topic`) is noted for whoever files the demand, and decides nothing; so is the
    matter with which the filer said that this one is the same (`joins`).
    """
    desk = _first_contact(move, place, complained_of)
    matter = move.begin(title=title, place=place, holder=desk, visibility=visibility, filer=filer)
    case = Case(
        matter=matter,
        channel=channel,
        outside_number=outside_number,
        place_text=place_text,
        longitude=longitude,
        latitude=latitude,
        identity_shown=identity_shown and filer is not None,
        wants_feedback=filer is not None and filer.can_be_reached,
        complained_of=complained_of,
        first_contact=desk,
    )
    case.promised_days = days = rulebook().on(local_day(move.now)).integer("promised_days")
    set_case_clock(case, local_day(move.now), days, workdays())
    if complained_of is not None:
        matter.recused_path = complained_of.path
    move.say("text", text)
    move.say("place", place_text)
    move.note(channel=str(channel), place=place.code, due=matter.due_at.isoformat())
    if asked_topic is not None:
        move.note(asked_topic=asked_topic.pk)
    if joins is not None and complained_of is None:
        move.note(joins=joins)
    if place_faults:
        move.note(place_faults=list(place_faults))
    move.attach(*files)
    return case


def _first_contact(move: Opening[Case], place: Unit, complained_of: Organization | None) -> Organization:
    office = move.actor.acting
    desk = organization(office.organization_id) if office else service_centre_of(place)
    if complained_of is not None and desk.path.startswith(complained_of.path):
        return district_centre()
    return desk
