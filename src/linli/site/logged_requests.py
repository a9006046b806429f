"""What the log says of a request: an Open311 client may write its key into the address, and the log leaves it out."""

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

KEY = "api_key"


class LoggedRequests(RequestMiddleware):
    """Logs each request, without a key."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Method and address; of one that holds a key, the path alone."""
        return f"{request.method} {request.path if KEY in request.GET else request.get_full_path()}"
