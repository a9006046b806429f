"""The router of demands, which the modules of the API fill, and its two doors."""

from ninja import Router

from linli.ground.exchange.bearer import Bearer
from linli.ground.exchange.scopes import Scope

router = Router()
READ = Bearer(Scope.READ)
WRITE = Bearer(Scope.WRITE)
