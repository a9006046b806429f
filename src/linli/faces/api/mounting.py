"""One API of all features: the `router` in the module `api` of whatever app of the house has one."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import structlog
from django.apps import apps
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.renderers import JSONRenderer

from linli.ground.exchange.bearer import Bearer
from linli.ground.exchange.problems import MEDIA_TYPE, Problem, WrongField, problem_answer
from linli.ground.exchange.scopes import Scope

logger = structlog.get_logger(__name__)

HOUSE = "linli."
DESCRIPTION = """Matters of a district for other programs. A token opens what its account may see and do on the pages.

How to come by one, and how pages, repeated writes, problems and the feed work: docs/api.md."""


class Readable(JSONRenderer):
    """Chinese is written as it is read."""

    def __init__(self) -> None:
        self.json_dumps_params = {"ensure_ascii": False}


class HouseApi(NinjaAPI):
    """Refusals are problem details, in the document too."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """An operation is called as the function that does it."""
        return operation.view_func.__name__

    def get_operation_url_name(self, operation: Operation, router: Router) -> str:
        """Its address is named so too, apart from the pages'."""
        return f"api_{operation.view_func.__name__}"

    def get_openapi_schema(self, **_kwargs: Any) -> OpenAPISchema:
        """The OpenAPI document."""
        document = super().get_openapi_schema(path_prefix=reverse("api_docs").removesuffix("docs/"))
        for operations in document["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400 and "content" in answer:
                        answer["content"] = {MEDIA_TYPE: next(iter(answer["content"].values()))}
        return document


def feature_routers() -> Iterator[tuple[str, Router]]:
    """The router of every installed app that has one, under the app's name, in the order of the apps."""
    for config in apps.get_app_configs():
        if config.name.startswith(HOUSE) and find_spec(f"{config.name}.api"):
            yield config.label, import_module(f"{config.name}.api").router


def build_api() -> HouseApi:
    """The API with every feature's operations. One that says nothing of its door asks for a token that may write."""
    api = HouseApi(
        title="Linli",
        version="1",
        description=DESCRIPTION,
        urls_namespace="api",
        docs_url=None,
        openapi_url=None,
        auth=Bearer(Scope.WRITE),
        renderer=Readable(),
    )
    handlers: dict[type[Exception], Any] = {
        Problem: problem_answer,
        ValidationError: _invalid,
        HttpError: _unreadable,
        RequestDataTooBig: lambda request, _: problem_answer(request, Problem("too_large")),
        Http404: lambda request, _: problem_answer(request, Problem("not_found")),
        PermissionDenied: lambda request, error: problem_answer(request, Problem("not_granted", str(error))),
        Exception: _broken,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)
    for name, router in feature_routers():
        api.add_router("", router, tags=router.tags or [name])
    return api


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    wrong = [WrongField(field=_field(each["loc"]), detail=_words(each)) for each in error.errors]
    return problem_answer(request, Problem("invalid", errors=wrong))


def _field(path: tuple[Any, ...]) -> str:
    """The name of the field: where it came from and which argument took it is nobody's business."""
    source, *names = [str(part) for part in path]
    return ".".join(names[1:] if source == "body" else names)


def _words(error: dict[str, Any]) -> str:
    """What is wrong, for people."""
    limits = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return _("必填")
        case "extra_forbidden":
            return _("没有这一项")
        case "literal_error" | "enum":
            return _("不在可选的值里")
        case "string_too_long":
            return _("最多 %(most)s 个字") % {"most": limits["max_length"]}
        case "string_too_short":
            return _("必填")
        case _other:
            return _("这一项的值不对")


def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What ninja itself refuses: a body that is no JSON."""
    return problem_answer(request, Problem("unreadable"))


def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("api request failed", path=request.path, exc_info=error)
    return problem_answer(request, Problem("broken"))


api = build_api()
