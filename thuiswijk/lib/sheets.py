"""Reads a list that somebody made in Excel or exported from elsewhere: CSV or XLSX in, rows of text out.

What a file is, is judged by its content and not by its name. Everything that can be wrong with a file gives a Dutch
sentence (SheetError) that says what is wrong and how to mend it. Files are hostile until read: their size, unpacked
size, number of XML elements, rows, columns and characters are all bounded before they cost memory.
"""

import csv
import datetime
import io
import re
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePath
from typing import Any
from xml.parsers import expat

from thuiswijk.lib.text import clean, in_brief

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 5_000
MAX_COLUMNS = 50
MAX_CELL = 5_000
"""Characters in one cell."""
MAX_CHARACTERS = 10_000_000
"""Characters in all cells together: in an XLSX one stored text can stand in every cell."""
MAX_UNPACKED = 60 * 1024 * 1024
MAX_RATIO = 200
"""Unpacked size divided by packed size. Sheets reach 20 to 50, zip bombs 1,000."""
MAX_PARTS = 1_000
MAX_ELEMENTS = 800_000
"""XML elements in a workbook: 250,000 filled cells take 500,000 to 755,000. Reading so many takes some ten seconds."""
MAX_DECORATION = 100_000
"""Elements other than rows, cells and their text: on styles and merged cells openpyxl spends 1.4 kB and 0.1 ms each."""
MAX_DEPTH = 100
EXCEL_ROWS = 1_048_576
EXCEL_COLUMNS = 16_384

warnings.filterwarnings("ignore", module="openpyxl")  # it tells of each decoration that it leaves out


class SheetError(Exception):
    """The file can't be read. str(error) is one or more Dutch sentences: what is wrong and how to mend it."""


@dataclass(frozen=True)
class Row:
    """One filled row under the header: its number as Excel shows it, and its text (or "") under every column name."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """The columns that have a name, in their order, and the filled rows. `title` is the XLSX sheet's name, or ""."""

    header: list[str]
    rows: list[Row]
    title: str = ""


def read_sheet(data: bytes, *, name: str) -> Sheet:
    """Read a CSV or the first filled sheet of an XLSX.

    A CSV is UTF-8, UTF-16 with a BOM or Windows-1252, with semicolons, tabs or commas. `name` is the file's name as its
    sender gave it, only used in sentences. The first filled row is the header. Cells are text, not yet cleaned: numbers
    as "3" or "3,5", dates as dd-mm-jjjj. Empty rows are left out. Raises SheetError, and nothing else.
    """
    if not data.strip(b"\xef\xbb\xbf\xff\xfe\t\r\n "):
        raise SheetError(f"{_file(name)} is leeg. Kijk of u het goede bestand koos en of het is opgeslagen.")
    if len(data) > MAX_BYTES:
        raise SheetError(
            f"{_file(name)} is te groot: {_megabytes(len(data))} MB. Een bestand mag hoogstens "
            f"{_megabytes(MAX_BYTES)} MB zijn. Haal plaatjes weg of verdeel de lijst over meer bestanden."
        )
    if data.startswith(_ZIP):
        return _read_xlsx(data)
    _refuse_foreign(data)
    return _read_csv(data)


def _read_table(records: Iterable[tuple[int, list[str]]], title: str = "") -> Sheet:
    """Make a sheet of (row number, cells), the first filled row being the header. Keeps no more than MAX_ROWS rows."""
    filled = ((number, cells) for number, cells in records if any(map(str.strip, cells)))
    start, names = next(filled, (0, []))
    header = _header(names)
    if not header:
        raise SheetError("Er staat niets in dit bestand. Zet op de eerste regel de namen van de kolommen.")
    rows, characters, count, first_too_many = [], 0, 0, 0
    for number, cells in filled:
        count += 1
        if count > MAX_ROWS:
            first_too_many = first_too_many or number
            continue
        _refuse_cells(number, cells, header)
        characters += sum(map(len, cells))
        if characters > MAX_CHARACTERS:
            raise SheetError(
                f"De cellen tot en met regel {number} hebben samen al {_figure(characters)} tekens. Er passen er "
                f"{_figure(MAX_CHARACTERS)} in één bestand. Verdeel de lijst over meer bestanden."
            )
        rows.append(Row(number, {name: cells[i] if i < len(cells) else "" for i, name in header.items()}))
    if first_too_many:
        raise SheetError(
            f"Deze lijst heeft {_figure(count)} regels. Er passen er {_figure(MAX_ROWS)} in één bestand: regel "
            f"{first_too_many} is de eerste te veel. Verdeel de lijst over meer bestanden."
        )
    if not rows:
        raise SheetError(
            f"Alleen regel {start} met de namen van de kolommen is gevuld. Zet daaronder wat er gezegd is."
        )
    return Sheet(list(header.values()), rows, title)


def _header(names: list[str]) -> dict[int, str]:
    """The place and name of each column that has a name."""
    header = {i: in_brief(name) for i, name in enumerate(names) if clean(name)}
    if len(header) > MAX_COLUMNS:
        raise SheetError(
            f"Deze lijst heeft {_figure(len(header))} kolommen. Er passen er {MAX_COLUMNS} in. Haal de kolommen weg "
            "die niet nodig zijn."
        )
    seen: dict[str, int] = {}
    for i, name in header.items():
        first = seen.setdefault("".join(name.casefold().split()), i)
        if first != i:
            raise SheetError(
                f'De kolom "{name}" komt twee keer voor: kolom {_letter(first)} en kolom {_letter(i)}. Geef één van '
                "de twee een andere naam of haal die weg."
            )
    return header


def _refuse_cells(number: int, cells: list[str], header: dict[int, str]) -> None:
    for i, cell in enumerate(cells):
        if len(cell) > MAX_CELL:
            raise SheetError(
                f"Regel {number}: de cel in kolom {_letter(i)} heeft {_figure(len(cell))} tekens. Er passen er "
                f"{_figure(MAX_CELL)} in. Maak de tekst korter of verdeel die over meer regels."
            )
        if cell and i not in header and clean(cell):
            raise SheetError(
                f'Regel {number}: in kolom {_letter(i)} staat "{in_brief(cell, 40)}", maar die kolom heeft geen naam. '
                "Geef de kolom een naam of maak de cel leeg. In een CSV: zet aanhalingstekens om een tekst waarin het "
                "scheidingsteken voorkomt."
            )


# --- CSV --------------------------------------------------------------------------------------------------------------
_SAVE_AGAIN = (
    'Open uw lijst in Excel, kijk of alles er goed staat en kies Opslaan als "Excel-werkmap (.xlsx)" of "CSV UTF-8".'
)
_SEPARATOR_LINE = re.compile(r'"?sep=([^\w\s"]|\t)"?(?:\r\n|\r|\n)', re.IGNORECASE)  # for Excel, which doesn't show it
_QUOTED = re.compile(r'"[^"]*"')
_NO_SEPARATOR = "\x1f"

# What is left of an accent or a euro sign when a program took the file for something else: UTF-8 read as Windows-1252
# (two signs for one letter), MS-DOS or an old Mac read as Windows-1252 (a sign within a word), or a lost one (U+FFFD).
_CONTINUATION = re.escape(bytes(range(0x80, 0xC0)).decode("cp1252", "ignore"))
_GARBLED = re.compile(
    f"\xc3[{_CONTINUATION}]|\xe2\u20ac[{_CONTINUATION}]|\xe2\u201a\xac|\ufffd"
    "|(?<=[a-z\xdf-\xff])[\u0192\u201a\u201e\u02c6\u2030\u2039\u02dc\u203a\u0160\u0152\u017d\u0178](?=[a-z])"
)
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")


def _read_csv(data: bytes) -> Sheet:
    text = _decode(data)
    if line := _SEPARATOR_LINE.match(text):
        text, separator = text[line.end() :], line[1]
    else:
        separator = _separator(text)
    return _read_table(_csv_records(text, separator))


def _csv_records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with their number in Excel, where a cell of three lines is still one row."""
    number = 0
    try:
        # Strict: else a quote that is never closed swallows the rest of the file into one cell, without a word.
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            number += 1
            for cell in cells:
                if garbled := _GARBLED.search(cell):
                    seen = cell[max(0, garbled.start() - 15) : garbled.end() + 15]
                    raise SheetError(
                        f'Regel {number}: hier staan vreemde tekens, bij "{in_brief(seen)}". Het bestand is '
                        f"opgeslagen met andere letters dan wij verwachten. {_SAVE_AGAIN}"
                    )
            yield number, cells
    except csv.Error as error:
        if "field limit" in str(error):
            raise SheetError(
                f"Regel {number + 1}: één cel heeft meer dan {_figure(csv.field_size_limit())} tekens. Er passen er "
                f'{_figure(MAX_CELL)} in. Kijk of er in deze regel een aanhalingsteken (") te veel staat.'
            ) from error
        raise SheetError(
            f'Regel {number + 1}: de aanhalingstekens (") kloppen niet, er staat er één te veel of te weinig. Schrijf '
            'een aanhalingsteken dat bij de tekst hoort dubbel (""). Of sla de lijst op vanuit Excel, dan gaat het '
            "vanzelf goed."
        ) from error


def _decode(data: bytes) -> str:
    """The text of a CSV. Excel writes UTF-8 with a BOM, Windows-1252 or UTF-16 with a BOM; others plain UTF-8."""
    is_utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not is_utf16:
        _refuse_nul(data)
    # An emoji in CESU-8 is two surrogates; passed on, they find each other again in clean().
    ways = [("utf-16", "strict")] if is_utf16 else [("utf-8-sig", "surrogatepass"), ("cp1252", "strict")]
    for encoding, errors in ways:
        try:
            text = data.decode(encoding, errors)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise SheetError(f"Dit bestand bevat tekens die geen tekst zijn (NUL). {_SAVE_AGAIN}")
        if len(_CONTROLS.findall(text)) * 20 > len(text):
            raise SheetError(f"Dit bestand is geen tekst. {_SAVE_AGAIN}")
        return text
    raise SheetError(
        f"De letters in dit bestand zijn opgeslagen op een manier die wij niet kunnen lezen. {_SAVE_AGAIN}"
    )


def _refuse_nul(data: bytes) -> None:
    if b"\0" not in data:
        return
    few, many = sorted([data[::2].count(0) / len(data), data[1::2].count(0) / len(data)])
    if many > 0.3 and few < 0.05:  # the Latin letters of UTF-16: every second byte is zero
        raise SheetError(
            f"Dit bestand lijkt UTF-16, maar het teken aan het begin dat dat zegt, ontbreekt. {_SAVE_AGAIN}"
        )
    number = len(re.findall(rb"\r\n|\r|\n", data[: data.index(0)])) + 1
    raise SheetError(f"Regel {number} van dit bestand bevat tekens die geen tekst zijn (NUL). {_SAVE_AGAIN}")


def _separator(text: str) -> str:
    """The sign between the cells, judged by the header alone: the texts below are full of commas."""
    first_line = (_QUOTED.sub("", text[:50_000]).strip("\r\n").splitlines() or [""])[0]
    best = max(";\t,", key=first_line.count)
    return best if best in first_line else _NO_SEPARATOR


# --- XLSX -------------------------------------------------------------------------------------------------------------
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_DAMAGED = (
    "Dit Excel-bestand is beschadigd of niet helemaal aangekomen. Open het in Excel, sla het opnieuw op als .xlsx en "
    "probeer het nog eens."
)
_TOO_FULL = (
    "Dit Excel-bestand is uitgepakt te groot om veilig te openen. Kopieer alleen uw lijst naar een nieuw bestand en "
    "sla dat op als .xlsx."
)


def _read_xlsx(data: bytes) -> Sheet:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_archive(archive)
            merges = _inspect_parts(archive)
        return _read_workbook(data, merges)
    except SheetError:
        raise
    except Exception as error:
        # zipfile, zlib, expat, lxml and openpyxl raise a dozen unrelated types on a broken file; the sender sees one.
        raise SheetError(_DAMAGED) from error


def _refuse_archive(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    kind = ""
    if "mimetype" in names:
        with archive.open("mimetype") as stream:
            kind = stream.read(100).decode("ascii", "replace")
    for sign, what in _PACKED_KINDS:
        if sign in kind or any(name.startswith(sign) for name in names):
            raise SheetError(f"{_is(what)} {_SAVE_AS}")
    if "[Content_Types].xml" not in names:
        raise SheetError(
            f"{_is('een zip-bestand')} Pak het uit en kies de lijst die erin zit, als CSV of Excel (.xlsx)."
        )
    if any(part.flag_bits & 0x1 for part in parts):
        raise SheetError("Dit bestand is beveiligd met een wachtwoord. Haal het wachtwoord eraf en sla het opnieuw op.")
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 10_000) or len(parts) > MAX_PARTS:
        raise SheetError(_TOO_FULL)
    if "xl/vbaProject.bin" in names:
        raise SheetError(
            "In dit bestand zitten macro's. Sla het op als \"Excel-werkmap (.xlsx)\", dan gaan de macro's eraf."
        )
    if "xl/workbook.bin" in names:
        raise SheetError(f"{_is('een binaire Excel-werkmap (.xlsb)')} {_SAVE_AS}")


def _inspect_parts(archive: zipfile.ZipFile) -> dict[str, list[str]]:
    """Walk through all XML without keeping it, before openpyxl builds objects of it. Returns merged ranges per part.

    Refuses a document type (which is where entity bombs are declared, and which Office never writes), deep nesting,
    rows wider than Excel's, and more elements than MAX_ELEMENTS and MAX_DECORATION.
    """
    merges: dict[str, list[str]] = defaultdict(list)
    elements = decoration = cells_in_row = depth = 0
    part_name = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal elements, decoration, cells_in_row, depth
        elements, depth = elements + 1, depth + 1
        match tag.rpartition(":")[2]:
            case "c":
                cells_in_row += 1
            case "row":
                cells_in_row = 0
            case "v" | "is" | "t" | "si" | "r":
                pass
            case name:
                decoration += 1
                if name == "mergeCell":
                    merges[part_name].append(attributes.get("ref", ""))
        too_many = elements > MAX_ELEMENTS or decoration > MAX_DECORATION or cells_in_row > EXCEL_COLUMNS
        if too_many or depth > MAX_DEPTH:
            raise SheetError(_TOO_FULL)

    def end(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_: object) -> None:
        raise SheetError(f"Dit Excel-bestand bevat opdrachten die er niet in horen. {_SAVE_AGAIN}")

    for part in archive.infolist():
        part_name, depth = part.filename, 0
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler, parser.StartDoctypeDeclHandler = start, end, doctype
        try:
            with archive.open(part) as stream:
                parser.ParseFile(stream)
        except expat.ExpatError:
            if part_name.endswith((".xml", ".rels")):  # else it is a picture or a printer's settings
                raise
    return merges


def _read_workbook(data: bytes, merges: dict[str, list[str]]) -> Sheet:
    # data_only=False, so that a formula shows itself: its last result may be old, or never calculated.
    import openpyxl  # 9 MB that a web process needs for a sheet only

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            sheet.reset_dimensions()  # what a file says of its own size is not to be trusted
            records = _xlsx_records(sheet, merges.get(sheet._worksheet_path, []))
            first = next(records, None)
            if first:
                return _read_table(chain([first], records), in_brief(sheet.title))
    finally:
        book.close()
    raise SheetError("Er staat niets in dit Excel-bestand. Zet op de eerste regel de namen van de kolommen.")


def _xlsx_records(sheet: Any, merges: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Filled rows. A cell merged downwards holds for each filled row it covers, as it does for who looks at it."""
    from openpyxl.utils import range_boundaries

    spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for ref in merges:
        left, top, _right, bottom = range_boundaries(ref)
        if bottom > top and left <= MAX_COLUMNS:
            spans[top].append((left - 1, bottom))
    held: dict[int, tuple[str, int]] = {}
    header_seen = False
    for number, row in enumerate(sheet.iter_rows(max_row=EXCEL_ROWS), 1):
        cells = [_as_text(cell) for cell in row]
        if not any(map(str.strip, cells)):
            continue
        for i, (value, bottom) in held.items():
            if number <= bottom:
                cells += [""] * (i + 1 - len(cells))
                cells[i] = cells[i] or value
        if header_seen:
            held.update({i: (cells[i], bottom) for i, bottom in spans.get(number, []) if i < len(cells)})
        header_seen = True
        yield number, cells


def _as_text(cell: Any) -> str:
    """What the cell shows in a Dutch Excel, save its decoration."""
    if cell.data_type == "f":
        raise SheetError(
            f"In cel {cell.coordinate} staat een formule. Vervang de formule door wat er moet staan: kopieer de cel "
            "en plak die terug als waarde."
        )
    if cell.data_type == "e":
        raise SheetError(
            f"In cel {cell.coordinate} staat een foutmelding van Excel ({in_brief(str(cell.value), 20)}). Typ daar "
            "wat er moet staan of maak de cel leeg."
        )
    match cell.value:
        case None:
            return ""
        case bool(value):
            return "WAAR" if value else "ONWAAR"
        case int(value):
            return str(value)
        case float(value):
            return str(int(value)) if value.is_integer() else f"{value:.15g}".replace(".", ",")
        case datetime.datetime() as value:
            has_time = value.time() != datetime.time()
            return value.strftime("%d-%m-%Y %H:%M" if has_time else "%d-%m-%Y")
        case datetime.date() as value:
            return value.strftime("%d-%m-%Y")
        case datetime.time() as value:
            return value.strftime("%H:%M")
        case datetime.timedelta() as value:
            hours, minutes = divmod(round(value.total_seconds() / 60), 60)
            return f"{hours}:{minutes:02}"
        case value:
            return str(value).replace("_x000D_", "")  # how Excel writes the \r of \r\n


# --- files of another kind --------------------------------------------------------------------------------------------
_SAVE_AS = "Sla uw lijst op als CSV of Excel (.xlsx) en kies dat bestand."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# By what a name in the archive, or its mimetype, begins with.
_PACKED_KINDS = [
    ("application/vnd.oasis.opendocument.spreadsheet", "een rekenblad van LibreOffice (.ods)"),
    ("application/vnd.oasis.opendocument", "een document van LibreOffice"),
    ("word/", "een Word-document (.docx)"),
    ("ppt/", "een PowerPoint-presentatie (.pptx)"),
    ("Index/", "een bestand van Numbers, Pages of Keynote"),
]

_FOREIGN_KINDS = [
    (re.compile(rb"%PDF-"), "een PDF"),
    (
        re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\0{4}|II\*\0|MM\0\*|RIFF.{4}WEBP|.{4}ftyp", re.DOTALL),
        "een foto, plaatje of filmpje",
    ),
    (re.compile(rb"\{\\rtf"), "een document (.rtf)"),
    (re.compile(rb"<svg|<!doctype|<html|<head|<body|<table", re.IGNORECASE), "een webpagina"),
    (re.compile(rb"<\?xml"), "een XML-bestand"),
    (re.compile(rb"[\[{]\s*[\[{\"]"), "een JSON-bestand"),
    (re.compile(rb"Rar!|7z\xbc\xaf|\x1f\x8b\x08"), "een ingepakt bestand (zip, rar of 7z)"),
]


def _refuse_foreign(data: bytes) -> None:
    """Name a file that is plainly something else, by its first bytes."""
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise SheetError(
                "Dit bestand is beveiligd met een wachtwoord. Haal het wachtwoord eraf en sla het opnieuw op."
            )
        is_word = "WordDocument".encode("utf-16-le") in data
        raise SheetError(
            f"{_is('een oud Word-document (.doc)' if is_word else 'een oud Excel-bestand (.xls)')} {_SAVE_AS}"
        )
    head = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    for sign, what in _FOREIGN_KINDS:
        if sign.match(head):
            raise SheetError(f"{_is(what)} {_SAVE_AS}")


def _is(what: str) -> str:
    return f"Dit is {what}. Daar kunnen wij geen lijst uit lezen."


def _file(name: str) -> str:
    shown = in_brief(PurePath(name.replace("\\", "/").replace("\0", "")).name)
    return f'Het bestand "{shown}"' if shown else "Het bestand"


def _letter(index: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(index + 1) if index < 18_278 else str(index + 1)  # ZZZ is the last that openpyxl can name


def _figure(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0").replace(".", ",")
