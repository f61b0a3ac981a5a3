"""The words on the pages of a tagged PDF, block by block, as a screen reader reads them.

Each page is read with pikepdf, each glyph is looked up in its font's own table (ToUnicode), and the tree of tags (ISO 32000-1,
14.7) says which words make one paragraph, cell or heading. So running headers are left out, and columns do not run together.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

BLOCKS = {"/P", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/Lbl", "/LBody", "/TH", "/TD", "/Caption"}
NOT_SHOWN = {3, 7}  # the modes in which text is not painted (ISO 32000-1, 9.3.6)
MAX_PAGES = 2_000
MAX_ELEMENTS = 500_000
BFCHAR = re.compile(rb"<([0-9A-Fa-f]{2,8})>\s*<([0-9A-Fa-f]*)>")

Place = tuple[int, int]  # a page, and the number of the marked words on it


@dataclass(frozen=True)
class Block:
    """One paragraph, heading or cell, as far as it stands on one page. kind: as the tag, "H4"; page: from 0 on."""

    kind: str
    page: int
    text: str

    @property
    def level(self) -> int:
        """1 to 6 of a heading, 0 of anything else."""
        return int(self.kind[1]) if self.kind[0] == "H" else 0


def blocks_of(data: bytes) -> list[Block]:
    """All blocks with words in them, in reading order; of a hostile file in a process that may be killed."""
    with pikepdf.open(io.BytesIO(data)) as document:
        return _blocks(document)


def _blocks(document: pikepdf.Pdf) -> list[Block]:
    if len(document.pages) > MAX_PAGES:
        raise ValueError("too many pages")
    fonts: dict[tuple[int, int], dict[bytes, str]] = {}
    words: dict[Place, str] = {}
    for number, page in enumerate(document.pages):
        words |= {(number, mark): text for mark, text in _words(page, fonts).items()}
    pages = {page.obj.objgen: number for number, page in enumerate(document.pages)}
    found: list[tuple[Any, str, int, list[str]]] = []
    for block, kind, place in _leaves(document, pages):
        text = words.pop(place, "")  # what is named twice stands there once
        if text and found and found[-1][0] == block:
            found[-1][3].append(text)
        elif text:
            found.append((block, kind, place[0], [text]))
    return [Block(kind, page, "".join(texts)) for _, kind, page, texts in found]


def _leaves(document: pikepdf.Pdf, pages: dict[tuple[int, int], int]) -> Iterator[tuple[Any, str, Place]]:
    """Of all that the tree of tags names, in order: in which block it stands, of which kind, and where its words are.

    Words in an element that is no block, and stands in none, are a block by themselves.
    """
    ahead: list[tuple[Any, Any, str, int | None]] = [(document.Root.get("/StructTreeRoot"), None, "", None)]
    seen: set[tuple[int, int]] = set()
    while ahead:
        element, block, kind, page = ahead.pop()
        if isinstance(element, int) and page is not None:
            yield block, kind, (page, element)
        if not isinstance(element, pikepdf.Dictionary) or element.objgen in seen or len(seen) > MAX_ELEMENTS:
            continue
        seen.add(element.objgen)
        if f"/{kind}" not in BLOCKS:
            block, kind = element.objgen, str(element.get("/S", "/"))[1:]
        page = pages.get(element["/Pg"].objgen) if "/Pg" in element else None
        kids: Any = element.get("/K", [])
        kids = list(kids) if isinstance(kids, pikepdf.Array | list) else [kids]
        ahead.extend((kid, block, kind, page) for kid in reversed(kids))


def _words(page: pikepdf.Page, fonts: dict[tuple[int, int], dict[bytes, str]]) -> dict[int, str]:
    """The text of each piece of marked content on a page; not what is an artifact, or not painted."""
    found: dict[int, list[str]] = {}
    marks: list[int | None] = []
    table: dict[bytes, str] = {}
    mode, kept = 0, []
    for instruction in pikepdf.parse_content_stream(page, "BDC BMC EMC Tf Tr q Q Tj TJ ' \""):
        name, operands = str(instruction.operator), instruction.operands
        if name in ("BDC", "BMC"):
            mark = operands[1].get("/MCID") if name == "BDC" and isinstance(operands[1], pikepdf.Dictionary) else None
            marks.append(None if mark is None else int(mark))
        elif name == "EMC" and marks:
            marks.pop()
        elif name == "Tf":
            table = _table(page, operands[0], fonts)
        elif name == "Tr":
            mode = int(operands[0])
        elif name == "q":
            kept.append((table, mode))
        elif name == "Q" and kept:
            table, mode = kept.pop()
        elif operands and marks and marks[-1] is not None and mode not in NOT_SHOWN:
            shown = operands[-1] if isinstance(operands[-1], pikepdf.Array) else [operands[-1]]
            found.setdefault(marks[-1], []).extend(_read(bytes(part), table) for part in shown if _is_text(part))
    return {mark: "".join(parts) for mark, parts in found.items()}


def _is_text(part: Any) -> bool:
    return isinstance(part, pikepdf.String)


def _read(codes: bytes, table: dict[bytes, str]) -> str:
    """Two bytes a glyph, as in every font that we embed."""
    return "".join(table.get(codes[at : at + 2], "") for at in range(0, len(codes), 2))


def _table(page: pikepdf.Page, name: Any, fonts: dict[tuple[int, int], dict[bytes, str]]) -> dict[bytes, str]:
    """Which character each glyph of a font stands for, read once for each font."""
    font = page.obj["/Resources"]["/Font"].get(name)
    if font is None:
        return {}
    if font.objgen not in fonts:
        data = font["/ToUnicode"].read_bytes() if "/ToUnicode" in font else b""
        pairs = (match.groups() for match in BFCHAR.finditer(data.partition(b"beginbfchar")[2]))
        fonts[font.objgen] = {
            bytes.fromhex(glyph.decode()): bytes.fromhex(text.decode()).decode("utf-16-be", "ignore")
            for glyph, text in pairs
        }
    return fonts[font.objgen]
