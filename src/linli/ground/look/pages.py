"""Answers a request with a page, or with the one block of it that htmx asked for; carries a word across a redirect."""

from collections.abc import Mapping
from typing import Any, cast

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.template.backends.utils import csrf_input_lazy, csrf_token_lazy
from django.utils.cache import patch_vary_headers
from jinja2_fragments import render_block

FLASH_COOKIE = "linli_flash"


def render_page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, block: str | None = None, status: int = 200
) -> HttpResponse:
    """The whole page, or only `block` of it when htmx asked (a boosted link and a restored history want it whole)."""
    engine = cast(Jinja2, engines["jinja2"])
    values = dict(context)
    if block is not None and _wants_block(request):
        response = HttpResponse(_block(engine, request, template, block, values), status=status)
    else:
        response = HttpResponse(engine.get_template(template).render(values, request), status=status)
        if FLASH_COOKIE in request.COOKIES:
            response.delete_cookie(FLASH_COOKIE)
    if block is not None:
        patch_vary_headers(response, ["HX-Request"])
    return response


def say(response: HttpResponse, text: str, tone: str = "good") -> HttpResponse:
    """Let the next page begin with `text` (tones: good, info, warning, bad), read once, stored nowhere."""
    response.set_cookie(
        FLASH_COOKIE,
        signing.dumps([tone, text], salt=FLASH_COOKIE),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def said(request: HttpRequest) -> dict[str, str] | None:
    """What `say` left for this page, if its signature is ours."""
    try:
        tone, text = signing.loads(request.COOKIES.get(FLASH_COOKIE, ""), salt=FLASH_COOKIE)
    except (signing.BadSignature, ValueError):
        return None
    return {"tone": str(tone), "text": str(text)}


def _wants_block(request: HttpRequest) -> bool:
    """`request.htmx` comes from django-htmx; without its middleware the page is sent whole."""
    details: Any = getattr(request, "htmx", None)
    return bool(details) and not (details.boosted or details.history_restore_request)


def _block(engine: Jinja2, request: HttpRequest, template: str, block: str, values: dict[str, Any]) -> str:
    """One block, knowing everything the whole page would: the request's context and the template's own imports."""
    page = engine.get_template(template)
    values["request"] = request
    values["csrf_token"] = csrf_token_lazy(request)
    values["csrf_input"] = csrf_input_lazy(request)
    for processor in engine.template_context_processors:
        values.update(processor(request))
    compiled = page.template
    whole = compiled.new_context(values)
    next(compiled.root_render_func(whole), None)  # runs the imports at the head of the file, draws nothing
    return render_block(engine.env, template, block, {**values, **whole.vars})
