"""The papers can't rot: what they name exists, and docs/asvs.md counts what it holds."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAPERS = ["README.md", "SECURITY.md", "CONTRIBUTING.md", "GOVERNANCE.md", *sorted(
    str(paper.relative_to(ROOT)) for paper in (ROOT / "docs").rglob("*.md")
)]  # fmt: skip
TEST = re.compile(r"(?P<file>[\w./-]*test_\w+\.py)(?:::(?P<name>test_\w+))?")
FILE = re.compile(r"[\w.-]+(/[\w.-]+)*/?")
ENDINGS = (".py", ".md", ".toml", ".lock", ".yml", ".yaml", ".html", ".css", ".js")
# How many requirements of level 1 and 2 each section of ASVS 5.0.0 has; they come first, those of level 3 after them.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip


@cache
def tracked() -> frozenset[str]:
    """Every file of the project, and every folder that holds one."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    files = [Path(name) for name in names if name and (ROOT / name).exists()]
    return frozenset(map(str, [*files, *(folder for file in files for folder in file.parents)]))


def ends_with(name: str) -> list[str]:
    """The files with this path, or with this end of one."""
    return [file for file in tracked() if file == name or file.endswith(f"/{name}")]


def problems(paper: str) -> list[str]:
    """What a paper names that is not there: tests, files, links to them, and targets of make."""
    text, found = (ROOT / paper).read_text(), []
    for quoted in re.findall(r"`([^`\n]+)`", text):
        if test := TEST.fullmatch(quoted):
            files = ends_with(test["file"])
            if len(files) != 1:
                found.append(f"{quoted}: {len(files)} files")
            elif test["name"] and not re.search(rf"^def {test['name']}\(", (ROOT / files[0]).read_text(), re.MULTILINE):
                found.append(quoted)
        elif FILE.fullmatch(quoted) and quoted.split("/")[0] in tracked() and "/" in quoted:
            found += [] if quoted.rstrip("/") in tracked() else [quoted]
        elif FILE.fullmatch(quoted) and quoted.endswith(ENDINGS):
            found += [] if ends_with(quoted) else [quoted]
        if make := re.fullmatch(r"make ([a-z-]+)", quoted):
            found += [] if re.search(rf"^{make[1]}:", (ROOT / "Makefile").read_text(), re.MULTILINE) else [quoted]
    for link in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in link and not (ROOT / paper).parent.joinpath(link).exists():
            found.append(link)
    return found


@pytest.mark.parametrize("paper", PAPERS)
def test_what_a_paper_names_exists(paper):
    assert problems(paper) == []


def test_what_is_not_there_is_found(monkeypatch, tmp_path):
    (tmp_path / "paper.md").write_text(
        "`tests/test_papers.py::test_gone` `test_gone.py` `docs/gone.md` `gone.yaml` `make gone` [x](gone.md) "
        "`tests/test_papers.py` `test_papers.py::test_what_is_not_there_is_found` `make check` `/gone/` `docs/`"
    )
    tracked()
    (tmp_path / "Makefile").write_text((ROOT / "Makefile").read_text())
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    assert problems("paper.md") == [
        "tests/test_papers.py::test_gone", "test_gone.py: 0 files", "docs/gone.md", "gone.yaml", "make gone", "gone.md"
    ]  # fmt: skip


def numbers_in(text: str) -> list[str]:
    """Requirement numbers, ranges written out: “6.2.1–6.2.3” is three."""
    found = []
    for first, last in re.findall(r"(\d+\.\d+\.\d+)(?:–(\d+\.\d+\.\d+))?", text):
        section, _, start = first.rpartition(".")
        end = last.rpartition(".")[2] if last else start
        found += [f"{section}.{number}" for number in range(int(start), int(end) + 1)]
    return found


def verdicts() -> dict[str, list[str]]:
    """Per verdict the requirements of docs/asvs.md that have it."""
    told: dict[str, list[str]] = {"tested": [], "not tested": [], "not yet": [], "does not apply": []}
    for line in (ROOT / "docs/asvs.md").read_text().splitlines():
        if row := re.match(r"\| (\d+\.\d+\.\d+) \|[^|]*\|([^|]*)\|([^|]*)\|$", line):
            is_met = not row[2].strip().startswith("**Not yet**")
            told["not yet" if not is_met else "tested" if "test_" in row[3] else "not tested"].append(row[1])
        elif line.startswith("Does not apply:"):
            told["does not apply"] += numbers_in(line)
    return told


def test_every_requirement_has_one_verdict():
    counted = Counter(number for numbers in verdicts().values() for number in numbers)
    wanted = {f"{section}.{number}" for section, last in SECTIONS.items() for number in range(1, last + 1)}
    assert len(wanted) == 253
    assert {number for number, times in counted.items() if times > 1} == set()
    assert set(counted) == wanted


def test_count_at_the_head_is_that_of_the_rows():
    text = (ROOT / "docs/asvs.md").read_text()
    head = re.search(r"\| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", text)
    assert head
    counts = [len(numbers) for numbers in verdicts().values()]
    assert [int(number) for number in head.groups()] == [*counts, sum(counts)]
