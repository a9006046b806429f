"""Everybody who may knock at a door of the small district: one of each kind, in one order."""

from collections.abc import Iterable
from datetime import datetime

from linli.ground.people.actions.open_account import open_account
from linli.ground.people.models import Account
from linli.ground.people.selectors import actor_of
from linli.ground.reforms.models import ReformFile
from linli.kernel.access import SYSTEM, VISITOR, Actor, Role
from tests.world import World

OFFICES: dict[str, tuple[Role, str]] = {
    "window_clerk": (Role.WINDOW_CLERK, "citizen_service_center A"),
    "dispatcher_own": (Role.DISPATCHER, "citizen_service_center A"),
    "dispatcher_other_street": (Role.DISPATCHER, "citizen_service_center B"),
    "clerk_holder": (Role.CLERK, "urban_management A"),
    "clerk_other_street": (Role.CLERK, "urban_management B"),
    "reviewer": (Role.REVIEWER, "urban_management A"),
    "signer": (Role.SIGNER, "urban_management A"),
    "supervisor_own": (Role.SUPERVISOR, "street A"),
    "supervisor_other": (Role.SUPERVISOR, "street B"),
    "observer": (Role.OBSERVER, "street A"),
    "auditor": (Role.AUDITOR, "district"),
    "system_administrator": (Role.SYSTEM_ADMINISTRATOR, "district"),
    "security_administrator": (Role.SECURITY_ADMINISTRATOR, "district"),
    "audit_administrator": (Role.AUDIT_ADMINISTRATOR, "district"),
}
KINDS = ("visitor", "keyholder", "resident_filer", "resident_stranger", *OFFICES)


class Cast:
    """The eighteen kinds of actor, each with an account where that kind has one."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.accounts: dict[str, Account] = {
            "resident_filer": world.resident_account,
            "resident_stranger": open_account(login="stranger", name="居民乙", actor=SYSTEM, now=world.now),
        }
        for kind, (role, office) in OFFICES.items():
            self.accounts[kind] = world.account(role, office)
        by = self.accounts["system_administrator"].pk
        ReformFile.objects.create(pk=1, text="{}", by=by, uploaded_at=world.now, asked_at=world.now, phase="previewed")

    def actor(self, kind: str, now: datetime, keys: Iterable[int] = ()) -> Actor:
        if kind == "keyholder":
            return Actor(keys=frozenset(keys))
        return actor_of(self.accounts[kind], now) if kind in self.accounts else VISITOR
