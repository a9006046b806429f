"""Sending digests out of the house: e-mail and text message to filers, none lost, none twice and none at night.

A worker claims a few digests for a while and marks each at once when it has gone. One that was claimed and not marked
is in doubt: its sender was killed, or got no answer. The operator of text messages is then asked by the reference
whether it has it. E-mail knows no such question: it goes out again under the same Message-ID, which is at most the one
message that a killed worker had in its hands.
"""

import time
from datetime import datetime, timedelta
from email.utils import parseaddr

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from linli.ground.notices.adapters import has_sent_sms, send_sms
from linli.ground.notices.gathering import digest_words, gather, pass_over_staff
from linli.ground.notices.models import Digest
from linli.ground.people.consents import who_want_mail

logger = structlog.get_logger(__name__)

FIRST_PAUSE = timedelta(minutes=1)
MOST_FAILURES = 12
CLAIMED_FOR = timedelta(minutes=2)
ONE_TAKES = timedelta(minutes=1)  # longer than an e-mail and a text message may take
CLAIMED_AT_ONCE = 20


def send_notices(now: datetime, limit: int = 500) -> int:
    """Send what is due; returns how many digests went out. Staff read theirs in the application.

    A digest that cannot be sent waits longer each time, up to `MOST_FAILURES`, and holds no other up. What comes up
    outside the sending hours waits ungathered, untried and uncounted until they begin.
    """
    pass_over_staff(now)
    if not _in_sending_hours(now):
        return 0
    gather(now)
    began, sent, tried = time.monotonic(), 0, 0
    while tried < limit:
        moment = now + timedelta(seconds=time.monotonic() - began)
        claimed = _claim(moment, min(CLAIMED_AT_ONCE, limit - tried))
        if not claimed:
            break
        tried += len(claimed)
        sent += _Round(claimed, moment).send()
    return sent


def _in_sending_hours(now: datetime) -> bool:
    """Whether it is a time of day at which people may be written to; one-time codes do not come this way."""
    local = timezone.localtime(now, timezone.get_default_timezone())
    return bool(settings.SENDING_FROM <= local.hour < settings.SENDING_UNTIL)


def _claim(now: datetime, count: int) -> list[Digest]:
    """The next digests, kept from other workers for a while; nothing is locked while something is sent."""
    due = Q(try_after__isnull=True) | Q(try_after__lte=now)
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    rows = Digest.objects.filter(due, free, sent_at__isnull=True, failures__lt=MOST_FAILURES).order_by("at", "id")
    with transaction.atomic():
        keys = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True)[:count])
        Digest.objects.filter(pk__in=keys).update(claimed_until=now + CLAIMED_FOR, claims=F("claims") + 1)
    claimed = Digest.objects.filter(pk__in=keys).order_by("at", "id")
    return list(claimed.select_related("person").prefetch_related("notices__matter"))


class _Round:
    """Digests that one worker has claimed, sent one after another while the claim lasts."""

    def __init__(self, digests: list[Digest], now: datetime) -> None:
        self.digests, self.now, self.began = digests, now, time.monotonic()
        self.want_mail = who_want_mail([digest.person for digest in digests if digest.person.email])
        self.mail: BaseEmailBackend | None = None

    def send(self) -> int:
        """Send them; returns how many went out. What the time does not suffice for is given back."""
        sent = 0
        try:
            for digest in self.digests:
                if self._moment() + ONE_TAKES > self.now + CLAIMED_FOR:
                    Digest.objects.filter(pk=digest.pk).update(claimed_until=None)
                else:
                    sent += self._send_or_postpone(digest)
        finally:
            self._hang_up()
        return sent

    def _moment(self) -> datetime:
        return self.now + timedelta(seconds=time.monotonic() - self.began)

    def _send_or_postpone(self, digest: Digest) -> bool:
        mine = Digest.objects.filter(pk=digest.pk)
        try:
            self._send_one(digest)
        except Exception:  # whatever a mail server or an operator's adapter raises concerns this one digest
            logger.exception("digest not sent", digest=str(digest.pk))
            self._hang_up()
            pause = FIRST_PAUSE * 2**digest.failures
            mine.update(failures=digest.failures + 1, try_after=self.now + pause, claimed_until=None)
            return False
        mine.update(sent_at=self.now, claimed_until=None)
        return True

    def _send_one(self, digest: Digest) -> None:
        """Both channels, the first marked before the second, so that a failing one does not repeat the other."""
        subject, text = digest_words(digest)
        reference, in_doubt = str(digest.pk), digest.claims > 1
        if digest.mailed_at is None and digest.person_id in self.want_mail:
            headers = {"Message-ID": f"<{reference}@{_domain()}>"}
            EmailMessage(
                subject, text, None, [digest.person.email], headers=headers, connection=self._connection()
            ).send()
            Digest.objects.filter(pk=digest.pk).update(mailed_at=self.now)
        if digest.person.phone and not (in_doubt and has_sent_sms(reference)):
            send_sms(digest.person.phone, text, self.now, reference)

    def _connection(self) -> BaseEmailBackend:
        """One connection for all of them."""
        if self.mail is None:
            self.mail = get_connection()
            self.mail.open()
        return self.mail

    def _hang_up(self) -> None:
        if self.mail is not None:
            self.mail.close()
            self.mail = None


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "linli.invalid"
