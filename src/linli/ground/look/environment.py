"""The Jinja2 environment of every template, and what each page knows of its request."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined

from linli.ground.look import wordforms
from linli.ground.look.pages import said
from linli.ground.matters.features import FEATURES
from linli.ground.people.rules.administration import ADMINISTRATION
from linli.kernel.access import Actor

ELDER_COOKIE = "linli_elder"


def environment(**options: Any) -> Environment:
    """What Django's Jinja2 backend calls: strict about names, escaping, with words, addresses and filters."""
    options.update(undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    options["extensions"] = [*options.get("extensions", ()), "jinja2.ext.i18n"]
    made = Environment(**options)  # noqa: S701 -- autoescape is set above
    made.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.globals.update(url=address, static=static, may=may)
    made.filters.update(
        moment=wordforms.moment,
        day=wordforms.day,
        due=wordforms.due,
        paragraphs=wordforms.paragraphs,
        masked=wordforms.masked,
    )
    return made


def address(name: str, **parts: Any) -> str:
    """The address of a named page: `url("case", number=…)` in a template."""
    return reverse(name, kwargs=parts)


def may(actor: Actor, action: str) -> bool:
    """Whether some kind of matter, or administration, grants the actor this action: buttons are drawn by the rule."""
    tables = [ADMINISTRATION, *(feature.access for feature in FEATURES.values())]
    return any(table.is_granted(actor, action) for table in tables)


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What layouts may count on; `actor`, `unread` and the district's own are put on the request by who knows them."""
    return {
        "elder": request.COOKIES.get(ELDER_COOKIE) == "1",
        "language": translation.get_language() or "zh-hans",
        "actor": getattr(request, "actor", None),
        "unread": getattr(request, "unread", 0),
        "unread_as_filer": getattr(request, "unread_as_filer", 0),
        "district_name": getattr(request, "district_name", ""),
        "district_contact": getattr(request, "district_contact", None),
        "path": request.path,
        "here": request.get_full_path(),
        "flash": said(request),
    }
