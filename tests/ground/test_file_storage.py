"""Files keep the same promises in a folder and in the bucket of a real object store, which the test starts."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from PIL import Image

from linli.ground.files.models import StoredFile
from linli.ground.files.storage import SMALL, StorageSilent, files_folder, files_storage
from linli.ground.files.storing import UploadRefused, read_bytes, remove_files_of, remove_unattached, store_upload
from linli.ground.files.thumbnails import read_small
from linli.ground.files.wording import refusal_words
from linli.ground.record.log import checkpoint, seal
from linli.ground.record.verifying import verify_database
from linli.ground.record.writing import Audience
from linli.services.cases.models import Case
from tests.ground.test_files import picture
from tests.object_store import ObjectStore
from tests.world import NOW, World

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ORPHAN = "ab/ab000000-0000-4000-8000-000000000000"
FOREIGN = "ab/notes.txt"
Put = Callable[[str, bytes], None]
Commits = Callable[..., Any]


@pytest.fixture
def bucket(bucket_store: ObjectStore) -> str:
    return bucket_store.new_bucket()


@pytest.fixture(params=["folder", "bucket"])
def put(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Put:
    """The store of a new installation; gives what puts bytes there past it."""
    (tmp_path / "keys").symlink_to(Path(settings.LINLI_HOME) / "keys")
    settings.LINLI_HOME = tmp_path

    def into_folder(name: str, content: bytes) -> None:
        path = files_folder() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    if request.param == "folder":
        return into_folder
    store: ObjectStore = request.getfixturevalue("bucket_store")
    name = request.getfixturevalue("bucket")
    use(settings, store.options(name))
    client = store.client()
    return lambda key, content: client.put_object(Bucket=name, Key=key, Body=content)


def use(settings: Any, options: dict[str, str]) -> None:
    settings.STORAGES = settings.STORAGES | {
        "files": {"BACKEND": "linli.ground.files.bucket.Bucket", "OPTIONS": options}
    }


def names() -> set[str]:
    return {kept.name for kept in files_storage().walk()}


def upload(name: str = "灯.jpg", content: bytes = b"") -> StoredFile:
    return store_upload(name, content or picture(), audience=Audience.PARTY, now=NOW)


class TestPromises:
    def test_what_is_stored_is_read(self, put: Put) -> None:
        photo, paper = upload(), upload("a.pdf", b"%PDF-1.7 \x00\xff")
        assert read_bytes(paper) == b"%PDF-1.7 \x00\xff"
        with Image.open(BytesIO(read_bytes(photo))) as image:
            assert image.size == (40, 20)
        assert names() == {photo.path, photo.path + SMALL, paper.path}

    def test_what_is_not_there_is_told_apart(self, put: Put) -> None:
        with pytest.raises(FileNotFoundError):
            files_storage().read(ORPHAN)
        files_storage().remove(ORPHAN)

    def test_a_second_write_replaces_the_first_whole(self, put: Put) -> None:
        files_storage().write(ORPHAN, b"a long first one")
        files_storage().write(ORPHAN, b"short")
        assert files_storage().read(ORPHAN) == b"short"
        assert names() == {ORPHAN}

    def test_only_ours_is_told_and_since_when(self, put: Put) -> None:
        put(FOREIGN, b"x")
        before = datetime.now(UTC) - timedelta(seconds=2)
        files_storage().write(ORPHAN, b"x")
        (kept,) = files_storage().walk()
        assert kept.name == ORPHAN
        assert before < kept.at < datetime.now(UTC) + timedelta(seconds=2)

    def test_nothing_has_an_address(self, put: Put) -> None:
        photo = upload()
        with pytest.raises(ValueError, match="permission check"):
            storages["files"].url(photo.path)

    def test_what_was_left_behind_is_swept_after_a_day(
        self, put: Put, world: World, django_capture_on_commit_callbacks: Commits
    ) -> None:
        photo, forgotten = upload(), upload("忘了.jpg")
        world.case_of(state="accepted", files=(photo,))
        for name in (FOREIGN, ORPHAN, ORPHAN + SMALL, f"{photo.path}.0a1b.new"):
            put(name, b"x")
        now = datetime.now(UTC)
        StoredFile.objects.filter(pk=forgotten.pk).update(at=now)
        every = names()
        assert len(every) == 7
        with django_capture_on_commit_callbacks(execute=True):
            assert remove_unattached(now + timedelta(hours=23)) == 0
        assert names() == every
        with django_capture_on_commit_callbacks(execute=True):
            remove_unattached(now + timedelta(hours=25))
        assert names() == {photo.path, photo.path + SMALL}
        files_storage().read(FOREIGN)

    def test_erasure_takes_the_file_and_what_was_made_of_it(
        self, put: Put, world: World, django_capture_on_commit_callbacks: Commits
    ) -> None:
        case = world.case_of(state="accepted", files=(upload(),))
        other = upload("另.jpg")
        with django_capture_on_commit_callbacks(execute=True):
            assert remove_files_of([case.pk]) == 1
            assert len(names()) == 4, "not before it is certain"
        assert names() == {other.path, other.path + SMALL}

    @pytest.mark.parametrize(
        ("content", "problem"), [(None, "the file is missing"), (picture(size=(41, 20)), "the file was altered")]
    )
    def test_verification_notices(self, put: Put, world: World, content: bytes | None, problem: str) -> None:
        photo = upload()
        case: Case = world.case_of(state="accepted", files=(photo,))
        seal()
        checkpoint(world.now, at_once=True)
        assert verify_database().whole
        files_storage().remove(photo.path + SMALL)
        assert verify_database().whole, "nothing rests on what is made of a file"
        if content is None:
            files_storage().remove(photo.path)
        else:
            put(photo.path, content)
        (fault,) = verify_database().faults
        assert fault.problem == problem
        assert case.matter.number in fault.place

    def test_a_small_picture_that_is_missing_is_made_again(self, put: Put) -> None:
        photo = upload(content=picture(size=(900, 600)))
        files_storage().remove(photo.path + SMALL)
        made = read_small(photo)
        assert files_storage().read(photo.path + SMALL) == made
        with Image.open(BytesIO(made)) as image:
            assert (image.format, image.size) == ("WEBP", (320, 320))

    def test_nothing_stays_of_what_was_erased_while_it_was_looked_at(self, put: Put) -> None:
        photo = upload()
        files_storage().remove(photo.path + SMALL)
        StoredFile.objects.filter(pk=photo.pk).delete()
        read_small(photo)
        assert names() == {photo.path}


class TestSilence:
    """A bucket that cannot be asked is not an empty one."""

    @pytest.fixture(params=["nobody listens", "no such bucket", "another secret"])
    def silent(self, request: pytest.FixtureRequest, settings: Any, bucket_store: ObjectStore, bucket: str) -> None:
        told = {
            "nobody listens": bucket_store.options(bucket, endpoint="http://127.0.0.1:9"),
            "no such bucket": bucket_store.options("missing"),
            "another secret": bucket_store.options(bucket, secret="guessed"),
        }
        use(settings, told[request.param])

    def test_each_act_says_so(self, silent: None) -> None:
        storage = files_storage()
        acts: list[Callable[[], object]] = [
            lambda: storage.write(ORPHAN, b"x"),
            lambda: storage.read(ORPHAN),
            lambda: storage.remove(ORPHAN),
            lambda: list(storage.walk()),
        ]
        for act in acts:
            with pytest.raises(StorageSilent):
                act()

    def test_an_upload_is_asked_to_come_later(self, silent: None) -> None:
        with pytest.raises(UploadRefused) as refused:
            upload()
        assert refused.value.code == "try_later"
        assert "过几分钟" in refusal_words(refused.value)
        assert not StoredFile.objects.exists()


def test_a_write_that_is_cut_off_counts_as_nothing(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LINLI_HOME = tmp_path

    def cut(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("linli.ground.files.storage.os.fsync", cut)
        with pytest.raises(KeyboardInterrupt):
            upload()
    assert not StoredFile.objects.exists()
    (left,) = names()
    assert left.endswith(".new")
    assert remove_unattached(datetime.now(UTC) + timedelta(hours=25)) == 1
    assert not names()


def test_a_name_leads_nowhere_else(settings: Any, tmp_path: Path) -> None:
    settings.LINLI_HOME = tmp_path
    for name in ("../keys/log.pem", "/etc/passwd"):
        with pytest.raises(Exception, match="outside of the base path"):
            files_storage().read(name)
