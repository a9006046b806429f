"""Introduces demands to the ground: their row, procedure, access and facts."""

from datetime import datetime
from functools import lru_cache

from django.utils.translation import get_language

from linli.ground.matters.clocks import local_day
from linli.ground.matters.features import Feature, register
from linli.ground.matters.models import Matter
from linli.kernel.access import Actor, Appointment, Role
from linli.services.cases.finding import known_as, left_by_handler, left_by_reform, narrow, rated_badly, turns
from linli.services.cases.following import left_without_lead, to_be_answered
from linli.services.cases.models import Case
from linli.services.cases.recipients import recipients
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.rules.facts import CaseFacts
from linli.services.cases.rules.procedure import PROCEDURES
from linli.services.cases.rules.rulebook import rulebook
from linli.services.cases.rules.vocabulary import RUNNING, Channel, State
from linli.services.cases.splitting import left_without_whole, to_be_joined
from linli.services.cases.timing import reclock_case
from linli.services.cases.wording import STATES, STEPS, TOLD, TONES

AT_COUNTER = frozenset({Role.DISPATCHER, Role.WINDOW_CLERK})


def case_facts(case: Case, actor: Actor, now: datetime) -> CaseFacts:
    """The frozen facts of a case whose matter is loaded; no query."""
    matter = case.matter
    return CaseFacts(
        **_standing(case, actor),
        state=State(matter.state),
        now=now,
        actor=actor.person,
        rules=rulebook().on(local_day(matter.opened_at)),
        due_at=matter.due_at,
        is_complaint=bool(matter.recused_path),
        is_part=case.channel == Channel.PART,
        waits_for_parts=case.waits_for_parts,
        has_topic=case.topic_id is not None,
        handler=matter.handler_id,
        identity_shown=case.identity_shown,
        has_contact=case.can_be_contacted,
        dispatched_at=case.dispatched_at,
        returns=case.returns,
        ruling_by=case.ruling_by,
        ruling_warned_at=case.ruling_warned_at,
        ruled_at=case.ruled_at,
        drafted_by=case.drafted_by_id,
        reviewed_by=case.reviewed_by_id,
        waives_second_person=case.waives_second_person,
        supplements_asked=case.supplements_asked,
        waits_until=case.waits_until,
        paused_days_left=case.paused_days_left,
        extensions_granted=case.extensions_granted,
        extension_asked_days=case.extension_asked_days,
        extension_asked_by=case.extension_asked_by,
        warn_at=matter.warn_at,
        warned_at=case.warned_at,
        overdue_at=case.overdue_at,
        unaccepted_warned_at=case.unaccepted_warned_at,
        replied_at=case.replied_at,
        verify_by=case.verify_by,
        verification_warned_at=case.verification_warned_at,
        call_attempts=case.call_attempts,
        called_at=case.called_at,
        confirmed_at=case.confirmed_at,
        solved=case.solved,
        closed_at=matter.closed_at,
        reopen_until=case.reopen_until,
        reopened=case.reopened,
        reopening_asked_at=case.reopening_asked_at,
        rated_at=case.rated_at,
        rating=case.rating,
        appeal=case.appeal,
        appeal_until=case.appeal_until,
        rectification_asked_at=case.rectification_asked_at,
        contact_tried_at=case.contact_tried_at,
        contacted_at=case.contacted_at,
        urged_at=case.urged_at,
        published_at=matter.published_at,
        wants_publication=matter.visibility == "public",
    )


def _standing(case: Case, actor: Actor) -> dict[str, bool]:
    """How the actor's offices stand to the case; the names are those of the facts."""
    matter, offices = case.matter, actor.appointments
    return {
        "actor_in_unit": any(each.role is Role.CLERK and each.organization_id == matter.holder_id for each in offices),
        "actor_signs": any(each.role is Role.SIGNER and _is_over(each, matter) for each in offices),
        "actor_above_desk": any(
            each.role is Role.SUPERVISOR and matter.desk_path.startswith(each.organization_paths) for each in offices
        ),
        "actor_above_rated": _is_above(actor, case.rated_path),
        "actor_of_rated": any(
            each.role in {Role.CLERK, Role.SIGNER} and case.rated_path in each.organization_paths for each in offices
        ),
        "actor_at_counter": any(each.role in AT_COUNTER for each in offices),
    }


def _is_over(office: Appointment, matter: Matter) -> bool:
    """Whether the office is that of the holder or desk, or of one above it."""
    return any(path.startswith(office.organization_paths) for path in (matter.holder_path, matter.desk_path))


def _is_above(actor: Actor, path: str) -> bool:
    """Whether the actor supervises above an organization and is none of its own, in whatever office."""
    offices = actor.appointments
    supervised = [each.organization_paths for each in offices if each.role is Role.SUPERVISOR]
    above = any(path.startswith(own) and path not in own for own in supervised)
    return above and not any(own.startswith(path) for each in offices for own in each.organization_paths)


def words(code: str) -> str:
    """A state, or an event as the timeline tells it."""
    return _words_in(get_language() or "", code)


@lru_cache(maxsize=512)
def _words_in(_language: str, code: str) -> str:
    """Lists say the same few words on every row; they are the program's own, and change with the language alone."""
    return str(STATES[code] if code in STATES else STEPS[code][1])


def told(event: str) -> str:
    """An event as its filer is told of it."""
    return str(TOLD[event]) if event in TOLD else words(event)


CASES = register(
    Feature(
        kind="case",
        model=Case,
        procedures=PROCEDURES,
        access=ACCESS,
        facts=case_facts,
        recipients=recipients,
        words=words,
        told=told,
        tones=TONES,
        resting=frozenset(State) - RUNNING,
        paused=frozenset({State.WAITING, State.MERGED}),
        reclock=reclock_case,
        narrow=narrow,
        turns=turns,
        known_as=known_as,
        sweeps={
            "release_for_leaver": left_by_handler,
            "follow_reform": left_by_reform,
            "open_rectification": rated_badly,
            "release_merged": left_without_lead,
            "warn_merged": to_be_answered,
            "join_parts": to_be_joined,
            "end_part": left_without_whole,
        },
        emptied={"place_text": "", "longitude": None, "latitude": None, "names_filer": False},
        later_clocks=(
            "case__waits_until",
            "case__verify_by",
            "case__reopen_until",
            "case__ruling_by",
            "case__appeal_until",
        ),
    )
)
