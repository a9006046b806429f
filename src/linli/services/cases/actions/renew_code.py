"""A new secret code for a lost one."""

from linli.ground.matters.action import Move, action, code_digest
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def renew_code(move: Move[Case], *, code: str) -> None:
    """The filer takes a new code; the old one no longer opens the case."""
    move.matter.code_digest = code_digest(code)
