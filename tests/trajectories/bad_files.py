"""Files that can't be taken in, or not in whole: built here, so that nobody has to keep a zip bomb in the repository.

`bad_files()` gives (name, file name, content). Each must lead to at least one Dutch sentence, as a SheetError or among
the problems of a row, and never to another error.
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

PARTIES = {"Gemeente Voorbeeldstad": 1, "Kerkgemeente De Brug": 2, "Woningcorporatie Lindenhof": 3, "Café Zonnehof": 4}

GOOD_CSV = (
    "inbreng;partij;aan;soort;vraag\r\n"
    "Meer bankjes in het park;bewoner;;idee;Wat mist u?\r\n"
    "Maak de portieken schoon;Kerkgemeente De Brug;Woningcorporatie Lindenhof;;\r\n"
)


def csv_file(*rows: str, header: str = "inbreng;partij;aan;soort;vraag") -> bytes:
    """A CSV as Excel writes it in Dutch, of rows that are already separated by semicolons."""
    return "\r\n".join([header, *rows, ""]).encode("utf-8-sig")


def xlsx_file(*rows: list[object], change: Callable[[Worksheet], None] | None = None) -> bytes:
    """An XLSX of one sheet; `change` can still do something to that sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book.active)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(data: bytes, change: dict[str, Callable[[bytes], bytes]], add: dict[str, bytes] | None = None) -> bytes:
    """The archive with some parts changed or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change.get(name, bytes)(old.read(name)))
        for name, content in (add or {}).items():
            new.writestr(name, content)
    return stream.getvalue()


def archive(parts: dict[str, bytes]) -> bytes:
    """A zip file of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return stream.getvalue()


def png() -> bytes:
    """A picture of one grey pixel."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    size = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")


SHEET = "xl/worksheets/sheet1.xml"
ROWS = (["inbreng", "partij"], ["Meer groen", "bewoner"])


def entity_bomb(part: str) -> bytes:
    """An XLSX in which one part declares nine entities, each ten times the one before."""
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE worksheet [<!ENTITY e0 "groen">{levels}]>'.encode()

    def change(xml: bytes) -> bytes:
        root = xml.partition(b"?>")[2] if xml.startswith(b"<?xml") else xml
        return doctype + with_elements(b"<row><c t='inlineStr'><is><t>&e9;</t></is></c></row>")(root)

    return repacked(xlsx_file(*ROWS), {part: change})


def with_elements(xml: bytes) -> Callable[[bytes], bytes]:
    """Put this XML at the end of the rows of a sheet."""
    return lambda sheet: sheet.replace(b"</sheetData>", xml + b"</sheetData>")


def old_office(stream_name: str) -> bytes:
    """The head of an OLE file, in which a stream of this name stands."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream_name.encode("utf-16-le").ljust(512, b"\0")


def encrypted_zip() -> bytes:
    """An XLSX whose parts say that they are encrypted."""
    data = bytearray(xlsx_file(*ROWS))
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    return bytes(data)


def bad_files() -> list[tuple[str, str, bytes]]:
    """All of them: what is wrong, the name of the file, its content."""
    good_xlsx = xlsx_file(*ROWS)
    # Noise beside a bomb, so that neither its size nor its ratio gives it away.
    noise = {"xl/media/noise": random.Random(1).randbytes(200_000)}
    content_types = {"[Content_Types].xml": b"<Types/>"}
    return [
        # nothing in it
        ("empty", "leeg.csv", b""),
        ("only a BOM", "bom.csv", b"\xef\xbb\xbf"),
        ("only a UTF-16 BOM", "bom16.csv", b"\xff\xfe"),
        ("only newlines", "regels.csv", b"\r\n\r\n   \r\n"),
        ("only separators", "puntkommas.csv", b";;;;\r\n;;;;\r\n"),
        ("only a header", "kop.csv", csv_file()),
        ("only a header in XLSX", "kop.xlsx", xlsx_file(["inbreng", "partij"])),
        ("empty XLSX", "leeg.xlsx", xlsx_file()),
        ("rows of zero-width characters", "onzichtbaar.csv", csv_file("\u200b;\u2060;;;", "\ufeff\u3164;;;;")),
        # another kind of file
        ("binary", "lijst.csv", bytes(range(256)) * 40),
        ("binary without NUL", "lijst.csv", bytes(range(1, 128)) * 40),
        ("PNG", "foto.csv", png()),
        ("JPEG", "foto.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256))),
        ("PDF", "flap.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"),
        ("web page", "lijst.xls", b"<html><body><table><tr><td>inbreng</td></tr></table></body></html>"),
        ("XML of Excel 2003", "lijst.xml", b'<?xml version="1.0"?><Workbook/>'),
        ("RTF", "lijst.rtf", rb"{\rtf1\ansi inbreng}"),
        ("JSON", "lijst.json", b'[{"inbreng": "Meer groen"}]'),
        ("old XLS", "lijst.xls", old_office("Workbook")),
        ("old DOC", "lijst.doc", old_office("WordDocument")),
        ("XLSX with a password", "geheim.xlsx", old_office("EncryptedPackage")),
        ("DOCX", "flap.docx", archive(content_types | {"word/document.xml": b"<document/>"})),
        ("PPTX", "flap.pptx", archive(content_types | {"ppt/presentation.xml": b"<presentation/>"})),
        ("ODS", "lijst.ods", archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"})),
        ("zip", "lijst.zip", archive({"lijst.csv": csv_file("Meer groen;;;;")})),
        ("empty zip", "lijst.xlsx", archive({})),
        ("XLSX with macros", "lijst.xlsm", repacked(good_xlsx, {}, {"xl/vbaProject.bin": b"macro"})),
        ("XLSB", "lijst.xlsb", archive(content_types | {"xl/workbook.bin": b"book"})),
        ("encrypted zip", "lijst.xlsx", encrypted_zip()),
        # letters that can't be read
        ("UTF-16 without BOM", "lijst.csv", GOOD_CSV.encode("utf-16-le")),
        ("UTF-16 big endian without BOM", "lijst.csv", GOOD_CSV.encode("utf-16-be")),
        ("UTF-32", "lijst.csv", GOOD_CSV.encode("utf-32")),
        ("half a UTF-16", "lijst.csv", GOOD_CSV.encode("utf-16")[:-1]),
        ("NUL in a cell", "lijst.csv", csv_file("Meer\0groen;;;;")),
        ("NUL in UTF-16", "lijst.csv", csv_file("Meer\0groen;;;;").decode("utf-8-sig").encode("utf-16")),
        ("UTF-8 and Windows-1252 mixed", "lijst.csv", csv_file("Ideeën;;;;") + "Cafés;;;;\r\n".encode("cp1252")),
        ("UTF-8 encoded twice", "lijst.csv", csv_file("Ideeën van € 5;;;;".encode().decode("cp1252"))),
        ("MS-DOS letters", "lijst.csv", csv_file("Ideeën;;;;").decode("utf-8-sig").encode("cp850")),
        ("letters without a meaning", "lijst.csv", b"inbreng\r\nGroen \x81 \x8d \x8f \xff\r\n"),
        ("a lost letter", "lijst.csv", csv_file("Idee\ufffdn;;;;")),
        # too much
        ("100,000 rows", "groot.csv", csv_file(*["Meer groen;;;;"] * 100_000)),
        ("5,001 rows in XLSX", "groot.xlsx", xlsx_file(["inbreng"], *[["Meer groen"]] * 5_001)),
        ("500 columns", "breed.csv", csv_file("x", header=";".join(f"k{n}" for n in range(500)))),
        ("500 columns in XLSX", "breed.xlsx", xlsx_file([f"k{n}" for n in range(500)], ["x"] * 500)),
        ("file of 11 MB", "zwaar.csv", csv_file("a" * 11 * 1024 * 1024)),
        ("cell of almost 10 MB", "zwaar.csv", csv_file("a" * (10 * 1024 * 1024 - 100))),
        ("cell of 6,000 characters", "cel.csv", csv_file("Meer groen;;;;", "a" * 6_000)),
        ("cell of 6,000 characters in XLSX", "cel.xlsx", xlsx_file(["inbreng"], ["a" * 6_000])),
        ("a million separators", "breed.csv", csv_file("Meer groen" + ";" * 1_000_000 + "x")),
        # XLSX made to harm
        ("zip bomb", "bom.xlsx", repacked(good_xlsx, {}, {"xl/media/image1.png": bytes(100 * 1024 * 1024)})),
        ("zip bomb in the sheet", "bom.xlsx", repacked(good_xlsx, {SHEET: with_elements(b"<row/>" * 6_000_000)})),
        (
            "900,000 elements",
            "bom.xlsx",
            repacked(good_xlsx, {SHEET: with_elements(b"<row><c/></row>" * 450_000)}, noise),
        ),
        (
            "row of 20,000 cells",
            "bom.xlsx",
            repacked(good_xlsx, {SHEET: with_elements(b"<row>" + b"<c/>" * 20_000 + b"</row>")}),
        ),
        (
            "110,000 styles",
            "bom.xlsx",
            repacked(
                good_xlsx,
                {"xl/styles.xml": lambda xml: xml.replace(b"</cellXfs>", b"<xf/>" * 110_000 + b"</cellXfs>")},
                noise,
            ),
        ),
        ("deep nesting", "bom.xlsx", repacked(good_xlsx, {SHEET: with_elements(b"<a>" * 5_000 + b"</a>" * 5_000)})),
        ("entity bomb in the sheet", "bom.xlsx", entity_bomb(SHEET)),
        ("entity bomb in the workbook", "bom.xlsx", entity_bomb("xl/workbook.xml")),
        ("truncated XLSX", "half.xlsx", good_xlsx[: len(good_xlsx) // 2]),
        ("XLSX without its sheet", "half.xlsx", archive(content_types)),
        ("XLSX with half a sheet", "half.xlsx", repacked(good_xlsx, {SHEET: lambda xml: xml[:-40]})),
        (
            "XLSX with text beyond its table of strings",
            "half.xlsx",
            repacked(
                good_xlsx,
                {SHEET: with_elements(b"<row r='3'><c r='A3' t='s'><v>99</v></c></row>")},
            ),
        ),
        ("formula", "formule.xlsx", xlsx_file(["inbreng"], ["Meer groen"], ['=A2&" en bankjes"'])),
        ("error of Excel", "fout.xlsx", xlsx_file(["inbreng"], ["#N/A"])),
        # a list that isn't right
        ("missing column", "lijst.csv", csv_file("bewoner;idee", header="partij;soort")),
        ("unknown column", "lijst.csv", csv_file("Meer groen;ja", header="inbreng;partei")),
        ("all columns in one cell", "lijst.csv", csv_file('"Meer groen,bewoner"', header='"inbreng,partij"')),
        ("duplicate header", "lijst.csv", csv_file("Meer groen;Minder auto's", header="inbreng;Inbreng ")),
        ("two words for one column", "lijst.csv", csv_file("Meer groen;Minder auto's", header="inbreng;opmerking")),
        ("text under no header", "lijst.csv", csv_file("Meer groen; minder auto's", header="inbreng;")),
        ("more cells than columns", "lijst.csv", csv_file("Groen, schoon en veilig,bewoner", header="inbreng,partij")),
        ("quote never closed", "lijst.csv", csv_file('"Meer groen;;;;', "Minder auto's;;;;")),
        ("quote too many", "lijst.csv", csv_file('"Meer" groen;;;;')),
        ("unknown party", "lijst.csv", csv_file("Meer groen;Kerk De Brug;;;")),
        ("addressed to an unknown party", "lijst.csv", csv_file("Meer groen;;Politie;;")),
        ("addressed to residents", "lijst.csv", csv_file("Doe mee;;bewoners;;")),
        ("expectation addressed to nobody", "lijst.csv", csv_file("Meer groen;;;verwachting;")),
        ("idea addressed to a party", "lijst.csv", csv_file("Meer groen;;Gemeente Voorbeeldstad;idee;")),
        ("unknown kind", "lijst.csv", csv_file("Meer groen;;;klagt;")),
        ("no text", "lijst.csv", csv_file("Meer groen;;;;", ";Gemeente Voorbeeldstad;;idee;")),
        ("text of 2,001 characters", "lijst.csv", csv_file("a" * 2_001)),
        ("question of 301 characters", "lijst.csv", csv_file("Meer groen;;;;" + "a" * 301)),
        ("hostile party name", "lijst.csv", csv_file("Meer groen;\u202e<script>alert(1)</script>\u200b;;;")),
    ]
