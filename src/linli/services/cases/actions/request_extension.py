"""Asking for more time, before the due date."""

from linli.ground.matters.action import Move, action
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES)
def request_extension(move: Move[Case], *, days: int, reason: str) -> None:
    """The holding unit asks its superior for more working days."""
    most = move.facts.rules.integer("extension_days")
    if not 1 <= days <= most:
        move.refuse("extension_too_long", most=most)
    move.row.extension_asked_days, move.row.extension_asked_by = days, move.actor.person
    move.note(days=days)
    move.say("reason", reason)
