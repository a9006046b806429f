"""The tokens of the actor's own account: the list, a new one, and revoking."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.faces.desk.forms import TokenForm
from linli.ground.exchange.actions.make_token import make_token
from linli.ground.exchange.actions.revoke_token import revoke_token
from linli.ground.exchange.models import ApiToken
from linli.ground.exchange.scopes import SCOPES, Scope
from linli.ground.exchange.tokens import own_tokens, why_ended
from linli.ground.look.pages import render_page, say
from linli.ground.people.doors import Request, staff
from linli.ground.people.memory import forget, recall, remember
from linli.ground.people.models import Account

FRESH, SHOWN_FOR = "fresh_token", timedelta(minutes=10)


@staff
@never_cache
def own_tokens_page(request: Request) -> HttpResponse:
    """Every token of the account; one just made stands above them, once."""
    return _page(request, TokenForm(actor=request.actor), fresh=_take_fresh(request))


@staff
@require_POST
def new_token(request: Request) -> HttpResponse:
    """Make a token; its text is shown on the next page and kept nowhere."""
    form = TokenForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return _page(request, form, status=422)
    given = form.cleaned_data
    try:
        token, text = make_token(
            Account.objects.get(person=request.actor.person),
            name=given["name"],
            scopes=[Scope(each) for each in given["scopes"]],
            days=int(given["days"]),
            actor=request.actor,
            now=request.now,
        )
    except ValueError:
        form.add_error(None, _("有效的令牌已有二十个，请先撤销不用的。"))
        return _page(request, form, status=409)
    remember(request, FRESH, {"name": token.name, "text": text, "at": request.now.isoformat()})
    return redirect("own_tokens_page")


@staff
@require_POST
def revoke_own_token(request: Request, token: UUID) -> HttpResponse:
    """End one of the account's own tokens."""
    found = ApiToken.objects.filter(pk=token, account=request.actor.account).first()
    if found is None:
        raise Http404
    revoke_token(found, actor=request.actor, now=request.now)
    return say(redirect("own_tokens_page"), _("令牌已撤销，从现在起不能再用。"))


def _page(request: Request, form: TokenForm, *, fresh: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    ended = {"revoked": _("已撤销"), "expired": _("已过期"), "closed": _("账号已停用"), "": _("有效")}
    lines = [
        {
            "token": token,
            "standing": ended[why := why_ended(token, request.now)],
            "holds": not why,
            "uses": [str(SCOPES[Scope(each)]) for each in token.scopes],
        }
        for token in own_tokens(request.actor)
    ]
    context = {"form": form, "lines": lines, "fresh": fresh or {}}
    return render_page(request, "desk/tokens.html", context, status=status)


def _take_fresh(request: Request) -> dict[str, Any]:
    """The token just made, which is then forgotten; empty when there is none or it waited too long."""
    kept = recall(request, FRESH)
    if FRESH in request.session:
        forget(request, FRESH)
    is_late = not kept or datetime.fromisoformat(kept["at"]) < request.now - SHOWN_FOR
    return {} if is_late else kept
