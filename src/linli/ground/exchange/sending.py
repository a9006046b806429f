"""Sending over HTTPS to an address outside, at the IP address that was looked at, and nowhere else."""

import socket
import ssl
from collections.abc import Mapping
from http.client import HTTPSConnection

from linli.ground.exchange.rules.public_addresses import NotPublic, Target, first_public, target_of

TIMEOUT = 10


class _PinnedConnection(HTTPSConnection):
    """Connects to one IP address; the certificate must still be that of the host."""

    def __init__(self, target: Target, address: str) -> None:
        self.trust = ssl.create_default_context()
        super().__init__(target.host, target.port, timeout=TIMEOUT, context=self.trust)
        self.address = address

    def connect(self) -> None:
        """Open the connection without asking for the name again: it may resolve to something else by now."""
        plain = socket.create_connection((self.address, self.port), TIMEOUT)
        self.sock = self.trust.wrap_socket(plain, server_hostname=self.host)


def public_target(url: str) -> tuple[Target, str]:
    """The parts of an address and the IP address to use.

    Raises:
        NotPublic: nothing is sent there.
    """
    target = target_of(url)
    return target, first_public(resolved(target.host, target.port))


def resolved(host: str, port: int) -> list[str]:
    """Every IP address of a host; none where the name is unknown."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(each[4][0]) for each in found]


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send, and give the status of the answer. Redirects are not followed: they could lead inside.

    Raises:
        NotPublic: nothing is sent there.
        OSError, http.client.HTTPException: it could not be sent.
    """
    target, address = public_target(url)
    connection = _PinnedConnection(target, address)
    try:
        connection.request("POST", target.path, body, dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()


__all__ = ["NotPublic", "post", "public_target"]
