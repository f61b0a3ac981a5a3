"""`make bench`: what our pages and documents cost, as ratios to the floor, in one run in which both are asked by turns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import sizes
from benchmarks.measure import Measured, print_table, ratio, ratio_of_p95, take_rounds
from benchmarks.pages import read_pages
from benchmarks.servers import ROOT, WebServer, database, free_port, postgres_address, settle, stop_on_terminate, web

MEMORY_GOAL = 110  # MB for a web worker
PHONE_GOAL = 2  # times the p95 of the floor
DOCUMENT_GOAL = 1.15  # times bare WeasyPrint


@dataclass(frozen=True)
class Goal:
    """One of our pages, the page of the floor beside it, and what design asks: CPU as a ratio, and SQL statements."""

    name: str
    ours: str
    floor: str
    most: float
    statements: int


GOALS = [
    Goal("list of contributions, 50", "contribution_list", "list_50", 2, 8),
    Goal("theme board, 100 contributions", "theme_board", "list_100", 2, 10),
    Goal("trajectory", "trajectory_detail", "detail", 4, 12),
    Goal("agenda with 15 points", "agenda_detail", "detail", 4, 12),
    Goal("post a contribution", "contribute", "post", 3, 10),
    Goal("post from a phone, by script", "contribute_phone", "post", 3, 10),
    Goal("endorse, 10 parties", "endorse", "post", 4, 20),
]

BOARD_GOAL = 2  # times the same with 50 contributions
BOARD = {"board": "the page", "board_search": "a search", "board_side": "its side", "board_move": "moving one"}

BOARD_HEAD = ["board", "with 50", "with 2,000", "ratio", "goal", "", "SQL with 50", "SQL with 2,000"]
PAGE_HEAD = ["page", "ours", "floor", "ratio", "goal", "", "ours wall", "floor wall", "SQL", "floor", "goal", ""]
MEMORY_HEAD = ["a web worker", "ours", "floor", "goal", ""]
DRAWING_HEAD = ["document", "beside", "ours", "bare", "ratio", "goal", "", "SQL", ""]
AFTER_HEAD = ["after drawing", "repack", "seal", "kB sealed"]
ARCHIVE_GOAL = 1  # ms a contribution
ARCHIVE_HEAD = ["zip for the archive", "ours", "bare zip", "ratio", "ms a contribution", "goal", "", "SQL", "kB"]


def environment(address: str, data_dir: Path, port: int) -> dict[str, str]:
    """Of a process that may know this database and nothing else of whoever runs us: no broker, no settings."""
    hidden = ("CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE", "PUBLIC_URL", "SEAL_PKCS12")
    return {
        **{key: value for key, value in os.environ.items() if key not in hidden},
        "DATABASE_URL": address,
        "DATA_DIR": str(data_dir),
        "PRODUCTION": "0",
        "PORT": str(port),
        "CONN_MAX_AGE": "60",
    }


@contextmanager
def served(
    name: str, *, fill: str, wsgi: str, server: str, folder: Path
) -> Iterator[tuple[WebServer, dict, dict[str, str]]]:
    """A filled database and its web server: (server, pages, environment). `fill` is the module that fills it."""
    port = free_port()
    with database(server, f"bench_{name}") as address:
        known = environment(address, folder / name, port)
        (folder / name).mkdir()
        listing = folder / f"{name}.json"
        quiet = known | {"LOG_LEVEL": "WARNING"}
        subprocess.run([sys.executable, "-m", fill, listing], cwd=ROOT, env=quiet, check=True)
        settle(address)
        with web(wsgi, python=sys.executable, environment=known, port=port, log=folder / f"{name}.log") as running:
            yield running, read_pages(listing), known


def verdict(is_met: bool) -> str:
    return "ok" if is_met else "OVER"


def page_rows(pairs: list[tuple[Goal, Measured, Measured]]) -> list[list[str]]:
    """The table of pages: ours, floor, ratio, goal, judgement; then statements, goal, judgement."""
    rows = []
    for goal, mine, least in pairs:
        a, b, times = mine.median(), least.median(), ratio(mine, least)
        counted = mine.page.statements or 0
        rows.append([
            goal.name, f"{a.cpu:.1f}", f"{b.cpu:.1f}", f"{times:.1f}", f"≤ {goal.most:g}", verdict(times <= goal.most),
            f"{a.p50:.0f} / {a.p95:.0f}", f"{b.p50:.0f} / {b.p95:.0f}",
            str(counted), str(least.page.statements), f"≤ {goal.statements}", verdict(counted <= goal.statements),
        ])  # fmt: skip
    return rows


def board_rows(pairs: list[tuple[str, Measured, Measured]]) -> list[list[str]]:
    """The table of boards: with few and with many contributions."""
    rows = []
    for name, few, many in pairs:
        times = ratio(many, few)
        rows.append([
            BOARD[name], f"{few.median().cpu:.1f}", f"{many.median().cpu:.1f}", f"{times:.1f}", f"≤ {BOARD_GOAL}",
            verdict(times <= BOARD_GOAL), str(few.page.statements), str(many.page.statements),
        ])  # fmt: skip
    return rows


def told_by(module: str, known: dict[str, str]) -> list[dict[str, float]]:
    """What a benchmark that runs in a process of its own prints, a line of JSON each time."""
    out = subprocess.run(
        [sys.executable, "-m", module], cwd=ROOT, env=known, check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    return [json.loads(line) for line in out.splitlines()]


def archive_rows(known: dict[str, str]) -> list[list[str]]:
    """The zip of a trajectory, beside zipping the same files and nothing more."""
    rows = []
    for measured in told_by("benchmarks.archive", known):
        each = measured["ours"] / measured["contributions"]
        rows.append([
            f"{measured['pages']} pages, {measured['contributions']} contributions", f"{measured['ours']:.0f}",
            f"{measured['bare']:.0f}", f"{measured['ratio']:.1f}", f"{each:.2f}", f"≤ {ARCHIVE_GOAL}",
            verdict(each <= ARCHIVE_GOAL), str(measured["statements"]), str(measured["kilobytes"]),
        ])  # fmt: skip
    return rows


def document_rows(known: dict[str, str]) -> tuple[list[list[str]], list[list[str]]]:
    """Two tables: drawing beside bare WeasyPrint, and what comes after drawing."""
    drawing, after = [], []
    for measured in told_by("benchmarks.document", known):
        pages = f"{measured['pages']} pages"
        for bare, words in (("bare", "WeasyPrint, plain PDF"), ("bare_tagged", "WeasyPrint, PDF/A-3a")):
            times = measured[f"ratio_{bare}"]
            drawing.append([
                pages, words, f"{measured['ours']:.0f}", f"{measured[bare]:.0f}", f"{times:.2f}", f"≤ {DOCUMENT_GOAL}",
                verdict(times <= DOCUMENT_GOAL), str(measured["statements"]), verdict(measured["statements"] == 0),
            ])  # fmt: skip
        steps = [f"{measured[step]:.0f}" for step in ("repack", "seal")]
        after.append([pages, *steps, str(measured["kilobytes"])])
    return drawing, after


def main() -> None:
    stop_on_terminate()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="thuiswijk-bench-")))
        server = postgres_address()
        print("Filling two databases …", flush=True)
        least, least_pages, _ = stack.enter_context(
            served("floor", fill="benchmarks.floor.fill", wsgi="benchmarks.floor.wsgi", server=server, folder=folder)
        )
        mine, my_pages, known = stack.enter_context(
            served("thuiswijk", fill="benchmarks.scene", wsgi="thuiswijk.wsgi", server=server, folder=folder)
        )
        pairs = [
            (goal, Measured(mine, my_pages[goal.ours]), Measured(least, least_pages[goal.floor])) for goal in GOALS
        ]
        few, many = sizes.BOARDS
        boards = [
            (name, Measured(mine, my_pages[f"{name}_{few}"]), Measured(mine, my_pages[f"{name}_{many}"]))
            for name in BOARD
        ]
        print("Asking pages by turns, three rounds …\n", flush=True)
        take_rounds([measured for _, *pair in [*pairs, *boards] for measured in pair])
        memory = mine.megabytes(), least.megabytes()
        print("CPU of the two workers in ms per request, the median of three rounds; wall time as p50 / p95 in ms.\n")
        print_table(PAGE_HEAD, page_rows(pairs))
        print("\nThe board of themes, CPU of the two workers in ms per request:\n")
        print_table(BOARD_HEAD, board_rows(boards))
        mine_95, floor_95 = next((a, b) for goal, a, b in pairs if goal.ours == "contribute_phone")
        times = ratio_of_p95(mine_95, floor_95)
        print(
            f"\np95 of a post from a phone: {times:.1f} times that of the floor (goal ≤ {PHONE_GOAL}: "
            f"{verdict(times <= PHONE_GOAL)})."
        )
        print("\nNo page of ours shows 1,000 contributions: that goal is not measured.\n")
        judged = verdict(memory[0] <= MEMORY_GOAL)
        print_table(MEMORY_HEAD, [["resident MB", f"{memory[0]:.0f}", f"{memory[1]:.0f}", f"≤ {MEMORY_GOAL}", judged]])
        print("\nDrawing documents by turns, three rounds; CPU in ms, in one warm process …\n", flush=True)
        drawing, after = document_rows(known)
        print_table(DRAWING_HEAD, drawing)
        print()
        print_table(AFTER_HEAD, after)
        print("\nThe zip for the archive, CPU in ms, in one warm process:\n")
        print_table(ARCHIVE_HEAD, archive_rows(known))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped. The servers and databases are gone.")
