"""Files in a bucket of an S3-compatible store. Needs the extra `s3`; imported only where the settings name a bucket.

Each act is one request: a file is at most 20 MB, so that it is put in one piece, which the store keeps whole or not at
all, and nothing of an interrupted upload stays behind.
"""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

from linli.ground.files.storage import NEVER_SERVED, OURS, Kept, StorageSilent

MISSING = {"NoSuchKey", "404"}


class Bucket(S3Storage):  # type: ignore[misc]
    """A private bucket that holds the files of this installation alone.

    Args:
        endpoint: address of the store.
        style: `path` (store/bucket/name) or `virtual` (bucket.store/name), as the store wants it.
    """

    def __init__(self, *, endpoint: str, bucket: str, key: str, secret: str, region: str, style: str) -> None:
        # Checksums that only some stores know are left out where S3 does not ask for them.
        config = Config(
            s3={"addressing_style": style},
            signature_version="s3v4",
            connect_timeout=5,
            read_timeout=30,
            retries={"total_max_attempts": 2, "mode": "standard"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(
            endpoint_url=endpoint,
            bucket_name=bucket,
            access_key=key,
            secret_key=secret,
            region_name=region,
            client_config=config,
        )

    def url(self, name: str, *_: Any, **__: Any) -> NoReturn:
        """There is none, not even a signed one.

        Raises:
            ValueError: always.
        """
        raise ValueError(NEVER_SERVED)

    def write(self, name: str, content: bytes) -> None:
        """Put it in one piece, which the store compares with its digest.

        Raises:
            StorageSilent: it was not taken.
        """
        digest = base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
        with _answered():
            self._client.put_object(Bucket=self.bucket_name, Key=name, Body=content, ContentMD5=digest)

    def read(self, name: str) -> bytes:
        """The bytes under a name.

        Raises:
            FileNotFoundError: there are none.
            StorageSilent: the store did not tell.
        """
        with _answered():
            return bytes(self._client.get_object(Bucket=self.bucket_name, Key=name)["Body"].read())

    def remove(self, name: str) -> None:
        """Remove what lies under a name, if anything does.

        Raises:
            StorageSilent: it may still be there.
        """
        with suppress(FileNotFoundError), _answered():
            self._client.delete_object(Bucket=self.bucket_name, Key=name)

    def walk(self) -> Iterator[Kept]:
        """Everything of ours, a thousand names in a request.

        Raises:
            StorageSilent: the store does not tell, or has no such bucket.
        """
        with _answered():
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket_name):
                for each in page.get("Contents", ()):
                    if OURS.fullmatch(each["Key"]):
                        yield Kept(each["Key"], each["LastModified"])

    @property
    def _client(self) -> Any:
        """Of this thread alone."""
        return self.connection.meta.client


@contextmanager
def _answered() -> Iterator[None]:
    """Tell apart that nothing lies under a name from a store that cannot be asked."""
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in MISSING:
            raise FileNotFoundError(str(error)) from error
        raise StorageSilent(f"the store of files refuses: {error}") from error
    except BotoCoreError as error:
        raise StorageSilent(f"the store of files does not answer: {error}") from error
