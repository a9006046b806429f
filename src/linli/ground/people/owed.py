"""What somebody in office has to do before their office opens: show a second factor, change an old password.

Until then they are to every page what a resident is. Asked on each request, of the session and of the account that
is read anyway, so it costs no query.
"""

from datetime import datetime

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from linli.ground.people.models import Account
from linli.ground.people.rules.passwords import is_old

FACTOR_SHOWN = "second_factor_shown"


def owed(session: SessionBase, account: Account, now: datetime) -> str:
    """The name of the page that has to be seen to first; empty where nothing is owed."""
    if settings.SECOND_FACTOR == "staff" and not session.get(FACTOR_SHOWN):
        return "second_factor"
    if account.has_usable_password() and is_old(account.password_set_at, settings.PASSWORD_DAYS, now):
        return "my_password"
    return ""
