"""The router of administration, which the modules of the API fill, and its one door.

Administration is of the ground, which knows the exchange as little as it knows the look: what pages do for it stands
in the faces, and what operations do for it stands beside them, with the same reads, words and forms.
"""

from ninja import Router

from linli.ground.exchange.bearer import Bearer
from linli.ground.exchange.scopes import Scope

router = Router(tags=["administration"])
ADMINISTER = Bearer(Scope.ADMINISTER)
