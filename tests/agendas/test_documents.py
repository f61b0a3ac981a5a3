"""The document from frozen content. None of these tests may touch the database: pytest-django refuses it."""

import re
import shutil
import subprocess
from functools import lru_cache
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from django.utils.html import strip_tags
from pypdf import PdfReader

from agendas.documents import document_html, draw_document, unprintable_texts
from tests.agendas.example_document import KERK, LINDE, example_answers, example_content
from tests.conformance.quick import failures
from thuiswijk.lib import pdf
from thuiswijk.lib.canonical import canonical, digest


@lru_cache(maxsize=8)
def pages(drawn: bytes) -> tuple[str, ...]:
    """The text of every page, with all white space as single spaces."""
    return tuple(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(drawn)).pages)


def draw(content: dict[str, Any], answers: dict[str, Any] | None = None) -> bytes:
    return draw_document(canonical(content), canonical(answers) if answers else None)


def sparse_content() -> dict[str, Any]:
    """Content in which everything that may be empty is."""
    empty: dict[str, Any] = {
        name: "" for name in ("summary", "motivation", "story", "rules", "follow_up", "gaps_reason")
    } | {
        name: [] for name in ("figures", "meetings", "themes", "points", "declined", "gaps", "contributions", "replies", "changes")
    }  # fmt: skip
    return example_content() | empty


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    return example_content()


@pytest.fixture(scope="module")
def answers(content) -> dict[str, Any]:
    return example_answers(content)


@pytest.fixture(scope="module")
def draft(content) -> bytes:
    return draw(content)


@pytest.fixture(scope="module")
def final(content, answers) -> bytes:
    return draw(content, answers)


@pytest.fixture(scope="module")
def long_document() -> bytes:
    content = example_content(3)
    return draw(content, example_answers(content))


def test_both_documents_conform(draft, final):
    assert failures(draft) == []
    assert failures(final) == []


def test_the_cover_says_what_it_is(content, draft, final):
    cover = pages(draft)[0]
    for expected in (
        "Gemeente Voorbeeldstad",
        "Verbeteragenda Lindenkwartier",
        "1 januari 2027 tot en met 31 december 2028",
        "Ter onderschrijving",
        "20 november 2026",
        "versie 2",
        "VA-2026-0007",
        "Lindenkwartier (WK999901)",
    ):
        assert expected in cover
    assert digest(canonical(content)) in cover.replace(" ", "")
    assert "Vastgesteld op 16 december 2026" in pages(final)[0]


def test_every_page_but_the_cover_has_a_footer(content, final):
    found = pages(final)
    short = digest(canonical(content))[:12]
    assert "pagina" not in found[0]
    for number, text in enumerate(found[1:], start=2):
        assert f"Verbeteragenda Lindenkwartier · versie 2 · {short}" in text
        assert f"pagina {number} van {len(found)}" in text


def test_the_contents_name_the_page_of_every_section(final):
    found = pages(final)
    listed = re.findall(r"(\d+) (Samenvatting|Wat er beter wordt|Bijlagen|Volgen en evalueren)\s+(\d+)", found[1])
    assert [title for _, title, _ in listed] == [
        "Samenvatting",
        "Wat er beter wordt",
        "Volgen en evalueren",
        "Bijlagen",
    ]
    for number, title, page in listed:
        assert f"{number} {title}" in found[int(page) - 1]


def test_the_summary_has_a_page_of_its_own(final):
    found = pages(final)
    assert found[2].startswith("1 Samenvatting")
    assert found[3].startswith("2 De partijen")


def test_all_sections_are_there_in_order(content, answers):
    html = document_html(canonical(content), canonical(answers))
    headings = re.findall(r'<h2 id="[\w-]+"><span class="number">(\d+)</span> (.+?)</h2>', html)
    assert [title for _, title in headings] == [
        "Samenvatting", "De partijen", "Waarom deze agenda", "De wijk in cijfers en verhalen",
        "Hoe deze agenda tot stand kwam", "De thema’s", "Wat er beter wordt", "Wat iedere partij toezegt",
        "Wat wij van elkaar verwachten", "Wat wij niet overnemen", "Wat nog open staat",
        "Hoe wij met elkaar omgaan", "Volgen en evalueren", "Wie deze agenda onderschrijft", "Bijlagen",
    ]  # fmt: skip
    assert [int(number) for number, _ in headings] == list(range(1, 16))


def test_what_has_no_data_is_left_out_save_three_sections():
    content = sparse_content()
    drawn = draw(content, example_answers(content) | {"answers": [], "closed_reason": ""})
    text = " ".join(pages(drawn))
    assert failures(drawn) == []
    for title in ("Wat er beter wordt", "Wat iedere partij toezegt", "Wie deze agenda onderschrijft", "De partijen"):
        assert title in text
    for title in ("Samenvatting", "Wat wij niet overnemen", "Wat nog open staat", "De thema’s", "Volgen en evalueren"):
        assert title not in text
    assert failures(draw(content)) == []


def test_the_gemeente_promises_first(content, answers):
    backwards = content | {"parties": list(reversed(content["parties"]))}
    html = document_html(canonical(backwards), None)
    chapter = html[html.index('id="toezeggingen"') : html.index('id="verwachtingen"')]
    order = re.findall(r"<h3>(.+?)</h3>", chapter)
    assert len(order) == 8
    assert all(name.startswith("Gemeente Voorbeeldstad") for name in order[:2])
    assert not any(name.startswith("Gemeente") for name in order[2:])


def test_a_party_that_promises_nothing_is_named(content):
    points = [
        point | {"commitments": [made for made in point["commitments"] if made["party"] != KERK]}
        for point in content["points"]
    ]
    text = " ".join(pages(draw(content | {"points": points})))
    assert "Zonder toezegging. Open Kerk aan het Lindeplein doet in deze agenda geen toezegging." in text


def test_what_a_party_can_not_do_is_printed(final):
    text = " ".join(pages(final))
    assert "Wat Woonstichting De Linde niet kan" in text
    assert text.count("Wij kunnen geen huismeester in de avond inzetten") == 2


def test_every_kind_of_answer_is_counted(content, answers):
    html = document_html(canonical(content), canonical(answers))
    counted = re.findall(r'<p class="(\w+)"><strong>(\d+)</strong>', html[html.index('id="onderschrijving"') :])
    assert counted == [("volledig", "5"), ("voorbehoud", "1"), ("niet", "1"), ("geen", "1")]


def test_the_final_document_is_honest_about_every_answer(final):
    text = " ".join(pages(final))
    assert "onderschrijft met voorbehoud bij punt 3.1" in text
    assert "Woonstichting De Linde Punt 3.1 “Wij halen maart 2028" in text
    assert "Bewonersgroep Lindenkwartier Waarom niet “Wij blijven meedoen" in text
    assert "Wij halen maart 2028 alleen als de aannemer op tijd vergunning krijgt." in text
    assert "heeft niet geantwoord" in text
    assert "Wij blijven meedoen, maar wij wilden dat betaald parkeren er ook in stond." in text
    assert "na drie herinneringen niet geantwoord" in text
    assert "Voorbehoud van Woonstichting De Linde" in text
    assert "op papier" in text and "Genoteerd door Sanne de Wit, projectleider" in text
    # 09:31 in the frozen answers is Greenwich time; people here read 10:31 in winter.
    assert "2 december 2026, 10:31 uur" in text


def test_a_party_that_was_not_asked_is_named_as_such(content, answers):
    asked = answers | {"answers": [answer for answer in answers["answers"] if answer["party"] != KERK]}
    html = document_html(canonical(content), canonical(asked))
    row = html[html.index('<th scope="row">Open Kerk', html.index('id="onderschrijving"')) :].split("</tr>")[0]
    assert "is bij deze versie niet om een antwoord gevraagd" in row


def test_the_open_round_says_that_nobody_answered_yet(content, draft):
    first = document_html(canonical(content | {"changed_since": None, "changes": []}), None)
    assert first.count("nog niet gegeven") == 8
    text = " ".join(pages(draft))
    assert "nog niet gegeven" not in text, "after a version that was laid before, some answers may stand"
    assert "Elektronisch zegel Dit document is" not in text


def test_nothing_that_was_said_is_lost(content, draft):
    text = " ".join(pages(draft))
    annex = text[text.rindex("15 Bijlagen") :]
    for said in content["contributions"]:
        assert said["text"][:30] in annex, said["text"]
    themes, declined, loose = (annex.index(heading) for heading in ("per thema", "Niet overgenomen", "Nog niet bij"))
    assert themes < annex.index("Meiden komen alleen") < declined < annex.index("Een zwembad kost meer") < loose
    assert declined < annex.index("Een zwembad, dat missen wij") < annex.index("Laat bezoekers betalen") < loose
    assert loose < annex.index("De klok op de kerk loopt elf minuten achter.")


def test_content_of_the_first_schema_is_still_drawn(content):
    """Versions frozen before stay what they are: they name no contribution outside the themes that were taken over."""
    first = content | {
        "schema": 1,
        "declined": [
            {key: item[key] for key in ("subject", "reason", "contributions")} for item in content["declined"]
        ],
        "contributions": [
            {key: value for key, value in said.items() if key != "declined"}
            for said in content["contributions"]
            if said["theme"] is not None
        ],
    }
    html = document_html(canonical(first), None)
    assert "Meiden komen alleen" in html
    assert "Nog niet bij een thema" not in html
    assert "Een zwembad kost meer" in html


def test_gaps_are_printed_with_the_reason(draft):
    text = " ".join(pages(draft))
    assert "Verbeterpunt 2.2 heeft geen datum waarop het klaar is." in text
    assert "Daarop wachten zou alle andere punten vertragen." in text


def test_what_the_signature_is_called(draft, final):
    sentence = "gewone elektronische handtekening met bewijs, gewaarmerkt met een elektronisch zegel"
    for drawn in (draft, final):
        text = " ".join(pages(drawn))
        assert sentence in text
        assert "geavanceerd" not in text.lower()


def test_what_is_attached_is_what_was_endorsed(content, answers, draft, final):
    assert pdf.attachments(draft) == {"agenda.json": canonical(content)}
    attached = pdf.attachments(final)
    assert attached == {"agenda.json": canonical(content), "onderschrijvingen.json": canonical(answers)}
    assert digest(attached["agenda.json"]) == answers["digest"]


def test_only_the_final_document_has_a_place_for_the_seal(draft, final):
    assert "/AcroForm" not in PdfReader(BytesIO(draft)).trailer["/Root"]
    form = PdfReader(BytesIO(final)).trailer["/Root"]["/AcroForm"]
    assert [field.get_object()["/T"] for field in form["/Fields"]] == [pdf.SEAL_FIELD]


def test_answers_to_other_content_are_refused(content, answers):
    with pytest.raises(ValueError, match="other content"):
        draw(content | {"version": 3}, answers)


def test_the_same_content_gives_the_same_bytes_whatever_is_active(content, answers, final):
    with translation.override("en"), timezone.override(ZoneInfo("Asia/Tokyo")):
        assert draw(content, answers) == final


def test_what_people_typed_stays_text(content):
    hostile = '<img src="http://127.0.0.1:9/x.png"><script>x</script> {{ agenda.title }} {% now %} & </p></body>'
    typed = content | {
        "title": f"Agenda {hostile}", "summary": hostile, "story": hostile, "rules": hostile, "gaps": [hostile],
        "contributions": [content["contributions"][0] | {"text": hostile}],
        "parties": [party | {"name": f"{party['name']} {hostile}"} for party in content["parties"]],
        "themes": [theme | {"name": f"{theme['name']} {hostile}"} for theme in content["themes"]],
    }  # fmt: skip
    drawn = draw(typed)
    assert failures(drawn) == []
    assert hostile in " ".join(pages(drawn))


def test_long_and_strange_texts_still_conform(content):
    word = "Gemeenschapsvoorzieningenonderhoudsoverleg" * 30
    people = "👨‍👩‍👧‍👦 أهلاً وسهلاً بكم ትግርኛ שלום Привет 🏳️‍🌈 " * 20
    strange = content | {
        "title": "Verbeteragenda Lindenkwartier en Havenbuurt " * 5,
        "story": people,
        "contributions": [content["contributions"][0] | {"text": text} for text in (word, people, "a\n\nb\nc")],
        "points": [
            content["points"][0] | {"title": word, "why": people * 10, "ready_on": None, "commitments": [], "first_step": ""},
            content["points"][1] | {"theme": None, "number": "9.1"},
        ],
    }  # fmt: skip
    assert unprintable_texts(strange) == []
    drawn = draw(strange)
    assert failures(drawn) == []
    found = pages(drawn)
    assert "Documentnummer" in found[0]
    assert found[1].startswith("Inhoud")
    assert "Zonder thema" in " ".join(found)


def test_many_points_make_a_long_document_that_conforms(long_document):
    assert len(PdfReader(BytesIO(long_document)).pages) > 25
    assert failures(long_document) == []


def test_long_word_in_every_text_stays_on_the_page(content, answers):
    word = "Gemeenschapsvoorzieningenonderhoudsoverleg" * 3
    typed = with_word(content, word[:120])
    given = with_word(answers, word[:120]) | {"digest": digest(canonical(typed))}
    for number, words in enumerate(words_of(draw(typed, given)), start=1):
        left, right = (62, 534) if number == 1 else (56, 539)  # the margins of the cover and of a page, in points
        assert min(word["xMin"] for word in words) >= left, number
        assert max(word["xMax"] for word in words) <= right, number
        assert max(word["yMax"] for word in words) <= 842 - 20, number


def with_word(value: Any, word: str, key: str = "") -> Any:
    """The same content with one word in place of every text that people type."""
    if isinstance(value, dict):
        return {name: with_word(inner, word, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [with_word(inner, word, key) for inner in value]
    codes = {
        "verify_url", "digest", "kind", "role", "number", "points", "answer", "document_number", "code", "unit", "serves",
        "mandate", "events_head",
    }  # fmt: skip
    is_typed = isinstance(value, str) and value and key not in codes and not re.match(r"\d{4}-\d\d-\d\d", value)
    return word if is_typed else value


def words_of(drawn: bytes) -> list[list[dict[str, float]]]:
    """Per page where each word lies, in points from the top left, as pdftotext sees it."""
    if shutil.which("pdftotext") is None:
        pytest.skip("NOT VERIFIED: the program pdftotext (poppler-utils) is not here")
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=drawn, capture_output=True, check=True)
    return [
        [
            {side: float(at) for side, at in re.findall(r'([xy]M\w+)="([\d.]+)"', line)}
            for line in page.splitlines()
            if "<word" in line
        ]
        for page in done.stdout.decode().split("<page ")[1:]
    ]


def test_no_page_is_mostly_white(final, long_document):
    """Save where the next one must begin on a page of its own: the cover, the contents and the summary, and at the end."""
    for drawn in (final, long_document):
        for number, words in list(enumerate(words_of(drawn), start=1))[3:-1]:
            body = [word["yMax"] for word in words if word["yMax"] < 842 - 68]
            assert max(body) > 842 / 2, number


def test_no_page_has_only_a_heading(content, draft, final, long_document):
    html = document_html(canonical(content), None)
    headings = [strip_tags(heading) for heading in re.findall(r"<(?:h[2-4]|caption)[^>]*>(.+?)</", html)]
    for drawn in (draft, final, long_document, draw(sparse_content())):
        for number, text in enumerate(pages(drawn)[1:], start=2):
            left = re.sub(r"Verbeteragenda Lindenkwartier · versie.*$", "", text)
            for heading in headings:
                left = left.replace(heading, "")
            assert len(left) > 60, number


def test_texts_that_no_font_prints_are_named_with_what_stops_them(content, answers):
    assert unprintable_texts(content) == []
    assert unprintable_texts(answers) == []
    first = content["contributions"][0]
    spoiled = content | {
        "story": "regel\u2028regel",
        "contributions": [first | {"text": "王小明 zegt ja"}, first],
    }
    assert sorted(unprintable_texts(spoiled)) == [
        ("regel\u2028regel", ["\u2028"]),
        ("王小明 zegt ja", ["小", "明", "王"]),
    ]


def test_the_example_holds_together(content, answers):
    """The example feeds other tests and the benchmarks, so its references must be right."""
    known = {party["id"] for party in content["parties"]}
    assert {made["party"] for point in content["points"] for made in point["commitments"]} <= known
    assert {answer["party"] for answer in answers["answers"]} == known
    counted = content["themes"] + content["declined"]
    loose = [said for said in content["contributions"] if said["theme"] is said["declined"] is None]
    assert sum(theme["contributions"] for theme in counted) + len(loose) == len(content["contributions"])
    assert sum(meeting["contributions"] for meeting in content["meetings"]) == len(content["contributions"])
    assert LINDE in {answer["party"] for answer in answers["answers"] if answer["answer"] == "voorbehoud"}


def test_who_was_asked_and_until_when_is_said_as_it_was(content):
    answers = example_answers(content)  # one of them to version 1
    told = document_html(canonical(content), canonical(answers))
    assert "alleen voorgelegd aan de partijen die een verandering raakt" in told and "Elke partij kreeg" not in told
    assert "Antwoorden kon tot en met 15 december 2026. De ronde is gesloten op 16 december 2026, door" in told
    for one in answers["answers"]:
        one["version"] = content["version"] if one["version"] else None
    told = document_html(canonical(content), canonical(answers | {"closed_at": "2026-12-10T08:30:00Z"}))
    assert "Elke partij kreeg dezelfde tekst" in told and "alleen voorgelegd" not in told
    assert "De ronde is eerder gesloten: op 10 december 2026, door" in told


def test_concept_does_not_say_that_everybody_is_asked_again(content):
    first = document_html(canonical(content | {"changed_since": None, "changes": []}), None)
    assert "Wie om een antwoord wordt gevraagd" in first and "Deze versie ligt voor bij de partijen hieronder." in first
    again = document_html(canonical(content), None)
    assert "Wie om een antwoord wordt gevraagd" not in again and "blijft het antwoord staan" in again


def test_title_of_a_point_is_not_said_twice(content):
    point = content["points"][0]
    assert point["signal"]
    assert "Wat wij daarop antwoorden" not in document_html(canonical(content), None)


def test_document_names_the_last_event_of_the_record_and_an_older_one_does_not(content, answers):
    assert "in 31 stappen" in document_html(canonical(content), canonical(answers))
    assert "7f83b1657ff1</span>" in document_html(canonical(content), canonical(answers))
    older = {key: value for key, value in answers.items() if not key.startswith("events")} | {"schema": 4}
    assert "De laatste heeft controlegetal" not in document_html(canonical(content), canonical(older))


def test_point_leads_to_the_words_that_it_comes_from(content):
    html = document_html(canonical(content), None)
    led_to = set(re.findall('href="#(gezegd-[^"]+)"', html))
    assert led_to and all(html.count(f'<h4 id="{anchor}">') == 1 for anchor in led_to)
    loose = [said | {"theme": None} for said in content["contributions"]]
    assert 'href="#gezegd-' not in document_html(canonical(content | {"contributions": loose}), None)


def test_reservation_of_schema_5_reads_as_it_did():
    """Then one text stood with a list of points."""
    content, given = example_content(), example_answers(example_content())
    told = {}
    for schema in (5, 6):
        for answer in given["answers"]:
            if answer["answer"] == "voorbehoud":
                answer["reservations"] = [{"point": number, "text": "Als er geld is."} for number in ("1.1", "3.1")]
            if schema == 5:
                said = answer.pop("reservations")
                answer |= {
                    "points": [one["point"] for one in said],
                    "text": said[0]["text"] if said else answer["text"],
                }
        told[schema] = document_html(canonical(content), canonical(given | {"schema": schema}))
        given = example_answers(content)
    assert told[5] == told[6] and "met voorbehoud</span> bij punten 1.1 en 3.1<" in told[6]
    assert told[6].count("Voorbehoud van Woonstichting De Linde") == 2
