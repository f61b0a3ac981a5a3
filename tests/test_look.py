"""What the look promises: nothing from a third party, colours that can be read, and forms that say what is wrong."""

import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.template.loader import render_to_string

from thuiswijk.lib.forms import DateInput, DateTimeInput

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text())
# Lists of the vendored files, and not vendored themselves.
OUR_OWN = {"manifest.json", "fonts/fonts.json", "fonts/fonts.conf"}

PAGES = [path for path in (ROOT / "templates").rglob("*.html") if not {"document", "emails"} & set(path.parts)]
STYLES_AND_SCRIPTS = [path for folder in ("css", "js", "img") for path in (STATIC / folder).glob("*.*")]


def from_root(path: Path) -> str:
    """The name of a file as a test shows it: from the root of the repository."""
    return str(path.relative_to(ROOT))


# --- what comes from elsewhere ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["file"])
def test_vendored_file_unchanged(entry: dict[str, str]) -> None:
    assert hashlib.sha256((VENDOR / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    assert entry["package"] and entry["version"]
    assert entry["licence"] in {"EUPL-1.2", "OFL-1.1"}


def test_vendored_files_all_listed() -> None:
    listed = {entry["file"] for entry in MANIFEST}
    licences = {str(Path(e["file"]).parent / e["licence_file"]) for e in MANIFEST if "licence_file" in e}
    on_disk = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert on_disk == listed | licences | OUR_OWN


def test_vendored_versions_as_in_package_json() -> None:
    wanted = json.loads((ROOT / "frontend" / "package.json").read_text())["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    copied = {entry["package"]: entry["version"] for entry in MANIFEST if not entry["file"].startswith("fonts/")}
    assert copied == wanted


THIRD_PARTY = re.compile(
    r"""(?: \b(?:src|srcset|poster|action|hx-get|hx-post|data-src)\s*=\s*["']?\s*(?:https?:)?//
        | <link\b[^>]*href\s*=\s*["']?\s*(?:https?:)?//
        | url\(\s*["']?\s*(?:https?:)?//
        | @import\s*["']\s*(?:https?:)?//
        | \b(?:fetch|import|sendBeacon)\s*\(\s*["'`](?:https?:)?// )""",
    re.VERBOSE | re.IGNORECASE,
)


@pytest.mark.parametrize("path", [*PAGES, *STYLES_AND_SCRIPTS, *VENDOR.rglob("*.css")], ids=from_root)
def test_nothing_fetched_from_third_parties(path: Path) -> None:
    assert not THIRD_PARTY.search(path.read_text())


@pytest.mark.parametrize("path", PAGES, ids=from_root)
def test_page_keeps_to_content_security_policy(path: Path) -> None:
    source = re.sub(r"\{#.*?#\}", "", path.read_text())
    assert not re.search(r"<style\b|\sstyle\s*=", source), "style-src 'self' blocks inline styles"
    assert not re.search(r"<script(?![^>]*\bsrc=)", source), "script-src 'self' blocks inline scripts"
    assert not re.search(r"\son(?:click|submit|change|load|input|focus|blur|key\w+)\s*=|javascript:", source)
    assert not re.search(r"\bhx-on\b|\bhx-vals=['\"]js:", source), "htmx runs with allowEval off"


# --- colours ----------------------------------------------------------------------------------------------------------
COLOURS = dict(re.findall(r"--thuiswijk-([a-z-]+): (#[0-9a-f]{6});", (STATIC / "css" / "tokens.css").read_text()))
GROUNDS = ["paper", "surface", "sand", "primary-tint", "accent-tint", "good-tint", "care-tint", "bad-tint"]
TEXTS = ["ink", "ink-soft", "primary", "primary-dark", "accent", "good", "care", "bad"]
ON_DARK = [
    ("on-primary", "primary"),
    ("on-primary", "primary-dark"),
    ("surface", "accent"),
    ("surface", "ink"),
    ("surface", "bad"),
    ("accent-dark", "accent-tint"),
]


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb", between 0 and 1 (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours of the palette, between 1 and 21 (WCAG 2.2)."""
    lighter, darker = sorted((luminance(COLOURS[one]), luminance(COLOURS[other])), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("text", "ground"), [*((t, g) for t in TEXTS for g in GROUNDS), *ON_DARK])
def test_text_readable(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize("ground", GROUNDS)
def test_borders_and_focus_visible(ground: str) -> None:
    assert contrast("line-strong", ground) >= 3
    assert contrast("focus", ground) >= 3


def test_colours_only_in_tokens() -> None:
    layout = (STATIC / "css" / "thuiswijk.css").read_text()
    used = set(re.findall(r"var\(--thuiswijk-([a-z-]+)", layout))
    named = set(re.findall(r"--thuiswijk-([a-z-]+):", (STATIC / "css" / "tokens.css").read_text()))
    assert used <= named
    assert set(re.findall(r"#[0-9a-fA-F]{3,6}\b", layout)) <= {"#fff"}, "only paper itself, when printing"


# --- forms ------------------------------------------------------------------------------------------------------------
class Promise(forms.Form):
    """A form with one field of every kind."""

    title = forms.CharField(label="Titel", help_text="In één zin.", widget=forms.TextInput(attrs={"class": "wide"}))
    why = forms.CharField(label="Waarom", widget=forms.Textarea, required=False)
    party = forms.ChoiceField(label="Partij", choices=[("", "Kies"), ("1", "De Linde")])
    role = forms.ChoiceField(label="Rol", choices=[("a", "Trekker"), ("b", "Meewerkend")], widget=forms.RadioSelect)
    themes = forms.MultipleChoiceField(
        label="Thema's", choices=[("1", "Groen")], widget=forms.CheckboxSelectMultiple, required=False
    )
    ready_on = forms.DateField(label="Klaar op", widget=DateInput, required=False)
    starts_at = forms.DateTimeField(label="Begint om", widget=DateTimeInput, required=False)
    photo = forms.FileField(label="Foto", required=False)
    mandate = forms.BooleanField(label="Ik mag dit zeggen")
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        raise forms.ValidationError("De ronde is al gesloten. Vraag de projectleider om een nieuwe ronde.")


class Elements(HTMLParser):
    """Every start tag with its attributes, in the order of the page, and the tag that holds it."""

    VOID = frozenset({"input", "img", "br", "meta", "link"})

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], dict[str, str | None]]] = []
        self.open: list[tuple[str, dict[str, str | None]]] = [("", {})]
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), self.open[-1][1]))
        if tag not in self.VOID:
            self.open.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag, f"</{tag}> closes another tag"

    def by_id(self, value: str) -> tuple[str, dict[str, str | None], dict[str, str | None]]:
        """The one element with this id."""
        (element,) = [element for element in self.found if element[1].get("id") == value]
        return element


def test_form_fields_labelled_once() -> None:
    page = Elements(str(Promise()))
    targets = [attrs["for"] for tag, attrs, _ in page.found if tag == "label"]
    inputs = [
        attrs["id"]
        for tag, attrs, _ in page.found
        if tag in ("input", "select", "textarea") and attrs.get("type") != "hidden"
    ]
    assert sorted(targets) == sorted(inputs)
    assert len(set(inputs)) == len(inputs) == 10


@pytest.mark.parametrize(
    ("id_", "wanted"),
    [
        ("id_title", "utrecht-textbox utrecht-textbox--html-input wide"),
        ("id_why", "utrecht-textarea utrecht-textarea--html-textarea"),
        ("id_party", "utrecht-select utrecht-select--html-select"),
        ("id_ready_on", "utrecht-textbox utrecht-textbox--html-input"),
        ("id_photo", "file-input"),
        ("id_key", None),
    ],
)
def test_form_input_dressed(id_: str, wanted: str | None) -> None:
    assert Elements(str(Promise())).by_id(id_)[1].get("class") == wanted


@pytest.mark.parametrize(
    ("id_", "kind"), [("id_role_0", "radio"), ("id_themes_0", "checkbox"), ("id_mandate", "checkbox")]
)
def test_form_choice_directly_inside_its_field(id_: str, kind: str) -> None:
    page = Elements(str(Promise()))
    _, attrs, parent = page.by_id(id_)
    assert attrs["type"] == kind
    assert "utrecht-form-field__input" in str(attrs["class"]).split()
    assert f"utrecht-form-field--{kind}" in str(parent["class"]).split()
    (label_parent,) = [holder for tag, found, holder in page.found if tag == "label" and found.get("for") == id_]
    assert label_parent == parent


def test_form_bad_input_summed_up_and_explained() -> None:
    html = str(Promise({"title": "", "party": "", "role": "a", "mandate": "on"}))
    page = Elements(html)
    (summary,) = [attrs for _, attrs, _ in page.found if attrs.get("class") == "error-summary"]
    assert summary["role"] == "alert" and summary["tabindex"] == "-1" and "autofocus" in summary
    links = [str(attrs["href"]) for tag, attrs, _ in page.found if tag == "a"]
    assert links == ["#id_title", "#id_party"]
    assert "De ronde is al gesloten." in html
    title = page.by_id("id_title")[1]
    assert title["aria-invalid"] == "true"
    for described_by in str(title["aria-describedby"]).split():
        page.by_id(described_by)
    assert html.count('<span class="visually-hidden">Fout: </span>') == 2


def test_form_summary_links_to_first_of_group() -> None:
    html = str(Promise({"title": "Licht", "party": "1", "role": "x", "mandate": "on"}))
    page = Elements(html)
    assert [attrs["href"] for tag, attrs, _ in page.found if tag == "a"] == ["#id_role_0"]
    page.by_id("id_role_0")


def test_form_without_errors_has_no_summary() -> None:
    assert "error-summary" not in str(Promise())


def test_form_optional_fields_say_so() -> None:
    html = str(Promise())
    assert html.count("(niet verplicht)") == 5
    assert "*" not in html


def test_form_dates_in_the_browsers_own_notation() -> None:
    html = str(Promise({"ready_on": "2026-12-31", "starts_at": "2026-12-03T19:30"}))
    assert 'type="date"' in html and 'value="2026-12-31"' in html
    assert 'type="datetime-local"' in html and 'value="2026-12-03T19:30"' in html
    ready_on = Promise.base_fields["ready_on"].clean("31-12-2026")  # as in a Dutch sheet
    assert 'value="2026-12-31"' in str(Promise(initial={"ready_on": ready_on}))


def test_templates_say_hebt_u() -> None:
    """One spelling: "u hebt" and "hebt u", in pages and in mail."""
    texts = [path for path in (ROOT / "templates").rglob("*.*") if path.suffix in (".html", ".txt")]
    assert [from_root(path) for path in texts if re.search(r"\bheeft u\b|\bu heeft\b", path.read_text(), re.I)] == []


# --- components -------------------------------------------------------------------------------------------------------
def test_road_says_where_we_are_in_words() -> None:
    steps = [
        {"label": "Aanmelding", "state": "done", "url": "/a/"},
        {"label": "Gesprekken", "state": "current", "note": "3 van 5 klaar"},
        {"label": "Startbijeenkomst", "state": "todo"},
    ]
    html = render_to_string("components/road.html", {"steps": steps})
    assert html.count('aria-current="step"') == 1
    for words in ("(klaar)", "(nu bezig)", "(komt nog)", "3 van 5 klaar", 'href="/a/"'):
        assert words in html


def test_server_error_page_needs_nothing() -> None:
    html = render_to_string("500.html")
    Elements(html)
    assert '<html lang="nl">' in html and "<main" in html and "Er ging iets mis" in html
