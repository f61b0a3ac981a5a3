"""The words of an HTML page as headings, paragraphs, lists and tables: what a word processor has as well.

So that one template serves paper, screen and the copies to edit, and no sentence is written twice. Two writers take them:
thuiswijk.lib.docx and thuiswijk.lib.odt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
    """A list; a list among its items stands inside the item before it."""

    items: tuple[Words | Items, ...]
    numbered: bool


@dataclass(frozen=True)
class Table:
    """`name` is its caption, or "" where the heading above it says what it is; `widths` of the columns in millimetres.

    A row has a cell for each column, empty ones where a cell reaches over more than one; a table without a head has () there.
    """

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    widths: tuple[int, ...]


Block = Heading | Paragraph | Items | Table
KINDS = {"label": "label", "soft": "soft", "note": "note", "reservation": "note"}
LISTS = ("ul", "ol")
LEFT_OUT = ("svg", "img", "script", "style", "template")
IN_A_LINE = {  # every other tag stands on lines of its own
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s",
    "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
}  # fmt: skip
_BREAK = Run("\v")  # ends a line, if it has begun
_MOST_SPAN = 1000  # as in HTML


def blocks_of(html: str) -> Iterator[Block]:
    """The blocks of one HTML element, in order. Pictures are left out, words never are; an empty block is none."""
    from lxml import html as parser

    yield from _blocks(parser.fragment_fromstring(_NO_XML.sub("", html)))


def _blocks(element: Any) -> Iterator[Block]:
    """What stands in an element; words that are in no paragraph of their own become one."""
    loose = [Run(element.text or "")]
    for child in element.iterchildren("*"):
        if child.tag in IN_A_LINE:
            loose += _inside(child, bold=False, soft=False)
        elif child.tag not in LEFT_OUT:
            yield from _paragraph(loose)
            loose = []
            yield from _block(child)
        loose.append(Run(child.tail or ""))
    yield from _paragraph(loose)


def _block(element: Any) -> Iterator[Block]:
    if re.fullmatch("h[1-6]", element.tag):
        yield Heading(int(element.tag[1]), _text(element))
    elif element.tag == "p":
        yield from _paragraph(_runs(element), next((KINDS[name] for name in element.classes if name in KINDS), ""))
    elif element.tag in LISTS:
        yield from _list(element)
    elif element.tag == "table":
        yield from _table(element)
    else:
        yield from _blocks(element)


def _paragraph(runs: Iterable[Run], kind: str = "") -> Iterator[Paragraph]:
    if words := _folded(runs):
        yield Paragraph(words, kind)


def _list(element: Any) -> Iterator[Items]:
    items: list[Words | Items] = []
    for item in element.iterchildren("*"):
        if item.tag in LISTS:  # straight in a list: what browsers allow and HTML does not
            items += _list(item)
            continue
        inner = [found for child in item.iterchildren(*LISTS) for found in _list(child)]
        if (words := _folded(_runs(item, left_out=(*LEFT_OUT, *LISTS)))) or inner:
            items += [words, *inner]
    if items:
        yield Items(tuple(items), element.tag == "ol")


def _table(table: Any) -> Iterator[Block]:
    names, rows = column_names(table), grid(rows_of(table))
    count = max([len(names), *(columns.stop for row in rows for _, columns in row)], default=0)
    if not count:  # then it has at most a caption
        yield from _blocks(table)
        return
    said = [{columns.start: _folded(_runs(cell, bold=cell.tag == "th")) for cell, columns in row} for row in rows]
    percents = [int(found[1]) for column in table.iter("col") if (found := _WIDTH.search(column.get("style", "")))]
    widths = percents if len(percents) == count else [100 // count] * count
    caption = table.find("caption")
    yield Table(
        name=_text(caption) if caption is not None else "",
        head=(*names, *[""] * (count - len(names))) if names else (),
        rows=tuple(tuple(row.get(column, ()) for column in range(count)) for row in said),
        widths=tuple(round(percent * PAGE_MM / 100) for percent in widths),
    )


def rows_of(table: Any) -> list[Any]:
    """The rows of a table that are not its head; they may stand in it without a <tbody>."""
    return [row for path in ("tbody/tr", "tr", "tfoot/tr") for row in table.iterfind(path)]


def column_names(table: Any) -> list[str]:
    """What the head says of each column; where it has several rows, all that stands above the column."""
    head = grid(table.iterfind("thead/tr"))
    names: list[list[str]] = [[] for _ in range(max((columns.stop for row in head for _, columns in row), default=0))]
    for cell, columns in (found for row in head for found in row):
        for column in columns:
            names[column] += filter(None, [_text(cell)])
    return [", ".join(parts) for parts in names]


def grid(rows: Iterable[Any]) -> list[list[tuple[Any, range]]]:
    """The cells of each row with the columns that they are of, as HTML counts `colspan` and `rowspan`."""
    found: list[list[tuple[Any, range]]] = []
    reaches: dict[int, int] = {}  # by column the rows that a cell from above is still in
    for row in rows:
        taken = {column for column, more in reaches.items() if more}
        reaches = {column: more - 1 for column, more in reaches.items() if more}
        found.append([])
        column = 0
        for cell in row.iterchildren("td", "th"):
            while column in taken:
                column += 1
            columns = range(column, column + _span(cell, "colspan"))
            reaches |= dict.fromkeys(columns, _span(cell, "rowspan") - 1)
            found[-1].append((cell, columns))
            column = columns.stop
    return found


def _span(cell: Any, name: str) -> int:
    said = cell.get(name, "")
    return min(int(said), _MOST_SPAN) or 1 if said.isdecimal() else 1


def _text(element: Any) -> str:
    return "".join(run.text for run in _folded(_runs(element))).replace("\n", " ")


def _folded(runs: Iterable[Run]) -> Words:
    """The runs with white space folded as a browser does."""
    told: list[Run] = []
    for run in runs:
        if run is _BREAK:
            text = "" if not told or told[-1].text == "\n" else "\n"
        else:
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


def _runs(
    element: Any, *, bold: bool = False, soft: bool = False, left_out: tuple[str, ...] = LEFT_OUT
) -> Iterator[Run]:
    """What an element says, without what stands around it."""
    yield Run(element.text or "", bold, soft)
    for child in element.iterchildren("*"):
        if child.tag not in left_out:
            yield from _inside(child, bold=bold, soft=soft)
        yield Run(child.tail or "", bold, soft)


def _inside(child: Any, *, bold: bool, soft: bool) -> Iterator[Run]:
    """What an element in a line says; one that is not made for that stands on a line of its own, and so does a label."""
    names = child.classes
    if child.tag == "br":
        yield Run("\n", bold, soft)
        return
    if child.tag not in IN_A_LINE:
        yield _BREAK
    is_label = child.tag == "span" and "label" in names
    yield from _runs(child, bold=bold or child.tag in ("strong", "b") or is_label, soft=soft or "soft" in names)
    if is_label:
        yield Run("\n", bold, soft)
    elif child.tag not in IN_A_LINE:
        yield _BREAK
