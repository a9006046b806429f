"""What acts of administration ask before they do anything."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from linli.ground.people.rules.administration import ADMINISTRATION
from linli.kernel.access import Actor


def administrator(actor: Actor, action: str) -> Actor:
    """The actor in the office that allows the action, under which it stands in the record.

    Raises:
        PermissionDenied: no office of theirs allows it.
    """
    if not ADMINISTRATION.is_granted(actor, action):
        raise PermissionDenied(_("这一项只对负责它的管理员开放。"))
    office = ADMINISTRATION.office_for(actor, action)
    return actor.in_office(office) if office else actor
