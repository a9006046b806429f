"""The pages about the API: the OpenAPI document, the same for people, and the answer to an unknown address."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja.responses import NinjaJSONEncoder

from linli.faces.api.mounting import api
from linli.ground.exchange.problems import PROBLEMS, Problem, problem_answer
from linli.ground.exchange.scopes import SCOPES
from linli.ground.look.pages import render_page
from linli.ground.people.doors import public

METHODS = ("get", "post", "put", "patch", "delete")
LIMITS = {"maxLength": "≤", "minimum": "≥", "maximum": "≤"}


@dataclass(frozen=True)
class Shown:
    """One operation as the page lists it."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    needs_token: bool
    fields: list[tuple[str, bool, str, str]]  # name, required, kind, words
    answers: list[str]


@public
@require_safe
def api_document(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return HttpResponse(_document(), content_type="application/json; charset=utf-8")


@public
@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Every operation, scope and problem, for people; drawn here, with nothing from elsewhere."""
    document = json.loads(_document())
    groups: dict[str, list[Shown]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method in METHODS:
                group = ", ".join(operation.get("tags", [])) or _("其他")
                groups.setdefault(group, []).append(_shown(path, method, operation, document))
    problems = [(code, status, str(words)) for code, (status, words) in PROBLEMS.items()]
    context = {"groups": groups, "problems": problems, "scopes": [(str(each), SCOPES[each]) for each in SCOPES]}
    return render_page(request, "api/docs.html", context)


@public
@csrf_exempt
def api_unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Nothing stands at this address."""
    return problem_answer(request, Problem("not_found"))


@cache
def _document() -> str:
    """The same for every reader, and costly enough to be made once in each process."""
    return json.dumps(api.get_openapi_schema(), cls=NinjaJSONEncoder, ensure_ascii=False)


def _shown(path: str, method: str, operation: dict[str, Any], document: dict[str, Any]) -> Shown:
    asked = [(each["name"], each["required"], each["schema"]) for each in operation.get("parameters", [])]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = _resolved(content["schema"], document)
        required = schema.get("required", [])
        asked += [(name, name in required, each) for name, each in schema.get("properties", {}).items()]
    return Shown(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        needs_token="security" in operation,
        fields=[(name, required, _kind(each, document), each.get("description", "")) for name, required, each in asked],
        answers=sorted(operation["responses"]),
    )


def _resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """The schema itself where it only refers to one; of `null` or something, the something."""
    ways = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    if len(ways) == 1:
        return _resolved(ways[0], document)
    if "$ref" in schema:
        found: dict[str, Any] = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        return found
    return schema


def _kind(schema: dict[str, Any], document: dict[str, Any]) -> str:
    meant = _resolved(schema, document)
    choices = meant.get("enum") or ([meant["const"]] if "const" in meant else [])
    if choices:
        return " | ".join(str(each) for each in choices if each != "")
    limits = [f"{sign} {meant[name]}" for name, sign in LIMITS.items() if name in meant]
    return " ".join([str(meant.get("format", meant.get("type", ""))), *limits])
