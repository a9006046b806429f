"""How a request of Open311 is answered: in the form that its address asks for, faults as the specification has them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from linli.faces.standards.writing import JSON, XML, as_json, as_xml
from linli.ground.exchange.bearer import Bearer, TokenRequest
from linli.ground.exchange.problems import PROBLEMS, Problem
from linli.ground.exchange.scopes import Scope
from linli.ground.territory.facade import Level, units

FORMS = {"json": JSON, "xml": XML}
READING = ("GET", "HEAD")
BEARER = "Bearer "
# A key that does not open is 403 in the specification, whatever is wrong with it.
STATUSES = {"invalid": 400, "emergency": 400, "key_reused": 400, "blocked": 400}
# What the fields of our forms are called in the specification.
FIELDS = {
    "text": "description",
    "longitude": "long",
    "latitude": "lat",
    "street": "address_id",
    "community": "address_id",
    "meant": "address_id",
    "place_text": "address_string",
    "name": "first_name, last_name",
    "": "lat, long",
}


@dataclass(eq=False)
class Fault(Exception):
    """A request that is not answered as asked: an HTTP status, and what is wrong, one sentence each."""

    status: int
    descriptions: Sequence[str]
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What is answered: a value, the name of the element that holds it in XML, and headers."""

    root: str
    value: Any
    headers: dict[str, str] = field(default_factory=dict)


View = Callable[..., Answer]


def answered(*methods: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """Let a view answer in the form of its address. No session is looked at, so no other site can use one."""

    def around(view: View) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def answering(request: TokenRequest, *, form: str, **parts: str) -> HttpResponse:
            try:
                _check_form(form)
                _check_method(request, methods)
                _check_jurisdiction(request)
                answer = view(request, **parts)
            except Fault as fault:
                return fault_answer(fault, form)
            except Problem as problem:
                return fault_answer(fault_of(problem), form)
            except RequestDataTooBig:
                return fault_answer(fault_of(Problem("too_large")), form)
            except (TooManyFieldsSent, MultiPartParserError):
                return fault_answer(Fault(400, [_("请求读不懂。")]), form)
            return _written(answer, form)

        return answering

    return around


def fault_answer(fault: Fault, form: str) -> HttpResponse:
    """The faults as a list; in JSON where the form is unknown."""
    errors = [{"code": fault.status, "description": each} for each in fault.descriptions]
    return _written(Answer("errors", errors, fault.headers), form, status=fault.status)


def fault_of(problem: Problem) -> Fault:
    """A problem of the API as a fault: each wrong field by itself, under its name in the specification."""
    status = STATUSES.get(problem.code, 403 if problem.status == 401 else problem.status)
    headers = {"Retry-After": str(problem.wait)} if problem.wait else {}
    if problem.errors:
        return Fault(
            status, [f"{FIELDS.get(each.field, each.field)}: {each.detail}" for each in problem.errors], headers
        )
    return Fault(status, [problem.detail or str(PROBLEMS[problem.code][1])], headers)


def shown_key(request: HttpRequest) -> str:
    """The key as it was shown: in a header, in the body or in the address; empty if none was."""
    header = request.headers.get("Authorization", "")
    if header.startswith(BEARER):
        return header.removeprefix(BEARER)
    return str(request.POST.get("api_key") or request.GET.get("api_key") or "")


def let_in(request: TokenRequest, scope: Scope) -> None:
    """Make the account of the key the actor, as in the API: the same tokens, ends, limits.

    Raises:
        Problem: the key does not hold, has not the scope, or was used too often.
        Fault: none was shown.
    """
    key = shown_key(request)
    if not key:
        raise Fault(403, [_("请出示 api_key：工作人员在办理台申领的接口令牌。")])
    Bearer(scope).authenticate(request, key)


def _check_form(form: str) -> None:
    if form not in FORMS:
        raise Fault(406, [_("没有这种格式：%(form)s。有 json 和 xml。") % {"form": form}])


def _check_method(request: HttpRequest, methods: Sequence[str]) -> None:
    if request.method not in methods:
        raise Fault(405, [_("这个地址不接受这种请求方法。")], {"Allow": ", ".join(methods)})


def _check_jurisdiction(request: HttpRequest) -> None:
    """One installation is one district; who names another one is at the wrong door."""
    asked = request.GET.get("jurisdiction_id") or request.POST.get("jurisdiction_id")
    if asked and asked not in units(Level.DISTRICT).values_list("code", flat=True):
        raise Fault(404, [_("没有这个 jurisdiction_id。")])


def _written(answer: Answer, form: str, *, status: int = 200) -> HttpResponse:
    body = as_xml(answer.root, answer.value) if form == "xml" else as_json(answer.value)
    kind = FORMS.get(form, JSON)
    response = HttpResponse(body, status=status, content_type=f"{kind}; charset=utf-8")
    response["Cache-Control"] = "no-store"
    for name, value in answer.headers.items():
        response[name] = value
    return response


def value_of(response: HttpResponse) -> Any:
    """The value that an answer of the API holds."""
    return json.loads(response.content)
