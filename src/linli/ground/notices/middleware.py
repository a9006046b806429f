"""Lets pages show how many notices are unread; counted only where a page shows it."""

from collections.abc import Callable

from django.http import HttpResponse
from django.utils.functional import SimpleLazyObject

from linli.ground.notices.selectors import unread_count
from linli.ground.people.doors import Request


class UnreadMiddleware:
    """`request.unread`, and `request.unread_as_filer` for the residents' face; looked up when first used."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Prepare the request and pass it on."""
        request.unread = SimpleLazyObject(lambda: unread_count(request.actor))  # type: ignore[assignment]
        request.unread_as_filer = SimpleLazyObject(  # type: ignore[assignment]
            lambda: unread_count(request.actor, as_filer=True)
        )
        return self.get_response(request)
