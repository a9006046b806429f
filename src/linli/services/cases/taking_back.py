"""What ends with a filer's consent: the published texts that name them."""

from datetime import datetime

from linli.kernel.access import Actor
from linli.services.cases.actions.unpublish_case import unpublish_case
from linli.services.cases.models import Case


def take_back_named_cases(actor: Actor, now: datetime) -> int:
    """Unpublish every demand of the actor whose published texts name them; how many there were.

    The unit may publish it again without the name: the wish to have it public is another one.
    """
    named = Case.objects.filter(matter__filer=actor.person, matter__published_at__isnull=False, names_filer=True)
    keys = list(named.order_by("pk").values_list("pk", flat=True)) if actor.person else []
    for key in keys:
        unpublish_case(key, actor=actor, now=now, only_the_name=True)
    return len(keys)
