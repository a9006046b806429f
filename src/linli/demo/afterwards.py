"""What comes after the reply: was it solved, is it good, what if it is not."""

from collections.abc import Iterator
from datetime import datetime

from linli.demo.courses import Course
from linli.demo.fates import Door, Grievance, Turn
from linli.demo.handling import sign
from linli.demo.scene import Lives
from linli.kernel.access import Actor, Role
from linli.services.cases.models import Case
from linli.services.cases.publishing import masked_proposal
from linli.services.cases.rules.vocabulary import CallResult, Rating, State

CONFIRMS = 0.3
RATES = {Door.RESIDENT: 0.4, Door.NAMED: 0.12, Door.PHONE: 0.1, Door.COUNTER: 0.1}
PUBLISHED = 0.15
GOOD = ((Rating.VERY_SATISFIED, 48), (Rating.SATISFIED, 34), (Rating.BASICALLY_SATISFIED, 18))
BAD = ((Rating.DISSATISFIED, 65), (Rating.VERY_DISSATISFIED, 35))
LATE_ANNOYS = 0.25
GRANTED = 0.7
CALLS = 3


def after_reply(course: Course) -> Lives:
    """From the drafted reply to the end, and what may begin anew."""
    yield course.in_office(0.5, 6)
    sign(course)
    yield from _settled(course)
    if course.turn in {Turn.REOPENED, Turn.REOPENED_TWICE}:
        yield course.at_home(5, 90)
        course.act("reopen_case", course.filer, reason=course.teller.phrase("reopened"))
        yield from _again(course)
    if course.turn is Turn.REOPENED_TWICE:
        yield from _asking_again(course)
        return
    yield from _rated(course)
    if course.wants_publication and course.door is not Door.COMMITTEE and course.chance(PUBLISHED):
        proposal = masked_proposal(Case.objects.select_related("matter").get(pk=course.matter))
        course.act("publish_case", course.of_unit(Role.CLERK), **proposal.fields())


def _settled(course: Course) -> Lives:
    """Somebody asks whether it is solved; then it is verified and closed."""
    failed = course.turn is Turn.FOUND_UNSOLVED or course.chance(course.scene.cast.character(course.unit).failure)
    yield course.in_office(4, 40)
    if failed and course.has_contact and course.turn not in {Turn.REOPENED, Turn.REOPENED_TWICE}:
        _call(course, CallResult.UNSOLVED)
        yield course.in_office(0.2, 3)
        course.act("reopen_for_filer", course.desk, reason=course.teller.phrase("found unsolved"))
        yield from _again(course)
        return
    if course.turn is Turn.UNREACHED:
        for _ in range(CALLS):
            _call(course, CallResult.UNREACHED)
            yield course.in_office(4.5, 9)
    elif course.account is not None and course.chance(CONFIRMS):
        course.act("confirm_solved", course.filer)
    elif course.has_contact:
        _call(course, CallResult.SOLVED)
    _close(course)


def _again(course: Course) -> Lives:
    """The whole work once more, until the filer says that it is solved."""
    clerk = course.of_unit(Role.CLERK)
    yield course.in_office(5, 40)
    course.act("handle_case", clerk, work=course.teller.work(course.birth.topic, course.told))
    course.act("draft_reply", clerk, reply=course.teller.reply(course.birth.topic, course.told, again=True))
    yield course.in_office(0.5, 5)
    sign(course)
    yield course.in_office(4, 30)
    if course.has_contact:
        _call(course, CallResult.SOLVED)
    _close(course)


def _close(course: Course) -> None:
    course.act("verify_case", course.desk)
    course.act("close_case", course.desk)


def _call(course: Course, result: CallResult) -> None:
    course.act("call_back_case", course.desk, result=result, note=course.teller.phrase(f"call {result}"))


def _asking_again(course: Course) -> Lives:
    """Whoever has reopened once needs the superior's consent for another time."""
    yield course.at_home(5, 60)
    by = course.filer if course.account else course.counter
    course.act("request_reopening", by, reason=course.teller.phrase("reopened"))
    yield course.in_office(2, 12)
    if course.chance(GRANTED):
        course.act("grant_reopening", course.supervisor, note=course.teller.phrase("granted"))
        yield from _again(course)
    else:
        course.act("refuse_reopening", course.supervisor, reason=course.teller.phrase("not again"))


def _rated(course: Course) -> Lives:
    """Some rate what was done; a bad rating has a life of its own."""
    if not course.chance(RATES.get(course.door, 0)):
        return
    yield course.at_home(1, 60)
    character = course.scene.cast.character(course.unit)
    late = Case.objects.filter(pk=course.matter, overdue_at__isnull=False).exists()
    bad = course.chance(character.annoyance + LATE_ANNOYS * late)
    values, weights = zip(*(BAD if bad else GOOD), strict=True)
    rating = course.scene.random.choices(values, weights)[0]
    comment = course.teller.phrase("bad comment" if bad else "good comment") if course.chance(0.6) else ""
    by = course.filer if course.door in {Door.RESIDENT, Door.NAMED} else course.counter
    course.act("rate_case", by, rating=rating, comment=comment)
    if bad:
        yield from _grievance(course, course.scene.grievances.deal())


def _grievance(course: Course, grievance: Grievance) -> Lives:
    """The clock has opened a rectification; it is gone through, appealed against, or overtaken by a reopening."""
    while course.state() != State.RECTIFYING:
        yield course.in_office(0.5, 2)
    phrase = course.teller.phrase
    if grievance is Grievance.REOPENED and course.turn not in {Turn.REOPENED, Turn.FOUND_UNSOLVED} and course.account:
        yield course.at_home(1, 20)
        if not Case.objects.filter(pk=course.matter, reopened__gt=0).exists():
            course.act("reopen_case", course.filer, reason=phrase("reopened"))
            yield from _again(course)
            return
    if grievance in {Grievance.UPHELD, Grievance.OVERRULED}:
        course.act("appeal_rating", course.of_unit(Role.CLERK), reason=phrase("appeal"))
        yield course.in_office(2, 16)
        if grievance is Grievance.OVERRULED:
            course.act("overrule_rating", course.supervisor, reason=phrase("overruled"))
            return
        course.act("uphold_rating", course.supervisor, reason=phrase("upheld"))
    yield from _rectified(course, reached=grievance is not Grievance.NOT_REACHED)


def _rectified(course: Course, *, reached: bool) -> Lives:
    phrase, clerk = course.teller.phrase, course.of_unit(Role.CLERK)
    yield course.in_office(0.5, 4)
    yield from _contacting(course, clerk if course.shown else course.counter, reached=reached)
    yield course.in_office(6, 70)
    course.act("rectify_case", clerk, work=phrase("rectified"))
    yield course.in_office(4, 24)
    if course.has_contact:
        _call(course, CallResult.SOLVED)
    course.act("close_rectification", course.desk, note="")


def _contacting(course: Course, by: Actor, *, reached: bool) -> Iterator[datetime]:
    """Reached at once, or tried in vain as often as the rule asks."""
    if not course.has_contact:
        return
    for _ in range(1 if reached else CALLS):
        note = course.teller.phrase("contacted" if reached else "call unreached")
        course.act("contact_rater", by, reached=reached, note=note)
        if not reached:
            yield course.in_office(4.5, 9)
