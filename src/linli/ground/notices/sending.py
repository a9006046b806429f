"""Sending notices out of the house: e-mail and text message to filers, none twice and none at night."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.ground.matters.features import FEATURES
from linli.ground.notices.adapters import send_sms
from linli.ground.notices.models import Notice
from linli.ground.people.consents import wants_mail

logger = structlog.get_logger(__name__)

FIRST_PAUSE = timedelta(minutes=1)
MOST_FAILURES = 12


def send_notices(now: datetime, limit: int = 100) -> int:
    """Send what is due; returns how many went out. Staff read theirs in the application.

    A message that cannot be sent waits longer each time, up to `MOST_FAILURES`, and holds no other up. What comes up
    outside the sending hours waits unsent, untried and uncounted until they begin.
    """
    Notice.objects.filter(sent_at__isnull=True, as_staff=True).update(sent_at=now)
    if not _in_sending_hours(now):
        return 0
    due = Q(try_after__isnull=True) | Q(try_after__lte=now)
    rows = Notice.objects.filter(due, sent_at__isnull=True, failures__lt=MOST_FAILURES).order_by("id")
    return sum(_send_or_postpone(notice, now) for notice in list(rows.values_list("id", flat=True)[:limit]))


def _in_sending_hours(now: datetime) -> bool:
    """Whether it is a time of day at which people may be written to; one-time codes do not come this way."""
    local = timezone.localtime(now, timezone.get_default_timezone())
    return bool(settings.SENDING_FROM <= local.hour < settings.SENDING_UNTIL)


def _send_or_postpone(notice_id: int, now: datetime) -> bool:
    try:
        return _send_one(notice_id, now)
    except Exception:  # whatever a mail server or an operator's adapter raises concerns this one message
        logger.exception("notice not sent", notice=notice_id)
    failures = Notice.objects.values_list("failures", flat=True).get(pk=notice_id)
    Notice.objects.filter(pk=notice_id).update(failures=failures + 1, try_after=now + FIRST_PAUSE * 2**failures)
    return False


def _send_one(notice_id: int, now: datetime) -> bool:
    """Both channels, each marked in a transaction of its own, so that a failing one does not repeat the other.

    A crash between sending and marking may repeat one message.
    """
    with _claimed(notice_id) as notice:
        if notice is None:
            return False
        if notice.mailed_at is None and notice.person.email and wants_mail(notice.person):
            send_mail(*notice_words(notice), None, [notice.person.email])
        Notice.objects.filter(pk=notice_id).update(mailed_at=now)
    with _claimed(notice_id) as notice:
        if notice is None:
            return False
        if notice.person.phone:
            send_sms(notice.person.phone, notice_words(notice)[1], now)
        Notice.objects.filter(pk=notice_id).update(sent_at=now)
    return True


@contextmanager
def _claimed(notice_id: int) -> Iterator[Notice | None]:
    """The notice under a lock; None when it is sent, or in the hands of another sender."""
    rows = Notice.objects.select_for_update(skip_locked=True, of=("self",)).select_related("person", "matter")
    with transaction.atomic():
        yield rows.filter(pk=notice_id, sent_at__isnull=True).first()


def notice_words(notice: Notice) -> tuple[str, str]:
    """Subject and text for the one who filed the matter; no personal data and no secret code in either."""
    happened = FEATURES[notice.matter.kind].told(notice.event)
    subject = _("您反映的事项：%(happened)s") % {"happened": happened}
    text = _("【邻里】您反映的事项 %(number)s：%(happened)s。凭编号和查询码可查看全部进展。") % {
        "number": notice.matter.number,
        "happened": happened,
    }
    return subject, text
