"""How long notices are kept: what they tell stands on the matter anyway."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from linli.ground.notices.models import Digest, Notice
from linli.ground.privacy.retention import Kept, keeps_for_a_term
from linli.kernel.access import Actor


def _due(before: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(at__lt=before)


def _erase(rows: Sequence[int], _actor: Actor, _now: datetime) -> None:
    notices = Notice.objects.filter(pk__in=rows)
    digests = set(notices.filter(digest__isnull=False).values_list("digest", flat=True))
    notices.delete()
    Digest.objects.filter(pk__in=digests, notices__isnull=True).delete()


NOTICES = keeps_for_a_term(Kept("notices", _due, _erase))
