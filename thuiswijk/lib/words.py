"""The words of an HTML page as headings, paragraphs, lists and tables: what a word processor has as well.

So that one template serves paper, screen and the copies to edit, and no sentence is written twice. Two writers take them:
thuiswijk.lib.docx and thuiswijk.lib.odt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# What XML can't hold at all (XML 1.0, 2.2); an HTML page would just not show it.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACE = re.compile("[ \t\r\n\f]+")  # what HTML folds; a hard space is none of it
_WIDTH = re.compile(r"width:(\d+)%")
PAGE_MM = 170  # between the margins of an A4


@dataclass(frozen=True)
class Run:
    """Words that look one way; a line break in them is a newline."""

    text: str
    bold: bool = False
    soft: bool = False


Words = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """`kind` is "" or what the page calls it: label, soft, note."""

    words: Words
    kind: str = ""


@dataclass(frozen=True)
class Items:
    items: tuple[Words, ...]
    numbered: bool


@dataclass(frozen=True)
class Table:
    """`name` is its caption, or "" where the heading above it says what it is; `widths` of the columns in millimetres."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    widths: tuple[int, ...]


Block = Heading | Paragraph | Items | Table
KINDS = {"label": "label", "soft": "soft", "note": "note", "reservation": "note"}


def blocks_of(html: str) -> Iterator[Block]:
    """The blocks of one HTML element, in order. Pictures are left out; an empty block is none."""
    from lxml import html as parser

    yield from _blocks(parser.fragment_fromstring(_NO_XML.sub("", html)))


def _blocks(element: Any) -> Iterator[Block]:
    for child in element.iterchildren("*"):
        if re.fullmatch("h[1-6]", child.tag):
            yield Heading(int(child.tag[1]), "".join(run.text for run in _words(child)).replace("\n", " "))
        elif child.tag == "p":
            if words := _words(child):
                yield Paragraph(words, next((KINDS[name] for name in child.classes if name in KINDS), ""))
        elif child.tag in ("ul", "ol"):
            items = tuple(words for item in child.iterchildren("li") if (words := _words(item)))
            if items:
                yield Items(items, child.tag == "ol")
        elif child.tag == "table":
            yield _table(child)
        elif child.tag in ("article", "section", "div"):
            yield from _blocks(child)


def _table(table: Any) -> Table:
    percents = [int(found[1]) for column in table.iter("col") if (found := _WIDTH.search(column.get("style", "")))]
    head = tuple("".join(run.text for run in _words(cell)) for cell in table.iterfind("thead/tr/th"))
    rows = tuple(tuple(_words(cell) for cell in row.iterchildren("th", "td")) for row in table.iterfind("tbody/tr"))
    widths = percents if len(percents) == len(head) else [100 // len(head)] * len(head)
    caption = table.find("caption")
    name = "".join(run.text for run in _words(caption)) if caption is not None else ""
    return Table(name, head, rows, tuple(round(percent * PAGE_MM / 100) for percent in widths))


def _words(element: Any) -> Words:
    """The runs inside an element, with white space folded as a browser does."""
    told: list[Run] = []
    for run in _runs(element, bold=element.tag == "th" and element.getparent().getparent().tag == "tbody", soft=False):
        text = run.text if run.text == "\n" else _SPACE.sub(" ", run.text)
        if text.startswith(" ") and (not told or told[-1].text.endswith((" ", "\n"))):
            text = text[1:]
        if text == "\n" and told:
            told[-1] = Run(told[-1].text.rstrip(" "), told[-1].bold, told[-1].soft)
        if text and not (text == "\n" and not told):
            told.append(Run(text, run.bold, run.soft))
    while told and not told[-1].text.rstrip(" \n"):
        told.pop()
    if told:
        told[-1] = Run(told[-1].text.rstrip(" \n"), told[-1].bold, told[-1].soft)
    return tuple(run for run in told if run.text)


def _runs(element: Any, *, bold: bool, soft: bool) -> Iterator[Run]:
    yield Run(element.text or "", bold, soft)
    for child in element.iterchildren("*"):
        names = child.classes
        if child.tag == "br":
            yield Run("\n", bold, soft)
        elif child.tag != "svg":
            is_label = child.tag == "span" and "label" in names
            yield from _runs(child, bold=bold or child.tag == "strong" or is_label, soft=soft or "soft" in names)
            if is_label:  # it stands on a line of its own
                yield Run("\n", bold, soft)
        yield Run(child.tail or "", bold, soft)
