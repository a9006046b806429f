"""What filing by other programs has in common, whichever form it came in: emergencies, and how much in a day."""

from linli.ground.exchange.bearer import TokenRequest
from linli.ground.exchange.problems import Problem
from linli.ground.matters.clocks import local_day
from linli.ground.people.throttle import count, note
from linli.services.cases.portal.gate import DAY, FILING, MOST_IN_A_DAY
from linli.services.cases.rules.emergency import emergency_words_in
from linli.services.cases.rules.rulebook import rulebook


def refuse_alarming(request: TokenRequest, text: str, *, is_safe: bool) -> None:
    """Whoever may be in danger is told whom to call before anything is filed, as on the pages.

    Raises:
        Problem: the text sounds like an emergency, and nobody has said that it is none.
    """
    words = rulebook().on(local_day(request.now)).words("emergency_words")
    if not is_safe and emergency_words_in(text, words):
        raise Problem("emergency")


def count_own_filing(request: TokenRequest) -> None:
    """Count one demand that an account files for itself.

    Raises:
        Problem: it has filed as many as one may in a day.
    """
    who = f"account:{request.token.account_id}"
    if count(FILING, who, DAY, request.now) >= MOST_IN_A_DAY:
        raise Problem("too_many", wait=int(DAY.total_seconds()))
    note(FILING, who, request.now)
