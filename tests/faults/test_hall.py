"""Three hundred phones in one hall, five times inbreng each, while everything goes wrong: all of it stands, and once."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.faults.conftest import Platform
from tests.stack import ROOT

PHONES = 300
TIMES = 5
LOST, TWICE = 0.2, 0.1  # of the answers, of the requests
GIVES_UP = 150.0  # seconds within which a phone must be rid of its words


class HallPhone:
    """One phone: cookies of its own, a connection a request, and it sends again until the server has said yes."""

    def __init__(self, port: int, meeting: str, number: int) -> None:
        self.port, self.path, self.number = port, f"/b/{meeting}/", number
        self.chance = random.Random(number)
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.tries = self.lost = 0

    def enters(self) -> None:
        """Opens the page and says who holds the phone."""
        self._until_answered("GET", self.path, {})
        self._until_answered("POST", f"{self.path}wie/", {"party": "bewoner"})
        self._until_answered("GET", self.path, {})

    def says(self, key: str, text: str) -> None:
        """Sends until the server has said that this key stands. Some answers are lost after the server handled it."""
        fields = {"key": key, "text": text, "item": "0", "said_by": "", "addressed_to": ""}
        if self.chance.random() < TWICE:
            self._send(fields, is_lost=True)
        self._until_answered("POST", self.path, fields, may_be_lost=True)

    def _send(self, fields: dict[str, str], *, is_lost: bool) -> None:
        self._once("POST", self.path, fields, is_lost=is_lost)

    def _until_answered(self, method: str, path: str, fields: dict[str, str], *, may_be_lost: bool = False) -> None:
        deadline = time.monotonic() + GIVES_UP
        wait = 0.1
        while time.monotonic() < deadline:
            is_lost = may_be_lost and self.chance.random() < LOST
            if self._once(method, path, fields, is_lost=is_lost):
                return
            time.sleep(wait * self.chance.uniform(0.5, 1.5))
            wait = min(wait * 2, 2)
        raise AssertionError(f"Phone {self.number} gave up on {method} {path}.")

    def _once(self, method: str, path: str, fields: dict[str, str], *, is_lost: bool) -> bool:
        """One try; whether the phone heard a yes."""
        self.tries += 1
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if method == "POST":
            body = urlencode({"csrfmiddlewaretoken": self.token, **fields})
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        try:
            connection.request(method, path, body, headers)
            if is_lost:
                self.lost += 1
                self._leaves_when_handled(connection)
                return False
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            return False  # the worker died under it
        finally:
            connection.close()
        return self._takes_in(answer, text, fields)

    def _leaves_when_handled(self, connection: http.client.HTTPConnection) -> None:
        """The server has begun to answer, so it has handled it; the phone is gone before it can read a byte."""
        assert connection.sock is not None
        connection.sock.recv(1, socket.MSG_PEEK)

    def _takes_in(self, answer: http.client.HTTPResponse, text: str, fields: dict[str, str]) -> bool:
        if answer.status >= 500:
            return False
        assert answer.status in (200, 302), f"{answer.status}: {text[:300]}"
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if token := re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text):
            self.token = token[1]
        return "key" not in fields or json.loads(text)["key"] == fields["key"]


class Hall(Platform):
    """The platform on a PostgreSQL of its own, so that it can fall down and nobody else's with it."""

    def __enter__(self) -> Hall:
        self.folder = Path(tempfile.mkdtemp(prefix="thuiswijk-"))
        self.folder.chmod(0o755)
        command = [sys.executable, "-m", "tests.faults.own_database", str(self.folder)]
        self.database = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.database.stdout is not None
        self.socket = self.database.stdout.readline().strip()
        super().__enter__()
        return self

    def _address(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.socket}"

    def crash_the_database(self) -> None:
        """The server falls down under every connection there is, and recovers from its log."""
        assert self.database.stdin is not None
        assert self.database.stdout is not None
        self.database.stdin.write("\n")
        self.database.stdin.flush()
        assert self.database.stdout.readline() == "recovered\n"

    def __exit__(self, *error: Any) -> None:
        try:
            super().__exit__(*error)
        finally:
            self.database.communicate()
            shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture
def platform(django_db_setup: None) -> Iterator[Hall]:
    with Hall() as running:
        yield running


@pytest.fixture
def hall(platform: Hall) -> str:
    """The code of an open meeting, in which nobody has said anything."""
    return str(platform.inside("lay_out", drafts=0, rounds=0, crowded=[])["meeting"])


def kill_a_web_worker(platform: Platform) -> int:
    """Kills one of the processes that answer requests, with no chance to tidy up; the other goes on alone."""
    pids = platform.pids("gunicorn")
    parents = {pid: int(Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[1]) for pid in pids}
    worker = next(pid for pid in pids if parents[pid] in pids)
    os.kill(worker, signal.SIGKILL)
    return worker


@pytest.mark.stack
def test_full_hall_loses_nothing_and_doubles_nothing(platform, hall):
    wanted = {
        str(uuid.uuid4()): f"Telefoon {number}, keer {time_}." for number in range(PHONES) for time_ in range(TIMES)
    }
    keys = list(wanted)
    phones = [HallPhone(platform.port, hall, number) for number in range(PHONES)]
    done = threading.Semaphore(0)

    def evening(phone: HallPhone) -> None:
        phone.enters()
        for key in keys[phone.number * TIMES : (phone.number + 1) * TIMES]:
            phone.says(key, wanted[key])
            done.release()

    with ThreadPoolExecutor(PHONES) as people:
        evenings = [people.submit(evening, phone) for phone in phones]
        for _ in range(PHONES * TIMES // 3):
            assert done.acquire(timeout=GIVES_UP)
        kill_a_web_worker(platform)
        for _ in range(PHONES * TIMES // 3):
            assert done.acquire(timeout=GIVES_UP)
        platform.crash_the_database()
        for one in evenings:
            one.result(timeout=GIVES_UP)

    said = platform.sql(
        """SELECT c.key::text, c.text, c.participant_id FROM trajectories_contribution c
        JOIN trajectories_meeting m ON m.id = c.meeting_id WHERE m.code = %s""",
        hall,
    )
    assert len(said) == PHONES * TIMES
    assert {key: text for key, text, _ in said} == wanted
    assert len({participant for *_, participant in said}) == PHONES
    present = """SELECT count(*) FROM trajectories_participant p JOIN trajectories_meeting m ON m.id = p.meeting_id
        WHERE m.code = %s AND p.checked_in_at IS NOT NULL"""
    assert platform.sql(present, hall) == [(PHONES,)]
    lost, tries = sum(phone.lost for phone in phones), sum(phone.tries for phone in phones)
    assert lost > PHONES * TIMES * LOST / 2  # the harm was done
    print(f"{tries} requests, of which {lost} answers were lost")
