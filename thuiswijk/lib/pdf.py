"""HTML becomes one PDF that is both PDF/A-3a (ISO 19005-3, to keep) and PDF/UA-1 (ISO 14289-1, for everybody to read).

The same input gives the same bytes: the only fonts are ours (fonts.conf), and every date comes from the caller.
What draws (WeasyPrint) and repacks (pikepdf) is imported when it is used: 50 MB that a web process never needs.
"""

import io
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[2] / "static" / "vendor" / "fonts"

SEAL_FIELD = "Zegel"
SEAL_ANCHOR = "zegel"  # the id of the element that the seal's field lies on
INSTEAD = "□"  # for a sign that none of our fonts has: the words go on, and what is embedded has the sign itself
SEAL_SIZE = (482, 62)  # points; the element must be at least this large


class PdfError(Exception):
    """The document can't be drawn as it should; the message says why, for the log (not for the screen)."""


def draw(
    html: str, *, root: Path, attachments: Sequence[tuple[str, str, bytes]], when: datetime, seal_field: str | None
) -> bytes:
    """Draw an HTML page as PDF/A-3a and PDF/UA-1.

    html: a whole page, with `lang` and `<title>`; addresses in it are relative to `root`.
    root: the only folder that may be read; anything else, and the network, ends the drawing.
    attachments: (file name, description, content) for each file to embed.
    when: the moment (aware) that stands in the file as its making.
    seal_field: what a screen reader says of the empty signature field, which lies on the element with id "zegel";
    None for a document that will not be sealed.

    Out: the PDF; the same bytes for the same input. Raises PdfError for a picture without alt text, a page without
    language or title, a forbidden or missing file, or a seal without its element.
    """
    from thuiswijk.lib import drawing

    return drawing.draw(html, root, attachments, when, seal_field)


def repack(pdf: bytes) -> bytes:
    """The same document in many small object streams: WeasyPrint writes one large one, which readers of signatures
    read again for every object (a full check of 60 pages took 852 seconds). Same input, same bytes. Do it before sealing.
    """
    import pikepdf

    packed = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(
            packed,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
            fix_metadata_version=False,
        )
    return packed.getvalue()


def page_count(pdf: bytes) -> int:
    """How many pages a PDF of our own has."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def attachments(pdf: bytes) -> dict[str, bytes]:
    """The files embedded in a PDF: file name → content. Raises PdfError for what can't be read as a PDF."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            return {name: file.get_file().read_bytes() for name, file in document.attachments.items()}
    except pikepdf.PdfError as error:
        raise PdfError(str(error)) from error


def unprintable(text: str) -> list[str]:
    """The characters in the text that none of our fonts can print, each once, sorted by code point.

    A glyph that is missing prints as an empty box and breaks PDF/A (ISO 19005-3, 6.2.11.4), so the text must be mended first.
    """
    return sorted({character for character in text if not _is_printable(character)})


def printable(value: Any) -> Any:
    """The same content, of dicts, lists and texts, with INSTEAD for each sign that our fonts can't print."""
    if isinstance(value, str):
        for sign in unprintable(value):
            value = value.replace(sign, INSTEAD)
        return value
    if isinstance(value, dict):
        return {key: printable(inner) for key, inner in value.items()}
    return [printable(inner) for inner in value] if isinstance(value, list) else value


def texts(value: Any) -> Iterator[str]:
    """Every text in this content, of dicts, lists and texts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


@cache
def _is_printable(character: str) -> bool:
    # White space that HTML folds into a space, and marks that only steer shaping, need no glyph.
    if character in " \n\t":
        return True
    category = unicodedata.category(character)
    if category in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp"):
        return False
    return ord(character) in _glyphs() or character in INVISIBLE


# Default ignorable code points (Unicode, DerivedCoreProperties) that people do type: soft hyphen, joiners, variants.
INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff")


@cache
def _glyphs() -> frozenset[int]:
    """The code points that our fonts have a picture for."""
    found: set[int] = set()
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            found.update(font.getBestCmap())
    return frozenset(found)
