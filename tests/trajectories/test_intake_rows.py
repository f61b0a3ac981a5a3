"""Reading flip-overs that were typed over: what is right comes in as it was, what is wrong gives a sentence."""

import csv
import io
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trajectories.bad_files import GOOD_CSV, PARTIES, bad_files, csv_file, xlsx_file
from thuiswijk.lib.sheets import SheetError
from thuiswijk.lib.text import clean
from trajectories.intake_rows import KINDS, MAX_TEXT, ReadRow, read_rows


def read(data: bytes, name: str = "lijst.csv") -> list[ReadRow]:
    return read_rows(data, name=name, parties=PARTIES)


def problems(*rows: str, header: str = "inbreng;partij;aan;soort;vraag") -> list[str]:
    return [problem for row in read(csv_file(*rows, header=header)) for problem in row.problems]


EXPECTED = [
    ReadRow(2, "Meer bankjes in het park", None, None, "idee", "Wat mist u?"),
    ReadRow(3, "Maak de portieken schoon", 2, 3, "verwachting", ""),
]


# --- what can't be taken in -------------------------------------------------------------------------------------------
BAD_FILES = bad_files()


@pytest.mark.parametrize(("filename", "data"), [bad[1:] for bad in BAD_FILES], ids=[bad[0] for bad in BAD_FILES])
def test_bad_file_gives_a_dutch_sentence_and_no_other_error(filename: str, data: bytes) -> None:
    try:
        sentences = [problem for row in read(data, filename) for problem in row.problems]
    except SheetError as error:
        sentences = [str(error)]
    assert sentences
    for sentence in sentences:
        assert re.fullmatch(r"[A-ZÉ].*[.?]", sentence), sentence
        assert len(sentence) < 400
        assert clean(sentence) == sentence
        assert re.search(r"\b(de|het|een|Dit|in|er)\b", sentence)


def test_bad_file_gives_the_same_sentence_twice() -> None:
    def sentence(data: bytes) -> str:
        with pytest.raises(SheetError) as caught:
            read(data)
        return str(caught.value)

    for name, _, data in BAD_FILES[:30]:
        assert sentence(data) == sentence(data), name


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            csv_file("x;y", header="inbreng;partei"),
            'De kolom "partei" kennen we niet. Bedoelde u "partij"? De kolommen die we kennen zijn: inbreng, partij, aan, '
            "soort en vraag. Verander de naam op de eerste regel of haal de kolom weg.",
        ),
        (
            csv_file("bewoner;idee", header="partij;soort"),
            'De kolom "inbreng" ontbreekt. Noem de kolom met wat er gezegd is "inbreng". De andere kolommen mogen, maar '
            "hoeven niet: partij, aan, soort en vraag.",
        ),
        (
            csv_file("a;b", header="inbreng;tekst"),
            'De kolommen "inbreng" en "tekst" betekenen hetzelfde: inbreng. Haal één van de twee weg.',
        ),
        (
            csv_file('"Groen,bewoner"', header='"inbreng,partij"'),
            'De namen van alle kolommen staan samen in één cel: "inbreng,partij". Zet iedere kolom in een eigen cel of '
            "sla uw lijst op als Excel (.xlsx).",
        ),
    ],
)
def test_columns_wrong(data: bytes, sentence: str) -> None:
    with pytest.raises(SheetError) as caught:
        read(data)
    assert str(caught.value) == sentence


def test_missing_column_in_xlsx_names_the_sheet() -> None:
    with pytest.raises(SheetError, match='De kolom "inbreng" ontbreekt op blad "Sheet"'):
        read(xlsx_file(["partij"], ["bewoner"]))


def test_party_unknown_names_the_nearest() -> None:
    assert problems("Meer groen;;;;", "Kom langs;Kerk De Brug;;;") == [
        'Regel 3: de partij "Kerk De Brug" kennen we niet in dit traject. Bedoelde u "Kerkgemeente De Brug"? Pas de '
        "naam aan of voeg de partij eerst toe."
    ]


def test_party_unknown_and_like_none() -> None:
    assert problems("Kom langs;Politie;;;") == [
        'Regel 2: de partij "Politie" kennen we niet in dit traject. Pas de naam aan of voeg de partij eerst toe.'
    ]


def test_party_name_that_fits_two_is_asked() -> None:
    parties = {"De Brug": 1, "Debrug": 2}
    [exact, unsure] = read_rows(csv_file("Groen;Debrug;;;", "Groen;DE BRUG;;;"), name="lijst.csv", parties=parties)
    assert (exact.said_by, exact.problems) == (2, [])
    assert unsure.said_by is None
    assert unsure.problems == [
        'Regel 3: de partij "DE BRUG" kan er meer dan één zijn. Schrijf precies "De Brug" of "Debrug".'
    ]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (
            "Meer groen;;;klagt;",
            'de soort "klagt" kennen we niet. Kies opmerking, verwachting, signaal, idee of behoefte, of laat de '
            "cel leeg.",
        ),
        (
            "Meer groen;;;ideeen;",
            'de soort "ideeen" kennen we niet. Bedoelde u "idee"? Kies opmerking, verwachting, signaal, idee of '
            "behoefte, of laat de cel leeg.",
        ),
        (
            "Meer groen;;Café Zonnehof;idee;",
            'in de kolom "aan" staat een partij, maar de soort is "idee". Alleen een verwachting is aan een '
            'partij gericht. Maak er een verwachting van of maak de cel in de kolom "aan" leeg.',
        ),
        (
            "Meer groen;;;verwachting;",
            'bij een verwachting hoort een partij in de kolom "aan". Vul in van welke partij dit verwacht wordt '
            "of kies een andere soort.",
        ),
        (
            ";;;idee;",
            'de kolom "inbreng" is leeg, maar andere cellen in deze regel zijn gevuld. Vul in wat er gezegd is '
            "of maak de hele regel leeg.",
        ),
        (
            "Doe mee;;bewoners;;",
            'in de kolom "aan" staat "bewoners", maar bewoners zijn geen partij in dit traject. Vul een partij '
            "in of maak de cel leeg.",
        ),
        (
            "a" * 2001,
            'de tekst in de kolom "inbreng" heeft 2.001 tekens. Er passen er 2.000 in. Maak de tekst korter of '
            "verdeel die over meer regels.",
        ),
        (
            "Groen;;;;" + "a" * 301,
            'de tekst in de kolom "vraag" heeft 301 tekens. Er passen er 300 in. Maak de vraag korter.',
        ),
    ],
)
def test_row_wrong(row: str, sentence: str) -> None:
    assert problems(row) == [f"Regel 2: {sentence}"]


def test_row_wrong_in_many_ways_gives_a_sentence_for_each() -> None:
    assert len(problems(";Politie;Brandweer;idee;")) == 4  # no text, two parties, and an idea addressed to one


def test_row_wrong_keeps_what_was_read() -> None:
    [row] = read(csv_file("Meer groen;Politie;Café Zonnehof;;Wat mist u?"))
    assert (row.text, row.said_by, row.addressed_to, row.kind, row.question) == (
        "Meer groen",
        None,
        4,
        "verwachting",
        "Wat mist u?",
    )


# --- what can be taken in ---------------------------------------------------------------------------------------------
GOOD_FILES = {
    "semicolons, BOM": GOOD_CSV.encode("utf-8-sig"),
    "no BOM": GOOD_CSV.encode(),
    "commas": GOOD_CSV.replace(";", ",").encode(),
    "tabs": GOOD_CSV.replace(";", "\t").encode(),
    "UTF-16": GOOD_CSV.encode("utf-16"),
    "UTF-16 big endian": b"\xfe\xff" + GOOD_CSV.encode("utf-16-be"),
    "old Mac newlines": GOOD_CSV.replace("\r\n", "\r").encode(),
    "no newline at the end": GOOD_CSV.rstrip().encode(),
    "sep": b"sep=;\r\n" + GOOD_CSV.encode(),
    "empty rows at the end": GOOD_CSV.encode() + b";;;;\r\n" * 20,
    "header in other words": GOOD_CSV.replace("inbreng;partij;aan;soort", " Tekst ;VAN;A A N;Type").encode(),
    "XLSX": xlsx_file(*[row.split(";") for row in GOOD_CSV.splitlines()]),
}


@pytest.mark.parametrize("data", GOOD_FILES.values(), ids=GOOD_FILES)
def test_good_file_is_read(data: bytes) -> None:
    assert read(data) == EXPECTED


def test_good_file_by_content_whatever_its_name() -> None:
    assert read(GOOD_FILES["XLSX"], "lijst.csv") == read(GOOD_FILES["commas"], "lijst.xlsx") == EXPECTED


def test_windows_1252_is_read() -> None:
    [row] = read("inbreng;partij\r\nIdeeën voor € 5, “echt” \u2013 zei André;CAFE zonnehof\r\n".encode("cp1252"))
    assert (row.text, row.said_by, row.problems) == ("Ideeën voor € 5, “echt” \u2013 zei André", 4, [])


def test_columns_in_any_order() -> None:
    [row] = read(csv_file("idee;Meer groen;Café Zonnehof", header="soort;inbreng;partij"))
    assert row == ReadRow(2, "Meer groen", 4, None, "idee", "")


def test_only_inbreng_is_needed_and_its_text_may_hold_separators() -> None:
    rows = read(csv_file("Meer groen, minder auto's; en bankjes", "Licht", header="inbreng"))
    assert [row.text for row in rows] == ["Meer groen, minder auto's; en bankjes", "Licht"]


def test_cell_with_newlines_and_quotes_counts_as_one_row() -> None:
    rows = read(csv_file('"Er staat: ""verboden"";\nweg ermee\r\n\n\n\necht";;;;', "", "Meer groen;;;;"))
    assert [(row.number, row.text) for row in rows] == [
        (2, 'Er staat: "verboden";\nweg ermee\n\necht'),
        (4, "Meer groen"),
    ]


def test_empty_rows_are_skipped_and_numbers_stay() -> None:
    rows = read(csv_file("", "Meer groen;;;;", ";;;;", " \u200b;\u00a0;;;", "Licht;;;;"))
    assert [row.number for row in rows] == [3, 6]


@pytest.mark.parametrize(
    "name",
    ["Café Zonnehof", "cafe zonnehof", "CAFÉ  ZONNEHOF", "Cafe\u0301 Zonnehof\t", "cafézonnehof", "Café\u200bZonnehof"],
)
def test_party_is_found_whatever_capitals_spaces_and_accents(name: str) -> None:
    [row] = read(csv_file(f'Meer groen;"{name}";;;'))
    assert (row.said_by, row.problems) == (4, [])


@pytest.mark.parametrize("name", ["", "bewoner", "Bewoners", "INWONER", " inwoners "])
def test_resident_is_no_party(name: str) -> None:
    [row] = read(csv_file(f"Meer groen;{name};;;"))
    assert (row.said_by, row.problems) == (None, [])


def test_party_called_residents_is_a_party() -> None:
    file, parties = csv_file("Groen;bewoners;Kerk;;", "Rust;Kerk;Bewoners;;"), {"Bewoners": 9, "Kerk": 4}
    said, wanted = read_rows(file, name="lijst.csv", parties=parties)
    assert (said.said_by, wanted.addressed_to, said.problems + wanted.problems) == (9, 9, [])


@pytest.mark.parametrize("kind", KINDS)
def test_kind_is_found_whatever_its_capitals(kind: str) -> None:
    addressed = "Café Zonnehof" if kind == "verwachting" else ""
    [row] = read(csv_file(f"Meer groen;;{addressed}; {kind.upper()} ;"))
    assert (row.kind, row.problems) == (kind, [])


def test_text_as_long_as_may_be_is_read() -> None:
    [row] = read(csv_file("é" * MAX_TEXT + "   "))
    assert (len(row.text), row.problems) == (MAX_TEXT, [])


def test_formula_in_csv_is_text() -> None:
    [row] = read(csv_file("=1+1;;;;"))
    assert (row.text, row.problems) == ("=1+1", [])


def test_emoji_family_comes_through() -> None:
    [row] = read(csv_file("Fijn 👨‍👩‍👧‍👦 ❤️‍🔥;;;;"))
    assert row.text == "Fijn 👨‍👩‍👧‍👦 ❤️‍🔥"


def test_emoji_in_cesu_8_comes_through() -> None:
    [row] = read(b"inbreng\r\nFijn \xed\xa0\xbd\xed\xb8\x80\r\n")
    assert row.text == "Fijn 😀"


# Letters that are left of a wrong encoding are refused on purpose, so they can't come through.
REFUSED = "Ãâ\ufffd\u0192\u201a„\u02c6‰\u2039\u02dc\u203aŠŒŽŸ"
TYPED = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters=REFUSED)
    | st.sampled_from(' ;,\t"\n=é€'),
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(TYPED, min_size=1, max_size=5),
    delimiter=st.sampled_from(";,\t"),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]),
    lineterminator=st.sampled_from(["\r\n", "\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_roundtrip_of_any_csv(
    texts: list[str], delimiter: str, quoting: int, lineterminator: str, encoding: str
) -> None:
    if lineterminator == "\r":  # Python's writer then leaves a bare newline in a cell unquoted, and no reader can know
        quoting = csv.QUOTE_ALL
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, quoting=quoting, lineterminator=lineterminator)
    writer.writerow(["partij", "inbreng"])
    writer.writerows(["bewoner", text] for text in texts)
    rows = read(stream.getvalue().encode(encoding))
    assert [row.text for row in rows] == [clean(text) for text in texts]
    assert [row.number for row in rows] == list(range(2, len(texts) + 2))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda tail: b"inbreng;partij\r\n" + tail))
def test_any_bytes_give_rows_or_a_sentence(data: bytes) -> None:
    try:
        rows = read(data)
    except SheetError as error:
        assert str(error)
    else:
        assert all(row.problems or 0 < len(row.text) <= MAX_TEXT for row in rows)
        assert all(unicodedata.is_normalized("NFC", row.text) for row in rows)


def test_party_that_expects_something_of_itself_is_a_problem():
    party = next(iter(PARTIES))
    (problem,) = problems(f"Wij doen het;{party};{party};;")
    assert problem.startswith("Regel 2: ")
    assert "Een partij verwacht niets van zichzelf." in problem
