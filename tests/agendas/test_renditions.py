"""A frozen version in other shapes, read back by what others would read them with."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from html import unescape
from xml.etree import ElementTree

import docx
import openpyxl
import pytest
from django.urls import reverse
from lxml import html

from agendas import endorsing, renditions, sealing, versions
from agendas.documents import document_html, text_html
from agendas.models import Commitment, Document
from stakeholders.models import Download
from tests.agendas.example_document import example_answers, example_content
from tests.factories import PointFactory, SealedFactory, complete_agenda
from thuiswijk.lib import files
from thuiswijk.lib.canonical import canonical, digest
from thuiswijk.lib.words import Items, Paragraph, Run, Table, blocks_of


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


def test_both_sheets_say_what_lies_behind_a_point():
    content = example_content()
    first = content["points"][0]
    first |= {"signal": "Het is er donker.", "cause": "Niemand meldt het.", "serves": ["lef", "doen"]}
    first["amounts"] = [
        {"what": "verf", "amount": 1500, "unit": "euro", "source": "wijkbudget"},
        {"what": "begeleiding", "amount": 12, "unit": "uur", "source": "nog niet bekend"},
    ]
    row = dict(zip(renditions.HEAD, from_csv(renditions.points_csv(content))[1], strict=True))
    assert (row["wat mensen merken"], row["waar dat door komt"]) == (first["signal"], first["cause"])
    assert row["draagt bij aan"] == "lef; doen"
    told = "1.500 euro voor verf (bron: wijkbudget); 12 uur voor begeleiding (bron: nog niet bekend)"
    assert row["geld en uren, met de bron"] == told
    for key in ("signal", "cause", "amounts", "serves"):
        del first[key]
    assert from_csv(renditions.points_csv(content))[1][8:12] == [""] * 4  # as of schema 4


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
    assert rows[-1][2] == "Nog van niemand" and rows[-1][8:] == [""] * 7
    assert {row[13] for row in rows[1:-1]} <= {role.label for role in Commitment.Role}
    assert Download.objects.get().what.endswith(f".{kind}")


# --- one text in every shape ----------------------------------------------------------------------------------------------
CONTENT = canonical(example_content())
ANSWERS = canonical(example_answers(example_content()))
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
HOSTILE = [
    "=1+1 <script>alert(1)</script> & “aanhaling”", "\x01\x0b\x1f\ufffe uit een oud programma", "👩\u200d👩\u200d👧 🏡 🇳🇱",
    "\u202eomgekeerd\u202c مرحبا بكم שלום", "a\u0301" * 40, "lang " * 20_000, "zonderspatie" * 8_000, "regel\n" * 300,
]  # fmt: skip


def words_of(text: str) -> list[str]:
    return re.sub("<[^>]*>", " ", text).split()


def odt_of(data: bytes) -> ElementTree.Element:
    """The text of an ODT as XML, of a package that is whole."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None and package.namelist()[0] == "mimetype"
        for name in ("styles.xml", "meta.xml", "META-INF/manifest.xml"):
            ElementTree.fromstring(package.read(name))
        return ElementTree.fromstring(package.read("content.xml"))


def said_in_odt(element: ElementTree.Element) -> str:
    return "".join(element.itertext())


def chapters() -> list[str]:
    return [unescape(" ".join(words_of(found))) for found in re.findall("<h2.*?</h2>", text_html(CONTENT, ANSWERS))]


def test_text_has_the_chapters_of_the_paper_in_the_same_words():
    on_paper, text = document_html(CONTENT, ANSWERS), text_html(CONTENT, ANSWERS)
    assert re.findall("<h[2-5].*?</h[2-5]>", on_paper)[1:] == re.findall("<h[2-5].*?</h[2-5]>", text)
    from_here = on_paper.index('<section class="samenvatting"')
    only_paper = set(words_of(on_paper[from_here:])) - set(words_of(text))
    assert only_paper <= set(words_of("Dit document is na het sluiten van de ronde gewaarmerkt met een elektronisch zegel. "
        "Een programma dat pdf’s leest, laat zien van welke organisatie het zegel is en of er daarna iets is veranderd. "
        "Elektronisch zegel dit bestand "
        "In beeld Balk van 58 %, met daaronder een balk van 31 % 21,5 %, "
        "In een donker vak is alles beantwoord, in een licht groen vak een deel, in een oranje vak nog niets. "
        "Een hele balk is 100 %. De brede balk is Lindenkwartier, de smalle is heel Voorbeeldstad."))  # fmt: skip


def test_page_leads_to_every_chapter_and_names_every_cell():
    page = renditions.page(CONTENT, ANSWERS)
    assert [title for _, title in page.chapters] == chapters()
    assert all(page.body.count(f'id="{anchor}"') == 1 for anchor, _ in page.chapters)
    assert page.head.count("<h1>") == 1 and "style=" not in page.body  # the content security policy would block it
    cells = re.findall("<td[^>]*>", re.sub('(?s)<div class="matrix".*?</div>', "", page.body))
    assert cells and all('data-label="' in cell and 'role="cell"' in cell for cell in cells)


def test_every_chapter_is_folded_under_its_title_but_the_first():
    page = html.fragment_fromstring(f"<div>{renditions.page(CONTENT, ANSWERS).body}</div>")
    folds = page.findall("section/details")
    assert [fold.find("summary/h2").text_content().strip() for fold in folds] == chapters()
    assert [fold.get("open") is not None for fold in folds] == [True, *[False] * (len(folds) - 1)]
    outside = [part for section in page for part in section if part.tag != "details"]
    assert not outside and all((section.text or "").strip() == "" for section in page)


def test_cell_of_a_row_with_spans_or_of_another_length_says_what_it_is_of():
    table = html.fragment_fromstring(
        "<table><thead><tr><th>Partij</th><th colspan=2>Uren</th></tr></thead><tbody>"
        "<tr><th rowspan=2>School</th><td>1</td><td>2</td></tr><tr><td colspan=2>3</td></tr>"
        "<tr><td>Niemand</td></tr><tr><th>a</th><td>b</td><td>c</td><td>te veel</td></tr></tbody></table>"
    )
    renditions._make_stackable(table)
    assert [(cell.text, cell.get("data-label")) for cell in table.iter("td")] == [
        ("1", "Uren"), ("2", "Uren"), ("3", "Uren"), ("Niemand", "Partij"), ("b", "Uren"), ("c", "Uren"), ("te veel", None),
    ]  # fmt: skip


def test_table_without_a_head_has_roles_and_no_labels():
    table = html.fragment_fromstring("<table><tr><th>Trekker</th><td>De gemeente</td></tr></table>")
    renditions._make_stackable(table)
    assert [(part.tag, part.get("role"), part.get("data-label")) for part in table.iter("tr", "th", "td")] == [
        ("tr", "row", None), ("th", "rowheader", None), ("td", "cell", None),
    ]  # fmt: skip


def test_page_shows_hostile_words_and_runs_none():
    content = example_content()
    content["points"][0]["title"] = "<script>alert(1)</script><img src=x onerror=y>"
    body = renditions.page(canonical(content), None).body
    assert "<script" not in body and "<img" not in body and "&lt;script&gt;" in body


@pytest.mark.parametrize("answers", [None, ANSWERS])
def test_both_copies_have_the_headings_tables_and_lists_of_the_text(answers):
    blocks = list(blocks_of(text_html(CONTENT, answers)))
    word = docx.Document(io.BytesIO(renditions.document_docx(CONTENT, answers)))
    odt = odt_of(renditions.document_odt(CONTENT, answers))
    headings = [(int(p.style.name[-1]), p.text) for p in word.paragraphs if p.style.name.startswith("Heading")]
    in_odt = [(int(h.get(f"{TEXT}outline-level")), said_in_odt(h)) for h in odt.iter(f"{TEXT}h")]
    assert [text for _, text in headings] == [" ".join(text.split()) for _, text in in_odt]
    assert [level for level, _ in headings] == [level for level, _ in in_odt] and headings[0][0] == 1
    assert {h.get(f"{TEXT}style-name") for h in odt.iter(f"{TEXT}h")} == {f"Heading_20_{n}" for n, _ in headings}
    tables = [block for block in blocks if isinstance(block, Table)]
    assert [[cell.text for cell in table.rows[0].cells] for table in word.tables] == [list(t.head) for t in tables]
    assert [len(table.rows) - 1 for table in word.tables] == [len(t.rows) for t in tables]
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in word.tables)
    assert all("w:cantSplit" in row._tr.xml for table in word.tables for row in table.rows)
    for table in word.tables:  # Word goes by the width of the cells, LibreOffice by those of the columns
        assert [column.width for column in table.columns] == [cell.width for cell in table.rows[0].cells]
    assert len(list(odt.iter(f"{TABLE}table-header-rows"))) == len(tables)
    items = sum(len(block.items) for block in blocks if isinstance(block, Items))
    assert sum(p.style.name in ("List Bullet", "List Number") for p in word.paragraphs) == items
    assert len(list(odt.iter(f"{TEXT}list-item"))) == items


@pytest.mark.parametrize("make", [renditions.document_odt, renditions.document_docx])
def test_copy_says_what_it_is_in_which_language_and_is_the_same_twice(make):
    made = make(CONTENT, ANSWERS)
    assert made == make(CONTENT, ANSWERS)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        parts = {name: package.read(name).decode() for name in package.namelist() if name.endswith(".xml")}
    whole = " ".join(re.sub("<[^>]*>", "", parts.get("content.xml") or parts["word/document.xml"]).split())
    assert "Dit is een kopie die u kunt bewerken." in whole and digest(CONTENT) in whole
    assert "Alleen het verzegelde document (PDF) geldt: documentnummer VA-2026-0007, versie 2" in whole
    about = parts.get("meta.xml") or parts["docProps/core.xml"]
    assert "Verbeteragenda Lindenkwartier, versie 2" in about and "nl-NL" in about
    look = parts.get("styles.xml") or parts["word/styles.xml"]
    assert ('fo:language="nl"' in look and 'fo:country="NL"' in look) or 'w:val="nl-NL"' in look


def test_copy_of_what_is_not_sealed_says_so():
    told = renditions.document_docx(CONTENT, None)
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(told)).paragraphs)
    assert (
        "Alleen het document (PDF) dat aan de partijen is voorgelegd geldt" in text
        and "verzegelde document" not in text
    )


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: ascii(words[:12]))
def test_copies_of_hostile_words_are_whole_and_hold_them(words):
    content = example_content()
    content["summary"] = words
    content["points"] = [content["points"][0] | {"title": words[:200], "why": words}]
    readable = "".join(re.sub("[\x00-\x08\x0b-\x1f\ufffe]", "", words).split())
    frozen = canonical(content)
    word = docx.Document(io.BytesIO(renditions.document_docx(frozen, None)))
    assert readable in "".join("".join(p.text.split()) for p in word.paragraphs)
    assert readable in "".join(said_in_odt(odt_of(renditions.document_odt(frozen, None))).split())


def test_words_fold_as_a_browser_folds_them():
    html = "<p>  een <strong>vet\n woord</strong> <span class='soft'>zacht</span><br> nieuw\u00a0hard </p><p> </p>"
    told = (
        Run("een "),
        Run("vet woord", bold=True),
        Run(" "),
        Run("zacht", soft=True),
        Run("\n"),
        Run("nieuw\u00a0hard"),
    )
    assert list(blocks_of(f"<div>{html}<svg><title>x</title></svg></div>")) == [Paragraph(told)]


@pytest.fixture
def sealed(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    version = versions.freeze(complete_agenda(cast.trajectory), by=cast.leader)
    round_ = endorsing.open_round(version, deadline=version.agenda.ends_on, by=cast.leader)
    endorsing.close_round(round_, by=cast.leader, reason="Niemand antwoordde.")
    document = version.documents.get(kind=Document.Kind.FINAL)
    sha256 = files.store(sealing.documents_folder(), b"%PDF-1.7 verzegeld")
    done = {
        "state": "stored",
        "sha256": sha256,
        "stored_at": version.frozen_at,
        "sealed_by": "Voorbeeldstad",
        "size": 18,
    }
    Document.objects.filter(pk=document.pk).update(**done)
    return version


@pytest.mark.django_db
def test_everybody_reads_what_is_sealed(cast, client, sealed, django_assert_num_queries):
    with django_assert_num_queries(
        4
    ):  # the document, the versions made, and what is drawn: the content and the answers
        page = client.get(reverse("document_read", args=[sealed.code]))
    text = page.content.decode()
    assert page.status_code == 200 and "Niemand antwoordde." in text
    assert cast.parties[0].name in unescape(text)
    assert not re.findall(r"[\w.]+@[\w.]+", text), "an address"


@pytest.mark.django_db
def test_page_that_a_browser_keeps_is_not_drawn_again(cast, client, sealed, django_assert_num_queries):
    address = reverse("document_read", args=[sealed.code])
    first = client.get(address)
    assert first["Cache-Control"] == "public, max-age=300" and first["Vary"] == "Cookie"
    with django_assert_num_queries(2):  # neither the content nor the answers
        again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == first["Cache-Control"]
    signed_in = cast.client(cast.leader).get(address, headers={"if-none-match": first["ETag"]})
    assert signed_in.status_code == 200 and "ETag" not in signed_in  # it has a name in it
    assert signed_in["Cache-Control"] == "no-store, private"


@pytest.mark.django_db
def test_page_says_that_there_is_a_newer_version_when_that_is_sealed(cast, client, sealed):
    address = reverse("document_read", args=[sealed.code])
    first = client.get(address)
    assert "nieuwere versie" not in first.content.decode()
    kept = first["ETag"]
    cast.trajectory.agenda.summary = "Een andere samenvatting."
    cast.trajectory.agenda.save()
    newer = versions.freeze(cast.trajectory.agenda, by=cast.leader)
    unchanged = client.get(address, headers={"if-none-match": kept})
    assert unchanged.status_code == 304, "it is not sealed yet"
    asked = client.get(reverse("document_read", args=[newer.code]), follow=True).content.decode()
    link = f'<a href="{address}">Lees versie 1</a>'
    assert link in asked
    SealedFactory(version=newer)
    link = f'<a href="{reverse("document_read", args=[newer.code])}">Lees versie 2</a>'
    for place in (address, reverse("verify_code", args=[sealed.code])):
        told = client.get(place, headers={"if-none-match": kept})
        assert told.status_code == 200 and link in told.content.decode()


@pytest.mark.django_db
def test_page_of_a_withdrawn_version_leads_to_why_and_to_the_one_that_is_sealed(cast, client, sealed):
    cast.trajectory.agenda.summary = "Een andere samenvatting."
    cast.trajectory.agenda.save()
    newer = versions.freeze(cast.trajectory.agenda, by=cast.leader)
    endorsing.open_round(newer, deadline=newer.agenda.ends_on, by=cast.leader)
    endorsing.withdraw(newer, by=cast.leader, reason="Er staat een fout in.")
    told = client.get(reverse("document_read", args=[newer.code]), follow=True).content.decode()
    assert "is ingetrokken" in told and "Er staat een fout in." in told
    assert f'<a href="{reverse("document_read", args=[sealed.code])}">Lees versie 1</a>' in told


@pytest.mark.django_db
def test_nobody_reads_what_is_not_sealed(cast, client):
    version = versions.freeze(complete_agenda(cast.trajectory), by=cast.leader)
    for who in (client, cast.client(cast.leader)):
        answered = who.get(reverse("document_read", args=[version.code]), follow=True)
        assert answered.redirect_chain == [(reverse("verify_code", args=[version.code]), 302)]
        assert version.agenda.summary not in answered.content.decode()
    assert client.get(reverse("document_read", args=["VA-2020-0009-v1"]), follow=True).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["odt", "docx"])
def test_reader_downloads_a_copy_with_the_answers_and_that_is_noted(cast, sealed, kind):
    answered = cast.client(cast.reader).get(reverse("version_copy", args=[sealed.pk, kind]))
    assert f"{sealed.code}-kopie-om-te-bewerken.{kind}" in answered["Content-Disposition"]
    given = bytes(sealed.documents.get(kind=Document.Kind.FINAL).answers)
    assert b"".join(answered) == getattr(renditions, f"document_{kind}")(bytes(sealed.content), given)
    assert Download.objects.get().what.endswith(f".{kind}")
