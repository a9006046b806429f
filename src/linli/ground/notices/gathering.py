"""Gathering news into digests: whoever has several hears of them at once."""

from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext as _

from linli.ground.matters.features import FEATURES
from linli.ground.notices.models import Digest, Notice

AT_ONCE = 1000
MOST_IN_ONE = 5


def pass_over_staff(now: datetime) -> None:
    """Staff read theirs in the application."""
    Notice.objects.filter(gathered_at__isnull=True, as_staff=True).update(gathered_at=now)


def pass_over_all(now: datetime) -> None:
    """What a story tells was told while it was played; nobody is written to about it once more."""
    Notice.objects.filter(gathered_at__isnull=True).update(gathered_at=now)


def gather(now: datetime) -> int:
    """Put the news of filers that wait into digests, at most five in one; returns how many notices were taken up.

    A notice is in exactly one digest: it is taken up in the transaction that makes it.
    """
    with transaction.atomic():
        waiting = Notice.objects.select_for_update(skip_locked=True).filter(gathered_at__isnull=True, as_staff=False)
        rows = list(waiting.order_by("id").only("id", "person")[:AT_ONCE])
        rows.sort(key=lambda notice: (notice.person_id, notice.pk))
        digests = []
        for person, group in groupby(rows, key=lambda notice: notice.person_id):
            for place, notice in enumerate(group):
                if place % MOST_IN_ONE == 0:
                    digests.append(Digest(person_id=person, at=now))
                notice.digest, notice.gathered_at = digests[-1], now
        Digest.objects.bulk_create(digests)
        Notice.objects.bulk_update(rows, ["digest", "gathered_at"], batch_size=200)
    return len(rows)


def digest_words(digest: Digest) -> tuple[str, str]:
    """Subject and text for whoever filed the matters; no personal data and no secret code in either."""
    told: dict[str, list[str]] = {}
    for notice in sorted(digest.notices.all(), key=lambda notice: notice.pk):
        told.setdefault(notice.matter.number, []).append(FEATURES[notice.matter.kind].told(notice.event))
    news = {number: "；".join(happened) for number, happened in told.items()}
    if len(news) == 1:
        ((number, happened),) = news.items()
        text = _("【邻里】您反映的事项 %(number)s：%(happened)s。凭编号和查询码可查看全部进展。")
        subject = _("您反映的事项：%(happened)s")
        return subject % {"happened": happened}, text % {"number": number, "happened": happened}
    subject = _("您反映的 %(count)s 件事项有新进展") % {"count": len(news)}
    listed = "；".join(f"{number} {happened}" for number, happened in news.items())
    return subject, _("【邻里】您反映的事项有新进展：%(told)s。凭编号和查询码可查看全部进展。") % {"told": listed}
