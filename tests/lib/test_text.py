"""One cleaned text for all input."""

import unicodedata

import pytest
from django import forms
from hypothesis import given, settings
from hypothesis import strategies as st

from thuiswijk.lib.text import MAX_MARKS, CleanCharField, clean, in_brief

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Meer groen \n", "Meer groen"),
        ("een\r\ntwee\rdrie\u2028vier\u2029vijf", "een\ntwee\ndrie\nvier\nvijf"),
        ("een\x0btwee\x0cdrie\x85vier", "een\ntwee\ndrie\nvier"),
        ("een\n\n\n\n\ntwee", "een\n\ntwee"),
        ("een  \t\n \n\u00a0\n\ntwee", "een\n\ntwee"),
        ("een\ttwee", "een twee"),
        ("  inspringen\n  mag", "inspringen\n  mag"),
        ("cafe\u0301", "café"),
        ("A\u030a \u212b", "Å Å"),
        ("nul\0 bel\x07 escape\x1b[31m", "nul bel escape[31m"),
        ("\ud83d\ude00 samen", "\U0001f600 samen"),
        ("\ud83d alleen \ude00", "alleen"),
        ("\ufdd0\uffff\U0010ffff\ue000\U000f0000weg", "weg"),
        ("\u0378onbekend", "onbekend"),
        ("\u202egnp.exe\u202c \u2066a\u2069 \u200eb\u200f \u061cc", "gnp.exe a b c"),
        ("on\u200bzicht\ufeffbaar\u2060 \u00adwoord", "onzichtbaar woord"),
        ("\u3164\u2800\u115f\U000e0041", ""),
        ("z" + "\u0335" * 30, "z" + "\u0335" * MAX_MARKS),
        ("z" + "\u0335\u200d" * 30, "z" + "\u0335" * MAX_MARKS),
        ("\u0301" * 9, "\u0301" * MAX_MARKS),
        ("a\u200db\u200cc", "abc"),
        (FAMILY, FAMILY),
        ("\u2764\ufe0f\u200d\U0001f525 \U0001f44d\U0001f3fd", "\u2764\ufe0f\u200d\U0001f525 \U0001f44d\U0001f3fd"),
        ("\U0001f3f3\ufe0f\u200d\U0001f308", "\U0001f3f3\ufe0f\u200d\U0001f308"),
        ("\U0001f468\u200d\u200d\U0001f469", "\U0001f468\U0001f469"),
        ("\U0001f468\u200d", "\U0001f468"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"),
        ("\U0001fae8\U0001fa75", "\U0001fae8\U0001fa75"),  # newer than Python's tables
        ("Zeg “hoi” \u2013 € 5 … \u2018ja\u2019", "Zeg “hoi” \u2013 € 5 … \u2018ja\u2019"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
    ],
)
def test_clean(typed: str, stored: str) -> None:
    assert clean(typed) == stored


ANY_TEXT = st.text(
    st.characters()
    | st.characters(categories=["Mn", "Mc", "Me", "Cf", "Cs", "Zs", "Cc", "Cn"])
    | st.sampled_from("ae \n\t\u200d\u200c\ufe0f\u0301\u0344\U0001f468\u2764\U0001f3fd\u0645\u0915\u094d")
    | st.sampled_from("\u1100\u1161\u3164\ud83d\ude00\u0958\u05e9\u05bc\ufb2c")
)


@settings(max_examples=600, deadline=None)
@given(ANY_TEXT)
def test_clean_of_any_text(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == cleaned.strip()
    cleaned.encode()  # no surrogates left
    assert not {unicodedata.category(char) for char in cleaned.replace("\n", "")} & {"Cc", "Cs", "Co", "Zl", "Zp"}
    assert "\n\n\n" not in cleaned and " \n" not in cleaned


@given(st.text(st.sampled_from("abcz é€\u2019-.,!?0\n"), max_size=80))
def test_clean_changes_no_plain_word(text: str) -> None:
    assert clean(text).split() == text.split()


def test_clean_takes_no_square_of_the_length() -> None:
    assert clean("a" + " " * 300_000 + "b\u0301")[-1] == "b\u0301"[-1]


def test_in_brief_is_one_short_line() -> None:
    assert in_brief("een\n twee\u202e  drie") == "een twee drie"
    assert in_brief("a" * 100, 10) == "aaaaaaaaa…"
    assert in_brief("a" * 10, 10) == "a" * 10


class Form(forms.Form):
    text = CleanCharField(max_length=5, widget=forms.Textarea)
    title = CleanCharField(max_length=20, required=False)


def test_field_cleans_before_it_counts() -> None:
    form = Form({"text": " a\r\nb\u200b\u200b\u200bc\n\n\n ", "title": "een \r\n\r\n twee\0"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"text": "a\nbc", "title": "een twee"}


@pytest.mark.parametrize("typed", ["", "  \n", "\u200b\u3164\u202e", "\0", "abcdef"])
def test_field_refuses_what_is_empty_or_too_long(typed: str) -> None:
    assert not Form({"text": typed}).is_valid()


def test_field_takes_a_lone_surrogate() -> None:
    form = Form({"text": "a\ud83d"})
    assert form.is_valid()
    assert form.cleaned_data == {"text": "a", "title": ""}
