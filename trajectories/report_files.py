"""The report of a meeting as PDF and as ODT, drawn from its frozen content alone (trajectories.report_content).

Nothing is asked of the database: the same bytes in give the same files out, on any day and on any machine.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format

from thuiswijk.lib import pdf
from thuiswijk.lib.canonical import digest

if TYPE_CHECKING:
    from odfdo import Document

SPOKEN_KINDS = {"verwachting", "signaal", "idee", "behoefte"}  # "opmerking" says nothing more than the words do
PDF_TYPE, ODT_TYPE = "application/pdf", "application/vnd.oasis.opendocument.text"
INSTEAD = "□"  # for a sign that none of our fonts has: the words go on, and the ODT has the sign itself
WIDTHS = {3: (90, 50, 30), 4: (75, 50, 30, 15)}  # of the columns of a table, in millimetres
BULLETS = (
    '<text:list-style style:name="Gezegd"><text:list-level-style-bullet text:level="1" text:bullet-char="•">'
    '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
    '<style:list-level-label-alignment text:label-followed-by="listtab" text:list-tab-stop-position="0.5cm" '
    'fo:text-indent="-0.5cm" fo:margin-left="0.5cm"/>'
    "</style:list-level-properties></text:list-level-style-bullet></text:list-style>"
)
TEMPLATE_PICTURE = "Thumbnails/thumbnail.png"  # odfdo's own, of an empty page
GREEN, RUST, SOFT = "#1f5c57", "#a04620", "#55605e"  # as in static/css/document.css


def draw_pdf(content: bytes) -> bytes:
    """PDF/A-3a and PDF/UA-1, with the content itself embedded as verslag.json. Same bytes in, same bytes out."""
    made = pdf.draw(
        report_html(content),
        root=settings.BASE_DIR / "static",
        attachments=[("verslag.json", "De inhoud van dit verslag, voor computers", content)],
        when=datetime.fromisoformat(json.loads(content)["made_at"]),
        seal_field=None,
    )
    return pdf.repack(made)


def report_html(content: bytes) -> str:
    """The page that is drawn; addresses in it are relative to the static folder."""
    report = _printable(json.loads(content))
    with translation.override("nl"), timezone.override(settings.TIME_ZONE):
        return render_to_string("trajectories/document/report.html", _context(report, digest(content)))


def _context(report: dict[str, Any], content_digest: str) -> dict[str, Any]:
    """What both files show, in words."""
    meeting, made_at = report["meeting"], _moment(report["made_at"])
    starts_at = _moment(meeting["starts_at"])
    return {
        "report": report,
        "meeting": meeting,
        "the_meeting": f"{'het' if meeting['kind'] == 'gesprek' else 'de'} {meeting['kind_label']}",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=meeting["minutes"]),
        "made_at": made_at,
        "digest": content_digest,
        "digest_rows": [[content_digest[at : at + 8] for at in range(row, row + 32, 8)] for row in (0, 32)],
        "people": sum(party["people"] for party in report["parties"]),
        "shown": report["contributions"] - report["hidden"],
        "items": [_item(item) for item in report["items"]],
        "actions": [_action(action) for action in report["actions"]],
        "earlier_actions": [_action(action) for action in report["earlier_actions"]],
        "questions": [
            {**asked, "said": [{**one, "source": _source(one)} for one in asked["said"]]}
            for asked in report["questions"]
        ],
    }


def _item(item: dict[str, Any]) -> dict[str, Any]:
    corrections = [{**one, "corrected_at": _moment(one["corrected_at"])} for one in item["corrections"]]
    return {**item, "corrections": corrections}


def _action(action: dict[str, Any]) -> dict[str, Any]:
    return {**action, "due_on": date.fromisoformat(action["due_on"]) if action["due_on"] else None}


def _source(one: dict[str, Any]) -> str:
    """Whose words these are, and to whom, as "verwachting, bewoner aan Woonstichting De Linde"."""
    who = one["said_by"] or "bewoner"
    kind = one["kind"] if one["kind"] in SPOKEN_KINDS else ""
    return ", ".join(filter(None, [kind, f"{who} aan {one['addressed_to']}" if one["addressed_to"] else who]))


def _printable(value: Any) -> Any:
    """The same content with INSTEAD for each sign that our fonts can't print."""
    if isinstance(value, str):
        for sign in pdf.unprintable(value):
            value = value.replace(sign, INSTEAD)
        return value
    if isinstance(value, dict):
        return {key: _printable(inner) for key, inner in value.items()}
    return [_printable(inner) for inner in value] if isinstance(value, list) else value


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


# --- the same as ODT: for who wants to go on with the text ---------------------------------------------------------------


def draw_odt(content: bytes) -> bytes:
    """The report as OpenDocument text. Same bytes in, same bytes out."""
    from odfdo import Document

    with translation.override("nl"), timezone.override(settings.TIME_ZONE):
        shown = _context(json.loads(content), digest(content))
        document = Document("text")
        document.body.clear()
        document.del_part(TEMPLATE_PICTURE)
        document.manifest.del_full_path(TEMPLATE_PICTURE)
        _dress(document)
        _describe(document, shown)
        for part in _parts(shown):
            document.body.append(part)
    written = io.BytesIO()
    document.save(written)
    return _rezipped(written.getvalue())


def _describe(document: Document, shown: dict[str, Any]) -> None:
    """Title, language and maker, as they stand in the properties of the file."""
    meta, report = document.meta, shown["report"]
    meta.title = f"Verslag: {shown['meeting']['title']}"
    meta.subject = f"Verslag {report['number']}, traject {report['trajectory']}"
    meta.language = "nl-NL"
    meta.creator = meta.initial_creator = f"Gemeente {report['gemeente']['name']}"
    meta.creation_date = meta.date = shown["made_at"].replace(tzinfo=None)
    meta.generator = "Thuiswijk"
    meta.editing_cycles = 1
    document.language = "nl-NL"


def _dress(document: Document) -> None:
    """The styles that the text goes by: a heading looks another way in the whole report at once."""
    from odfdo import Element, Style

    for family, face in (("Standard", "Arial, 'Liberation Sans'"), ("Heading", "Georgia, 'Liberation Serif'")):
        plain = document.get_style("paragraph", family)
        plain.set_properties(area="text", properties={"style:font-name": "", "fo:font-family": face})  # type: ignore[union-attr]
    for numbered in document.styles.get_elements("//text:outline-level-style"):  # the items have numbers of their own
        for attribute in ("style:num-format", "style:num-suffix", "loext:num-list-format"):
            numbered.set_attribute(attribute, "")
    document.insert_style(Element.from_tag(BULLETS), automatic=True)  # type: ignore[arg-type]
    for level, size in ((1, "24pt"), (2, "16pt"), (3, "12pt")):
        _paragraph_style(
            document, f"Heading_20_{level}", display_name=f"Heading {level}", parent_style="Heading", level=level,
            text={"size": size, "weight": "bold", "color": GREEN}, above=0.0 if level == 1 else 1.4 / level, below=0.2,
        )  # fmt: skip
    _paragraph_style(document, "Zacht", text={"color": SOFT, "size": "10pt"}, below=0.2)
    _paragraph_style(document, "Nadruk", text={"color": RUST}, below=0.2)
    _paragraph_style(document, "Tabelkop", text={"color": RUST, "size": "10pt", "weight": "bold"})
    _paragraph_style(document, "Tabelcel", text={"size": "10pt"})
    cell = Style("table-cell", name="Cel")
    cell.set_properties(
        area="table-cell",
        properties={"fo:padding": "0.12cm", "fo:border": "none", "fo:border-bottom": f"0.5pt solid {SOFT}"},
    )
    document.insert_style(cell, automatic=True)
    for width in sorted({width for widths in WIDTHS.values() for width in widths}):
        column = Style("table-column", name=f"Kolom{width}")
        column.set_properties(area="table-column", properties={"style:column-width": f"{width / 10}cm"})
        document.insert_style(column, automatic=True)


def _paragraph_style(
    document: Document, name: str, *, text: dict[str, Any], above: float = 0, below: float = 0, level: int = 0,
    parent_style: str = "Standard", display_name: str = "",
) -> None:  # fmt: skip
    from odfdo import Style

    style = Style("paragraph", name=name, display_name=display_name or name, parent_style=parent_style)
    style.set_properties(area="text", **text)
    margins = {"fo:margin-top": f"{above:.2f}cm", "fo:margin-bottom": f"{below:.2f}cm"}
    style.set_properties(area="paragraph", properties=margins | ({"fo:keep-with-next": "always"} if level else {}))
    if level:
        style.set_attribute("style:default-outline-level", str(level))
    document.insert_style(style)


def _parts(shown: dict[str, Any]) -> Iterator[Any]:
    """The headings, paragraphs, lists and tables, in the order of the PDF."""
    report, meeting = shown["report"], shown["meeting"]
    yield _heading(1, meeting["title"])
    yield _text(f"Verslag van {shown['the_meeting']}", style="Nadruk")
    yield _text(f"Gemeente {report['gemeente']['name']}, traject {report['trajectory']}")
    ends = date_format(shown["ends_at"], "H:i")
    place = f", {meeting['place']}" if meeting["place"] else ""
    yield _text(f"{date_format(shown['starts_at'], 'l j F Y, H:i')} tot {ends} uur{place}")
    if report["number"] > 1:
        yield _text(f"Dit is verslag {report['number']}. Het komt in de plaats van verslag {report['number'] - 1}.")
    if shown["items"]:
        yield _heading(2, "Agenda en uitkomsten")
    for item in shown["items"]:
        yield _heading(3, f"{item['number']}. {item['title']}")
        if item["question"]:
            yield _text(f"De vraag: {item['question']}", style="Zacht")
        yield from _paragraphs(item["outcome"] or "Hierbij is geen uitkomst opgeschreven.")
        for correction in item["corrections"]:
            day = date_format(correction["corrected_at"], "j F Y")
            yield _text(f"Verbetering van {day}: {correction['text']}", style="Nadruk")
    yield from _action_parts(f"Afgesproken tijdens {shown['the_meeting']}", shown["actions"])
    yield from _action_parts("Nog open van eerdere bijeenkomsten", shown["earlier_actions"])
    yield from _people_parts(shown)
    yield from _said_parts(shown)
    yield _heading(2, "Over dit verslag")
    yield _text(f"Verslag {report['number']}, gemaakt op {date_format(shown['made_at'], 'j F Y, H:i')} uur.")
    yield _text("Namen van bewoners staan er niet in. Wie niet namens een partij sprak, staat er als bewoner.")
    yield _text(f"Controlegetal van de inhoud (SHA-256): {shown['digest']}", style="Zacht")


def _action_parts(title: str, actions: list[dict[str, Any]]) -> Iterator[Any]:
    if actions:
        yield _heading(2, title)
        rows = [
            [one["text"], one["party"] or "nog niemand", date_format(one["due_on"], "j F Y") if one["due_on"] else "",
             "klaar" if one["is_done"] else "open"]
            for one in actions
        ]  # fmt: skip
        yield _table(title, ["Wat", "Wie", "Klaar op", "Stand"], rows)


def _people_parts(shown: dict[str, Any]) -> Iterator[Any]:
    yield _heading(2, "Wie er waren")
    rows = [[party["name"], party["kind_label"], str(party["people"])] for party in shown["report"]["parties"]]
    rows.append(["Bewoners", "", str(shown["report"]["residents"])])
    yield _table("Wie er waren", ["Wie", "Soort", "Aantal mensen"], rows)


def _said_parts(shown: dict[str, Any]) -> Iterator[Any]:
    from odfdo import List, ListItem

    yield _heading(2, "Wat er is gezegd")
    if not shown["questions"]:
        yield _text("Er is geen inbreng opgeschreven.")
    for asked in shown["questions"]:
        yield _heading(3, asked["question"] or "Zonder vraag")
        if asked["said"]:
            spoken = List(style="Gezegd")
            for one in asked["said"]:
                spoken.append(ListItem(_text(f"“{one['text']}” ({one['source']})")))
            yield spoken
        if asked["hidden"]:
            yield _text(f"{asked['hidden']} keer inbreng is verborgen.", style="Zacht")


def _heading(level: int, text: str) -> Any:
    from odfdo import Header

    return Header(level, text, style=f"Heading_20_{level}")


def _text(text: str, style: str = "Text_20_body") -> Any:
    from odfdo import Paragraph

    return Paragraph(text, style=style)


def _paragraphs(text: str) -> Iterator[Any]:
    return (_text(line) for line in text.split("\n") if line.strip())


def _table(name: str, head: list[str], rows: list[list[str]]) -> Any:
    """A table whose first row is a head that comes back on every page."""
    from odfdo import Cell, Element, Row, Table

    def row_of(texts: list[str], style: str) -> Any:
        row = Row()
        for text in texts:
            cell = Cell(style="Cel")
            cell.append(_text(text, style=style))
            row.append(cell)
        return row

    table = Table(name)
    for width in WIDTHS[len(head)]:
        table.append(Element.from_tag(f'<table:table-column table:style-name="Kolom{width}"/>'))
    heads = Element.from_tag("table:table-header-rows")
    heads.append(row_of(head, "Tabelkop"))
    table.append(heads)
    for texts in rows:
        table.append(row_of(texts, "Tabelcel"))
    return table


def _rezipped(data: bytes) -> bytes:
    """The same package without the hour of its making: a report drawn twice is the same file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "mimetype", name)):
            plain = zipfile.ZipInfo(name)  # of 1 January 1980
            plain.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(plain, old.read(name))
    return packed.getvalue()
