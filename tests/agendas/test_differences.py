"""What changed between two versions, in words, and whom it touches."""

from __future__ import annotations

import copy
import json

import pytest

from agendas.differences import changes, touched
from tests.agendas.example_document import BEWONERS, GEMEENTE_RUIMTE, LINDE, ONDERNEMERS, example_content

EVERYBODY = set(range(1, 9))


@pytest.fixture
def before():
    return example_content()


@pytest.fixture
def after(before):
    return copy.deepcopy(before)


def sentences(before, after):
    return [change.sentence for change in changes(before, after)]


def test_same_content_has_no_changes(before, after):
    assert changes(before, after) == []
    assert touched([]) == set()


def test_another_leader_touches_who_is_on_the_point(before, after):
    leader = next(one for one in after["points"][0]["commitments"] if one["role"] == "trekker")
    leader["party"] = ONDERNEMERS
    title = after["points"][0]["title"]
    told = changes(before, after)
    assert [change.sentence for change in told] == [
        f"Punt 1.1 “{title}”: trekker was Gemeente Voorbeeldstad, afdeling Openbare Ruimte, is nu Winkeliers van het Lindeplein."
    ]
    assert touched(told) == {GEMEENTE_RUIMTE, LINDE, BEWONERS, ONDERNEMERS}


def test_words_of_a_party_and_a_role_more_or_less(before, after):
    promises = after["points"][0]["commitments"]
    promises[1]["text"] = "Wij hangen twee lampen."
    promises[2]["role"] = "meewerkend"
    told = sentences(before, after)
    assert any("de woorden van Woonstichting De Linde zijn veranderd" in one for one in told)
    assert any("nieuw: Bewonersgroep Lindenkwartier werkt mee." in one for one in told)
    assert any("vervallen: Bewonersgroep Lindenkwartier weet er het meest van." in one for one in told)
    assert len(told) == 3


def test_a_day_is_said_as_a_day(before, after):
    after["points"][0]["ready_on"] = "2027-09-01"
    [told] = sentences(before, after)
    assert "de dag waarop het klaar is was “30 juni 2027”, is nu “1 september 2027”." in told


def test_long_text_is_not_quoted(before, after):
    after["points"][0]["why"] += " En nog wat."
    [told] = sentences(before, after)
    assert told.endswith("het waarom is veranderd.")


def test_point_more_and_point_less(before, after):
    gone = after["points"].pop(0)
    after["points"].append(
        {**gone, "id": 9999, "number": "4.9", "title": "Een heel ander punt", "commitments": gone["commitments"][:1]}
    )
    told = changes(before, after)
    assert [change.sentence for change in told] == [
        "Nieuw: punt 4.9 “Een heel ander punt”.",
        f"Punt {gone['number']} “{gone['title']}” staat er niet meer in.",
    ]
    assert [set(change.parties) for change in told] == [{GEMEENTE_RUIMTE}, {GEMEENTE_RUIMTE, LINDE, BEWONERS}]


def test_point_with_an_id_is_the_same_under_another_title(before, after):
    for content in (before, after):
        for place, point in enumerate(content["points"]):
            point["id"] = 100 + place
    after["points"][0]["title"] = "Licht"
    [told] = sentences(before, after)
    assert "“Licht”: de titel was" in told


def test_what_all_share_touches_everybody(before, after):
    after["term"]["until"] = "2031-12-31"
    after["rules"] = "Wij groeten elkaar."
    told = changes(before, after)
    assert len(told) == 2
    assert touched(told) == EVERYBODY


def test_what_describes_the_wijk_touches_nobody(before, after):
    after["summary"] = "Korter."
    after["figures"] = after["figures"][:1]
    after["contributions"].append(after["contributions"][0] | {"id": 9999, "points": []})
    told = changes(before, after)
    assert [change.sentence for change in told] == [
        "De samenvatting is veranderd.", "De lijst met cijfers is veranderd.", "Er is 1 keer inbreng bijgekomen.",
    ]  # fmt: skip
    assert touched(told) == set()


def test_a_word_that_is_explained_otherwise_is_a_change(before, after):
    after["terms"][0]["meaning"] = "Anders."
    told = changes(before, after)
    term, was = before["terms"][0]["term"], before["terms"][0]["meaning"]
    assert [change.sentence for change in told] == [f"De uitleg van {term} was “{was}”, is nu “Anders.”."]
    assert touched(told) == set()
    assert sentences({key: value for key, value in before.items() if key != "terms"}, after) == []


def test_the_same_amount_twice_is_two_amounts(before, after):
    amount = {"what": "verf", "amount": 500, "unit": "euro", "source": "wijkbudget"}
    before["points"][0]["amounts"], after["points"][0]["amounts"] = [amount], [amount, amount]
    name = f"Punt 1.1 “{after['points'][0]['title']}”"
    assert sentences(before, after) == [f"{name}: nieuw: 500 euro voor verf (bron: wijkbudget)."]
    assert sentences(after, before) == [f"{name}: vervallen: 500 euro voor verf (bron: wijkbudget)."]


def test_party_that_joins_is_asked(before, after):
    after["parties"].append(
        {"id": 9, "name": "Buurtmoestuin", "kind": "overig", "kind_label": "overig", "contact": None}
    )
    told = changes(before, after)
    assert [(change.sentence, change.parties) for change in told] == [("Buurtmoestuin doet nu mee.", [9])]


def test_changes_can_be_frozen(before, after):
    after["title"] = "Een andere titel"
    assert json.dumps([change.as_content() for change in changes(before, after)])
