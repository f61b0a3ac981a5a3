"""The whole platform as `make demo` runs it: web, worker and clock as real processes, on a database of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

import psycopg
import redis
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 180  # several may start at once, on two cores


def free_redis_database(url: str) -> str:
    """The address of an empty database on the Redis of `url`, held for the caller until it is flushed.

    Two platforms on one database of Redis would take each other's work.
    """
    for number in range(15, 0, -1):
        own = urlsplit(url)._replace(path=f"/{number}").geturl()
        with redis.Redis.from_url(own) as server:
            if server.dbsize() == 0 and server.set("held-by-a-test", os.getpid(), nx=True):
                return own
    raise AssertionError("No database of this Redis is empty. FLUSHDB the ones that stopped tests left behind.")


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    """Whether something gives a page there."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


class Stack:
    """Starts on entering, stops on leaving. `url` is where it is, `sql` asks its database, `log` is what it said.

    With `filled=False` it has no example gemeente. More environment goes in as keywords, as `DOCUMENT_LEASE_SECONDS="3"`.
    """

    def __init__(self, *, filled: bool = True, **environment: str) -> None:
        self.filled, self.more = filled, environment
        self.name = f"thuiswijk_stack_{uuid.uuid4().hex[:12]}"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data_dir = Path(tempfile.mkdtemp(prefix="thuiswijk-"))
        self.data_dir.chmod(0o755)
        self.log_path = self.data_dir / "log"
        given = settings.CELERY["broker_url"]
        self.redis = free_redis_database(given) if given.startswith("redis") else None
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Stack:
        with psycopg.connect(self._address("postgres"), autocommit=True) as server:
            server.execute(f'CREATE DATABASE "{self.name}"')
        try:
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        with psycopg.connect(self._address("postgres"), autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
        if self.redis:
            with redis.Redis.from_url(self.redis) as server:
                server.flushdb()
        shutil.rmtree(self.data_dir, ignore_errors=True)

    def _address(self, database: str) -> str:
        """The address of a database on the server that the tests use."""
        given = connection.settings_dict
        host = given["HOST"] or given["OPTIONS"].get("host", "")
        return f"postgresql://{given['USER']}@/{database}?host={host}&port={given['PORT'] or 5432}"

    @property
    def environment(self) -> dict[str, str]:
        """As a shell would give it to `manage.py`, to talk to this stack's database and worker."""
        return {
            **{key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"},
            "DATABASE_URL": self._address(self.name),
            "PRODUCTION": "0",
            "DATA_DIR": str(self.data_dir),
            "PORT": str(self.port),
            "SWEEP_SECONDS": "2",
            "LOG_LEVEL": "INFO",
            **({"CELERY_BROKER_URL": self.redis} if self.redis else {}),
            **self.more,
        }

    def start(self) -> None:
        """Starts the processes and waits until the site answers and a worker gives a sign of life."""
        arguments = ["demo", "--into-database", *([] if self.filled else ["--empty"])]
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.is_healthy():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise AssertionError(f"The platform did not start:\n{self.log}")
            time.sleep(0.3)

    @contextmanager
    def another_web(self, **environment: str) -> Iterator[str]:
        """The address of one more web server before this stack's database, set up otherwise: `OIDC_PROVIDERS="[…]"`."""
        port = free_port()
        url, given = f"http://127.0.0.1:{port}", {**self.environment, "DEMO": "1", "PORT": str(port), **environment}
        command = ["-m", "gunicorn", "thuiswijk.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4", "--log-level", "warning",
                   "--control-socket", str(self.data_dir / f"{port}.ctl")]  # fmt: skip
        with self.log_path.open("ab") as log:
            web = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=given, stdout=log, stderr=log)
        try:
            self.wait_until(lambda: web.poll() is not None or answers(f"{url}/toegankelijkheid/"))
            assert web.poll() is None, self.log[-3000:]
            yield url
        finally:
            web.terminate()
            web.wait(timeout=60)

    def stop(self) -> None:
        """As Ctrl-C does."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=60)

    def is_healthy(self) -> bool:
        return answers(f"{self.url}/healthz")

    @property
    def log(self) -> str:
        return self.log_path.read_text(errors="replace")

    def connect(self) -> psycopg.Connection:
        """A connection of one's own to this stack's database, for who holds a lock or a transaction."""
        return psycopg.connect(self._address(self.name))

    def sql(self, query: str, *values: object) -> list[tuple]:
        """Asks this stack's database by hand; commits."""
        with psycopg.connect(self._address(self.name), autocommit=True) as database:
            found = database.execute(query, values)
            return found.fetchall() if found.description else []

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs a management command against this stack."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )

    def pids(self, part: str) -> list[int]:
        """The processes of this stack whose command line holds `part` ("celery", "worker", "gunicorn")."""
        found = []
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                command = (folder / "cmdline").read_bytes().decode(errors="replace")
                belongs = f"PORT={self.port}\0".encode() in (folder / "environ").read_bytes()
            except OSError:
                continue
            if belongs and part in command and "manage.py" not in command:
                found.append(int(folder.name))
        return found

    def wait_until(self, condition, seconds: float = 120.0) -> None:
        """Waits for what must happen by itself; fails loudly when it does not."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"It did not happen within {seconds} s.\n{self.log[-3000:]}"
            time.sleep(0.2)
