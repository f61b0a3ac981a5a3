"""WeasyPrint behind `thuiswijk.lib.pdf.draw`, and what it takes to make its file conform.

WeasyPrint comes close with `pdf_variant="pdf/a-3a"`; `_finish` mends in its list of objects what veraPDF still found.
Import this module before a worker forks: it takes two seconds and 30 MB.
"""

import io
import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pydyf

from thuiswijk.lib.pdf import FONTS, SEAL_ANCHOR, SEAL_FIELD, SEAL_SIZE, PdfError

# Before WeasyPrint is imported: fontconfig reads this once, and a font of the machine must never be seen.
os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")

import weasyprint.pdf
from weasyprint import HTML, Attachment
from weasyprint.css import ColorProfile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

POINTS_PER_PIXEL = 0.75

# PDF/UA's mark in the metadata, with the description that PDF/A asks of every schema it does not know (ISO 19005-3, 6.6.2.3).
PDFUA_METADATA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


def draw(
    html: str, root: Path, attachments: Sequence[tuple[str, str, bytes]], when: datetime, seal_field: str | None
) -> bytes:
    """What `thuiswijk.lib.pdf.draw` promises."""
    when = when.astimezone(UTC)
    with errors_raised():
        try:
            page = HTML(string=html, base_url=f"{root.resolve().as_uri()}/", url_fetcher=_OurFilesOnly(root))
            document = page.render(font_config=_font_configuration(), pdf_variant="pdf/a-3a")
            if not document.metadata.title:
                raise PdfError("the page has no title")
            document.metadata.created = document.metadata.modified = when.strftime("%Y-%m-%dT%H:%M:%SZ")
            files = [
                Attachment(
                    file_obj=io.BytesIO(content), name=name, description=description, relationship="Data",
                    created=when, modified=when,
                )
                for name, description, content in sorted(attachments)
            ]  # fmt: skip
            return document.write_pdf(
                pdf_variant="pdf/a-3a", attachments=files,
                finisher=lambda document, pdf: _finish(document, pdf, seal_field),
            )  # fmt: skip
        except FatalURLFetchingError as error:
            raise PdfError(f"{error}: {error.__cause__}") from error


@cache
def _font_configuration() -> FontConfiguration:
    """The fonts, read once per process (a quarter of a second)."""
    return FontConfiguration()


class _OurFilesOnly(URLFetcher):
    """Reads files inside one folder and data: addresses; everything else ends the drawing."""

    def __init__(self, root: Path) -> None:
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False, fail_on_errors=True)
        self._root = root.resolve()

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        parts = urlsplit(url)
        if parts.scheme == "file":
            if not Path(url2pathname(parts.path)).resolve().is_relative_to(self._root):
                raise FatalURLFetchingError(f"outside the folder: {url}")
        elif parts.scheme != "data":
            raise FatalURLFetchingError(f"not a local address: {url}")
        return super().fetch(url, headers)


@contextmanager
def errors_raised() -> Iterator[None]:
    """WeasyPrint only logs a missing alt text, language or file as ERROR; in here that is a PdfError."""
    thread, messages = threading.get_ident(), []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == thread:
                messages.append(record.getMessage())

    collector = Collector(level=logging.ERROR)
    logger = logging.getLogger("weasyprint")
    logger.addHandler(collector)
    try:
        yield
    finally:
        logger.removeHandler(collector)
    if messages:
        raise PdfError("; ".join(messages))


def _page_references(pdf: pydyf.PDF) -> tuple[bytes, ...]:
    """What pydyf's property of this name gives, built once: it is asked for every element, so cost grew with the square."""
    kept: tuple[bytes, ...] = pdf.__dict__.get("_kept_page_references", ())
    if len(kept) != pdf.pages["Count"]:
        kept = tuple(f"{number} 0 R".encode("ascii") for number in pdf.pages["Kids"][::3])
        pdf.__dict__["_kept_page_references"] = kept
    return kept


class _ClosedColorProfile(ColorProfile):
    """WeasyPrint leaves the file of the colour profile open at every drawing."""

    def __init__(self, file: IO[bytes], *rest: Any) -> None:
        with file:
            super().__init__(file, *rest)


pydyf.PDF.page_references = property(_page_references)
weasyprint.pdf.ColorProfile = _ClosedColorProfile


# --- what veraPDF and a second checker still found in WeasyPrint's file -------------------------------------------------


def _number(reference: bytes | str) -> int:
    """The object's number in a reference such as `12 0 R`."""
    return int(reference.split()[0])


def _finish(document, pdf: pydyf.PDF, seal_field: str | None) -> None:
    elements = {
        item.number: item
        for item in pdf.objects
        if isinstance(item, pydyf.Dictionary) and item.get("Type") == "/StructElem"
    }
    _mark_as_pdfua(pdf)
    if "AF" in pdf.catalog:  # WeasyPrint names every attachment twice
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    _give_headers_a_scope(elements)
    _place_figures(document, pdf, elements)
    _name_links(document, pdf)
    _make_running_texts_artifacts(document, pdf, elements)
    _map_every_glyph(pdf)
    if seal_field is not None:
        _add_seal_field(document, pdf, seal_field)


def _mark_as_pdfua(pdf: pydyf.PDF) -> None:
    """Inside the one rdf:RDF there is: WeasyPrint's own option makes a second one, which PDF/A forbids."""
    stream = pdf.objects[_number(pdf.catalog["Metadata"])]
    data = b"".join(part if isinstance(part, bytes) else part.encode() for part in stream.stream)
    stream.stream = [data.replace(b"</rdf:RDF>", PDFUA_METADATA + b"</rdf:RDF>")]
    stream.compress = False


def _give_headers_a_scope(elements: dict[int, pydyf.Dictionary]) -> None:
    """ISO 14289-1, 7.5: a header cell says whether it heads a column or a row."""
    for element in elements.values():
        if element["S"] == "/TH":
            row = elements[_number(element["P"])]
            group = elements.get(_number(row["P"]))
            in_head = group is not None and group["S"] == "/THead"
            element.setdefault("A", pydyf.Dictionary({"O": "/Table"}))["Scope"] = "/Column" if in_head else "/Row"


def _place_figures(document, pdf: pydyf.PDF, elements: dict[int, pydyf.Dictionary]) -> None:
    """WeasyPrint gives a figure's box in CSS pixels from the top; a PDF counts points from the bottom."""
    heights = {_number(ref): page.height for ref, page in zip(pdf.page_references, document.pages, strict=True)}
    for element in elements.values():
        if element["S"] == "/Figure":
            left, top, right, bottom = element["A"]["BBox"]
            height = heights[_number(element["Pg"])]
            box = (left, height - bottom, right, height - top)
            element["A"]["BBox"] = pydyf.Array(value * POINTS_PER_PIXEL for value in box)


def _name_links(document, pdf: pydyf.PDF) -> None:
    """ISO 14289-1, 7.18.5: a link says in words where it goes; WeasyPrint writes the bare target."""
    names = {
        pydyf.String(link.get("href", "").lstrip("#")).data: (link.get("title") or "".join(link.itertext())).strip()
        for link in document._html.etree_element.iter("a")
    }
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("Subtype") == "/Link" and "Contents" in item:
            name = names.get(item["Contents"].data)
            if name:
                item["Contents"] = pydyf.String(name)


def _make_running_texts_artifacts(document, pdf: pydyf.PDF, elements: dict[int, pydyf.Dictionary]) -> None:
    """ISO 14289-1, 7.8: running headers and footers are not read aloud; WeasyPrint leaves them as orphans of the tree."""
    root = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
    reached: set[int] = set()
    ahead = [_number(reference) for reference in root["K"]]
    while ahead:
        number = ahead.pop()
        reached.add(number)
        kids = (_number(kid) for kid in elements[number]["K"] if isinstance(kid, bytes | str))
        ahead.extend(kid for kid in kids if kid in elements and kid not in reached)
    parents = pdf.objects[_number(root["ParentTree"])]["Nums"]
    for index, page_reference in enumerate(pdf.page_references):
        references = parents[2 * index + 1]
        orphans = {mark for mark, reference in enumerate(references) if _number(reference) not in reached}
        if not orphans:
            continue
        operators = pdf.objects[_number(pdf.objects[_number(page_reference)]["Contents"])].stream
        for place in range(2, len(operators)):
            properties = operators[place - 1]
            if operators[place] == b"BDC" and isinstance(properties, dict) and properties.get("MCID") in orphans:
                operators[place - 2] = b"/Artifact"
                operators[place - 1] = pydyf.Dictionary({"Type": "/Pagination"})
        for mark in orphans:
            references[mark] = "null"


def _map_every_glyph(pdf: pydyf.PDF) -> None:
    """ISO 19005-3, 6.2.11.7.2: every glyph stands for a character. The loose dots of Arabic letters stand for nothing in
    WeasyPrint's tables (the letter stands for both); they become a word joiner, which nobody sees or hears.
    """
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream) and b"begincmap" in item.stream:
            item.stream = [line[:-1] + b"2060>" if line.endswith(b"> <>") else line for line in item.stream]


def _add_seal_field(document, pdf: pydyf.PDF, readable_name: str) -> None:
    """An empty signature field with a place in the tree of tags, so that the sealed file still meets PDF/UA."""
    places = [
        (index, page.anchors[SEAL_ANCHOR], page.height)
        for index, page in enumerate(document.pages)
        if SEAL_ANCHOR in page.anchors
    ]
    if not places:
        raise PdfError(f"nothing in the page has the id {SEAL_ANCHOR}, where the seal's field must lie")
    index, anchor, height = places[0]
    left, top = anchor[0] * POINTS_PER_PIXEL, (height - anchor[1]) * POINTS_PER_PIXEL
    width, tall = SEAL_SIZE
    page_reference = pdf.page_references[index]
    root = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
    tree = pdf.objects[_number(root["K"][0])]
    parents = pdf.objects[_number(root["ParentTree"])]["Nums"]
    key = max(parents[0::2]) + 1

    appearance = pydyf.Stream([], {"Type": "/XObject", "Subtype": "/Form", "BBox": pydyf.Array([0, 0, width, tall])})
    pdf.add_object(appearance)
    widget = pydyf.Dictionary({
        "Type": "/Annot", "Subtype": "/Widget", "FT": "/Sig", "T": pydyf.String(SEAL_FIELD),
        "TU": pydyf.String(readable_name), "F": 4, "Rect": pydyf.Array([left, top - tall, left + width, top]),
        "P": page_reference, "StructParent": key, "AP": pydyf.Dictionary({"N": appearance.reference}),
    })  # fmt: skip
    pdf.add_object(widget)
    link = pydyf.Dictionary({"Type": "/OBJR", "Obj": widget.reference, "Pg": page_reference})
    pdf.add_object(link)
    element = pydyf.Dictionary({
        "Type": "/StructElem", "S": "/Form", "P": tree.reference, "Pg": page_reference,
        "Alt": pydyf.String(readable_name), "K": pydyf.Array([link.reference]),
    })  # fmt: skip
    pdf.add_object(element)
    tree["K"].append(element.reference)
    parents.extend([key, element.reference])
    pdf.objects[_number(page_reference)].setdefault("Annots", pydyf.Array()).append(widget.reference)
    pdf.catalog["AcroForm"] = pydyf.Dictionary({"Fields": pydyf.Array([widget.reference]), "SigFlags": 0})
