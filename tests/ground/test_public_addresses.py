"""Where the house sends nothing: inside networks, in whatever spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from linli.ground.exchange.rules.public_addresses import NotPublic, Target, first_public, target_of


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://example.org/",
        "ftp://example.org/",
        "https://",
        "https:///path",
        "https://user:secret@example.org/",
        "https://example.org:99999/",
        "https://example.org:x/",
        "https://exa mple.org/",
        "https://example.org/\r\nHost: inside",
        "https://例子.org/",
        "https://example.org/#part",
        "https://[::1/",
        "https://example.org/" + "x" * 300,
        "file:///etc/passwd",
    ],
)
def test_what_is_no_plain_https_address_is_refused(url: str) -> None:
    with pytest.raises(NotPublic, match="url"):
        target_of(url)


def test_an_address_is_taken_apart() -> None:
    assert target_of("https://example.org") == Target("example.org", 443, "/")
    assert target_of("https://example.org:8443/a/b?c=d") == Target("example.org", 8443, "/a/b?c=d")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 -- an address that is refused
        "224.0.0.1",
        "255.255.255.255",
        "198.18.0.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
    ],
)
def test_an_address_inside_a_network_is_refused_alone_and_among_others(address: str) -> None:
    for addresses in ([address], ["93.184.215.14", address]):
        with pytest.raises(NotPublic, match="private"):
            first_public(addresses)


def test_public_addresses_are_used_and_none_is_refused() -> None:
    assert first_public(["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]) == "93.184.215.14"
    with pytest.raises(NotPublic, match="private"):
        first_public([])


@given(some.text())
def test_whatever_is_written_is_an_address_or_refused(text: str) -> None:
    try:
        target = target_of(text)
    except NotPublic:
        return
    assert target.host
    assert target.path.startswith("/")
