"""Who a resident is on these pages, and what their session may open."""

from django.http import HttpRequest

from linli.ground.matters.keys import give_key
from linli.kernel.access import Actor


def grant_key(request: HttpRequest, matter: int, *, idle_minutes: int) -> None:
    """Let this visitor open a matter. Without an account the permission ends with the visit."""
    give_key(request.session, matter)
    if not request.session.get("_auth_user_id"):
        request.session.set_expiry(idle_minutes * 60)


def as_resident(actor: Actor) -> Actor:
    """The actor without their offices: on the residents' face everybody acts for themselves."""
    return Actor(account=actor.account, person=actor.person, name=actor.name, keys=actor.keys)
