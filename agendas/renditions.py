"""A frozen version in other shapes than the PDF: a web page, copies to edit, and its points as a sheet.

Page and copies are made of the words of the PDF (agendas.documents.text_html), so nothing is written twice, and of the frozen
content alone: the same version gives the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from agendas.differences import amount_in_words, serves_in_words
from agendas.documents import text_html
from agendas.models import Commitment
from thuiswijk.lib import docx, odt
from thuiswijk.lib.canonical import digest
from thuiswijk.lib.words import Block, Heading, Items, Paragraph, Run, Table, blocks_of, column_names, grid, rows_of

HEAD = [
    "punt", "thema", "wat er beter wordt", "waarom", "eerste stap", "klaar op", "waaraan wij het merken", "wat ervoor nodig is",
    "wat mensen merken", "waar dat door komt", "geld en uren, met de bron", "draagt bij aan", "partij", "rol", "in eigen woorden",
]  # fmt: skip
ROLES = dict(Commitment.Role.choices)
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_of(head: list[str], rows: Iterable[list[str]]) -> bytes:
    """A CSV that a Dutch spreadsheet opens by itself: UTF-8 with a mark, semicolons (RFC 4180 but for those)."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([head, *([_plain(value) for value in row] for row in rows)])
    return out.getvalue().encode("utf-8-sig")


def points_csv(content: dict[str, Any]) -> bytes:
    """The points, a row for every promise."""
    return csv_of(HEAD, _rows(content))


def points_xlsx(content: dict[str, Any]) -> bytes:
    """The same as a workbook with one sheet; every cell is text, so that nothing in it is ever calculated."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    sheet.title, sheet.freeze_panes = "Verbeterpunten", "A2"
    wrapped, faces = Alignment(wrap_text=True, vertical="top"), {True: Font(bold=True), False: Font(bold=False)}
    for number, row in enumerate([HEAD, *_rows(content)], start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(number, place)
            cell.value, cell.data_type = value, "s"
            cell.alignment, cell.font = wrapped, faces[number == 1]
    for column, width in zip(
        "ABCDEFGHIJKLMNO", (7, 20, 34, 40, 30, 12, 30, 30, 30, 30, 34, 30, 28, 20, 44), strict=True
    ):
        sheet.column_dimensions[column].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows(content: dict[str, Any]) -> Iterator[list[str]]:
    """A row for each commitment, in the order of the document; a point without any has one as well."""
    themes = {theme["number"]: theme["name"] for theme in content["themes"]}
    names = {party["id"]: party["name"] for party in content["parties"]}
    for point in content["points"]:
        told = [
            point["number"], themes.get(point["theme"], ""), point["title"], point["why"], point["first_step"],
            point["ready_on"] or "", point["noticed_by"], point["means"],
            point.get("signal", ""), point.get("cause", ""),  # these four from schema 5 on
            "; ".join(amount_in_words(amount) for amount in point.get("amounts", [])),
            "; ".join(serves_in_words(point.get("serves", []))),
        ]  # fmt: skip
        for one in point["commitments"]:
            yield [*told, names[one["party"]], ROLES[one["role"]], one["text"]]
        if not point["commitments"]:
            yield [*told, "", "", ""]


def _plain(value: str) -> str:
    """A cell of a CSV that no spreadsheet takes for a formula (OWASP: CSV injection)."""
    return f"'{value}" if value.startswith(BEGINS_A_FORMULA) else value


# --- a web page -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Page:
    """The document as a web page: `head` is its title and what it is, `chapters` (id, title) lead to the parts of `body`.

    Every chapter is folded under its title but the first one, which is the summary where there is one.
    """

    head: SafeString
    chapters: list[tuple[str, str]]
    body: SafeString


def page(content: bytes, answers: bytes | None) -> Page:
    """The document as a web page. On a phone a row of a table becomes a card, in which every cell says what it is of."""
    from lxml import html

    article = html.fragment_fromstring(text_html(content, answers))
    for table in list(article.iter("table")):
        if "matrix" in table.classes:
            _make_scrollable(table)
        else:
            _make_stackable(table)
    sections = article.findall("section")
    head = [html.tostring(part, encoding="unicode") for part in article if part.tag != "section"]
    headings = [section.find("h2") for section in sections]
    for section, heading in zip(sections, headings, strict=True):
        _fold(section, heading, is_open=section is sections[0])
    body = [html.tostring(section, encoding="unicode", with_tail=False) for section in sections]
    return Page(
        head=mark_safe("".join(head)),  # noqa: S308  the template escaped what people wrote
        chapters=[(heading.get("id"), heading.text_content().strip()) for heading in headings],
        body=mark_safe("".join(body)),  # noqa: S308  the same
    )


def _fold(section: Any, heading: Any, *, is_open: bool) -> None:
    """Puts a chapter under its heading. The heading keeps its anchor, and so is found while the chapter is folded."""
    from lxml.html import builder

    rest = [part for part in section if part is not heading]
    section.append(builder.DETAILS(builder.SUMMARY(heading), builder.DIV(*rest), **({"open": ""} if is_open else {})))


@cache
def drawn_by() -> str:
    """The digest of all that draws the page: after a change in it, the page that a browser kept is no longer the page."""
    places = [
        ("templates", "*.html"),
        ("static", "*.css"),
        ("static", "*.js"),
        ("agendas", "*.py"),
        ("thuiswijk", "*.py"),
    ]
    files = sorted(file for folder, name in places for file in (settings.BASE_DIR / folder).rglob(name))
    return digest(b"".join(digest(file.read_bytes()).encode() for file in files))


def _make_scrollable(table: Any) -> None:
    """Lets a table of figures scroll by itself where it is wider than the page; a number that heads a column says its name."""
    from lxml.html import builder

    for cell in table.iterfind("thead//th[@title]"):
        cell.append(builder.SPAN(f" {cell.get('title')}", {"class": "visually-hidden"}))
    for cell in table.iterfind("tbody//td[@class]"):
        cell.set("class", f"matrix__cell matrix__cell--{cell.get('class')}")
    table.set("class", "table")
    for widths in table.findall("colgroup"):
        table.remove(widths)
    around = builder.DIV(
        {"class": "matrix", "tabindex": "0", "role": "region", "aria-label": "De tabel, die opzij schuift"}
    )
    table.addprevious(around)
    around.append(table)


def _make_stackable(table: Any) -> None:
    """Gives a table the classes and labels of .table--stack, and the roles that it would lose where rows become cards."""
    table.set("class", "table table--stack")
    table.set("role", "table")
    for widths in table.findall("colgroup"):
        table.remove(widths)
    for part in table.iterchildren("thead", "tbody", "tfoot"):
        part.set("role", "rowgroup")
    for row in table.iterfind("thead/tr"):
        row.set("role", "row")
        for cell in row.iterchildren("td", "th"):
            cell.set("role", "columnheader")
    names, rows = column_names(table), rows_of(table)
    for row, cells in zip(rows, grid(rows), strict=True):
        row.set("role", "row")
        for cell, columns in cells:
            cell.set("role", "rowheader" if cell.tag == "th" else "cell")
            if cell.tag == "td" and (
                label := ", ".join(dict.fromkeys(filter(None, names[columns.start : columns.stop])))
            ):
                cell.set("data-label", label)


# --- copies to edit -------------------------------------------------------------------------------------------------------
def document_odt(content: bytes, answers: bytes | None) -> bytes:
    """The document as OpenDocument text, with a line that says that it is a copy."""
    return odt.packed(_odt_parts(_copy(content, answers)), **_about(content, answers))


def document_docx(content: bytes, answers: bytes | None) -> bytes:
    """The same as a Word file."""
    return docx.packed(_copy(content, answers), **_about(content, answers))


def _copy(content: bytes, answers: bytes | None) -> Iterator[Block]:
    """The words of the document; under its title stands what counts and what does not."""
    agenda = json.loads(content)
    counts = (
        "het verzegelde document (PDF)"
        if answers is not None
        else "het document (PDF) dat aan de partijen is voorgelegd"
    )
    told = (
        f" Alleen {counts} geldt: documentnummer {agenda['document_number']}, versie {agenda['version']}, "
        f"controlegetal van de inhoud (SHA-256) {digest(content)}. U vindt het op {agenda['verify_url']}."
    )
    for block in blocks_of(text_html(content, answers)):
        yield block
        if block == Heading(1, " ".join(agenda["title"].split())):
            yield Paragraph((Run("Dit is een kopie die u kunt bewerken.", bold=True), Run(told)), "note")


def _about(content: bytes, answers: bytes | None) -> dict[str, Any]:
    """The properties of a copy, for the programs that show them."""
    agenda = json.loads(content)
    when = agenda["frozen_at"] if answers is None else json.loads(answers)["closed_at"]
    return {
        "title": f"{agenda['title']}, versie {agenda['version']}",
        "subject": f"Kopie om te bewerken van {agenda['document_number']}-v{agenda['version']}",
        "creator": f"Gemeente {agenda['gemeente']['name']}",
        "when": datetime.fromisoformat(when),
    }


def _odt_parts(blocks: Iterator[Block]) -> Iterator[Any]:
    tables = 0
    for block in blocks:
        match block:
            case Heading(level, text):
                yield odt.heading(level, text)
            case Paragraph(words, kind):
                style = {"label": "Kopje", "soft": "Zacht", "note": "Nadruk"}.get(kind, "Text_20_body")
                yield odt.runs(words, style)
            case Items():
                yield _odt_list(block)
            case Table(name, head, rows, widths):
                tables += 1
                if name:
                    yield odt.text(name, "Kopje")
                yield odt.table(f"Tabel{tables}", head, rows, widths=widths)
                yield odt.text("", "Tabelcel")


def _odt_list(listed: Items) -> Any:
    items = [_odt_list(item) if isinstance(item, Items) else odt.runs(item) for item in listed.items]
    return odt.bullets(items, numbered=listed.numbered)
