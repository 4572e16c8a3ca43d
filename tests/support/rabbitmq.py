"""A real RabbitMQ of the test run's own: loopback only, its own folder, its own name server, stopped always."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pika
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE_SECONDS: Final = 90


class RabbitMQ:
    """A broker on free ports of the loopback. Root may start it: it keeps to its folder."""

    def __init__(self) -> None:
        """Start it."""
        program = _program()
        self._folder = Path(tempfile.mkdtemp(prefix="docgen-rabbitmq-"))
        self._port, distribution, names = _free_ports(3)
        (self._folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self._port}\nloopback_users = none\nlog.file.level = error\n"
        )
        (self._folder / "enabled_plugins").write_text("[].\n")
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder),
            "LANG": "C.UTF-8",
            "ERL_EPMD_PORT": str(names),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"docgen{self._port}@localhost",
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +S 1:1",
            "RABBITMQ_MNESIA_BASE": str(self._folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(self._folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "enabled_plugins"),
        }
        self._program = program
        # Erlang would start its name server as a daemon that nobody ends.
        self._names = subprocess.Popen(
            ["epmd", "-port", str(names), "-address", "127.0.0.1"],  # noqa: S607  comes with Erlang
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + _PATIENCE_SECONDS
        while not _listens(names):  # else the broker would start one all the same
            assert time.monotonic() < end, "epmd does not answer"
            time.sleep(0.02)
        self.start()

    @property
    def url(self) -> str:
        """The address that clients connect to."""
        return f"amqp://guest:guest@127.0.0.1:{self._port}/?connection_attempts=1&blocked_connection_timeout=10"

    def start(self) -> None:
        """Start the broker and wait until it answers; what was kept before is still there."""
        with (self._folder / "output").open("ab") as output:
            self._server = subprocess.Popen(
                [self._program],
                env=self._environment,
                stdout=output,
                stderr=output,
                cwd=self._folder,
                start_new_session=True,  # a script, the virtual machine and its own children: killed together
            )
        end = time.monotonic() + _PATIENCE_SECONDS
        while not self._answers():
            assert self._server.poll() is None, (self._folder / "output").read_text()
            assert time.monotonic() < end, (self._folder / "output").read_text()
            time.sleep(0.1)

    def kill(self) -> None:
        """End the broker as a power cut would."""
        with suppress(ProcessLookupError):
            os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait()

    def stop(self) -> None:
        """End everything and remove its files."""
        self.kill()
        self._names.terminate()
        self._names.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def bodies(self, queue: str) -> list[bytes]:
        """Return what stands in a queue, and leave it there."""
        with closing(pika.BlockingConnection(pika.URLParameters(self.url))) as connection:
            channel = connection.channel()
            found = []
            while (got := channel.basic_get(queue))[0] is not None:
                found.append(got[2])
            return found

    def purge(self) -> None:
        """Forget all messages, so that the next test begins with none."""
        with closing(pika.BlockingConnection(pika.URLParameters(self.url))) as connection:
            for lane in ("bulk", "fast"):
                for queue in (lane, f"{lane}.DQ", f"{lane}.XQ"):
                    connection.channel().queue_delete(queue)

    def files(self) -> Iterator[bytes]:
        """Walk everything that the broker has written."""
        for path in self._folder.rglob("*"):
            if path.is_file():
                yield path.read_bytes()

    def _answers(self) -> bool:
        try:
            pika.BlockingConnection(pika.URLParameters(self.url)).close()
        except pika.exceptions.AMQPError:
            return False
        return True


def _program() -> Path:
    """Return the broker's own script: Debian's wrapper in the PATH wants another user and /var."""
    found = sorted(Path("/usr/lib/rabbitmq/lib").glob("*/sbin/rabbitmq-server"))
    found += [Path(path) for path in (shutil.which("rabbitmq-server"),) if path]
    assert found, "RabbitMQ is missing: apt-get install rabbitmq-server"
    return found[0]


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        held = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in held]


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[RabbitMQ]:
    server = RabbitMQ()
    yield server
    server.stop()
