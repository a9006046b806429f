"""Keys of encrypted columns: rotated in batches, taken up again after an interruption, old ones dropped when unused."""

import json
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection

from linli.ground.people import rotation
from linli.ground.people.actions.open_account import open_account
from linli.ground.people.models import Dwelling, Person
from linli.ground.people.rotation import (
    ValueUnreadable,
    drop_old_keys,
    encrypted_columns,
    rotate_keys,
    versions_in_use,
)
from linli.ground.people.selectors import people_with_phone
from linli.ground.record.alone import UnderWay, alone
from linli.ground.record.keys import (
    FieldKeys,
    KeysMissing,
    create_keys,
    field_keys,
    keys_folder,
    log_key,
    parse_fields,
    write_fields,
)
from linli.ground.record.models import Record
from linli.kernel.access import SYSTEM
from linli.site.commands.keys import keys
from tests.world import NOW, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_keys(settings: Any, tmp_path: Path) -> Iterator[None]:
    """A copy of the keys, so that a rotation here does not concern other tests."""
    shutil.copytree(Path(settings.LINLI_HOME) / "keys", tmp_path / "keys")
    settings.LINLI_HOME = tmp_path
    return


def raw_values() -> list[str]:
    found = []
    with connection.cursor() as cursor:
        for column in encrypted_columns():
            cursor.execute(f"SELECT {column.name} FROM {column.table} WHERE {column.name} <> ''")
            found += [value for (value,) in cursor.fetchall()]
    return found


@pytest.fixture
def people(world: World) -> dict[str, str]:
    """Thirty people and a home; what is known of them by phone number."""
    for number in range(30):
        open_account(login=f"p{number}", name=f"居民{number}", phone=f"139000000{number:02}", actor=SYSTEM, now=NOW)
    Dwelling.objects.create(community=world.community["A1"], address="幸福里 3 幢 201 室")
    return {person.phone: person.name for person in Person.objects.exclude(phone="")}


def test_every_encrypted_column_is_known() -> None:
    assert {(each.table, each.name) for each in encrypted_columns()} >= {
        ("people_person", "name"),
        ("people_person", "phone"),
        ("people_person", "resident_number"),
        ("people_person", "email"),
        ("people_dwelling", "address"),
    }


def test_rotation_writes_everything_anew(people: dict[str, str]) -> None:
    before, indexes = raw_values(), list(Person.objects.order_by("pk").values_list("phone_index", flat=True))
    rotated = rotate_keys(actor=SYSTEM, now=NOW, batch=7)
    assert (rotated.version, rotated.values) == (2, len(before))
    after = raw_values()
    assert len(after) == len(before)
    assert not set(before) & set(after)
    assert all(value.startswith("2:") for value in after)
    assert {person.phone: person.name for person in Person.objects.exclude(phone="")} == people
    assert Dwelling.objects.get().address == "幸福里 3 幢 201 室"
    assert list(Person.objects.order_by("pk").values_list("phone_index", flat=True)) == indexes
    assert people_with_phone("13900000007")
    row = Record.objects.get(event="rotate_keys")
    assert row.codes == {"version": 2, "values": len(before)}


def test_the_old_key_stays_until_it_is_dropped(people: dict[str, str]) -> None:
    old = field_keys().versions[1]
    rotate_keys(actor=SYSTEM, now=NOW)
    assert field_keys().versions[1] == old
    assert drop_old_keys(actor=SYSTEM, now=NOW).dropped == (1,)
    assert list(field_keys().versions) == [2]
    assert "1" not in json.loads((keys_folder() / "fields.json").read_text())["versions"]
    assert {person.phone: person.name for person in Person.objects.exclude(phone="")} == people
    assert drop_old_keys(actor=SYSTEM, now=NOW).dropped == ()
    assert Record.objects.filter(event="drop_old_keys").count() == 1


def test_a_key_in_use_is_never_dropped(people: dict[str, str]) -> None:
    ring = field_keys()
    write_fields(FieldKeys(ring.versions | {2: secrets.token_bytes(32)}, ring.index))
    Person.objects.create(name="新来的人")
    assert versions_in_use()[1] > 0
    assert versions_in_use()[2] == 1
    assert drop_old_keys(actor=SYSTEM, now=NOW).dropped == ()
    assert list(field_keys().versions) == [1, 2]


def test_an_interrupted_rotation_is_continued(people: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    total, sealed = len(raw_values()), FieldKeys.seal
    left = 40

    def seal(self: FieldKeys, text: str, context: str) -> str:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return sealed(self, text, context)

    with monkeypatch.context() as patch:
        patch.setattr(FieldKeys, "seal", seal)
        with pytest.raises(KeyboardInterrupt):
            rotate_keys(actor=SYSTEM, now=NOW, batch=10)
    done = versions_in_use()
    assert 0 < done[2] <= 40
    assert done[1] == total - done[2]
    assert not Record.objects.filter(event="rotate_keys").exists()
    assert {person.phone: person.name for person in Person.objects.exclude(phone="")} == people
    assert drop_old_keys(actor=SYSTEM, now=NOW).dropped == ()

    rotated = rotate_keys(actor=SYSTEM, now=NOW, batch=10)
    assert (rotated.version, rotated.values) == (2, total - done[2])
    assert versions_in_use() == {2: total}
    assert list(field_keys().versions) == [1, 2]
    assert Record.objects.filter(event="rotate_keys").count() == 1
    assert {person.phone: person.name for person in Person.objects.exclude(phone="")} == people


def test_a_value_written_meanwhile_is_not_overwritten(people: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person.objects.exclude(phone="").order_by("pk")[0]
    opened = rotation._opened

    def meanwhile(column: Any, keys: FieldKeys, row: Any, stored: str) -> str:
        text = opened(column, keys, row, stored)
        if text == person.name and column.name == "name":
            Person.objects.filter(pk=person.pk).update(name="改名了")
        return text

    monkeypatch.setattr(rotation, "_opened", meanwhile)
    rotate_keys(actor=SYSTEM, now=NOW)
    assert Person.objects.get(pk=person.pk).name == "改名了"
    assert set(versions_in_use()) == {2}


def test_a_value_that_cannot_be_read_stops_the_rotation_and_is_named(people: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_dwelling SET address = '1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'")
    with pytest.raises(ValueUnreadable, match=r"people_dwelling\.address"):
        rotate_keys(actor=SYSTEM, now=NOW)


@pytest.fixture
def somebody_else_rotates() -> Iterator[None]:
    """Another session holds the lock, as another process would."""
    taken, done = Event(), Event()

    def hold() -> None:
        with alone():
            taken.set()
            done.wait(30)
        connection.close()

    other = Thread(target=hold)
    other.start()
    assert taken.wait(30)
    yield
    done.set()
    other.join()


@pytest.mark.usefixtures("somebody_else_rotates")
def test_two_do_not_rotate_at_once(people: dict[str, str]) -> None:
    ring = (keys_folder() / "fields.json").read_bytes()
    for act in (rotate_keys, drop_old_keys):
        with pytest.raises(UnderWay):
            act(actor=SYSTEM, now=NOW)
    refused = CliRunner().invoke(keys, ["rotate"])
    assert refused.exit_code == 1
    assert "wait until it has ended" in refused.output
    assert (keys_folder() / "fields.json").read_bytes() == ring
    assert not Record.objects.filter(event__in=["rotate_keys", "drop_old_keys"]).exists()


def test_the_lock_is_given_back_whatever_happens(db: None) -> None:
    with pytest.raises(ZeroDivisionError), alone():
        raise ZeroDivisionError
    with alone():
        pass


def test_an_empty_installation_gets_a_new_key_too(db: None) -> None:
    assert rotate_keys(actor=SYSTEM, now=NOW).version == 2


def test_keys_are_made_once_and_for_their_owner_alone(settings: Any, tmp_path: Path) -> None:
    settings.LINLI_HOME = tmp_path / "new"
    with pytest.raises(KeysMissing):
        field_keys()
    with pytest.raises(KeysMissing):
        log_key()
    assert create_keys()
    first = log_key().public_key().public_bytes_raw()
    assert not create_keys()
    assert log_key().public_key().public_bytes_raw() == first
    assert {path.name for path in keys_folder().iterdir()} == {"secret.key", "fields.json", "log.pem"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in keys_folder().iterdir())


def test_a_damaged_ring_is_no_ring() -> None:
    for content in (b"", b"{}", b"[]", b'{"versions": {"x": ""}, "index": ""}'):
        with pytest.raises(KeysMissing):
            parse_fields(content)
