"""The platform with real processes, and the ways in which the faults hurt it."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.stack import Stack
from tests.timestamp_service import TimestampService

GIVES_UP = 10.0  # seconds after which a caller in these tests believes that no answer will come


class Door:
    """Stands before a server on loopback. Open it lets all through; shut it refuses; silent it takes in and never answers."""

    def __init__(self, host: str, port: int) -> None:
        self.behind = (host, port)
        self.is_silent = False
        self.pairs: list[socket.socket] = []
        self.listener = self._listen(0)
        self.port = self.listener.getsockname()[1]

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, args=[listener], daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                self.pairs.append(near)
                if self.is_silent:
                    continue
                try:
                    far = socket.create_connection(self.behind)
                except OSError:
                    _end(near)
                    continue
                self.pairs.append(far)
                for source, target in [(near, far), (far, near)]:
                    threading.Thread(target=_pump, args=[source, target], daemon=True).start()

    def shut(self) -> None:
        _end(self.listener)
        self._drop()

    def fall_silent(self) -> None:
        self.is_silent = True
        self._drop()

    def open(self) -> None:
        self.is_silent = False
        self._drop()
        if self.listener.fileno() == -1:
            self.listener = self._listen(self.port)

    def _drop(self) -> None:
        while self.pairs:
            _end(self.pairs.pop())


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    _end(source)
    _end(target)


def _end(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


class FolderBroker:
    """The broker of our own: a folder. Without it, every message is refused by the disk."""

    ways = ("gone",)

    def __init__(self, folder: Path) -> None:
        self.folder, self.aside = folder, folder.with_suffix(".away")

    def take_away(self, way: str) -> None:
        self.folder.rename(self.aside)
        self.folder.write_text("geen map")

    def give_back(self) -> None:
        if self.aside.exists():
            self.folder.unlink()
            self.aside.rename(self.folder)


class RedisBroker:
    """Redis behind a door."""

    def __init__(self, door: Door) -> None:
        self.door = door

    def take_away(self, way: str) -> None:
        if way == "silent":
            self.door.fall_silent()
        else:
            self.door.shut()

    def give_back(self) -> None:
        self.door.open()


class Platform(Stack):
    """A stack without the example, whose worker loses a document after sixteen seconds of silence and looks every second.

    It seals with a timestamp service of its own: `timestamps`.
    """

    def __init__(self) -> None:
        super().__init__(filled=False, DOCUMENT_LEASE_SECONDS="16", SWEEP_SECONDS="1")
        self.timestamps = TimestampService(self.data_dir / "tsa")
        self.more |= {
            "SEAL_TIMESTAMP_URL": self.timestamps.url,
            "SEAL_TIMESTAMP_SECONDS": "8",
            "SEAL_ROOTS": str(self.timestamps.roots),
            "SEAL_PKCS12": str(self.timestamps.seal),
        }
        self.broker: FolderBroker | RedisBroker = FolderBroker(self.data_dir / "broker")
        if self.redis:
            parts = urlsplit(self.redis)
            door = Door(parts.hostname or "127.0.0.1", parts.port or 6379)
            login = parts.netloc.rpartition("@")[0]
            netloc = f"{login}@127.0.0.1:{door.port}" if login else f"127.0.0.1:{door.port}"
            self.more["CELERY_BROKER_URL"] = parts._replace(netloc=netloc).geturl()
            self.broker = RedisBroker(door)

    def inside(self, act: str, **arguments: object) -> Any:
        """Does an act of tests/faults/acts.py in a process of the platform; answers what it answers."""
        code = f"from tests.faults import acts; acts.answer({act!r}, {json.dumps(arguments)!r})"
        done = self.manage("shell", "--verbosity", "0", "-c", code)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def state_of(self, document: int) -> str:
        return str(self.sql("SELECT state FROM agendas_document WHERE id = %s", document)[0][0])

    def is_idle(self) -> bool:
        """Whether the worker has nothing left to do: every document stored, every mail sent."""
        query = """
            SELECT EXISTS (SELECT 1 FROM agendas_document WHERE state <> 'stored')
                OR EXISTS (SELECT 1 FROM trajectories_meetingreport WHERE state <> 'stored')
                OR EXISTS (SELECT 1 FROM stakeholders_mail WHERE state <> 'sent')"""
        return self.sql(query) == [(False,)]

    def worker_pids(self) -> list[int]:
        return self.pids("\0worker\0")

    def caller(self, session: str = "") -> Caller:
        return Caller(self.port, session)


class Caller:
    """Asks and posts over HTTP as a browser would, one connection a request; threads may share it."""

    def __init__(self, port: int, session: str = "") -> None:
        self.port, self.cookies = port, {"sessionid": session} if session else {}
        self.token = ""

    def get(self, path: str) -> str:
        status, headers, text = self._ask("GET", path)
        assert status == 200, f"{path}: {status}"
        if token := re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text):
            self.token = token[1]
        for cookie in headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return text

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """The status, and where it sends us or what it says."""
        body = urlencode({"csrfmiddlewaretoken": self.token, **fields})
        status, headers, text = self._ask("POST", path, body)
        return status, headers.get("Location") or text

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, http.client.HTTPMessage, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=GIVES_UP)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()


@pytest.fixture(scope="package")
def platform(django_db_setup) -> Iterator[Platform]:
    with Platform() as running:
        yield running
        running.broker.give_back()
        running.timestamps.stop()


@pytest.fixture(scope="package")
def ground(platform: Platform) -> dict[str, Any]:
    """A gemeente to hurt. A test takes what it uses up: `ground["rounds"].pop()`."""
    laid = platform.inside("lay_out", drafts=3, rounds=20, crowded=[20, 200])
    platform.wait_until(platform.is_idle, seconds=120)
    return dict(laid)


def check_stored_files(platform: Platform) -> set[str]:
    """Every file in the store is whole: it has the digest that is its name. Answers the digests."""
    files = [path for path in (platform.data_dir / "media" / "documents").rglob("*") if path.is_file()]
    for path in files:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
    return {path.name for path in files}


def check_sealed_once(platform: Platform, document: int) -> None:
    """One document of the final kind is stored whole, the trajectory went on once, and each party was told once."""
    query = """
        SELECT d.state, d.sha256, d.version_id, a.trajectory_id, a.title, a.id
        FROM agendas_document d JOIN agendas_agendaversion v ON v.id = d.version_id JOIN agendas_agenda a ON a.id = v.agenda_id
        WHERE d.id = %s"""
    state, sha256, version, trajectory, title, _ = platform.sql(query, document)[0]
    assert state == "stored"
    assert sha256 in check_stored_files(platform)
    steps = "SELECT count(*) FROM trajectories_phase WHERE trajectory_id = %s AND step = 'nakoming'"
    assert platform.sql(steps, trajectory) == [(1,)]
    asked = """
        SELECT p.email FROM agendas_endorsementrequest r JOIN agendas_round o ON o.id = r.round_id
        JOIN stakeholders_person p ON p.id = r.person_id WHERE o.version_id = %s AND r.is_current ORDER BY p.email"""
    told = 'SELECT "to" FROM stakeholders_mail WHERE subject = %s ORDER BY "to"'
    assert platform.sql(told, f"De {title} is vastgesteld") == platform.sql(asked, version)
