"""Sending notices out of the house: e-mail and text message to filers, none twice."""

from datetime import datetime

import structlog
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _

from linli.ground.matters.features import FEATURES
from linli.ground.notices.adapters import send_sms
from linli.ground.notices.models import Notice

logger = structlog.get_logger(__name__)


def send_notices(now: datetime, limit: int = 100) -> int:
    """Send what has not been sent; returns how many. Staff read theirs in the application."""
    Notice.objects.filter(sent_at__isnull=True, as_staff=True).update(sent_at=now)
    waiting = list(Notice.objects.filter(sent_at__isnull=True).order_by("id").values_list("id", flat=True)[:limit])
    return sum(_send_one(notice, now) for notice in waiting)


@transaction.atomic
def _send_one(notice_id: int, now: datetime) -> bool:
    """Claim, send, mark. A failure rolls back and is tried again; a crash after sending may repeat one message."""
    rows = Notice.objects.select_for_update(skip_locked=True).filter(pk=notice_id, sent_at__isnull=True)
    notice = rows.first()
    if notice is None:
        return False
    subject, text = notice_words(notice)
    person = notice.person
    if person.email:
        send_mail(subject, text, None, [person.email])
    if person.phone:
        send_sms(person.phone, text, now)
    notice.sent_at = now
    notice.save(update_fields=["sent_at"])
    return True


def notice_words(notice: Notice) -> tuple[str, str]:
    """Subject and text for the one who filed the matter; no personal data in either."""
    happened = FEATURES[notice.matter.kind].words(notice.event)
    subject = _("您反映的事项有新进展：%(happened)s") % {"happened": happened}
    text = _("【邻里】您反映的事项 %(number)s:%(happened)s。凭编号和查询码可查看全部进展。") % {
        "number": notice.matter.number,
        "happened": happened,
    }
    return subject, text
