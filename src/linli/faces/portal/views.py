"""The doorstep of the district: home, signing in and out, stored files, outlines of areas."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from linli.faces.portal.forms import SignInForm
from linli.faces.portal.reads import outlines_version, readable_file
from linli.ground.files.storing import read_bytes
from linli.ground.look.pages import render_page, say
from linli.ground.look.views import safe_next
from linli.ground.look.wordforms import moment
from linli.ground.matters.standing import standing
from linli.ground.people.doors import Request, public
from linli.ground.people.selectors import actor_of
from linli.ground.people.signing_in import SignIn, sign_in_with_password
from linli.ground.people.throttle import count, note, visitor_address
from linli.ground.territory.facade import LEVELS, Level, outlines
from linli.services.cases.facade import CASES, public_cases

NEWEST = 5
SIGN_IN, MOST_FAILURES, FAILURES_WITHIN = "sign_in", 30, timedelta(minutes=15)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@public
def home(request: Request) -> HttpResponse:
    """By intention: to report, to look up, to see what neighbours care about."""
    rows = [row | standing(CASES, row, request.now) for row in public_cases(size=NEWEST).rows]
    return render_page(request, "portal/home.html", {"rows": rows})


@public
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: Request) -> HttpResponse:
    """With login name and password. Staff land at their desk, residents at their matters."""
    if request.method != "POST":
        if request.actor.account is not None:
            return redirect(_landing(request, is_staff=request.actor.is_staff))
        idle = bool(request.session.pop("signed_out_idle", False))
        return _sign_in_page(request, SignInForm(), idle=idle)
    form, address = SignInForm(request.POST), visitor_address(request, settings.TRUSTED_PROXIES)
    if count(SIGN_IN, address, FAILURES_WITHIN, request.now) >= MOST_FAILURES:
        form.add_error(None, _("输错的次数太多，请 15 分钟后再试。"))
        return _sign_in_page(request, form, status=429)
    if not form.is_valid():
        return _sign_in_page(request, form, status=422)
    outcome = sign_in_with_password(form.cleaned_data["login"], form.cleaned_data["password"], request.now)
    if outcome.account is None:
        note(SIGN_IN, address, request.now)
        form.add_error(None, _refusal_words(outcome))
        return _sign_in_page(request, form, status=422)
    request.session.set_expiry(None)
    login(request, outcome.account, backend=BACKEND)
    return redirect(_landing(request, is_staff=actor_of(outcome.account, request.now).is_staff))


@public
@require_POST
def sign_out(request: Request) -> HttpResponse:
    """End the visit: account, keys and drafts are forgotten on this device."""
    logout(request)
    return say(redirect("home"), _("已退出，这台设备上不再留有您的信息。"))


@public
@require_safe
def matter_file(request: Request, file: UUID) -> HttpResponse:
    """A stored file, for those who may read it; for everybody else it does not exist."""
    found = readable_file(request.actor, file)
    if found is None:
        raise Http404
    answer = HttpResponse(read_bytes(found), content_type=found.content_type)
    shown = "inline" if found.content_type.startswith("image/") else "attachment"
    answer["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(found.name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    patch_cache_control(answer, private=True, max_age=300)
    return answer


@public
@require_safe
def territory_outlines(request: Request, level: str) -> HttpResponse:
    """The outlines of one level as GeoJSON; asked for again only when they changed."""
    if level not in LEVELS:
        raise Http404
    tag = f'"{level}-{outlines_version()}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = JsonResponse(
            outlines(Level(level)),
            content_type="application/geo+json",
            json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
        )
    answer["ETag"] = tag
    patch_cache_control(answer, public=True, max_age=300)
    return answer


def _landing(request: Request, *, is_staff: bool) -> str:
    return safe_next(request, reverse("inbox" if is_staff else "my_matters"))


def _sign_in_page(request: Request, form: SignInForm, *, idle: bool = False, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "idle": idle,
        "minutes": settings.SESSION_IDLE_MINUTES,
        "next": safe_next(request, ""),
    }
    return render_page(request, "portal/sign_in.html", context, status=status)


def _refusal_words(outcome: SignIn) -> str:
    if outcome.reason == "locked":
        return _("密码连续输错，为保护您的账号，已暂停登录，%(until)s 后可以再试。") % {"until": moment(outcome.until)}
    return _("登录名或密码不对，请再核对一次。连续输错 5 次会暂停 30 分钟。")
