"""Addresses of the API. Each operation bears the mark of its door, and refuses other methods in its own form."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, re_path

from linli.faces.api import pages
from linli.faces.api.mounting import api
from linli.ground.exchange.problems import Problem, problem_answer
from linli.ground.people.doors import DOOR, PROGRAM, PUBLIC


def operations() -> Iterator[URLPattern]:
    """The address of every mounted operation, under a name of its own. An address is public if all it does is."""
    for bound in api._get_bound_routers():
        views = [view for view in bound.path_operations.values() for _ in view.operations]
        for view, pattern in zip(views, bound.urls_paths(bound.prefix), strict=True):
            mark = PROGRAM if any(each.auth_callbacks for each in view.operations) else PUBLIC
            yield URLPattern(pattern.pattern, _marked(pattern.callback, mark), name=pattern.name)


def _marked(view: Callable[..., HttpResponseBase], mark: str) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponseBase:
        answer = view(request, *args, **parts)
        if answer.status_code != 405:
            answer.headers.setdefault("Cache-Control", "no-store")
            return answer
        refused = problem_answer(request, Problem("method_not_allowed"))
        refused["Allow"] = answer["Allow"]
        return refused

    setattr(answered, DOOR, mark)
    return answered


urlpatterns = [
    path("docs/", pages.api_docs, name="api_docs"),
    path("openapi.json", pages.api_document, name="api_document"),
    *operations(),
    re_path(r"^(?P<rest>.*)$", pages.api_unknown, name="api_unknown"),
]
