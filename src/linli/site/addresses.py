"""What is asked of the address of a page before the page reads it."""

from collections.abc import Callable
from urllib.parse import unquote

from django.http import Http404, HttpRequest, HttpResponse

OWN_FORM = ("/api/", "/open311/")  # say in their own form which field is unsound


class SoundAddressMiddleware:
    """An address of a page with a NUL in it leads nowhere: no text of ours holds one, and PostgreSQL takes none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let every other address pass.

        Raises:
            Http404: there is one in it.
        """
        if not request.path.startswith(OWN_FORM) and "\0" in unquote(request.get_full_path()):
            raise Http404
        return self.get_response(request)
