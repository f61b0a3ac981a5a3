"""OpenDocument text, for who wants to go on with the words: headings, lists and tables as a word processor knows them.

The same parts give the same bytes. What writes it (odfdo) is imported when it is used.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from odfdo import Document

    from thuiswijk.lib.words import Run, Words

TEMPLATE_PICTURE = "Thumbnails/thumbnail.png"  # odfdo's own, of an empty page
GREEN, RUST, SOFT = "#1f5c57", "#a04620", "#55605e"  # as in static/css/document.css


def _list_style(name: str, kind: str, look: str) -> str:
    """A list in lists: each level stands 0.6 cm further in."""
    levels = (
        f'<text:list-level-style-{kind} text:level="{level}" {look}>'
        '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
        '<style:list-level-label-alignment text:label-followed-by="listtab" '
        f'text:list-tab-stop-position="{level * 0.6:.1f}cm" fo:text-indent="-0.6cm" fo:margin-left="{level * 0.6:.1f}cm"/>'
        f"</style:list-level-properties></text:list-level-style-{kind}>"
        for level in range(1, 11)
    )
    return f'<text:list-style style:name="{name}">{"".join(levels)}</text:list-style>'


BULLETS = _list_style("Gezegd", "bullet", 'text:bullet-char="•"')
NUMBERS = _list_style("Genummerd", "number", 'style:num-format="1" style:num-suffix="."')


def packed(parts: Iterable[Any], *, title: str, subject: str, creator: str, when: datetime) -> bytes:
    """A whole file of these parts. `when` (aware) stands in it as its making."""
    from odfdo import Document

    document = Document("text")
    document.body.clear()
    document.del_part(TEMPLATE_PICTURE)
    document.manifest.del_full_path(TEMPLATE_PICTURE)
    _dress(document)
    meta = document.meta
    meta.title, meta.subject, meta.language = title, subject, "nl-NL"
    meta.creator = meta.initial_creator = creator
    meta.creation_date = meta.date = when.replace(tzinfo=None)
    meta.generator, meta.editing_cycles = "Thuiswijk", 1
    document.language = "nl-NL"
    for part in parts:
        document.body.append(part)
        for column in part.get_elements("table:table-column"):
            _column_style(document, column.get_attribute_string("table:style-name") or "")
    written = io.BytesIO()
    document.save(written)
    return without_hours(written.getvalue())


# --- parts --------------------------------------------------------------------------------------------------------------
def heading(level: int, said: str) -> Any:
    from odfdo import Header

    header = Header(level, said)
    header.set_attribute("text:style-name", f"Heading_20_{level}")  # what odfdo's own argument does not do
    return header


def text(said: str, style: str = "Text_20_body") -> Any:
    from odfdo import Paragraph

    return Paragraph(said, style=style)


def runs(several: Iterable[Run], style: str = "Text_20_body") -> Any:
    """A paragraph in which some words are bold or soft."""
    from odfdo import Paragraph, Span

    paragraph = Paragraph("", style=style)
    for run in several:
        if run.bold or run.soft:
            paragraph.append(Span(run.text, style="Vet" if run.bold else "ZachteTekst"))
        else:
            paragraph.append_plain_text(run.text)
    return paragraph


def paragraphs(said: str) -> Iterator[Any]:
    """One for each line that says something."""
    return (text(line) for line in said.split("\n") if line.strip())


def bullets(items: Iterable[Any], *, numbered: bool = False) -> Any:
    """A list of paragraphs; a list among them goes inside the item before it."""
    from odfdo import List, ListItem

    listed = List(style="Genummerd" if numbered else "Gezegd")
    for item in items:
        if isinstance(item, List) and (last := listed.get_elements("text:list-item")):
            last[-1].append(item)
        else:
            listed.append(ListItem(item))
    return listed


def table(name: str, head: Sequence[str], rows: Iterable[Sequence[str | Words]], *, widths: Sequence[int]) -> Any:
    """A table whose head, where it has one, comes back on every page. `widths` of the columns are in millimetres."""
    from odfdo import Cell, Element, Row, Table

    def row_of(cells: Sequence[str | Words], style: str) -> Any:
        row = Row(style="Rij")
        for said in cells:
            cell = Cell(style="Cel")
            cell.append(text(said, style) if isinstance(said, str) else runs(said, style))
            row.append(cell)
        return row

    made = Table(name)
    for width in widths:
        made.append(Element.from_tag(f'<table:table-column table:style-name="Kolom{width}"/>'))
    if head:
        heads = Element.from_tag("table:table-header-rows")
        heads.append(row_of(head, "Tabelkop"))
        made.append(heads)
    for cells in rows:
        made.append(row_of(cells, "Tabelcel"))
    return made


# --- how it looks -------------------------------------------------------------------------------------------------------
def _dress(document: Document) -> None:
    """The styles that the text goes by: a heading looks another way in the whole file at once."""
    from odfdo import Element, Style

    for family, face in (("Standard", "Arial, 'Liberation Sans'"), ("Heading", "Georgia, 'Liberation Serif'")):
        plain = document.get_style("paragraph", family)
        plain.set_properties(area="text", properties={"style:font-name": "", "fo:font-family": face})  # type: ignore[union-attr]
    for numbered in document.styles.get_elements("//text:outline-level-style"):  # headings have numbers of their own
        for attribute in ("style:num-format", "style:num-suffix", "loext:num-list-format"):
            numbered.set_attribute(attribute, "")
    for listed in (BULLETS, NUMBERS):
        document.insert_style(Element.from_tag(listed), automatic=True)  # type: ignore[arg-type]
    for level, size in ((1, "24pt"), (2, "16pt"), (3, "12pt"), (4, "11pt"), (5, "10.5pt")):
        _paragraph_style(
            document, f"Heading_20_{level}", display_name=f"Heading {level}", parent_style="Heading", level=level,
            text={"size": size, "weight": "bold", "color": GREEN}, above=0.0 if level == 1 else 1.4 / level, below=0.2,
        )  # fmt: skip
    _paragraph_style(document, "Zacht", text={"color": SOFT, "size": "10pt"}, below=0.2)
    _paragraph_style(document, "Kopje", text={"color": RUST, "size": "9.5pt", "weight": "bold"}, above=0.1, below=0.05)
    _paragraph_style(document, "Nadruk", text={"color": RUST}, below=0.2)
    _paragraph_style(document, "Tabelkop", text={"color": RUST, "size": "10pt", "weight": "bold"})
    _paragraph_style(document, "Tabelcel", text={"size": "10pt"})
    for name, look in (("Vet", {"weight": "bold"}), ("ZachteTekst", {"color": SOFT})):
        spoken = Style("text", name=name)
        spoken.set_properties(area="text", **look)  # type: ignore[arg-type]
        document.insert_style(spoken, automatic=True)
    cell = Style("table-cell", name="Cel")
    cell.set_properties(
        area="table-cell",
        properties={"fo:padding": "0.12cm", "fo:border": "none", "fo:border-bottom": f"0.5pt solid {SOFT}"},
    )
    document.insert_style(cell, automatic=True)
    row = Style("table-row", name="Rij")
    row.set_properties(area="table-row", properties={"fo:keep-together": "always"})  # a row stays on one page
    document.insert_style(row, automatic=True)


def _column_style(document: Document, name: str) -> None:
    """A column called Kolom75 is 75 millimetres wide."""
    from odfdo import Style

    if document.get_style("table-column", name) is None:
        column = Style("table-column", name=name)
        width = int(name.removeprefix("Kolom")) / 10
        column.set_properties(area="table-column", properties={"style:column-width": f"{width}cm"})
        document.insert_style(column, automatic=True)


def _paragraph_style(
    document: Document, name: str, *, text: dict[str, Any], above: float = 0, below: float = 0, level: int = 0,
    parent_style: str = "Standard", display_name: str = "",
) -> None:  # fmt: skip
    from odfdo import Style

    style = Style("paragraph", name=name, display_name=display_name or name, parent_style=parent_style)
    style.set_properties(area="text", **text)
    keeps = level or name in ("Kopje", "Tabelkop")  # never alone at the foot of a page
    margins = {"fo:margin-top": f"{above:.2f}cm", "fo:margin-bottom": f"{below:.2f}cm"}
    style.set_properties(area="paragraph", properties=margins | ({"fo:keep-with-next": "always"} if keeps else {}))
    if level:
        style.set_attribute("style:default-outline-level", str(level))
    document.insert_style(style)


def without_hours(data: bytes) -> bytes:
    """The same package (ODT, DOCX, XLSX) without the hour of its making: written twice, it is the same file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name not in ("mimetype", "[Content_Types].xml"), name)):
            plain = zipfile.ZipInfo(name)  # of 1 January 1980
            plain.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(plain, old.read(name))
    return packed.getvalue()
