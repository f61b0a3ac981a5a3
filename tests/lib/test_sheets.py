"""Reading lists from CSV and XLSX. More files that are refused are in tests/trajectories."""

import csv
import datetime
import io

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.constants import SHEET_MAIN_NS

from tests.trajectories.bad_files import SHEET, archive, csv_file, repacked, with_elements, xlsx_file
from thuiswijk.lib.sheets import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Row, Sheet, SheetError, read_sheet


def refusal(data: bytes, name: str = "lijst.csv") -> str:
    with pytest.raises(SheetError) as caught:
        read_sheet(data, name=name)
    return str(caught.value)


def values(data: bytes) -> list[list[str]]:
    return [list(row.cells.values()) for row in read_sheet(data, name="lijst").rows]


def excel_file(rows: bytes, texts: list[str]) -> bytes:
    """The least that is an XLSX, with its texts in a table of their own: as Excel does, and openpyxl doesn't."""
    main, office = SHEET_MAIN_NS, "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f"""<Types xmlns="{package}/content-types">
            <Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>
            <Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>
            <Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/></Types>""",
        "xl/workbook.xml": f"""<workbook xmlns="{main}" xmlns:r="{office}"><sheets>
            <sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets></workbook>""",
        "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{package}/relationships">
            <Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>""",
        "xl/sharedStrings.xml": f"<sst xmlns='{main}'>{''.join(f'<si>{text}</si>' for text in texts)}</sst>",
        SHEET: f"<worksheet xmlns='{main}'><sheetData>{rows.decode()}</sheetData></worksheet>",
    }
    return archive({name: part.encode() for name, part in parts.items()})


# --- CSV --------------------------------------------------------------------------------------------------------------
def test_csv_gives_header_and_rows() -> None:
    assert read_sheet(b"\r\nNaam;Kleur;\r\nLinde;groen;\r\n;;\r\nEik\r\n", name="bomen.csv") == Sheet(
        ["Naam", "Kleur"], [Row(3, {"Naam": "Linde", "Kleur": "groen"}), Row(5, {"Naam": "Eik", "Kleur": ""})]
    )


@pytest.mark.parametrize("line", ["sep=|\r\n", '"sep=|"\n', "SEP=|\r"])
def test_csv_with_a_separator_line(line: str) -> None:
    sheet = read_sheet(f"{line}a|b;c\r\n1|2\r\n".encode(), name="lijst.csv")
    assert sheet == Sheet(["a", "b;c"], [Row(2, {"a": "1", "b;c": "2"})])


def test_csv_separator_follows_from_the_header_outside_quotes() -> None:
    assert read_sheet(b'"a;b;c",d\r\n"x;y",z;z\r\n', name="lijst.csv").rows == [Row(2, {"a;b;c": "x;y", "d": "z;z"})]


def test_csv_of_the_largest_size_is_read() -> None:
    header = ";".join(f"k{n}" for n in range(MAX_COLUMNS))
    sheet = read_sheet(csv_file("a" * MAX_CELL, *["x"] * (MAX_ROWS - 1), header=header), name="lijst.csv")
    assert (len(sheet.header), len(sheet.rows), sheet.rows[-1].number) == (MAX_COLUMNS, MAX_ROWS, MAX_ROWS + 1)


# --- XLSX -------------------------------------------------------------------------------------------------------------
def test_xlsx_cells_read_as_dutch_excel_shows_them() -> None:
    row = [
        3,
        3.0,
        2.5,
        0.1 + 0.2,
        1_000_000,
        True,
        False,
        None,
        datetime.date(2026, 3, 9),
        datetime.datetime(2026, 3, 9, 19, 30),
        datetime.time(9, 5),
        datetime.timedelta(hours=30, minutes=5),
        "007",
        " spatie ",
        "een\ntwee",
        "_x000D_\nx",
    ]
    assert values(xlsx_file([f"k{n}" for n in range(len(row))], row)) == [
        [
            "3",
            "3",
            "2,5",
            "0,3",
            "1000000",
            "WAAR",
            "ONWAAR",
            "",
            "09-03-2026",
            "09-03-2026 19:30",
            "09:05",
            "30:05",
            "007",
            " spatie ",
            "een\ntwee",
            "\nx",
        ]
    ]


def test_xlsx_as_excel_writes_it_with_a_table_of_texts() -> None:
    rows = b"<row r='2'><c r='B2' t='s'><v>1</v></c></row><row r='4'><c r='B4' t='s'><v>0</v></c></row>"
    texts = ["<r><t>Meer </t></r><r><rPr><b/></rPr><t>groen</t></r>", "<t>inbreng</t>"]
    assert read_sheet(excel_file(rows, texts), name="lijst.xlsx") == Sheet(
        ["inbreng"], [Row(4, {"inbreng": "Meer groen"})], "Blad1"
    )


def test_xlsx_takes_the_first_visible_sheet_with_content() -> None:
    book = openpyxl.Workbook()
    hidden, filled, last = book.create_sheet("Verborgen"), book.create_sheet("Flappen"), book.create_sheet("Later")
    for sheet in (hidden, filled, last):
        sheet["B3"], sheet["B5"] = "inbreng", f"van {sheet.title}"
    hidden.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    sheet = read_sheet(stream.getvalue(), name="lijst.xlsx")
    assert sheet == Sheet(["inbreng"], [Row(5, {"inbreng": "van Flappen"})], "Flappen")


def test_xlsx_cell_merged_downwards_holds_for_each_filled_row() -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("B2:B4")
        sheet.merge_cells("A5:B5")
        sheet.merge_cells("A6:A8")

    rows = [["inbreng", "partij"], ["groen", "De Brug"], ["licht", None], ["rust", None], ["samen"], ["los"]]
    assert values(xlsx_file(*rows, change=merge)) == [
        ["groen", "De Brug"],
        ["licht", "De Brug"],
        ["rust", "De Brug"],
        ["samen", ""],
        ["los", ""],
    ]


def test_xlsx_with_a_merged_title_of_a_column_keeps_the_title_to_itself() -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("A1:A2")

    assert values(xlsx_file(["inbreng", "partij"], [None, "De Brug"], change=merge)) == [["", "De Brug"]]


def test_xlsx_with_formatting_far_below_and_a_false_size_is_read() -> None:
    far = with_elements(b"<row r='1048576'><c r='XFD1048576' s='0'/></row>")
    data = repacked(
        xlsx_file(["inbreng"], ["groen"]),
        {SHEET: lambda xml: far(xml).replace(b'<dimension ref="A1:A2"', b'<dimension ref="A1:A1"')},
    )
    assert values(data) == [["groen"]]


def test_xlsx_row_number_beyond_all_bounds_ends_the_list() -> None:
    far = with_elements(b"<row r='99999999999999'><c t='inlineStr'><is><t>ver</t></is></c></row>")
    assert values(repacked(xlsx_file(["inbreng"], ["groen"]), {SHEET: far})) == [["groen"]]


# --- the sentences ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            csv_file(*["x"] * 100_000),
            "Deze lijst heeft 100.000 regels. Er passen er 5.000 in één bestand: regel 5002 is de eerste te veel.",
        ),
        (
            csv_file("x", header=";".join(f"k{n}" for n in range(500))),
            "Deze lijst heeft 500 kolommen. Er passen er 50 in.",
        ),
        (csv_file("x", "y;" + "a" * 6_000), "Regel 3: de cel in kolom B heeft 6.000 tekens. Er passen er 5.000 in."),
        (csv_file("a" * 200_000), "Regel 2: één cel heeft meer dan 131.072 tekens. Er passen er 5.000 in."),
        (b"a" * (11 * 1024 * 1024), 'Het bestand "lijst.csv" is te groot: 11 MB. Een bestand mag hoogstens 10 MB'),
        (csv_file("x", header="Inbreng;soort;in breng"), 'De kolom "in breng" komt twee keer voor: kolom A en kolom C'),
        (csv_file("x;y;z", header="a;b"), 'Regel 2: in kolom C staat "z", maar die kolom heeft geen naam.'),
        (csv_file("x", '"y', "z", header="a"), 'Regel 3: de aanhalingstekens (") kloppen niet'),
        (csv_file("x\0", header="a"), "Regel 2 van dit bestand bevat tekens die geen tekst zijn (NUL)."),
        (csv_file(header="a"), "Alleen regel 1 met de namen van de kolommen is gevuld."),
        ("inbreng\r\ngroen\r\n".encode("utf-16-le"), "Dit bestand lijkt UTF-16, maar het teken aan het begin"),
        (
            "inbreng\r\ngroen\r\nmijn ideeën zijn\r\n".encode("cp850"),
            'Regel 3: hier staan vreemde tekens, bij "mijn idee‰n zijn".',
        ),
        ("inbreng\r\nmijn ideeÃ«n\r\n".encode(), 'Regel 2: hier staan vreemde tekens, bij "mijn ideeÃ«n".'),
        (xlsx_file(["a", "b"], ["x", "=1+1"]), "In cel B2 staat een formule."),
        (xlsx_file(["a", "b"], ["x", "#N/A"]), "In cel B2 staat een foutmelding van Excel (#N/A)."),
        (b"%PDF-1.7\n", "Dit is een PDF. Daar kunnen wij geen lijst uit lezen. Sla uw lijst op als CSV of Excel"),
    ],
)
def test_refusal_names_figures_and_places(data: bytes, sentence: str) -> None:
    assert refusal(data).startswith(sentence)


def test_refusal_for_size_comes_before_unpacking() -> None:
    padding = {"xl/media/a.bin": bytes(61 * 1024 * 1024)}
    assert "uitgepakt te groot" in refusal(repacked(xlsx_file(["a"], ["x"]), {}, padding))
    assert "te groot" in refusal(repacked(xlsx_file(["a"], ["x"]), {}, {f"xl/media/{n}": b"" for n in range(1_001)}))


def test_refusal_of_many_equal_texts_in_xlsx() -> None:
    header = b"<row>" + b"".join(b"<c><v>%d</v></c>" % n for n in range(50)) + b"</row>"
    row = b"<row>" + b"<c t='s'><v>0</v></c>" * 50 + b"</row>"
    data = excel_file(header + row * 41, [f"<t>{'a' * MAX_CELL}</t>"])
    assert refusal(data).startswith("De cellen tot en met regel 42 hebben samen al 10.250.000 tekens.")


@pytest.mark.parametrize("name", ["", "../../etc/lijst.csv", "C:\\Map\\lijst.csv", "\u202elijst\0.csv\n" * 20])
def test_refusal_shows_no_more_than_a_short_file_name(name: str) -> None:
    sentence = refusal(b"", name)
    assert sentence.endswith("is leeg. Kijk of u het goede bestand koos en of het is opgeslagen.")
    assert len(sentence) < 160
    assert not {"/", "\\", "\0", "\n", "\u202e"} & set(sentence)


def test_document_of_libreoffice_is_named_before_its_parts_are_unpacked() -> None:
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    assert "LibreOffice (.ods)" in refusal(archive({"mimetype": kind, "content.xml": bytes(70 * 1024 * 1024)}))


def test_csv_limit_of_the_csv_module_is_left_alone() -> None:
    before = csv.field_size_limit()
    refusal(csv_file("a" * 200_000))
    assert csv.field_size_limit() == before
