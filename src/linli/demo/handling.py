"""What happens while a unit has a demand in hand, up to the signed reply."""

from datetime import datetime, timedelta

from linli.demo.courses import Course
from linli.demo.fates import Door, Turn
from linli.demo.scene import Lives
from linli.kernel.access import Role
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import State

SUPPLEMENT_LAPSED = timedelta(days=14)


def in_hands(course: Course) -> Lives:
    """From accepting to the drafted reply."""
    clerk = course.of_unit(Role.CLERK)
    yield from _meanwhile(course)
    if course.is_over():
        return
    yield course.scene.rhythm.in_office(_handled_at(course))
    course.act("handle_case", clerk, work=course.teller.work(course.birth.topic, course.told))
    while course.turn is Turn.SPLIT and Case.objects.filter(pk=course.matter, waits_for_parts=True).exists():
        yield course.in_office(2, 5)
    if course.chance(0.6):
        yield course.in_office(0.2, 3)
    course.act("draft_reply", clerk, reply=course.teller.reply(course.birth.topic, course.told))
    if course.turn is Turn.SENT_BACK:
        yield course.in_office(0.5, 4)
        course.act("send_back_reply", course.of_unit(Role.REVIEWER), reason=course.teller.phrase("sent back"))
        yield course.in_office(0.5, 5)
        course.act("draft_reply", clerk, reply=course.teller.reply(course.birth.topic, course.told))


def _handled_at(course: Course) -> datetime:
    character, random = course.scene.cast.character(course.unit), course.scene.random
    left = max(course.due - course.now, timedelta(0))
    if course.turn in {Turn.LATE, Turn.SUPERVISED} or course.chance(character.lateness):
        return course.now + left + timedelta(hours=random.uniform(2, 60))
    return course.now + left * character.pace * random.uniform(0.15, 0.95)


def _meanwhile(course: Course) -> Lives:
    """What happens while the unit has it: questions, more time, reminders."""
    turn, clerk, phrase = course.turn, course.of_unit(Role.CLERK), course.teller.phrase
    if turn in {Turn.SUPPLEMENTED, Turn.LAPSED}:
        yield course.in_office(0.5, 4)
        course.act("ask_supplement", clerk, question=phrase("question"))
        if turn is Turn.SUPPLEMENTED:
            yield course.at_home(1, 40)
            by = course.filer if course.account else course.counter
            course.act("supply_supplement", by, text=phrase("supplement"))
        else:
            yield course.scene.rhythm.in_office(course.now + SUPPLEMENT_LAPSED)
            while course.state() == State.WAITING:  # holidays lie in between
                yield course.in_office(20, 30)
            course.due = course.now + timedelta(days=1)
    elif turn in {Turn.EXTENDED, Turn.NOT_EXTENDED}:
        yield from _asking_for_time(course)
    elif turn is Turn.URGED:
        yield course.at_home(10, 30)
        course.act("urge_case", course.filer if course.account else course.counter, note=phrase("urged"))
    elif turn is Turn.INSTRUCTED:
        yield course.in_office(2, 10)
        course.act("instruct_case", course.supervisor, instruction=phrase("instructed"))
    elif turn is Turn.WITHDRAWN_LATER and course.door is not Door.LETTER:
        yield course.at_home(3, 20)
        course.act("withdraw_case", course.filer, reason=phrase("withdrawn"))
        course.given_up = True
    elif turn is Turn.SUPERVISED:
        yield course.scene.rhythm.in_office(course.due + timedelta(hours=3))
        course.act("supervise_case", course.supervisor, requirement=phrase("supervised"))


def _asking_for_time(course: Course) -> Lives:
    """Before the due date; where the unit has come too late to it, nothing is asked."""
    yield course.in_office(0.5, 3)
    if course.now + timedelta(hours=4) >= course.due:
        return
    days, phrase = course.scene.random.randint(2, 5), course.teller.phrase
    course.act("request_extension", course.of_unit(Role.CLERK), days=days, reason=phrase("extension"))
    yield course.shortly(0.3, 3)
    if course.turn is Turn.EXTENDED:
        course.act("grant_extension", course.supervisor, note=phrase("granted"))
    else:
        course.act("refuse_extension", course.supervisor, reason=phrase("refused"))


def sign(course: Course) -> None:
    """Reviewed by one person and signed by another; for simple topics signed at once."""
    if not course.scene.cast.topics[course.birth.topic].waives_second_person:
        course.act("review_reply", course.of_unit(Role.REVIEWER))
    course.act("sign_reply", course.of_unit(Role.SIGNER))
