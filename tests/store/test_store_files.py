"""The contract of file stores, for a folder and for a real S3 server: whole or not at all, and told in Chinese."""

from __future__ import annotations

import hashlib
import os
import re
import resource
import subprocess
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from s3_server import BUCKET, S3Server, credentials, s3_server  # noqa: F401  a fixture
from workers import alone, together

from docgen.store.files import FileStore, FileStoreError, FolderStore, MissingFileError, place_of
from docgen.store.objects import ObjectStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DATA = b"%PDF-1.7 " + bytes(range(256)) * 200
DIGEST = hashlib.sha256(DATA).hexdigest()


@dataclass
class Place:
    """A store, a way to write past it where it keeps a digest, and the folder in which all of it lies."""

    store: FileStore
    write: Callable[[str, bytes], object]
    folder: Path


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    if request.param == "folder":
        folder = tmp_path / "documents"
        return Place(FolderStore(folder), lambda place, data: (folder / place).write_bytes(data), folder)
    server: S3Server = request.getfixturevalue("s3_server")
    for name, value in credentials().items():
        monkeypatch.setenv(name, value)
    store = ObjectStore(BUCKET, "docgen/", server.endpoint)
    return Place(store, lambda place, data: server.put(f"docgen/{place}", data), server.folder)


def leftovers(folder: Path) -> list[str]:
    """Return the files in a store's folder that are no whole document."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "filler"]
    return [
        str(path) for path in files if hashlib.sha256(path.read_bytes()).hexdigest() != path.parent.name + path.name
    ]


def test_what_was_kept_is_there_until_it_is_dropped(place: Place) -> None:
    assert place.store.keep(DATA) == DIGEST
    assert place.store.get(DIGEST) == DATA
    place.store.drop(DIGEST)
    with pytest.raises(MissingFileError, match="不在了"):
        place.store.get(DIGEST)
    place.store.drop(DIGEST)


def test_files_are_walked_by_the_time_they_were_kept(place: Place) -> None:
    known = {place.store.keep(data) for data in (DATA, b"other")}
    place.write(f"{DIGEST[:2]}/somebody-else-s", b"foreign")
    now = datetime.now(UTC)
    assert set(place.store.kept_before(now + timedelta(minutes=1))) >= known
    assert not set(place.store.kept_before(now - timedelta(minutes=1)))
    for foreign in place.folder.rglob("somebody-else-s"):  # the server goes on to serve other tests
        foreign.unlink()


def test_drafts_of_writers_that_were_killed_go(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.keep(DATA)
    draft = tmp_path / DIGEST[:2] / ".0123456789abcdef"
    draft.write_bytes(DATA[:7])
    assert set(store.kept_before(datetime.now(UTC) - timedelta(minutes=1))) == set()
    assert draft.exists(), "its writer may still be alive"
    assert set(store.kept_before(datetime.now(UTC) + timedelta(minutes=1))) == {DIGEST}
    assert not draft.exists()


def test_the_same_bytes_twice_are_one_file_and_another_stays(place: Place) -> None:
    other = place.store.keep(b"other")
    assert [place.store.keep(DATA) for _ in range(2)] == [DIGEST] * 2
    place.store.drop(DIGEST)
    assert place.store.get(other) == b"other"
    assert leftovers(place.folder) == []


@pytest.mark.parametrize("data", [b"", b"\0", DATA * 100], ids=["empty", "zero", "5 MB"])
def test_any_bytes_come_back(place: Place, data: bytes) -> None:
    assert place.store.get(place.store.keep(data)) == data


@pytest.mark.parametrize("damage", [b"", DATA[:-1], DATA[:-1] + b"?", DATA + b"?"])
def test_a_damaged_file_is_never_given_out_and_mended_when_it_is_made_again(place: Place, damage: bytes) -> None:
    place.store.keep(DATA)
    place.write(place_of(DIGEST), damage)
    with pytest.raises(MissingFileError, match="已损坏") as caught:
        place.store.get(DIGEST)
    assert "备份" in caught.value.remedy
    place.store.keep(DATA)
    assert place.store.get(DIGEST) == DATA


@pytest.mark.parametrize(
    "digest", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 65, "a" * 62 + "/a", f"{'a' * 64}\n", "０" * 64]
)
def test_what_is_no_digest_reaches_no_file(place: Place, digest: str) -> None:
    with pytest.raises(MissingFileError, match="摘要"):
        place.store.get(digest)
    with pytest.raises(MissingFileError, match="摘要"):
        place.store.drop(digest)


def _keep(folder: Path) -> str:
    return FolderStore(folder).keep(DATA)


def test_processes_that_keep_the_same_file_at_once_do_each_other_no_harm(tmp_path: Path) -> None:
    assert together([(_keep, (tmp_path,))] * 4) == [DIGEST] * 4
    assert leftovers(tmp_path) == []


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", tmp_path], check=True)  # noqa: S607  wherever
        try:
            (tmp_path / "filler").write_bytes(bytes(40_000))
            _refused(tmp_path)
            (tmp_path / "filler").unlink()
            assert FolderStore(tmp_path).keep(DATA) == DIGEST
        finally:
            subprocess.run(["umount", tmp_path], check=True)  # noqa: S607  wherever
    else:
        alone(_keep_where_files_may_not_grow, tmp_path)


def test_a_file_that_may_not_grow_leaves_nothing(tmp_path: Path) -> None:
    alone(_keep_where_files_may_not_grow, tmp_path)
    assert _keep(tmp_path) == DIGEST


def _keep_where_files_may_not_grow(folder: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
    _refused(folder)


def _refused(folder: Path) -> None:
    store = FolderStore(folder)
    with pytest.raises(FileStoreError, match=r"文档存不进.*系统错误 \d+") as caught:
        store.keep(DATA)
    assert "磁盘空间" in caught.value.remedy
    assert leftovers(folder) == []
    with pytest.raises(MissingFileError):
        store.get(DIGEST)


def _chinese(error: FileStoreError, *codes: str) -> None:
    assert re.match(r"对象存储(存不进|读不出|删不了)文档：", error.detail)
    assert error.detail.split("：")[1] in codes
    assert "请检查" in error.remedy
    assert not isinstance(error, MissingFileError)


def _all_refuse(store: FileStore, *codes: str) -> None:
    for call in (lambda: store.keep(DATA), lambda: store.get(DIGEST), lambda: store.drop(DIGEST)):
        with pytest.raises(FileStoreError) as caught:
            call()
        _chinese(caught.value, *codes)


def test_a_server_that_is_stopped_is_told_and_goes_on_later(
    s3_server: S3Server,  # noqa: F811  the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in credentials().items():
        monkeypatch.setenv(name, value)
    store = ObjectStore(BUCKET, "docgen/", s3_server.endpoint)
    s3_server.kill()
    try:
        with pytest.raises(FileStoreError) as caught:
            store.keep(DATA)
        _chinese(caught.value, "EndpointConnectionError")
    finally:
        s3_server.start()
    assert store.keep(DATA) == DIGEST


def test_a_wrong_key_is_told(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811  the fixture
    for name, value in credentials("docgentestkey", "docgenwrongsecret").items():
        monkeypatch.setenv(name, value)
    _all_refuse(ObjectStore(BUCKET, "docgen/", s3_server.endpoint), "SignatureDoesNotMatch", "AccessDenied", "403")


def test_no_key_at_all_is_told(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811  the fixture
    for name, value in credentials().items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    _all_refuse(ObjectStore(BUCKET, "docgen/", s3_server.endpoint), "NoCredentialsError")


def test_a_bucket_that_is_not_there_is_not_a_missing_document(
    s3_server: S3Server,  # noqa: F811  the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in credentials().items():
        monkeypatch.setenv(name, value)
    store = ObjectStore("no-such-bucket", "docgen/", s3_server.endpoint)
    with pytest.raises(FileStoreError) as caught:
        store.keep(DATA)
    _chinese(caught.value, "NoSuchBucket")


class _Broken(BaseHTTPRequestHandler):
    """Fails every request; one that reads gets half of what it was promised where the server says so."""

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b"<Error><Code>InternalError</Code><Message>x</Message></Error>"
        self.send_response(500)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_DELETE = do_PUT  # noqa: N815  the same

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(DATA)))
        self.end_headers()
        self.wfile.write(DATA[:100])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def broken() -> Iterator[str]:
    """A server that answers, but with errors."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Broken)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_errors_of_the_server_and_half_answers_are_told(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**credentials(), "AWS_MAX_ATTEMPTS": "2"}.items():
        monkeypatch.setenv(name, value)
    _all_refuse(
        ObjectStore(BUCKET, "docgen/", broken),
        "InternalError",
        "500",
        "IncompleteReadError",
        "ResponseStreamingError",
    )
