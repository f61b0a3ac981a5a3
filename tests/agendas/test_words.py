"""Abbreviations in what the office writes: asked for while one writes, a gap at freezing, and an annex that never changes."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agendas import drafting, expecting, versions
from agendas.documents import document_html
from stakeholders import explaining
from tests.factories import ContributionFactory, MeetingFactory, complete_agenda
from tests.pages import fields_of
from thuiswijk.lib.errors import Refused

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def agenda(cast):
    return complete_agenda(cast.trajectory)


def gaps_of(agenda) -> list[str]:
    return [gap.sentence for gap in drafting.gaps(agenda) if "uitleg" in gap.sentence]


def write(cast, text: str) -> None:
    cast.trajectory.points.update(why=text)


def test_unknown_abbreviation_is_one_gap_until_somebody_explains_it(cast, agenda):
    write(cast, "De QRX, de WBV en de GGZ.")
    assert gaps_of(agenda) == ["Deze afkortingen hebben nog geen uitleg: QRX, WBV."]
    with pytest.raises(Refused):
        versions.freeze(agenda, by=cast.leader)
    explaining.explain(cast.here, "WBV", "de woningbouwvereniging.")
    assert gaps_of(agenda) == ["Deze afkorting heeft nog geen uitleg: QRX."]
    explaining.explain(cast.here, "QRX", "")
    assert gaps_of(agenda) == []


def test_many_unknown_ones_make_no_endless_sentence(cast, agenda):
    write(cast, ", ".join(f"Q{a}{b}" for a in "BCDF" for b in "GHJK"))
    assert gaps_of(agenda)[0].endswith("QDH en nog 6.")


def test_nobody_is_asked_what_a_resident_meant(cast, agenda):
    ContributionFactory(meeting=MeetingFactory(trajectory=cast.trajectory), text="De QRX doet niks.")
    assert gaps_of(agenda) == []


def test_annex_is_frozen_with_what_occurs(cast, agenda):
    write(cast, "De wmo en de QRX, m.b.t. wonen.")
    explaining.explain(cast.here, "QRX", "<b>kruising</b>")
    ContributionFactory(meeting=MeetingFactory(trajectory=cast.trajectory), text="Meer ov!")
    version = versions.freeze(agenda, by=cast.leader, reason="Het mag.")
    terms = version.data["terms"]
    assert [term["term"] for term in terms] == ["m.b.t.", "ov", "QRX", "Wmo"]
    assert terms[2]["meaning"] == "<b>kruising</b>"
    page = document_html(bytes(version.content), None)
    assert '<th scope="row">QRX</th><td>&lt;b&gt;kruising&lt;/b&gt;</td>' in page
    assert '<th scope="row">m.b.t.</th><td>Met betrekking tot.' in page
    assert 'href="#begrippen"' in page and 'id="begrippen"' in page

    with pytest.raises(Refused, match="niets veranderd"):
        versions.freeze(agenda, by=cast.leader, reason="Het mag.")
    cast.here.terms.update(meaning="Een kruising.")
    again = versions.freeze(agenda, by=cast.leader, reason="Het mag.")
    assert again.data["terms"][2]["meaning"] == "Een kruising."
    version.refresh_from_db()
    assert version.data["terms"] == terms


def test_draft_explains_where_it_stands(cast, agenda):
    write(cast, "De GGZ & de GGZ.")
    page = cast.client(cast.reader).get(reverse("point_list", args=[cast.trajectory.pk])).content.decode()
    assert page.count("<abbr>GGZ</abbr></button>") == 1
    assert "</span> &amp; de GGZ." in page


def test_saving_tells_of_what_has_no_explanation_and_saves(cast, agenda):
    browser, edit = cast.client(cast.leader), reverse("point_edit", args=[cast.trajectory.points.get().pk])
    form = fields_of(browser.get(edit).content.decode())
    page = browser.post(edit, form | {"why": "De QRX en de GGZ."}, follow=True).content.decode()
    link = reverse("term_ask", args=[cast.trajectory.pk])
    assert f'Deze afkorting heeft nog geen uitleg: QRX. <a href="{link}">' in page
    assert cast.trajectory.points.get().why == "De QRX en de GGZ."


def test_page_asks_for_the_whole_draft_and_keeps_what_is_filled_in(cast, agenda):
    write(cast, "De QRX en de WBV.")
    browser, address = cast.client(cast.leader), reverse("term_ask", args=[cast.trajectory.pk])
    page = browser.get(address).content.decode()
    assert "Wat betekent QRX?" in page and "Wat betekent WBV?" in page
    form = fields_of(page) | {"begrippen-0-meaning": "Een kruising.", "begrippen-bewaar": "1"}
    after = browser.post(address, form, follow=True).content.decode()
    assert "De uitleg is bewaard." in after
    assert "Wat betekent WBV?" in after and "Wat betekent QRX?" not in after
    assert cast.here.terms.get().term == "QRX"


def test_words_are_asked_while_one_types(cast, agenda):
    browser, address = cast.client(cast.leader), reverse("term_ask", args=[cast.trajectory.pk])
    typed = {"why": "De QRX en de GGZ.", "key": "ABCDEF", "csrfmiddlewaretoken": "QQQQ"}
    part = browser.post(address, typed, headers=HTMX).content.decode()
    assert "<html" not in part
    assert "Wat betekent QRX?" in part and "geestelijke gezondheidszorg" in part and "QQQQ?" not in part
    form = typed | fields_of(part)
    assert browser.post(address, form | {"why": "De QRX met de GGZ."}, headers=HTMX).status_code == 204  # nothing new
    more = form | {"why": "De QRX en WBV.", "begrippen-0-meaning": "Half getypt"}
    assert 'value="Half getypt"' in browser.post(address, more, headers=HTMX).content.decode()
    assert not cast.here.terms.exists()
    saved = browser.post(
        address, form | {"begrippen-0-is_plain": "on", "begrippen-bewaar": "1"}, headers=HTMX
    ).content.decode()
    assert "De uitleg is bewaard." in saved and "Iedere afkorting heeft uitleg." in saved
    assert cast.here.terms.get().meaning == ""


def test_explanation_that_is_too_long_comes_back_as_typed(cast, agenda):
    write(cast, "De QRX.")
    browser, address = cast.client(cast.leader), reverse("term_ask", args=[cast.trajectory.pk])
    form = fields_of(browser.get(address).content.decode()) | {"begrippen-bewaar": "1"}
    page = browser.post(address, form | {"begrippen-0-meaning": "x" * 301}).content.decode()
    assert "Deze tekst is te lang" in page and "x" * 301 in page
    assert not cast.here.terms.exists()


def test_party_reads_what_its_own_words_mean_and_is_asked_to_write_out_the_others(cast, agenda, party, contact):
    browser, address = cast.client(contact), reverse("party_words", args=[party.pk])
    for form in (
        reverse("commitment_confirm", args=[party.commitments.get().pk]),
        reverse("expectation_answer", args=[ContributionFactory(
            meeting=MeetingFactory(trajectory=cast.trajectory), kind="verwachting", addressed_to=party
        ).pk]),
    ):  # fmt: skip
        assert f'hx-post="{address}"' in browser.get(form).content.decode()
    typed = {"answer": "klopt", "text": "De QRX en de GGZ."}
    part = browser.post(address, typed, headers=HTMX).content.decode()
    assert "<html" not in part and "geestelijke gezondheidszorg" in part
    assert "Wat betekent QRX? Schrijf het één keer voluit" in part and "Bewaar de uitleg" not in part
    assert browser.post(address, typed | fields_of(part), headers=HTMX).status_code == 204  # nothing new
    assert "Iedere afkorting heeft uitleg." in browser.post(address, {"text": "De GGZ."}, headers=HTMX).content.decode()
    assert cast.client(cast.stranger).post(address, typed, headers=HTMX).status_code == 404
    assert not cast.here.terms.exists()


def test_abbreviation_in_an_answer_to_an_expectation_is_asked_for_as_it_stands_now(cast, agenda):
    said = ContributionFactory(
        meeting=MeetingFactory(trajectory=cast.trajectory),
        kind="verwachting",
        addressed_to=cast.parties[1],
        text="VWQ?",
    )
    for text in ("Met de WBV.", "Met de QRX."):
        expecting.answer(said, kind="doen", text=text, other_party=None, by=cast.leader, is_on_behalf=True)
    assert gaps_of(agenda) == ["Deze afkorting heeft nog geen uitleg: QRX."]
    assert "Met de QRX." in drafting.written(cast.trajectory)
