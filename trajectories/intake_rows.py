"""What was written on flip-overs, typed over in Excel: from a file to rows to take in, with what is wrong in each.

Knows the columns and the words in them, and no database: the parties of the trajectory come in as names, and what goes
out can be shown before anything is stored.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from thuiswijk.lib.sheets import MAX_ROWS, Row, Sheet, SheetError, read_sheet
from thuiswijk.lib.text import clean, in_brief

MAX_TEXT = 2000
MAX_QUESTION = 300
KINDS = ("opmerking", "verwachting", "signaal", "idee", "behoefte")
COLUMNS = ("inbreng", "partij", "aan", "soort", "vraag")
SYNONYMS = {"opmerking": "inbreng", "tekst": "inbreng", "van": "partij", "type": "soort"}
RESIDENTS = ("bewoner", "bewoners", "inwoner", "inwoners")


@dataclass(frozen=True)
class ReadRow:
    """One inbreng as read. `number` is the row in Excel; parties are ids, and `said_by` None is a resident.

    `problems` are Dutch sentences that each stand alone. A row with problems can be shown, but must not be taken in.
    """

    number: int
    text: str
    said_by: int | None
    addressed_to: int | None
    kind: str
    question: str
    problems: list[str] = field(default_factory=list)


def read_rows(data: bytes, *, name: str, parties: Mapping[str, int]) -> list[ReadRow]:
    """Read the filled rows of a CSV or XLSX file.

    `name` is the file's name, `parties` the names of the trajectory's parties with their ids. Raises SheetError, with a
    Dutch sentence, where the file as a whole can't be used; what is wrong with one row stands in its `problems`.
    """
    sheet = read_sheet(data, name=name)
    columns = _columns(sheet)
    known = _Names(parties)
    rows = [_row(row.number, cells, known) for row in sheet.rows if any((cells := _cells(row, columns)).values())]
    if not rows:
        raise SheetError("Onder de namen van de kolommen staat geen tekst. Zet daaronder wat er gezegd is.")
    return rows


def read_lines(text: str, *, parties: Mapping[str, int]) -> list[ReadRow]:
    """Read what somebody pasted: one inbreng a line, or a table out of a spreadsheet, with "inbreng" above one of its columns.

    Raises SheetError as `read_rows` does, and says what is wrong with one line in its `problems`.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if clean(line)]
    if not lines:
        raise SheetError("Er staat nog niets. Plak of typ wat er gezegd is, één inbreng op een regel.")
    if any(_key(cell) == "inbreng" for cell in re.split("[\t;]", lines[0][1])):
        return read_rows(text.encode("utf-8", "replace"), name="De geplakte tabel", parties=parties)
    if len(lines) > MAX_ROWS:
        raise SheetError(
            f"Dit zijn {_figure(len(lines))} regels. Er passen er {_figure(MAX_ROWS)} in één keer. Plak ze in delen."
        )
    known, columns = _Names(parties), {"inbreng": "inbreng"}
    return [_row(number, _cells(Row(number, {"inbreng": line}), columns), known) for number, line in lines]


def _columns(sheet: Sheet) -> dict[str, str]:
    """Which column of ours stands under which name in the file."""
    columns: dict[str, str] = {}
    for title in sheet.header:
        key = _key(title)
        column = SYNONYMS.get(key, key)
        if column not in COLUMNS:
            raise SheetError(_unknown_column(sheet, title))
        if column in columns:
            raise SheetError(
                f'De kolommen "{columns[column]}" en "{title}" betekenen hetzelfde: {column}. Haal één van de twee weg.'
            )
        columns[column] = title
    if "inbreng" not in columns:
        raise SheetError(
            f'De kolom "inbreng" ontbreekt{_on(sheet)}. Noem de kolom met wat er gezegd is "inbreng". De andere '
            "kolommen mogen, maar hoeven niet: partij, aan, soort en vraag."
        )
    return columns


def _unknown_column(sheet: Sheet, title: str) -> str:
    if len(sheet.header) == 1 and any(separator in title for separator in ",;\t|"):
        return (
            f'De namen van alle kolommen staan samen in één cel: "{title}". Zet iedere kolom in een eigen cel of sla '
            "uw lijst op als Excel (.xlsx)."
        )
    near = _nearest(_key(title), [*COLUMNS, *SYNONYMS])
    hint = f' Bedoelde u "{near}"?' if near else ""
    return (
        f'De kolom "{title}"{_on(sheet)} kennen we niet.{hint} De kolommen die we kennen zijn: inbreng, partij, aan, '
        "soort en vraag. Verander de naam op de eerste regel of haal de kolom weg."
    )


def _on(sheet: Sheet) -> str:
    return f' op blad "{sheet.title}"' if sheet.title else ""


def _cells(row: Row, columns: dict[str, str]) -> dict[str, str]:
    cells = {column: clean(row.cells[columns[column]]) if column in columns else "" for column in COLUMNS}
    return cells | {column: " ".join(cells[column].split()) for column in COLUMNS if column != "inbreng"}


def _row(number: int, cells: dict[str, str], parties: "_Names") -> ReadRow:
    problems: list[str] = []
    text, question = cells["inbreng"], cells["vraag"]
    if not text:
        problems.append(
            'de kolom "inbreng" is leeg, maar andere cellen in deze regel zijn gevuld. Vul in wat er gezegd is of '
            "maak de hele regel leeg."
        )
    if len(text) > MAX_TEXT:
        problems.append(
            f'de tekst in de kolom "inbreng" heeft {_figure(len(text))} tekens. Er passen er {_figure(MAX_TEXT)} in. '
            "Maak de tekst korter of verdeel die over meer regels."
        )
    if len(question) > MAX_QUESTION:
        problems.append(
            f'de tekst in de kolom "vraag" heeft {_figure(len(question))} tekens. Er passen er {MAX_QUESTION} in. '
            "Maak de vraag korter."
        )
    said_by = parties.find(cells["partij"], problems, residents_count=True)
    addressed_to = parties.find(cells["aan"], problems)
    if said_by is not None and said_by == addressed_to:
        problems.append(
            'in de kolommen "partij" en "aan" staat dezelfde partij. Een partij verwacht niets van zichzelf. Vul een '
            'andere partij in of maak de cel in de kolom "aan" leeg.'
        )
    kind = _kind(cells, problems)
    return ReadRow(number, text, said_by, addressed_to, kind, question, [f"Regel {number}: {it}" for it in problems])


def _kind(cells: dict[str, str], problems: list[str]) -> str:
    """The kind as written, else what follows from "aan": only an expectation is addressed to a party."""
    is_addressed = bool(cells["aan"])
    implied = "verwachting" if is_addressed else "opmerking"
    if not cells["soort"]:
        return implied
    kind = _key(cells["soort"])
    if kind not in KINDS:
        near = _nearest(kind, KINDS)
        hint = f'Bedoelde u "{near}"? ' if near else ""
        problems.append(
            f'de soort "{in_brief(cells["soort"])}" kennen we niet. {hint}Kies opmerking, verwachting, signaal, idee '
            "of behoefte, of laat de cel leeg."
        )
        return implied
    if is_addressed and kind != "verwachting":
        problems.append(
            f'in de kolom "aan" staat een partij, maar de soort is "{kind}". Alleen een verwachting is aan een partij '
            'gericht. Maak er een verwachting van of maak de cel in de kolom "aan" leeg.'
        )
    if kind == "verwachting" and not is_addressed:
        problems.append(
            'bij een verwachting hoort een partij in de kolom "aan". Vul in van welke partij dit verwacht wordt of '
            "kies een andere soort."
        )
    return kind


class _Names:
    """The parties of a trajectory, found by name whatever its capitals, spaces and accents."""

    def __init__(self, parties: Mapping[str, int]) -> None:
        self.exact = {clean(name): party for name, party in parties.items()}
        self.names: dict[str, list[str]] = {}
        for name in self.exact:
            self.names.setdefault(_key(name), []).append(name)
        self.near: dict[str, str] = {}

    def find(self, name: str, problems: list[str], *, residents_count: bool = False) -> int | None:
        """The id of the party, or None. Adds a problem where the name is filled in and isn't one of the parties."""
        key = _key(name)
        if not key or (residents_count and key in RESIDENTS and key not in self.names):
            return None
        if name in self.exact:
            return self.exact[name]
        matches = self.names.get(key, [])
        if len(matches) == 1:
            return self.exact[matches[0]]
        shown = in_brief(name)
        if matches:
            options = " of ".join(f'"{match}"' for match in matches)
            problems.append(f'de partij "{shown}" kan er meer dan één zijn. Schrijf precies {options}.')
        elif key in RESIDENTS:
            problems.append(
                f'in de kolom "aan" staat "{shown}", maar bewoners zijn geen partij in dit traject. Vul een partij in '
                "of maak de cel leeg."
            )
        else:
            if key not in self.near:
                self.near[key] = next(iter(self.names.get(_nearest(key, self.names), [])), "")
            hint = f'Bedoelde u "{self.near[key]}"? ' if self.near[key] else ""
            problems.append(
                f'de partij "{shown}" kennen we niet in dit traject. {hint}Pas de naam aan of voeg de partij eerst toe.'
            )
        return None


def _key(name: str) -> str:
    """The name without capitals, spaces and accents."""
    letters = unicodedata.normalize("NFKD", clean(name).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter) and not letter.isspace())


def _nearest(key: str, known: Iterable[str]) -> str:
    # Cut off, because comparing long texts takes the square of their length.
    return next(iter(difflib.get_close_matches(key[:100], list(known), n=1)), "")


def _figure(number: int) -> str:
    return f"{number:,}".replace(",", ".")
