"""The points of a version as a sheet, read back by what a spreadsheet would read."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from django.urls import reverse

from agendas import renditions, versions
from agendas.models import Commitment
from stakeholders.models import Download
from tests.agendas.example_document import example_content
from tests.factories import PointFactory, complete_agenda


def from_csv(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def from_xlsx(data: bytes) -> list[list[str]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    return [[value or "" for value in row] for row in sheet.iter_rows(values_only=True)]


def test_both_sheets_hold_a_row_for_each_commitment():
    content = example_content()
    read = from_csv(renditions.points_csv(content))
    assert read[0] == renditions.HEAD
    assert len(read) - 1 == sum(max(1, len(point["commitments"])) for point in content["points"])
    assert {row[0] for row in read[1:]} == {point["number"] for point in content["points"]}
    assert from_xlsx(renditions.points_xlsx(content)) == read


@pytest.mark.parametrize("words", ['=HYPERLINK("http://x")', "+31 20", "-1", "@SUM(A1)", "\tx", "a;b\n“c”"])
def test_words_are_never_calculated(words):
    content = example_content()
    content["points"] = [content["points"][0] | {"title": words}]
    cell = from_csv(renditions.points_csv(content))[1][2]
    assert cell.removeprefix("'") == words
    assert not cell.startswith(renditions.BEGINS_A_FORMULA)
    assert from_xlsx(renditions.points_xlsx(content))[1][2] == words


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "read"), [("csv", from_csv), ("xlsx", from_xlsx)])
def test_reader_downloads_it_and_that_is_noted(cast, kind, read):
    agenda = complete_agenda(cast.trajectory)
    PointFactory(theme=cast.trajectory.themes.get(), trajectory=cast.trajectory, title="Nog van niemand")
    version = versions.freeze(agenda, by=cast.leader, reason="Wij gaan door.")
    answered = cast.client(cast.reader).get(reverse("version_points", args=[version.pk, kind]))
    assert f"{version.code}-verbeterpunten.{kind}" in answered["Content-Disposition"]
    rows = read(b"".join(answered))
    assert rows[-1][2] == "Nog van niemand" and rows[-1][8:] == ["", "", ""]
    assert {row[9] for row in rows[1:-1]} <= {role.label for role in Commitment.Role}
    assert Download.objects.get().what.endswith(f".{kind}")
