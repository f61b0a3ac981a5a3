"""`make bench-peers`: our pages beside those of pretalx, the nearest open product of its kind, on the same machine in one run.

pretalx comes from PyPI into an environment of its own under `.cache/peers`; 2025.2.2 is its last release for Python 3.11. Its
static files are built once, which needs npm and gettext and takes some minutes. It gets a Redis of its own where there is a
`redis-server`; without one it runs without a cache, as it does when nothing is configured.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from benchmarks import sizes
from benchmarks.measure import Measured, print_table, ratio, take_rounds
from benchmarks.pages import Page, Request
from benchmarks.run import served
from benchmarks.servers import (
    ROOT,
    WebServer,
    database,
    free_port,
    postgres_address,
    running,
    settle,
    stop_on_terminate,
    web,
)

CACHE = ROOT / ".cache" / "peers"
PYTHON = CACHE / "venv" / "bin" / "python"
BUILT = CACHE / "static.built"  # a mark that the building is done
RELEASE = "pretalx[postgres,redis]==2025.2.2"
# Name, our page, pretalx's page, how many times theirs may cost at least.
PAIRS = [
    ("list of 50", "contribution_list", "list_50", 40),
    ("detail", "trajectory_detail", "detail", 4),
    ("what a visitor says, posted", "contribute", "post", 3.5),
]
HEAD = ["page", "ours", "pretalx", "pretalx / ours", "goal", "", "ours wall", "pretalx wall"]


def missing() -> str:
    """One sentence on what this machine lacks for it, or nothing."""
    lacking = [program for program in ("npm", "msgfmt") if shutil.which(program) is None]
    built = BUILT.exists()
    return "" if built or not lacking else f"pretalx can't be built: {' and '.join(lacking)} (npm, gettext) not found."


def install(environment: dict[str, str]) -> None:
    """pretalx in its own environment, with its static files; once."""
    if not PYTHON.exists():
        uv = [str(ROOT / ".venv" / "bin" / "uv")]
        subprocess.run([*uv, "venv", "-q", "--python", sys.executable, str(CACHE / "venv")], check=True)
        subprocess.run(
            [*uv, "pip", "install", "-q", "--python", str(PYTHON), RELEASE, "psycopg[binary]", "gunicorn"], check=True
        )
    if not BUILT.exists():
        print("Building pretalx's static files, some minutes …", flush=True)
        with (CACHE / "build.log").open("ab") as log:
            subprocess.run(
                [PYTHON, "-m", "pretalx", "rebuild"], cwd=CACHE, env=environment, check=True, stdout=log, stderr=log
            )
        BUILT.touch()


def configuration(address: str, folder: Path, port: int, redis_port: int | None) -> str:
    """pretalx.cfg for one run."""
    given = conninfo_to_dict(address)
    redis = f"redis://127.0.0.1:{redis_port}" if redis_port else ""
    sections: dict[str, dict[str, object]] = {
        "filesystem": {"data": folder / "data", "static": CACHE / "static"},
        "site": {"debug": False, "url": f"http://127.0.0.1:{port}", "https": False, "secret": os.urandom(24).hex()},
        "database": {
            "backend": "postgresql", "name": given["dbname"], "user": given.get("user", ""),
            "password": given.get("password", ""), "host": given.get("host", ""), "port": given.get("port", ""),
        },
        "mail": {"from": "pretalx@voorbeeldstad.example", "host": "127.0.0.1", "port": 9},
    }  # fmt: skip
    if redis:
        sections["redis"] = {"location": f"{redis}/0", "session": False}
        sections["celery"] = {"broker": f"{redis}/1", "backend": f"{redis}/2"}
    return "\n".join(
        f"[{name}]\n" + "\n".join(f"{key} = {value}" for key, value in section.items())
        for name, section in sections.items()
    )


@contextmanager
def own_redis(folder: Path) -> Iterator[int | None]:
    """The port of a Redis for this run, or None where the program is not there."""
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with running(command, port=port, log=folder / "redis.log", environment=os.environ):
        yield port


def _manage(arguments: list[str], environment: dict[str, str]) -> str:
    """Runs pretalx's Python; what it printed. Raises RuntimeError with the end of what it complained about."""
    done = subprocess.run([PYTHON, *arguments], cwd=CACHE, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"pretalx {arguments[-1]} failed:\n{done.stderr[-2000:]}")
    return done.stdout


@contextmanager
def pretalx(server: str, folder: Path) -> Iterator[tuple[WebServer, dict[str, Page], bool]]:
    """A filled pretalx: (server, pages, whether it has a Redis)."""
    port = free_port()
    (folder / "pretalx").mkdir()
    with database(server, "bench_pretalx") as address, own_redis(folder / "pretalx") as redis_port:
        config = folder / "pretalx" / "pretalx.cfg"
        config.write_text(configuration(address, folder / "pretalx", port, redis_port))
        hidden = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "PYTHONPATH")
        environment = {key: value for key, value in os.environ.items() if key not in hidden}
        environment |= {"PRETALX_CONFIG_FILE": str(config), "PRETALX_NO_INITIAL_LOG": "1", "WORDS": sizes.WORDS,
                        "SESSIONS": str(sizes.CONTRIBUTIONS)}  # fmt: skip
        install(environment)
        print("Filling pretalx, some minutes …", flush=True)
        _manage(["-m", "pretalx", "migrate", "-v0"], environment)
        out = _manage([str(Path(__file__).with_name("pretalx_fill.py"))], environment)
        settle(address)
        found = json.loads(out.splitlines()[-1])
        talk = f"/wijk/talk/{found['talk']}/"
        pages = {
            "list_50": Page([Request("/orga/event/wijk/submissions/?page_size=50", cookies=found["session"])]),
            "detail": Page([Request(talk)]),
            "post": Page(
                [Request(f"{talk}feedback/", {"review": sizes.spoken(0), "speaker": ""})],
                csrf_cookie=found["csrf_cookie"],
            ),
        }
        with web(
            "pretalx.wsgi:application",
            python=str(PYTHON),
            environment=environment,
            port=port,
            log=folder / "pretalx" / "log",
            cwd=CACHE,
        ) as running_server:
            yield running_server, pages, redis_port is not None


def main() -> None:
    stop_on_terminate()
    lack = missing()
    if lack:
        sys.exit(lack)
    CACHE.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="thuiswijk-peers-")))
        server = postgres_address()
        theirs, their_pages, has_redis = stack.enter_context(pretalx(server, folder))
        print("Filling Thuiswijk …", flush=True)
        mine, my_pages, _ = stack.enter_context(
            served("thuiswijk", fill="benchmarks.scene", wsgi="thuiswijk.wsgi", server=server, folder=folder)
        )
        pairs = [(pair, Measured(mine, my_pages[pair[1]]), Measured(theirs, their_pages[pair[2]])) for pair in PAIRS]
        print("Asking pages by turns, three rounds …\n", flush=True)
        take_rounds([measured for _, *both in pairs for measured in both])
        rows = []
        for (name, _, _, least), ours, other in pairs:
            a, b, times = ours.median(), other.median(), ratio(other, ours)
            rows.append([
                name, f"{a.cpu:.1f}", f"{b.cpu:.1f}", f"{times:.1f}", f"≥ {least:g}", "ok" if times >= least else "UNDER",
                f"{a.p50:.0f} / {a.p95:.0f}", f"{b.p50:.0f} / {b.p95:.0f}",
            ])  # fmt: skip
        print("CPU of the two workers in ms per request, the median of three rounds; wall time as p50 / p95 in ms.")
        print(f"pretalx {'with a Redis of its own' if has_redis else 'without a Redis, so without a cache'}.\n")
        print_table(HEAD, rows)
        print(f"\nMemory of a web worker: ours {mine.megabytes():.0f} MB, pretalx {theirs.megabytes():.0f} MB.")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped. The servers and databases are gone.")
