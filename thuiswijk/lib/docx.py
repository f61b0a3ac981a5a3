"""A Word file (Office Open XML) of blocks of words, with the styles that Word and LibreOffice know by name.

The same blocks give the same bytes. What writes it (python-docx) is imported when it is used.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from thuiswijk.lib.odt import GREEN, RUST, SOFT, without_hours
from thuiswijk.lib.words import Block, Heading, Items, Paragraph, Run, Table, Words

HEADINGS = {1: 24, 2: 16, 3: 12, 4: 11, 5: 10.5}  # points, as in the ODT


def packed(blocks: Iterable[Block], *, title: str, subject: str, creator: str, when: datetime) -> bytes:
    """A whole file of these blocks. `when` (aware) stands in it as its making."""
    import docx

    document = docx.Document()
    for key, relation in list(document.part.package.rels.items()):  # a picture of python-docx's own, of an empty page
        if relation.reltype.endswith("/thumbnail"):
            document.part.package.rels.pop(key)
    _dress(document)
    styles = {style.name: style.style_id for style in document.styles}
    about = document.core_properties
    about.title, about.subject, about.language = title[:255], subject[:255], "nl-NL"
    about.author = about.last_modified_by = creator[:255]
    about.created = about.modified = when.astimezone(UTC).replace(tzinfo=None)
    about.comments, about.revision = "", 1
    for block in blocks:
        _add(document, block, styles)
    written = io.BytesIO()
    document.save(written)
    return without_hours(written.getvalue())


Styles = dict[str, str]  # of a style its name, and the id by which a paragraph asks for it


def _add(document: Any, block: Block, styles: Styles) -> None:
    match block:
        case Heading(level, text):
            document.add_heading(text, level)
        case Paragraph(words, kind):
            style = {"label": "Kopje", "soft": "Zacht", "note": "Nadruk"}.get(kind, "Normal")
            _fill(document.add_paragraph(), words, style, styles)
        case Items():
            _add_list(document, block, styles)
        case Table():
            _add_table(document, block, styles)


def _add_list(document: Any, listed: Items, styles: Styles, level: int = 1) -> None:
    """Word knows three levels by name; what lies deeper stands at the third."""
    style = f"List {'Number' if listed.numbered else 'Bullet'}{f' {min(level, 3)}' if level > 1 else ''}"
    for item in listed.items:
        if isinstance(item, Items):
            _add_list(document, item, styles, level + 1)
        else:
            _fill(document.add_paragraph(), item, style, styles)


def _add_table(document: Any, block: Table, styles: Styles) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Mm

    if block.name:
        _fill(document.add_paragraph(), (Run(block.name),), "Kopje", styles)
    table = document.add_table(rows=0, cols=len(block.widths), style="Thuiswijk")
    table.autofit = False
    for column, width in zip(table.columns, block.widths, strict=True):
        column.width = Mm(width)  # LibreOffice goes by these, Word by those of the cells
    head = tuple((Run(name),) for name in block.head)
    for words_of_row in filter(None, [head, *block.rows]):
        row, is_head = table.add_row(), words_of_row is head
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))  # a row stays on one page
        if is_head:
            properties.append(OxmlElement("w:tblHeader"))  # comes back on every page, and is read as a head
        for cell, words, width in zip(row.cells, words_of_row, block.widths, strict=True):
            cell.width = Mm(width)
            _fill(cell.paragraphs[0], words, "Tabelkop" if is_head else "Tabelcel", styles)
    _fill(document.add_paragraph(), (), "Tabelcel", styles)


def _fill(paragraph: Any, words: Words, style: str, styles: Styles) -> None:
    """By the id of a style: by its name, python-docx looks through all of them again for each paragraph."""
    paragraph._p.style = styles[style]
    for run in words:
        added = paragraph.add_run(run.text)  # a newline in it becomes a line break
        added.bold = run.bold or None
        if run.soft:
            added._r.style = styles["Zachte tekst"]


# --- how it looks -------------------------------------------------------------------------------------------------------
def _dress(document: Any) -> None:
    """A4, Dutch, and the styles by which everything looks another way at once."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(20)
    styles = document.styles
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "nl-NL")
    _face(styles["Normal"], "Arial", 10.5)
    styles["Normal"].paragraph_format.space_after = Pt(6)
    for level, size in HEADINGS.items():
        style = styles[f"Heading {level}"]
        _face(style, "Georgia", size, colour=GREEN, bold=True)
        style.font.italic = False
        style.paragraph_format.space_before, style.paragraph_format.space_after = (
            Pt(32 / level if level > 1 else 0),
            Pt(5),
        )
    for name, look in {
        "Kopje": {"size": 9.5, "colour": RUST, "bold": True},
        "Zacht": {"size": 10, "colour": SOFT},
        "Nadruk": {"size": 10.5, "colour": RUST},
        "Tabelkop": {"size": 10, "colour": RUST, "bold": True},
        "Tabelcel": {"size": 10},
    }.items():
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        style.paragraph_format.space_after = Pt(2)
        style.paragraph_format.keep_with_next = name in ("Kopje", "Tabelkop")
        _face(style, "Arial", **look)  # type: ignore[arg-type]
    _face(styles.add_style("Zachte tekst", WD_STYLE_TYPE.CHARACTER), "Arial", None, colour=SOFT)
    _table_style(styles)


def _face(style: Any, name: str, size: float | None, *, colour: str = "", bold: bool = False) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size, style.font.bold = name, Pt(size) if size else None, bold or None
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # a theme wins from a name
        style.element.rPr.rFonts.attrib.pop(qn(f"w:{theme}"), None)
    if colour:
        style.font.color.rgb = RGBColor.from_string(colour.lstrip("#").upper())


def _table_style(styles: Any) -> None:
    """A line under every row, and none beside."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    style = styles.add_style("Thuiswijk", WD_STYLE_TYPE.TABLE)
    line = f'w:val="single" w:sz="4" w:space="0" w:color="{SOFT.lstrip("#")}"'
    style.element.append(parse_xml(
        f'<w:tblPr {nsdecls("w")}><w:tblBorders><w:top {line}/><w:bottom {line}/><w:insideH {line}/></w:tblBorders>'
        '<w:tblCellMar><w:top w:w="60" w:type="dxa"/><w:left w:w="0" w:type="dxa"/><w:bottom w:w="60" w:type="dxa"/>'
        '<w:right w:w="120" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    ))  # fmt: skip
