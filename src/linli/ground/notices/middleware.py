"""Lets pages show how many notices are unread; counted only where a page shows it."""

from collections.abc import Callable

from django.http import HttpResponse
from django.utils.functional import SimpleLazyObject

from linli.ground.notices.selectors import unread_count
from linli.ground.people.doors import Request


class UnreadMiddleware:
    """`request.unread`, looked up when first used."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Prepare the request and pass it on."""
        request.unread = SimpleLazyObject(lambda: unread_count(request.actor))  # type: ignore[assignment]
        return self.get_response(request)
