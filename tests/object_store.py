"""A real object store on this machine: OpenStack Swift behind its S3 interface, in one process that a test starts.

It checks signatures and digests, keeps objects on disk, and lists them as a store of many machines does. Run as a
program it serves; `object_store` starts it.
"""

import logging
import subprocess
import sys
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

KEY, SECRET = "district:linli", "only-for-tests"
NUMBERS = count(1)
SWIFT = """
[swift-hash]
swift_hash_path_suffix = tests
[storage-policy:0]
name = one
default = yes
"""
PROXY = """
[DEFAULT]
swift_dir = {folder}
[pipeline:main]
pipeline = catch_errors gatekeeper s3api tempauth proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_district_linli = only-for-tests .admin
"""


@dataclass(frozen=True)
class ObjectStore:
    """Where the store listens, and who may come in."""

    endpoint: str

    def options(self, bucket: str, **other: str) -> dict[str, str]:
        """How an installation is told of a bucket."""
        told = {"endpoint": self.endpoint, "bucket": bucket, "key": KEY, "secret": SECRET}
        return told | {"region": "us-east-1", "style": "path"} | other

    def environment(self, bucket: str) -> dict[str, str]:
        """The same for an installation in a process of its own."""
        names = {"LINLI_FILES_S3_BUCKET": bucket, "LINLI_FILES_S3_KEY": KEY, "LINLI_FILES_S3_SECRET": SECRET}
        return {"LINLI_FILES_S3": self.endpoint} | names

    def new_bucket(self) -> str:
        """A bucket with nothing in it."""
        name = f"files-{next(NUMBERS)}"
        self.client().create_bucket(Bucket=name)
        return name

    def client(self) -> Any:
        """An outsider's view of the store."""
        import boto3

        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
        )


@contextmanager
def object_store(folder: Path) -> Iterator[ObjectStore]:
    """Start the store on a free port, with its data in `folder`, and stop it afterwards."""
    command = [sys.executable, "-W", "ignore", __file__, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            port = int(server.stdout.readline())
            yield ObjectStore(f"http://127.0.0.1:{port}")
        finally:
            server.terminate()


def serve(folder: Path) -> None:
    """One device, one copy of everything, no authentication but the list of users."""
    import eventlet

    eventlet.monkey_patch()
    from eventlet import wsgi
    from swift.account.server import AccountController
    from swift.common import storage_policy, utils
    from swift.common.ring import RingData
    from swift.common.wsgi import loadapp
    from swift.container.server import ContainerController
    from swift.obj.server import ObjectController

    quiet = logging.getLogger("quiet")
    (folder / "devices" / "one").mkdir(parents=True)
    (folder / "swift.conf").write_text(SWIFT)
    utils.SWIFT_CONF_FILE = str(folder / "swift.conf")
    utils.validate_hash_conf()
    storage_policy.reload_storage_policies()
    told = {"devices": str(folder / "devices"), "mount_check": "false", "swift_dir": str(folder), "log_level": "ERROR"}
    told |= {"disable_fallocate": "true"}
    for kind, controller in (
        ("account", AccountController),
        ("container", ContainerController),
        ("object", ObjectController),
    ):
        listening = eventlet.listen(("127.0.0.1", 0))
        place = {"ip": "127.0.0.1", "port": listening.getsockname()[1]}
        device = {"id": 0, "zone": 0, "region": 1, "device": "one", "weight": 1.0, **place}
        device |= {f"replication_{name}": value for name, value in place.items()}
        RingData([array("H", [0, 0])], [device], 31).save(str(folder / f"{kind}.ring.gz"))
        eventlet.spawn(wsgi.server, listening, controller(told), quiet, log_output=False)
    (folder / "proxy.conf").write_text(PROXY.format(folder=folder))
    front = eventlet.listen(("127.0.0.1", 0))
    app = loadapp(str(folder / "proxy.conf"))
    print(front.getsockname()[1], flush=True)
    wsgi.server(front, app, quiet, log_output=False)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
