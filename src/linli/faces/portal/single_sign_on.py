"""Signing in with the city's single sign-on: OpenID Connect, authorization code with PKCE.

Authlib speaks the protocol: discovery, state, nonce, code verifier, signature and claims of the identity token. Who may
come in is ours: an account that an administrator has linked. From there on it is the same way in as with a password.
"""

from functools import lru_cache
from typing import Any

import requests
import structlog
from authlib.integrations.base_client import OAuthError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe
from joserfc.errors import JoseError

from linli.faces.portal.entrance import admit, knocked_too_often, note_failure, refusal_words
from linli.ground.look.pages import say
from linli.ground.look.views import safe_next
from linli.ground.people.doors import Request, public
from linli.ground.people.memory import forget, recall, remember
from linli.ground.people.selectors import account_by_sign_on
from linli.ground.people.signing_in import SignIn, locked_until

logger = structlog.get_logger(__name__)

ONWARD = "sign_on_onward"
SECONDS_TO_WAIT = 10
WRONG = (OAuthError, JoseError, requests.RequestException, RuntimeError, ValueError, KeyError)


@public
@require_safe
@never_cache
def single_sign_on(request: Request) -> HttpResponse:
    """On to the single sign-on, which sends the visitor back with a code."""
    _offered()
    remember(request, ONWARD, {"to": safe_next(request, "")})
    back = request.build_absolute_uri(reverse("single_sign_on_back"))
    try:
        answer: HttpResponse = _provider().authorize_redirect(request, back)
    except WRONG as error:
        return _refused(request, error, _("统一身份认证暂时连不上，请稍后再试，或用密码登录。"))
    return answer


@public
@require_safe
@never_cache
@sensitive_variables()
def single_sign_on_back(request: Request) -> HttpResponse:
    """Back with a code: whom it stands for comes in, if an administrator has linked an account."""
    _offered()
    onward = recall(request, ONWARD).get("to", "")
    forget(request, ONWARD)
    if knocked_too_often(request):
        return say(redirect("sign_in"), _("输错的次数太多，请 15 分钟后再试。"), "warning")
    try:
        told = _told(request)
    except WRONG as error:
        return _refused(request, error, _("统一身份认证没有完成，请再试一次，或用密码登录。"))
    account = account_by_sign_on(settings.OIDC_ISSUER, told)
    if account is None:
        note_failure(request)
        return say(redirect("sign_in"), _("您的统一身份还没有关联账号，请联系本区安全管理员。"), "warning")
    locked = locked_until(account.login, request.now)
    if locked is not None:
        return say(redirect("sign_in"), refusal_words(SignIn(None, "locked", locked), ""), "warning")
    return admit(request, account, by="single sign-on", onward=onward)


def _told(request: Request) -> str:
    """The identifier that the provider vouches for.

    Raises:
        one of WRONG: whatever does not hold of state, nonce, signature, issuer, audience, time or claim.
    """
    issuer = {"iss": {"essential": True, "values": [settings.OIDC_ISSUER]}}
    token: dict[str, Any] = _provider().authorize_access_token(request, claims_options=issuer)
    return str(token["userinfo"][settings.OIDC_CLAIM])


def _provider() -> Any:
    return _registered(settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_SECRET)


@lru_cache(maxsize=2)
def _registered(issuer: str, client: str, secret: str) -> Any:
    """The provider with what its discovery document told, which is asked for once."""
    registry = OAuth()
    registry.register(
        "city",
        client_id=client,
        client_secret=secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid",
            "code_challenge_method": "S256",
            "default_timeout": SECONDS_TO_WAIT,
        },
    )
    return registry.city


def _refused(request: Request, error: Exception, words: str) -> HttpResponse:
    """What was wrong is for the log; its kind alone, since a message may hold what the provider was sent."""
    logger.warning("single sign-on refused", error=type(error).__name__)
    note_failure(request)
    return say(redirect("sign_in"), words, "warning")


def _offered() -> None:
    if not settings.OIDC_ISSUER:
        raise Http404
