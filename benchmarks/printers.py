"""`python -m benchmarks.printers`: an agenda drawn by us, by WeasyPrint alone and by headless Chromium, each in a new process.

Each gets the same page of HTML, style and fonts. Prints a table for every length: wall seconds and the most memory that the
process and its children held together (their proportional share, from /proc), the median of the rounds, by turns.
"""

import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "thuiswijk.settings"
django.setup()

from django.conf import settings  # noqa: E402
from pikepdf import Pdf  # noqa: E402

from agendas.documents import document_html  # noqa: E402
from benchmarks.measure import print_table  # noqa: E402
from tests.agendas.example_document import example_answers, example_content  # noqa: E402
from thuiswijk.lib import drawing  # noqa: E402
from thuiswijk.lib.canonical import canonical  # noqa: E402

ROUNDS = 3
FACTORS = (1, 8, 12)  # of the example agenda
EVERY_SECONDS = 0.02
BASE = f"{(settings.BASE_DIR / 'static').as_uri()}/"
OURS = (
    "import sys, django; django.setup(); from pathlib import Path; from agendas.documents import draw_document; "
    "Path(sys.argv[3]).write_bytes(draw_document(Path(sys.argv[1]).read_bytes(), Path(sys.argv[2]).read_bytes()))"
)
ALONE = (
    "import sys; from pathlib import Path; from weasyprint import HTML; "
    "HTML(string=Path(sys.argv[1]).read_text(), base_url=sys.argv[2]).write_pdf(sys.argv[3])"
)


def family(session: int) -> Iterator[int]:
    """The processes of this session that run now."""
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            if int((path / "stat").read_text().rpartition(")")[2].split()[3]) == session:
                yield int(path.name)


def kilobytes(process: int) -> int:
    """The proportional share of the memory of a process; 0 where it is gone by now."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def run(command: list[str]) -> tuple[float, float]:
    """Wall seconds, and the most megabytes at one moment, of a command in a session of its own."""
    begun, most = time.monotonic(), 0
    fonts = os.environ | {"FONTCONFIG_FILE": str(drawing.FONTS / "fonts.conf")}  # the same for all
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=fonts, start_new_session=True, stdout=quiet, stderr=quiet)
    while process.poll() is None:
        most = max(most, sum(map(kilobytes, family(process.pid))))
        time.sleep(EVERY_SECONDS)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}.")
    return time.monotonic() - begun, most / 1024


def commands(folder: Path, factor: int) -> dict[str, list[str]]:
    """What to run for each printer, with the example agenda `factor` times as long; each writes `<name>.pdf`."""
    content = example_content(factor)
    agenda, answers = canonical(content), canonical(example_answers(content))
    html = document_html(agenda, answers)
    (folder / "agenda.json").write_bytes(agenda)
    (folder / "answers.json").write_bytes(answers)
    (folder / "agenda.html").write_text(html)
    (folder / "based.html").write_text(html.replace("<head>", f'<head><base href="{BASE}">', 1))
    names = ("chromium", "chromium-browser", "chromium-headless-shell")
    chromium = next(filter(None, map(shutil.which, names)), None)
    if chromium is None:
        raise SystemExit("Chromium is missing: apt-get install chromium")
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
        f"--user-data-dir={folder}/profile",
    ]
    return {
        "ours": [sys.executable, "-c", OURS, *(str(folder / name) for name in ("agenda.json", "answers.json", "ours.pdf"))],
        "weasyprint": [sys.executable, "-c", ALONE, str(folder / "agenda.html"), BASE, str(folder / "weasyprint.pdf")],
        "chromium": [
            chromium, *options, f"--print-to-pdf={folder}/chromium.pdf", (folder / "based.html").as_uri(),
        ],
    }  # fmt: skip


def main() -> None:
    rows = []
    for factor in FACTORS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            printers = commands(folder, factor)
            taken: dict[str, list[tuple[float, float]]] = {printer: [] for printer in printers}
            for _ in range(ROUNDS):
                for printer, command in printers.items():
                    taken[printer].append(run(command))
            for printer, rounds in taken.items():
                with Pdf.open(folder / f"{printer}.pdf") as opened:
                    pages = len(opened.pages)
                times = statistics.median(ours[0] / its[0] for ours, its in zip(taken["ours"], rounds, strict=True))
                seconds, megabytes = (statistics.median(column) for column in zip(*rounds, strict=True))
                size = (folder / f"{printer}.pdf").stat().st_size // 1024
                rows.append([printer, pages, f"{seconds:.1f}", f"{times:.2f}", f"{megabytes:.0f}", size])
    print_table(["printer", "pages", "seconds", "ours / this", "MB", "kB of PDF"], rows)


if __name__ == "__main__":
    main()
