"""Backup and restore where files lie in a bucket, and from there into a folder."""

import json
from pathlib import Path
from typing import Any

import pytest

from linli.ground.files.storage import ORIGINAL, StorageSilent
from linli.site.archives import BackupRefused
from linli.site.restoring import restore_archive
from tests.object_store import ObjectStore
from tests.site.installations import FOUND, SEAL_AND_FOLLOW, place
from tests.site.test_backup import parts_of
from tests.world import NOW

pytestmark = [pytest.mark.installation, pytest.mark.once]


def names(store: ObjectStore, bucket: str) -> set[str]:
    return {each["Key"] for each in store.client().list_objects_v2(Bucket=bucket).get("Contents", ())}


def test_files_come_back_into_a_bucket_and_may_move_to_a_folder(bucket_store: ObjectStore, tmp_path: Path) -> None:
    first, second = bucket_store.new_bucket(), bucket_store.new_bucket()
    origin = place(tmp_path / "origin", **bucket_store.environment(first))
    origin.home.mkdir()
    origin.python(FOUND + SEAL_AND_FOLLOW)
    assert not (origin.home / "files").exists()
    photos = {each for each in names(bucket_store, first) if ORIGINAL.fullmatch(each)}
    assert len(photos) == 2
    assert len(names(bucket_store, first)) == 4, "with their small pictures"

    archive = tmp_path / "made.tar.gz"
    origin.linli_in_turn(("record", "seal"), ("backup", archive))
    assert {each for each in parts_of(archive) if each.startswith("files/")} == {f"files/{each}" for each in photos}

    target = place(tmp_path / "target", **bucket_store.environment(second))
    done = target.linli("restore", archive, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["verified"]["faults"] == []
    assert names(bucket_store, second) == photos

    folder = place(tmp_path / "folder")
    done = folder.linli("restore", archive, "--json")
    assert json.loads(done.stdout)["verified"]["faults"] == []
    assert {each.relative_to(folder.home / "files").as_posix() for each in folder.home.glob("files/??/*")} == photos


@pytest.mark.django_db
def test_a_bucket_that_is_not_empty_or_not_there_is_not_restored_into(
    bucket_store: ObjectStore, tmp_path: Path, settings: Any
) -> None:
    bucket = bucket_store.new_bucket()
    bucket_store.client().put_object(Bucket=bucket, Key="ab/ab000000-0000-4000-8000-000000000000", Body=b"of another")
    settings.LINLI_HOME = tmp_path / "home"
    for name, told, code in ((bucket, BackupRefused, "files"), ("missing", StorageSilent, "NoSuchBucket")):
        files = {"BACKEND": "linli.ground.files.bucket.Bucket", "OPTIONS": bucket_store.options(name)}
        settings.STORAGES = settings.STORAGES | {"files": files}
        with pytest.raises(told, match=code):
            restore_archive(tmp_path / "anything.tar.gz", now=NOW)
