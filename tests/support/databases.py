"""Real databases for tests: SQLite in a folder, and a PostgreSQL server of the test run's own.

A pytest plugin (named in ``tests/conftest.py``): ``site`` and ``registry`` run each test on both databases.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg
import pytest

from docgen.issuing.registry import Desk, Registry, open_registry
from docgen.settings import Settings
from docgen.store.database import Database
from docgen.store.organisations import FIRST

if TYPE_CHECKING:
    from collections.abc import Iterator

PUBLIC_URL: Final = "https://zs.example.org.cn"
ASSOCIATION: Final = "云岭省质量管理协会"
_USER: Final = "docgen"
_TEMPLATE: Final = "migrated"
_PATIENCE_SECONDS: Final = 60
_OPENED: Final[list[Registry]] = []


@dataclass(frozen=True)
class Site:
    """Where one installation keeps its records; another process opens the same ones with it."""

    data_dir: Path
    database_url: str
    public_url: str = PUBLIC_URL

    @property
    def is_sqlite(self) -> bool:
        return not self.database_url

    def open(self) -> Registry:
        """Open the registry as the product does; the fixture closes it."""
        opened = open_registry(
            Settings(
                data_dir=self.data_dir,
                database_url=self.database_url,
                public_url=self.public_url,
                association=ASSOCIATION,
            )
        )
        _OPENED.append(opened)
        return opened

    def desk(self) -> Desk:
        """Open the registry for its first organisation."""
        return Desk(self.open(), FIRST, "cli:test")


class PostgreSQL:
    """A server on a free port of the loopback; root starts it as another user, as PostgreSQL demands."""

    def __init__(self) -> None:
        """Make a cluster and start it."""
        self._bin = _programs()
        self._user = "postgres" if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="docgen-postgresql-"))
        self._numbers = count(1)
        if self._user:
            shutil.chown(self._folder, self._user)
        options = ("-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        made = subprocess.run(
            [self._bin / "initdb", "-D", self._folder / "data", *options],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            user=self._user,
        )
        assert made.returncode == 0, made.stderr
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self._port = free.getsockname()[1]
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self._port,
            "unix_socket_directories": self._folder,
            "fsync": "off",  # what a killed process has written survives it all the same
            "full_page_writes": "off",
            "wal_level": "minimal",
            "max_wal_senders": 0,
            "max_connections": 60,
        }
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [self._bin / "postgres", "-D", self._folder / "data", *(f"--{key}={options[key]}" for key in options)],
                stdout=log,
                stderr=log,
                cwd="/",
                user=self._user,
            )
        end = time.monotonic() + _PATIENCE_SECONDS
        while not self._answers():
            assert time.monotonic() < end, (self._folder / "log").read_text()
            if self._server.poll() is not None:  # the backends of a killed server take a moment to notice
                self.start()
                return
            time.sleep(0.02)

    def kill(self) -> None:
        """End the server as a power cut would."""
        self._server.kill()
        self._server.wait()

    def stop(self) -> None:
        """End the server and remove its files."""
        self._server.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._server.wait(5)
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str) -> str:
        return f"postgresql://{_USER}@127.0.0.1:{self._port}/{database}"

    def new(self, template: str = "template1") -> str:
        """Make a database and return its address."""
        name = f"test{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def copy(self, url: str) -> str:
        """Copy a database that nobody is connected to, as a backup would; return the copy's address."""
        return self.new(url.rsplit("/", 1)[1])

    def drop(self, url: str) -> None:
        self._run(f"DROP DATABASE {url.rsplit('/', 1)[1]} WITH (FORCE)")

    def migrated(self) -> str:
        """Return a new database with today's tables: made once, then copied."""
        with suppress(psycopg.errors.DuplicateDatabase):
            self._run(f"CREATE DATABASE {_TEMPLATE}")
            Database(self.url(_TEMPLATE)).close()
        return self.new(_TEMPLATE)

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def _programs() -> Path:
    """Return the folder of PostgreSQL's programs: Debian keeps them out of the PATH."""
    found = [Path(path).parent for path in (shutil.which("initdb"),) if path]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    assert found, "PostgreSQL is missing: apt-get install postgresql"
    return found[-1]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """An installation without records, on either database."""
    if request.param == "sqlite":
        yield Site(tmp_path / "data", "")
        close_all()
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    url = server.migrated()
    yield Site(tmp_path / "data", url)
    close_all()
    server.drop(url)


def close_all() -> None:
    """Close what ``Site.open`` opened."""
    while _OPENED:
        _OPENED.pop().database.close()


@pytest.fixture
def registry(site: Site) -> Registry:
    return site.open()


@pytest.fixture
def desk(registry: Registry) -> Desk:
    """Somebody at work in the first organisation."""
    return Desk(registry, FIRST, "cli:test")
