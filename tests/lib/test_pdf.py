import logging
import os
import subprocess
import sys
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from html import escape
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from tests.conformance.quick import failures
from thuiswijk.lib import drawing, pdf

STATIC = pdf.FONTS.parents[1]
WHEN = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
FAMILIES = (
    '"Source Sans 3", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Ethiopic", "Noto Sans Armenian", '
    '"Noto Sans Georgian", "Noto Emoji"'
)


def page(body: str, *, title: str = "<title>Proef</title>", lang: str = ' lang="nl"', css: str = "") -> str:
    return (
        f'<!DOCTYPE html><html{lang}><head><meta charset="utf-8">{title}<style>* {{ image-rendering: crisp-edges }} '
        f'html {{ font-family: {FAMILIES} }} @page {{ @bottom-right {{ content: "pagina " counter(page) }} }} {css}'
        f"</style></head><body><h1>Kop</h1>{body}</body></html>"
    )


def draw(body: str = "<p>Tekst</p>", *, seal_field: str | None = None, root: Path = STATIC, **parts: str) -> bytes:
    return pdf.draw(
        page(body, **parts),
        root=root,
        attachments=[("agenda.json", "Gegevens", b"{}")],
        when=WHEN,
        seal_field=seal_field,
    )


RICH = """
<p>Fatma Yıldız, Łukasz, ’t Hoff: €&nbsp;5 👍🏽 محمد <a href="https://voorbeeld.example/" title="Naar het voorbeeld">site</a></p>
<table><caption>Tabel</caption><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>
<tbody><tr><th scope="row">1</th><td>2</td></tr></tbody></table>
<ul><li>een</li><li>twee</li></ul>
<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><title>Een vlak</title><rect width="9" height="9"/></svg>
<div id="zegel" style="height: 3cm">Zegel</div>
"""


def test_a_drawing_conforms_with_and_without_the_seal_field():
    for seal_field in (None, "Elektronisch zegel"):
        drawn = draw(RICH, seal_field=seal_field)
        assert failures(drawn) == []
        assert failures(pdf.repack(drawn)) == []


def test_the_same_input_gives_the_same_bytes_in_other_processes(tmp_path):
    source = tmp_path / "page.html"
    source.write_text(page(RICH))
    program = (
        "import sys, hashlib; from datetime import datetime, UTC; from pathlib import Path; from thuiswijk.lib import pdf\n"
        "made = pdf.draw(Path(sys.argv[1]).read_text(), root=Path(sys.argv[2]), when=datetime(2026, 11, 20, 14, 5, tzinfo=UTC),"
        " attachments=[('a.json', 'A', b'1'), ('b.json', 'B', b'2')], seal_field='Zegel')\n"
        "print(hashlib.sha256(made).hexdigest(), hashlib.sha256(pdf.repack(made)).hexdigest())"
    )
    outcomes = set()
    for seed, zone in (("1", "Asia/Tokyo"), ("2", "America/New_York")):
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "DJANGO_SETTINGS_MODULE": "thuiswijk.settings"}
        command = [sys.executable, "-c", program, str(source), str(STATIC)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=STATIC.parent)
        outcomes.add(done.stdout.splitlines()[-1])
    assert len(outcomes) == 1


def test_drawing_again_in_one_process_gives_the_same_bytes():
    first = draw(RICH)
    draw("<p>Iets anders 🎉</p>")
    assert draw(RICH) == first


def test_the_moment_is_the_callers_in_any_zone():
    amsterdam = timezone(timedelta(hours=1))
    other = pdf.draw(page(""), root=STATIC, attachments=[], when=WHEN.astimezone(amsterdam), seal_field=None)
    assert other == pdf.draw(page(""), root=STATIC, attachments=[], when=WHEN, seal_field=None)
    with pikepdf.open(BytesIO(other)) as document:
        assert str(document.docinfo["/CreationDate"]) == "D:20261120140500Z"


def test_only_our_fonts_are_used_whatever_the_page_asks_for():
    drawn = draw("<p style=\"font-family: 'DejaVu Sans', Arial, sans-serif\">Tekst</p><p style='font-family: x'>王</p>")
    fonts = {
        str(font.get("/BaseFont"))
        for at_page in PdfReader(BytesIO(drawn)).pages
        for font in (item.get_object() for item in at_page["/Resources"]["/Font"].values())
    }
    ours = ("Source-Sans-3", "Noto", "Lora")
    assert fonts and all(any(name in font for name in ours) for font in fonts)


@pytest.mark.parametrize(
    "body",
    [
        '<img src="http://127.0.0.1:9/x.png" alt="x">',
        '<img src="ftp://127.0.0.1/x.png" alt="x">',
        '<img src="file:///etc/passwd" alt="x">',
        '<img src="../pyproject.toml" alt="x">',
        '<img src="css/%2e%2e/../../pyproject.toml" alt="x">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
        '<link rel="attachment" href="file:///etc/passwd">',
        "<style>@import url(http://127.0.0.1:9/x.css);</style>",
        "<style>@font-face { font-family: x; src: url(http://127.0.0.1:9/x.ttf) } h1 { font-family: x }</style>",
        '<p style="background: url(http://127.0.0.1:9/x.png)">x</p>',
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title>'
        '<image href="http://127.0.0.1:9/x.png" width="9" height="9"/></svg>',
    ],
)
def test_nothing_outside_the_folder_is_fetched(body):
    with pytest.raises(pdf.PdfError):
        draw(body)


def test_a_link_out_of_the_folder_is_outside_it(tmp_path):
    (tmp_path / "root").mkdir()
    (tmp_path / "secret.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    (tmp_path / "root" / "shortcut.svg").symlink_to(tmp_path / "secret.svg")
    with pytest.raises(pdf.PdfError, match="outside the folder"):
        draw('<img src="shortcut.svg" alt="x">', root=tmp_path / "root")


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ('<img src="css/document-roofs.svg">', {}),
        ('<img src="css/document-roofs.svg" alt="">', {}),
        ('<img src="css/there-is-no-such.png" alt="x">', {}),
        ("<p>x</p>", {"lang": ""}),
        ("<p>x</p>", {"title": ""}),
    ],
)
def test_what_weasyprint_only_logs_is_an_error(body, parts):
    with pytest.raises(pdf.PdfError):
        draw(body, **parts)


def test_a_seal_needs_its_place():
    with pytest.raises(pdf.PdfError, match="zegel"):
        draw("<p>x</p>", seal_field="Zegel")


def test_the_seal_field_lies_on_its_element():
    drawn = draw(
        '<p style="break-after: page">x</p><div id="zegel" style="height: 3cm">Zegel</div>', seal_field="Zegel hier"
    )
    field = PdfReader(BytesIO(drawn)).pages[1]["/Annots"][0].get_object()
    assert (field["/FT"], field["/T"], field["/TU"]) == ("/Sig", "Zegel", "Zegel hier")
    left, bottom, right, top = (float(value) for value in field["/Rect"])
    assert (right - left, top - bottom) == pytest.approx(pdf.SEAL_SIZE)
    assert 0 < left < right < 595.3 and 0 < bottom < top < 842


def test_attachments_come_out_as_they_went_in():
    given = [("b.json", "Tweede", '{"é": "👍"}'.encode()), ("a.json", "Eerste", bytes(range(256)))]
    drawn = pdf.draw(page(""), root=STATIC, attachments=given, when=WHEN, seal_field=None)
    expected = {name: content for name, _, content in given}
    assert pdf.attachments(drawn) == expected
    assert pdf.attachments(pdf.repack(drawn)) == expected
    assert {name: files[0] for name, files in PdfReader(BytesIO(drawn)).attachments.items()} == expected


def test_attachments_of_something_else_is_an_error():
    with pytest.raises(pdf.PdfError):
        pdf.attachments(b"geen pdf")


def test_repacking_keeps_the_text_and_splits_the_objects():
    drawn = draw("".join(f"<p>Alinea {number}</p>" for number in range(200)))
    packed = pdf.repack(drawn)
    reader, before = (PdfReader(BytesIO(data)) for data in (packed, drawn))
    assert [at.extract_text() for at in reader.pages] == [at.extract_text() for at in before.pages]
    assert drawn.count(b"/ObjStm") == 1 < packed.count(b"/ObjStm")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fatma Yıldız, Łukasz 👍🏽 €5 ’t Hoff ☐ Привет ትግርኛ Հայերեն שלום ქართული العربية\n", []),
        ("👨‍👩‍👧‍👦 en 🏳️‍🌈 en 🇳🇱 en 1️⃣", []),
        ("zacht\u00adafbreken, nul\u200bbreedte, ligatuur ﬁ", []),
        ("regel\u2028regel en alinea\u2029", ["\u2028", "\u2029"]),
        ("王小明 en 王", ["小", "明", "王"]),
        ("\x00\x07\ud800\ue000\uffff", ["\x00", "\x07", "\ud800", "\ue000", "\uffff"]),
        ("\U000131f0", ["\U000131f0"]),
        ("", []),
    ],
)
def test_what_no_font_can_print(text, expected):
    assert pdf.unprintable(text) == expected


def test_every_character_called_printable_prints_in_every_style():
    characters = [chr(code) for code in range(0x20, 0x110000) if not 0xD800 <= code < 0xE000]
    printable = [character for character in characters if not pdf.unprintable(character)]
    assert len(printable) > 5_000
    # A combining mark stands on a letter, as it does in a text.
    shown = " ".join(("o" if unicodedata.combining(character) else "") + escape(character) for character in printable)
    serif = f'<p style="font-family: Lora, {escape(FAMILIES)}; font-weight: 600">{shown}</p>'
    assert failures(draw(f"<p>{shown}</p><p><strong><em>{shown}</em></strong></p>{serif}")) == []


def test_errors_of_another_thread_are_not_ours():
    import threading

    logger = logging.getLogger("weasyprint")
    noise = threading.Thread(target=lambda: logger.error("of another document"))
    with drawing.errors_raised():
        noise.start()
        noise.join()


def test_a_web_process_does_not_carry_what_draws():
    """unprintable() is asked by web pages; WeasyPrint and pikepdf would cost every web worker 50 MB."""
    program = (
        "import sys, django; django.setup()\n"
        "from thuiswijk.lib import pdf; pdf.unprintable('é'); import agendas.documents\n"
        "print(sorted({'weasyprint', 'pikepdf', 'pydyf'} & set(sys.modules)))"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "thuiswijk.settings"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=STATIC.parent)
    assert done.stdout.splitlines()[-1] == "[]"
