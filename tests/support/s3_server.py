"""A real S3 server of the test run's own: rclone before a folder; a bucket is a folder in it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

import boto3
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY: Final = "docgentestkey"
SECRET: Final = "docgentestsecret"  # noqa: S105  of a server that lives as long as the tests
BUCKET: Final = "certificates"
_PATIENCE_SECONDS: Final = 30


class S3Server:
    """An object store on a free port of the loopback."""

    def __init__(self) -> None:
        """Make a bucket and start the server."""
        self.folder = Path(tempfile.mkdtemp(prefix="docgen-s3-"))
        (self.folder / BUCKET).mkdir()
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self._port = free.getsockname()[1]
        self.start()

    @property
    def endpoint(self) -> str:
        """The address that clients connect to."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        program = shutil.which("rclone") or Path(sys.executable).with_name("rclone")
        options = ["--auth-key", f"{KEY},{SECRET}", "--addr", f"127.0.0.1:{self._port}", "--config", os.devnull]
        self._server = subprocess.Popen(
            [program, "serve", "s3", *options, self.folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + _PATIENCE_SECONDS
        while not self._answers():
            assert time.monotonic() < end, "rclone does not answer"
            time.sleep(0.05)

    def kill(self) -> None:
        """End the server as a power cut would."""
        self._server.kill()
        self._server.wait()

    def stop(self) -> None:
        """End the server and remove its files."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def put(self, key: str, data: bytes) -> None:
        """Write an object past the store, as another program would; the server remembers what it was told itself."""
        client = boto3.session.Session().client("s3", endpoint_url=self.endpoint)
        client.put_object(Bucket=BUCKET, Key=key, Body=data)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self._port), 1).close()
        except OSError:
            return False
        return True


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    server = S3Server()
    yield server
    server.stop()


def credentials(key: str = KEY, secret: str = SECRET) -> dict[str, str]:
    """Return the environment in which every AWS client finds its credentials, and nothing of the developer's."""
    return {
        "AWS_ACCESS_KEY_ID": key,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
