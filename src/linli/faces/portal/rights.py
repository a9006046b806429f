"""What the law gives everybody over their own data: to know it, to have a copy, to have it deleted (PIPL ch. IV)."""

from django.contrib.auth import logout
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from linli.faces.portal.entrance import knows_password, own_account
from linli.faces.portal.forms import CloseAccountForm
from linli.ground.look.pages import render_page, say
from linli.ground.people.actions.close_account import StillInOffice, close_account
from linli.ground.people.actions.copy_own_data import copy_own_data
from linli.ground.people.doors import Request, signed_in
from linli.ground.people.own_data import kept_about, readings_of
from linli.ground.people.selectors import holds_office
from linli.services.cases.facade import own_case_copies, own_cases


@signed_in
@require_safe
@never_cache
def my_data(request: Request) -> HttpResponse:
    """Everything that is kept about oneself, and who read it in full and why."""
    person = own_account(request).person
    context = {"kept": kept_about(person), "readings": readings_of(person)}
    return render_page(request, "portal/my_data.html", context)


@signed_in
@require_POST
@never_cache
def my_data_copy(request: Request) -> HttpResponse:
    """The same, with every demand that one filed, as a file for machines; that it was taken is recorded."""
    person = own_account(request).person
    cases = list(own_case_copies(request.actor))
    copy_own_data(person, matters=len(cases), actor=request.actor, now=request.now)
    copy = {
        "made_at": request.now,
        "person": kept_about(person),
        "readings": [vars(each) for each in readings_of(person)],
        "demands": cases,
    }
    answer = JsonResponse(copy, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = 'attachment; filename="linli-my-data.json"'
    return answer


@signed_in
@never_cache
@sensitive_post_parameters("present")
def close_my_account(request: Request) -> HttpResponse:
    """Delete the account and one's details, with the password once more; what is still open is said before."""
    account = own_account(request)
    form = CloseAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and knows_password(request, form):
        try:
            close_account(account, actor=request.actor, now=request.now)
        except StillInOffice:
            form.add_error(None, _("您还在岗，账号由单位管理；离岗以后才能注销。"))
        else:
            logout(request)
            return say(redirect("home"), _("账号已注销，您的个人信息已删除。"))
    context = {
        "form": form,
        "in_office": holds_office(account.person, request.now),
        "open": [row for row in own_cases(request.actor, size=100).rows if row["closed_at"] is None],
    }
    return render_page(request, "portal/close_account.html", context, status=422 if form.errors else 200)
