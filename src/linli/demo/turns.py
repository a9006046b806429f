"""How a demand gets to the unit that answers it; `handling` and `afterwards` tell what comes after."""

from linli.demo.afterwards import after_reply
from linli.demo.courses import Course, Part
from linli.demo.fates import Door, Turn
from linli.demo.handling import in_hands
from linli.demo.scene import Lives
from linli.ground.matters.action import Refused
from linli.ground.matters.models import Matter
from linli.kernel.access import Role
from linli.services.cases.following import masked_reply
from linli.services.cases.rules.vocabulary import State

PATIENCE = 60
"""How many times a filer who follows another demand looks whether that one is closed."""


def course_of(course: Course) -> Lives:
    """A demand from its first word to its last answer."""
    course.receive()
    if course.turn is Turn.WITHDRAWN and course.door is not Door.LETTER:
        yield course.at_home(0.2, 6)
        course.act("withdraw_case", course.filer, reason=course.teller.phrase("withdrawn"))
        course.given_up = True
        return
    yield course.in_office(0.3, 5)
    if course.turn in {Turn.MERGED, Turn.PARTED} and can_be_merged(course):
        yield from _merged(course)
        if course.turn is Turn.MERGED:
            return
    yield from _to_the_unit(course)
    if course.is_over():
        return
    yield from in_hands(course)
    if course.is_over():
        return
    yield from after_reply(course)


def can_be_merged(course: Course) -> bool:
    """Whether the demand that is to lead stands, at the same desk."""
    lead = course.leading
    return (
        lead is not None
        and lead.matter != 0
        and not lead.given_up
        and lead.desk_office == course.desk_office
        and course.door is not Door.COMMITTEE
    )


def _merged(course: Course) -> Lives:
    lead = course.leading
    if lead is None:
        return
    course.act("merge_case", course.desk, leading=Matter(pk=lead.matter), note=course.teller.phrase("merged"))
    if course.turn is Turn.PARTED:
        yield course.in_office(2, 20)
        course.act("unmerge_case", course.desk, reason=course.teller.phrase("parted"))
        return
    for _ in range(PATIENCE):
        yield course.in_office(20, 40)
        if lead.closed or lead.given_up:
            break
    if not lead.closed:
        return
    leading = Matter.objects.get(pk=lead.matter)
    course.act("close_merged", course.desk, reply=masked_reply(leading))


def _to_the_unit(course: Course) -> Lives:
    """Filed, and dispatched until a unit has it in hand."""
    cast, turn = course.scene.cast, course.turn
    if turn is Turn.ESCALATED:
        course.act("escalate_case", course.desk, reason=course.teller.phrase("escalated"))
        course.desk_office = cast.offices.centre
        course.unit = cast.offices.departments["区城市管理局"]
        yield course.in_office(1, 5)
    course.act("file_case", course.desk, topic=cast.topics[course.birth.topic], proposed=course.proposed())
    if turn is Turn.DECLINED:
        course.act("decline_case", course.desk, **course.teller.declining())
        course.given_up = True
        return
    if turn is Turn.COMPLAINT:
        course.unit = cast.offices.departments["区民政局"]
    if turn is Turn.SPLIT:
        _split(course)
    if turn in {Turn.RETURNED, Turn.DISPUTED}:
        yield from _sent_around(course)
        if turn is Turn.DISPUTED:
            return
    by_topic = cast.unit_for(course.birth.topic, course.birth.place)
    course.act("dispatch_case", course.desk, unit=course.unit, proposed=by_topic)
    if turn is Turn.RECALLED:
        yield course.shortly(0.1, 0.6)
        course.act("recall_case", course.desk, reason=course.teller.phrase("recalled"))
        course.act("dispatch_case", course.desk, unit=course.unit)
    yield course.in_office(0.3, 7)
    course.act("accept_case", course.of_unit(Role.CLERK))
    if turn is Turn.HANDED_OVER:
        yield course.in_office(1, 5)
        course.act("hand_over_case", course.of_unit(Role.CLERK), reason=course.teller.phrase("handed over"))
        course.unit = cast.neighbour_of(course.unit, course.birth.place)
        yield course.in_office(1, 4)
        course.act("dispatch_case", course.desk, unit=course.unit)
        yield course.in_office(0.3, 5)
        course.act("accept_case", course.of_unit(Role.CLERK))


def _sent_around(course: Course) -> Lives:
    """To a wrong unit, which sends it back; what two have sent back, their superior decides."""
    others = course.scene.cast.others_than(course.unit, course.birth.place)
    for wrong in others[: 2 if course.turn is Turn.DISPUTED else 1]:
        course.act("dispatch_case", course.desk, unit=wrong)
        yield course.shortly(0.3, 3)
        done = course.act("return_case", course.of_unit(Role.CLERK, wrong), reason=course.teller.phrase("returned"))
        yield course.in_office(0.5, 4)
        if done.matter.state == State.DISPUTED:
            judge = course.of_unit(Role.SUPERVISOR, done.matter.desk)
            course.act("rule_holder", judge, unit=course.unit, reason=course.teller.phrase("ruled"))
            course.act("claim_case", course.of_unit(Role.CLERK))


def _split(course: Course) -> None:
    """Another unit answers a part; the limit must lie within that of the whole, or it stays undivided."""
    unit = course.scene.cast.neighbour_of(course.unit, course.birth.place)
    text = course.teller.phrase("part")
    try:
        done = course.act("split_case", course.desk, text=text, unit=unit, days=2)
    except Refused:
        return
    part = Part(course, unit, int(done.record.codes["part"]))
    course.scene.note(Matter.objects.get(pk=part.matter))
    course.scene.enter(part.go(), course.now)
