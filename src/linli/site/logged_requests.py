"""What the log says of a request: an Open311 client may write its key into the address, and the log leaves it out."""

import structlog
from django.conf import settings
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

from linli.ground.people.throttle import visitor_address

KEY = "api_key"


class LoggedRequests(RequestMiddleware):
    """Logs each request, without a key, under the address that our limits count by."""

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        """The visitor's address; what a proxy says is believed of trusted ones alone."""
        structlog.contextvars.bind_contextvars(ip=visitor_address(request, settings.TRUSTED_PROXIES))

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Method and address; of one that holds a key, the path alone."""
        return f"{request.method} {request.path if KEY in request.GET else request.get_full_path()}"
