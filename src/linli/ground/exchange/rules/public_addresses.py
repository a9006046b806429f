"""Where the house may send to by itself: nowhere inside a network, whatever a name resolves to."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

LONGEST_URL = 300
NAT64 = ip_network("64:ff9b::/96")  # an IPv4 address in the clothes of IPv6


@dataclass(frozen=True)
class Target:
    """An address to send to, taken apart."""

    host: str
    port: int
    path: str


class NotPublic(ValueError):
    """Nothing is sent there. `code` is `url` (no https address of a host) or `private` (it lies inside a network)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def target_of(url: str) -> Target:
    """The parts of an https address.

    Raises:
        NotPublic: it is none, or holds a user name, which would be sent along.
    """
    if len(url) > LONGEST_URL or not url.isascii() or any(char <= " " or char == "\x7f" for char in url):
        raise NotPublic("url")
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError as error:
        raise NotPublic("url") from error
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or parts.fragment:
        raise NotPublic("url")
    return Target(parts.hostname, port, f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}")


def first_public(addresses: Iterable[str]) -> str:
    """The first of the addresses that a host has, if each of them may be sent to.

    One private address among public ones is refused too: a name that answers both ways is made to be misread.

    Raises:
        NotPublic: there is none, or one of them is not public.
    """
    found = [ip_address(each.partition("%")[0]) for each in addresses]
    if not found or not all(_is_public(each) for each in found):
        raise NotPublic("private")
    return str(found[0])


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if inner is not None:
        return _is_public(inner)
    if isinstance(address, IPv6Address) and address in NAT64:
        return _is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast and not address.is_reserved
