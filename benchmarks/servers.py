"""Databases and processes that exist for one run, and are gone after it: also after Ctrl-C, a stop or an error."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2
START_SECONDS = 60
TICKS = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def stop_on_terminate() -> None:
    """A stop asked by `kill` leaves through the same doors as Ctrl-C, so that everything is cleaned up."""

    def leave(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, leave)


def postgres_address() -> str:
    """The address of the PostgreSQL that the settings would use: DATABASE_URL's, or our own."""
    given = os.environ.get("DATABASE_URL")
    if given:
        return given
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thuiswijk.settings")
    from thuiswijk import embedded  # loads the settings, which only a process that needs our own database has to

    return embedded.postgres(Path(os.environ.get("DATA_DIR", ROOT / ".data")).resolve())


@contextmanager
def database(server: str, prefix: str) -> Iterator[str]:
    """The address of a new, empty database on that server; dropped at the end."""
    name = f"{prefix}_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def settle(address: str) -> None:
    """After filling a database: its statistics are made now, and not in the middle of a measurement."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], *, port: int, log: Path, environment: Mapping[str, str], cwd: Path = ROOT
) -> Iterator[int]:
    """Starts a server process and waits until it listens on `port`; gives its process id, and stops it at the end.

    Raises RuntimeError with the end of its log where it does not start.
    """
    with log.open("ab") as out:
        # In a session of its own: Ctrl-C reaches us alone, and we stop it in order.
        process = subprocess.Popen(
            command, cwd=cwd, env=dict(environment), stdout=out, stderr=out, start_new_session=True
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} did not start:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.2)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class WebServer:
    """gunicorn with two sync workers on loopback, of which the CPU and the memory can be asked."""

    def __init__(self, master: int, port: int) -> None:
        self.port, self._master = port, master
        deadline = time.monotonic() + START_SECONDS
        while len(self._children()) < WORKERS:
            if time.monotonic() > deadline:
                raise RuntimeError("The workers did not start.")
            time.sleep(0.1)
        self._workers = self._children()

    def cpu_seconds(self) -> float:
        """CPU time of the workers until now, user and system, in ticks of 10 ms. Raises RuntimeError if one was replaced."""
        if self._children() != self._workers:
            raise RuntimeError("A worker died while it was measured.")
        fields = [_stat(pid) for pid in self._workers]
        return sum(int(stat[11]) + int(stat[12]) for stat in fields) / TICKS

    def megabytes(self) -> float:
        """Resident memory of a worker, the mean of both."""
        return sum(int(_stat(pid)[21]) for pid in self._workers) * PAGE_BYTES / WORKERS / 1024**2

    def _children(self) -> set[int]:
        pids = (int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit())
        return {pid for pid in pids if (stat := _stat(pid)) and int(stat[1]) == self._master}


def _stat(pid: int) -> list[str]:
    """/proc/<pid>/stat from its third field on (proc(5) counts from one); empty for a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []


@contextmanager
def web(
    wsgi: str, *, python: str, environment: Mapping[str, str], port: int, log: Path, cwd: Path = ROOT
) -> Iterator[WebServer]:
    """A WSGI application under gunicorn, the same way for whatever is measured."""
    command = [python, "-m", "gunicorn", wsgi, "--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS),
               "--worker-class", "sync", "--timeout", "120", "--log-level", "warning", "--no-control-socket"]  # fmt: skip
    with running(command, port=port, log=log, environment=environment, cwd=cwd) as master:
        yield WebServer(master, port)
