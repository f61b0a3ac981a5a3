"""Abbreviations and jargon are found as people write them, and shown without a letter of markup getting through."""

from __future__ import annotations

import html
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakeholders.explaining import built_in
from thuiswijk.lib.terms import Glossary

LIST = Glossary(
    {
        "Wmo": "wet", "Wmo-raad": "inwoners", "ov": "bus en trein", "MEE": "helpt", "VvE": "eigenaars", "IB": "begeleider",
        "m.b.t.": "over", "statushouder": "mag blijven", "sociaal domein": "zorg en werk", "zzp": "werkt voor zichzelf",
        "STIL": "",
    },
    ordinary=frozenset({"mee", "een"}), known=frozenset({"TV", "EHBO"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("De Wmo, de WMO en de wmo.", ["Wmo", "WMO", "wmo"]),
        ("Het ov rijdt over de oven, niet op VOV of ov2.", ["ov"]),
        ("Ga mee naar MEE. Mee!", ["MEE"]),
        ("De IB van Ib.", ["IB"]),
        ("De Wmo-raad praat over Wmo-hulp.", ["Wmo-raad", "Wmo"]),
        ("Twee VvE's, VVE’s en een zzp'er.", ["VvE", "VVE", "zzp"]),
        ("Drie VVEs.", ["VVE"]),
        ("Iets m.b.t. wonen (m.b.t.).", ["m.b.t.", "m.b.t."]),
        ("Statushouders en een statushouder, geen statushouderij.", ["Statushouder", "statushouder"]),
        ("Het sociaal domein; sociaal domeinen.", ["sociaal domein", "sociaal domein"]),
        ("Mail info@wmo.nl of kijk op www.wmo.nl. Wmo.", ["Wmo"]),
        ("🏠Wmo🏠 en Wmo\u0301", ["Wmo"]),
        ("wmo_raad Wmoé", []),
        ("", []),
    ],
)
def test_found_as_it_is_written(text, found):
    assert [text[one.start : one.end] for one in LIST.found(text)] == found


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("De ABC en de abc, de Wmo en de STIL.", ["ABC"]),
        ("Twee XYZ’s, drie QRXs en de BuZa-man.", ["BuZa", "QRX", "XYZ"]),
        ("Kijk TV bij de EHBO.", []),
        ("Aan de IJssel, op IJburg, in 1234 AB of 1234AB, deel IV en VIII.", []),
        ("Piet McDonald van de Kerk.", []),
        ("LUISTER NU EENS GOED naar ons.", []),
        ("Een regel.\nDe ABC doet mee.\nWIJ WILLEN EEN BANK", ["ABC"]),
        ("www.ABC.nl, a@DEF.nl, N201 en A4.", []),
        ("Wmo-raad, VvE", []),
        ("Met QRX, WBV, ABC", ["ABC", "QRX", "WBV"]),
    ],
)
def test_unknown_is_asked_for(text, unknown):
    assert LIST.unknown_in([text]) == unknown


def test_annex_holds_what_occurs_once_and_sorted():
    texts = ["wmo, WMO en m.b.t.", "STIL en ov", "Wmo"]
    assert LIST.explained_in(texts) == {"m.b.t.": "over", "ov": "bus en trein", "Wmo": "wet"}
    assert list(LIST.explained_in(texts)) == ["m.b.t.", "ov", "Wmo"]


def test_only_the_first_of_each_is_explained_and_every_one_has_its_own_id():
    words = Glossary({"Wmo": "wet"})
    shown = words.as_html("Wmo en Wmo") + words.as_html("WMO")
    assert shown.count("<button") == 2
    assert re.findall(r'id="(.*?)"', shown) == ["begrip-1", "begrip-2"] == re.findall(r'popovertarget="(.*?)"', shown)


HOSTILE = [
    "<b>",
    "&amp;",
    '"',
    "'",
    "<script>alert(1)</script>",
    "Wmo",
    "ov",
    "m.b.t.",
    " ",
    "\n",
    ".",
    "🏠",
    "\u202e",
    "é",
]


@given(st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=5))).map("".join))
def test_text_is_escaped_and_stays_whole(text):
    words = Glossary({"Wmo": "<i>wet</i>", "ov": "“&”", "m.b.t.": "over"})
    shown = words.as_html(text)
    bare = re.sub(
        r'<button type="button" class="term" popovertarget="begrip-\d+"><abbr>(.*?)</abbr></button>', r"\1", shown
    )
    bare = re.sub(r'<span class="term__meaning" id="begrip-\d+" popover><strong>.*?</strong>: .*?</span>', "", bare)
    assert "<" not in bare
    assert html.unescape(bare) == text
    assert "<i>" not in shown


@given(st.text(alphabet="Wmo-radZQX .'’\n🏠", max_size=60))
def test_nothing_overlaps_and_nothing_known_is_asked(text):
    found = list(LIST.found(text))
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert not {word.lower() for word in LIST.unknown_in([text])} & {term.lower() for term in LIST.meanings}


def test_work_grows_with_the_text_alone():
    """Ten megabytes are read in one go; every word costs the same, wherever it stands and however many terms there are."""

    class Counting(dict):
        asked = 0

        def get(self, *args):
            self.asked += 1
            return super().get(*args)

    line = "De Wmo en de ABC gaan over het sociaal domein, m.b.t. VvE's en ov. "
    asked = []
    for times in (1_000, 10_000_000 // len(line)):
        words = Glossary(LIST.meanings)
        object.__setattr__(words, "_by_word", Counting(words._by_word))
        assert words.unknown_in([line * times]) == ["ABC"]
        asked.append(words._by_word.asked / times)
    assert asked[0] == asked[1]


def test_built_in_list_can_be_read_by_everybody():
    words = built_in()
    assert len(words.meanings) > 100
    for term, meaning in words.meanings.items():
        assert len(term) <= 40 and 5 < len(meaning) <= 300 and meaning.endswith("."), term
        assert [one.term for one in words.found(term)] == [term]
    assert words.unknown_in(words.meanings.values()) == []
    assert len({term.lower() for term in words.meanings}) == len(words.meanings)
