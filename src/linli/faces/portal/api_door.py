"""The router of what belongs to one's own account, and of what is for everyone, with its doors."""

from ninja import Router

from linli.ground.exchange.bearer import Bearer, TokenRequest
from linli.ground.exchange.scopes import Scope
from linli.ground.people.models import Person

router = Router(tags=["own account"])
READ = Bearer(Scope.READ)
WRITE = Bearer(Scope.WRITE)


def own_person(request: TokenRequest) -> Person:
    """Whose account the token is of."""
    return request.token.account.person
