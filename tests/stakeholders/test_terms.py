"""The list of abbreviations of a gemeente: its own words go before those that every gemeente has."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from stakeholders import explaining
from stakeholders.models import Term
from tests.pages import hidden_in, words

pytestmark = pytest.mark.django_db


def test_own_words_go_first_and_may_say_that_none_are_needed(cast):
    explaining.explain(cast.here, "ggz", "onze eigen hulp.")
    explaining.explain(cast.here, "Wmo", "")
    here, there = explaining.glossary_of(cast.here), explaining.glossary_of(cast.there)
    assert here.explained_in(["GGZ en Wmo"]) == {"ggz": "onze eigen hulp."}
    assert here.unknown_in(["GGZ en Wmo"]) == []
    assert list(there.explained_in(["GGZ en Wmo"])) == ["GGZ", "Wmo"]


def test_name_of_a_party_explains_itself(cast):
    assert explaining.glossary_of(cast.here, names=["Stichting QRX"]).unknown_in(["QRX en WBV"]) == ["WBV"]


def test_two_who_explain_the_same_make_one_row(cast):
    first = explaining.explain(cast.here, "QRX", "de eerste.")
    assert explaining.explain(cast.here, "qrx", "de tweede.") == first
    assert cast.here.terms.get().meaning == "de eerste."


@pytest.mark.parametrize("term", ["qrx", "", "-QRX", "Q"])
def test_database_keeps_a_term_that_can_be_found_once(cast, term):
    cast.here.terms.create(term="QRX", meaning="X.")
    with pytest.raises(IntegrityError), transaction.atomic():
        cast.here.terms.create(term=term)


def test_list_takes_changes_and_drops_a_word(cast):
    browser, page = cast.client(cast.adviser), reverse("term_list", args=[cast.here.pk])
    form = {"term": "QRX", "meaning": "Een kruising."}
    assert [browser.post(page, form).status_code for _ in range(2)] == [302, 302]  # a double click
    term = cast.here.terms.get()
    assert "Een kruising." in browser.get(page).content.decode()
    other = browser.post(page, form | {"term": "qrx", "meaning": "Iets anders."}).content.decode()
    assert "“QRX” staat al in uw lijst" in other and "Iets anders." in other

    edit = reverse("term_edit", args=[term.pk])
    shown = hidden_in(browser, edit)
    cast.here.terms.update(meaning="Van een ander.")
    told = browser.post(edit, shown | {"meaning": "Van mij."}).content.decode()
    assert "Nu staat er: Van een ander." in told and "Van mij." in told
    assert browser.post(edit, hidden_in(browser, edit) | {"meaning": "", "is_plain": "on"}).status_code == 302
    assert cast.here.terms.get().meaning == ""
    browser.post(reverse("term_remove", args=[term.pk]))
    assert not Term.objects.exists()


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"term": "", "meaning": "x"}, "Vul dit in."),
        ({"term": "-", "meaning": "x"}, "Begin met een letter of een cijfer"),
        ({"term": "QRX", "meaning": ""}, "kruis aan dat het geen uitleg nodig heeft"),
        ({"term": "QRX", "meaning": "x" * 301}, "Deze tekst is te lang"),
    ],
)
def test_what_can_not_be_taken_is_told_with_what_was_typed(cast, form, sentence):
    page = cast.client(cast.leader).post(reverse("term_list", args=[cast.here.pk]), form).content.decode()
    assert sentence in page
    assert form["term"] in page and form["meaning"][:300] in page
    assert not cast.here.terms.exists()


def test_list_is_searched_in_terms_and_meanings(cast):
    cast.here.terms.create(term="QRX", meaning="Een kruising bij het plein.")
    cast.here.terms.create(term="ZBV", meaning="Iets anders.")
    browser, page = cast.client(cast.adviser), reverse("term_list", args=[cast.here.pk])
    found = words(browser.get(page, {"zoek": "PLEIN"}))
    assert "QRX" in found and "ZBV" not in found and ">Wmo<" not in found
    found = words(browser.get(page, {"zoek": "wmo"}))
    assert "<dt>Wmo</dt>" in found and "<dt>GGZ</dt>" not in found and "geen eigen begrip waar “wmo” in staat" in found
    everything = words(browser.get(page))
    assert "QRX" in everything and "ZBV" in everything and "<dt>GGZ</dt>" in everything
