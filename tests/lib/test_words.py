"""Tags that a template may come to use: no word of them is lost on the way to a copy."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree import ElementTree

import docx as word
import pytest

from agendas import renditions
from thuiswijk.lib import docx, odt
from thuiswijk.lib.words import Block, Heading, Items, Run, Table, blocks_of

ABOUT = {"title": "Titel", "subject": "", "creator": "", "when": datetime(2026, 5, 3, tzinfo=UTC)}
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def words(text: str, **look: bool) -> tuple[Run, ...]:
    return (Run(text, **look),) if text else ()


def in_odt(blocks: Iterable[Block]) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(odt.packed(renditions._odt_parts(iter(blocks)), **ABOUT))) as package:
        return ElementTree.fromstring(package.read("content.xml"))


def in_word(blocks: Iterable[Block]) -> word.document.Document:
    return word.Document(io.BytesIO(docx.packed(blocks, **ABOUT)))


def test_table_without_a_head_keeps_its_rows():
    blocks = list(blocks_of("<div><table><tr><th>Trekker</th><td>De gemeente</td></tr></table></div>"))
    assert blocks == [Table("", (), ((words("Trekker", bold=True), words("De gemeente")),), (85, 85))]
    assert [[cell.text for cell in row.cells] for row in in_word(blocks).tables[0].rows] == [["Trekker", "De gemeente"]]
    written = in_odt(blocks)
    assert len(list(written.iter(f"{TABLE}table-row"))) == 1
    assert not list(written.iter(f"{TABLE}table-header-rows"))


def test_rows_of_another_length_and_cells_over_more_columns_stay_under_their_own_name():
    html = (
        "<div><table><thead><tr><th>Partij</th><th colspan=2>Uren</th></tr></thead><tbody>"
        "<tr><td rowspan=2>School</td><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr>"
        "<tr><td colspan=2>Niemand</td></tr><tr><td>a</td><td>b</td><td>c</td><td>d</td></tr></tbody></table></div>"
    )
    (table,) = blocks_of(html)
    assert table.head == ("Partij", "Uren", "Uren", "")
    assert table.rows == tuple(
        tuple(words(text) for text in row)
        for row in (["School", "1", "2", ""], ["", "3", "4", ""], ["Niemand", "", "", ""], ["a", "b", "c", "d"])
    )
    assert [len(row.cells) for row in in_word([table]).tables[0].rows] == [4] * 5


@pytest.mark.parametrize("spans", ['colspan="0"', 'rowspan="x"', 'colspan="-3"', 'rowspan=""', 'colspan="²"'])
def test_span_that_is_no_number_is_one(spans):
    (table,) = blocks_of(f"<div><table><tbody><tr><td {spans}>a</td><td>b</td></tr></tbody></table></div>")
    assert table.rows == ((words("a"), words("b")),)


def test_words_in_a_tag_of_another_kind_stay_and_a_drawing_does_not():
    html = (
        "<div>Los <em>en schuin</em><p>Alinea</p>ertussen<blockquote>Citaat</blockquote>"
        "<dl><dt>Woord</dt><dd>Betekenis</dd></dl><details><summary>Kop</summary><h3>In een vouw</h3></details>"
        "<figure><svg><text>tekening</text></svg><figcaption>Onderschrift</figcaption></figure>"
        "<onbekend>Nieuw</onbekend><script>x()</script>slot</div>"
    )
    told = ["Los en schuin", "Alinea", "ertussen", "Citaat", "Woord", "Betekenis", "Kop"]
    after = ["Onderschrift", "Nieuw", "slot"]
    found = [
        block if isinstance(block, Heading) else "".join(run.text for run in block.words) for block in blocks_of(html)
    ]
    assert found == [*told, Heading(3, "In een vouw"), *after]


def test_paragraphs_and_a_list_in_a_cell_stand_on_lines_of_their_own():
    html = "<div><table><tbody><tr><td><p>een</p><p>twee</p>drie<ul><li>vier</li><li>vijf</li></ul></td></tr></tbody></table></div>"
    (table,) = blocks_of(html)
    assert "".join(run.text for run in table.rows[0][0]) == "een\ntwee\ndrie\nvier\nvijf"


def test_list_in_a_list_stays_inside_its_item():
    first = "<li>een<ol><li>een a</li><li>een b</li></ol> en meer</li>"
    blocks = list(blocks_of(f"<div><ul>{first}<li>twee</li><li><ul><li>drie</li></ul></li></ul></div>"))
    inner = Items((words("een a"), words("een b")), numbered=True)
    (listed,) = blocks
    assert "".join(run.text for run in listed.items[0]) == "een en meer"
    assert listed.items[1:] == (inner, words("twee"), (), Items((words("drie"),), numbered=False))
    outer = in_odt(blocks).find(f".//{TEXT}list")
    (within,) = outer.findall(f"{TEXT}list-item/{TEXT}list/{TEXT}list-item/..")[:1]
    assert ["".join(item.itertext()) for item in within] == ["een a", "een b"]
    styles = [(p.style.name, p.text) for p in in_word(blocks).paragraphs if p.text]
    assert styles == [
        ("List Bullet", "een en meer"), ("List Number 2", "een a"), ("List Number 2", "een b"), ("List Bullet", "twee"),
        ("List Bullet 2", "drie"),
    ]  # fmt: skip
