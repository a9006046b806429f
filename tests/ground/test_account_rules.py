"""Pure rules of accounts: passwords, one-time codes, devices."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from linli.ground.people.password_rules import KindsOfCharacters
from linli.ground.people.rules.devices import device_code
from linli.ground.people.rules.one_time import (
    RECOVERY_CODES,
    matching_step,
    new_recovery_codes,
    new_secret,
    plain_recovery_code,
    provisioning_uri,
)
from linli.ground.people.rules.passwords import fresh_password, is_old, kinds_of_characters
from linli.ground.people.rules.rulebook import rulebook, strict_rules

SECRET = b"12345678901234567890"  # RFC 6238, appendix B; there with eight digits, of which the last six are ours
DAY = datetime(2026, 3, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert matching_step(SECRET, code, at, after=0) == seconds // 30
    assert matching_step(SECRET, code, at + timedelta(seconds=30), after=0) == seconds // 30, "a clock that is late"
    assert matching_step(SECRET, code, at + timedelta(seconds=90), after=0) is None
    assert matching_step(SECRET, code, at, after=seconds // 30) is None, "good once"


@pytest.mark.parametrize("typed", ["", "28708", "2870820", "28708a", "２８７０８２", "-87082"])
def test_what_is_no_code_fits_nothing(typed: str) -> None:
    assert matching_step(SECRET, typed, datetime.fromtimestamp(59, UTC), after=0) is None


def test_a_secret_is_long_and_new_and_read_by_an_authenticator() -> None:
    assert len(new_secret()) == 20
    assert new_secret() != new_secret()
    uri = provisioning_uri(SECRET, account="clerk", issuer="邻里")
    assert uri.startswith("otpauth://totp/")
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in uri


def test_recovery_codes_are_read_however_they_are_typed() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == RECOVERY_CODES
    first = codes[0]
    assert plain_recovery_code(f" {first.lower()} ") == first.replace("-", "")
    assert plain_recovery_code(first[:-1]) == ""
    assert plain_recovery_code("O0I1O0I1O0") == ""


@pytest.mark.parametrize(
    ("password", "kinds"),
    [("abc", 1), ("aB", 2), ("aB1", 3), ("aB1-", 4), ("aB1-井", 5), ("梧桐-1953", 3), ("梧桐 树下", 2)],
)
def test_kinds_of_characters(password: str, kinds: int) -> None:
    assert kinds_of_characters(password) == kinds
    KindsOfCharacters(kinds).validate(password)
    with pytest.raises(ValidationError) as weak:
        KindsOfCharacters(kinds + 1).validate(password)
    assert weak.value.code == "password_few_kinds"


def test_a_password_that_is_handed_over_passes_every_rule() -> None:
    for _ in range(50):
        password = fresh_password()
        assert kinds_of_characters(password) == 4
        assert len(password) >= settings.PASSWORD_LENGTH


def test_a_password_grows_old_on_the_day() -> None:
    assert not is_old(DAY, 90, DAY + timedelta(days=89, hours=23))
    assert is_old(DAY, 90, DAY + timedelta(days=90))
    assert is_old(None, 90, DAY)
    assert not is_old(None, 0, DAY)


@pytest.mark.parametrize(
    ("agent", "code"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36", "chrome windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "edge windows"),
        ("Mozilla/5.0 (Linux; Android 14; PCT-AL10) Chrome/99 Mobile Safari/537.36 MicroMessenger/8", "wechat android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "safari iphone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "firefox linux"),
        ("", "- -"),
    ],
)
def test_a_device_is_known_by_what_it_says(agent: str, code: str) -> None:
    assert device_code(agent) == code


def test_the_numbers_of_graded_protection_are_marked_unconfirmed() -> None:
    assert not any(rule.verified for version in rulebook().versions for rule in version.rules.values())
    strict = strict_rules()
    assert (strict.integer("lock_failures"), strict.integer("lock_minutes")) == (5, 30)
    assert (strict.integer("password_kinds"), strict.integer("password_days")) == (3, 90)
