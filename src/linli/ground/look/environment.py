"""The Jinja2 environment of every template, and what each page knows of its request."""

from collections.abc import Callable, MutableMapping
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from jinja2 import BaseLoader, Environment, StrictUndefined, nodes
from jinja2.environment import create_cache
from markupsafe import Markup

from linli.ground.look import wordforms
from linli.ground.look.flattening import WHOLE, Known, Literal, flattened
from linli.ground.look.pages import said
from linli.ground.look.placing import NotFlat
from linli.ground.matters.features import FEATURES
from linli.ground.people.rules.administration import ADMINISTRATION
from linli.kernel.access import Actor

ELDER_COOKIE = "linli_elder"
TOKEN_INPUT = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">')
TEMPLATES = 400
Standpoint = tuple[str, str, str]  # language, table of addresses, and the prefix of each


class FlatEnvironment(Environment):
    """Compiles flattened templates, for each language and each place under which the house may stand."""

    def __init__(self, **options: Any) -> None:
        self._size = options.get("cache_size", TEMPLATES)
        self._caches: dict[Standpoint, MutableMapping[Any, Any] | None] = {}
        self._modules: dict[tuple[Standpoint, str], nodes.Template] = {}
        super().__init__(**options)

    @property
    def cache(self) -> MutableMapping[Any, Any] | None:
        """Templates as they are drawn for whoever is asking now."""
        here = _standpoint()
        if here not in self._caches:
            self._caches[here] = create_cache(self._size)
        return self._caches[here]

    @cache.setter
    def cache(self, made: object) -> None:
        """Jinja makes one, for one language; we make our own."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Rows are dictionaries: what one holds is asked for first, what it can do afterwards."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        known = Known(LITERALS, frozenset({*self.globals, "_", "gettext", "ngettext"}), self._module)
        tree = flattened(super()._parse(source, name, filename), known)
        tree.set_environment(self)
        return tree

    def _module(self, name: str) -> nodes.Template:
        """The tree of a template whose macros another one calls."""
        key = (_standpoint(), name)
        if key not in self._modules or self.auto_reload:
            source, filename, _ = cast(BaseLoader, self.loader).get_source(self, name)
            self._modules[key] = self._parse(source, name, filename)
        return self._modules[key]


def _standpoint() -> Standpoint:
    return translation.get_language() or "", get_urlconf() or settings.ROOT_URLCONF, get_script_prefix()


def environment(**options: Any) -> Environment:
    """What Django's Jinja2 backend calls: strict about names, escaping, with words, addresses and filters."""
    options.update(undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    options["extensions"] = [*options.get("extensions", ()), "jinja2.ext.i18n"]
    made = FlatEnvironment(**options)
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
        {WHOLE: lambda written: written},
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


def numbered(name: str) -> Callable[[str], str]:
    """The addresses of one page for one number after another: a list looks up the page once."""
    before, _, after = address(name, number="0").rpartition("0")
    return lambda number: f"{before}{number}{after}"


def _known_address(name: str) -> str:
    try:
        return address(name)
    except NoReverseMatch as error:
        raise NotFlat from error  # it wants a part, or the page will never ask for it


LITERALS: dict[str, Literal] = {
    "_": translation.gettext,
    "gettext": translation.gettext,
    "url": _known_address,
    "static": static,
}
"""What a template may ask with the same answer for every reader of one language."""


def may(actor: Actor, action: str) -> bool:
    """Whether some kind of matter, or administration, grants the actor this action: buttons are drawn by the rule."""
    tables = [ADMINISTRATION, *(feature.access for feature in FEATURES.values())]
    return any(table.is_granted(actor, action) for table in tables)


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What layouts may count on; `actor`, `unread` and the district's own are put on the request by who knows them."""
    token = SimpleLazyObject(lambda: get_token(request))
    return {
        # Django would draw another one for every form of the page.
        "csrf_token": token,
        "csrf_input": SimpleLazyObject(lambda: TOKEN_INPUT.format(token)),
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
