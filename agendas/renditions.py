"""A frozen version in other shapes than the document: its points as a sheet, one row for what each party does on a point."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from agendas.models import Commitment

HEAD = [
    "punt", "thema", "wat er beter wordt", "waarom", "eerste stap", "klaar op", "waaraan wij het merken", "wat ervoor nodig is",
    "partij", "rol", "in eigen woorden",
]  # fmt: skip
ROLES = dict(Commitment.Role.choices)
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def points_csv(content: dict[str, Any]) -> bytes:
    """The points as CSV that a Dutch spreadsheet opens by itself: UTF-8 with a mark, semicolons (RFC 4180 but for those)."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([HEAD, *([_plain(value) for value in row] for row in _rows(content))])
    return out.getvalue().encode("utf-8-sig")


def points_xlsx(content: dict[str, Any]) -> bytes:
    """The same as a workbook with one sheet; every cell is text, so that nothing in it is ever calculated."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    sheet.title, sheet.freeze_panes = "Verbeterpunten", "A2"
    for number, row in enumerate([HEAD, *_rows(content)], start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(number, place)
            cell.value, cell.data_type = value, "s"
            cell.alignment, cell.font = Alignment(wrap_text=True, vertical="top"), Font(bold=number == 1)
    for column, width in zip("ABCDEFGHIJK", (7, 20, 34, 40, 30, 12, 30, 30, 28, 20, 44), strict=True):
        sheet.column_dimensions[column].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows(content: dict[str, Any]) -> Iterator[list[str]]:
    """A row for each commitment, in the order of the document; a point without any has one as well."""
    themes = {theme["number"]: theme["name"] for theme in content["themes"]}
    names = {party["id"]: party["name"] for party in content["parties"]}
    for point in content["points"]:
        told = [
            point["number"], themes.get(point["theme"], ""), point["title"], point["why"], point["first_step"],
            point["ready_on"] or "", point["noticed_by"], point["means"],
        ]  # fmt: skip
        for one in point["commitments"]:
            yield [*told, names[one["party"]], ROLES[one["role"]], one["text"]]
        if not point["commitments"]:
            yield [*told, "", "", ""]


def _plain(value: str) -> str:
    """A cell of a CSV that no spreadsheet takes for a formula (OWASP: CSV injection)."""
    return f"'{value}" if value.startswith(BEGINS_A_FORMULA) else value
