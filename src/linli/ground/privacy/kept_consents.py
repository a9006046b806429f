"""How long a withdrawn consent is kept: as long as somebody may ask whether there was one."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from linli.ground.people.models import Consent
from linli.ground.privacy.retention import Kept, keeps_for_a_term
from linli.kernel.access import Actor


def _due(before: datetime) -> QuerySet[Consent]:
    return Consent.objects.filter(withdrawn_at__lt=before)


def _erase(rows: Sequence[int], _actor: Actor, _now: datetime) -> None:
    Consent.objects.filter(pk__in=rows).delete()


WITHDRAWN_CONSENTS = keeps_for_a_term(Kept("withdrawn_consents", _due, _erase))
