"""An inbreng in parts: each points at the words, none of which is copied, changed, lost or told twice."""

from __future__ import annotations

import re

import pghistory
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from agendas import differences, documents, drafting, following, splitting, theming, undoing, versions
from agendas.models import Placement
from agendas.splitting import Part
from tests.factories import ContributionFactory, MeetingFactory, ThemeFactory, complete_agenda
from tests.pages import words
from thuiswijk.lib.canonical import canonical
from thuiswijk.lib.text import clean
from trajectories import moderating
from trajectories.models import ERASED, Contribution

SAID = "De stoepen zijn slecht en er is niets voor jongeren. Ook de “bus” rijdt niet meer 🚍!"
STREET, YOUTH = (0, 23), (23, 53)


@pytest.fixture
def said(cast, db) -> Contribution:
    meeting = MeetingFactory(trajectory=cast.trajectory)
    return ContributionFactory(meeting=meeting, text=SAID, participant=meeting.participants.create())


@pytest.fixture
def themes(cast, db):
    return [ThemeFactory(trajectory=cast.trajectory, name=name) for name in ("Straat", "Jongeren")]


def stands(said) -> set[tuple[str, int | None, int | None]]:
    return set(said.placements.values_list("theme__name", "start", "stop"))


def pieces_of(text: str) -> list[str]:
    return [text[start:stop] for start, stop in splitting.pieces(text)]


def test_words_are_cut_where_something_else_begins():
    assert pieces_of(SAID) == [
        "De stoepen zijn slecht ", "en er is niets voor jongeren. ", "Ook de “bus” rijdt niet meer 🚍!",
    ]  # fmt: skip
    assert [(0, len(text)) for text in ("Meer licht", "🚍 🚍", ". , en")] == [
        *splitting.pieces("Meer licht"), *splitting.pieces("🚍 🚍"), *splitting.pieces(". , en"),
    ]  # fmt: skip


@given(st.text().map(clean).filter(bool), st.data())
def test_pieces_are_all_the_words_and_parts_are_whole_words(text, data):
    assert "".join(pieces_of(text)) == text
    one, other = sorted(data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    if one == other:
        return
    ((start, stop),) = splitting.snapped(text, [(one, other)])
    assert start <= one < other <= stop
    rest = splitting.minus([(0, len(text))], [(start, stop)])
    assert all(any(sign.isalnum() or sign == "_" for sign in text[a:b]) for a, b in rest)  # never a bare comma


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "Kies eerst welke woorden bij elkaar horen."),
        ({"pieces": ["0.23"], "words": "stoepen"}, "Kruis de woorden aan, of typ ze over. Niet allebei."),
        ({"words": "fietspaden"}, "Deze woorden staan niet zo in de inbreng."),
        ({"pieces": ["0.23", "23.53", f"53.{len(SAID)}"]}, "Dit zijn alle woorden."),
        ({"words": SAID}, "Dit zijn alle woorden."),
        ({"pieces": ["0.24"]}, "Kies opnieuw."),
        ({"pieces": ["0.23"], "theme": ""}, "Kies een van de mogelijkheden."),
    ],
)
def test_split_without_words_or_place_says_why(cast, said, themes, form, sentence):
    form = {"theme": themes[0].pk} | form
    page = cast.client(cast.leader).post(reverse("contribution_split", args=[said.pk]), form).content.decode()
    assert page.count(sentence) == 2  # at the top, and at the field itself
    assert not said.placements.exists()


def test_parts_get_a_place_by_themselves_and_the_rest_waits(cast, said, themes):
    browser, address = cast.client(cast.leader), reverse("contribution_split", args=[said.pk])
    board = reverse("theme_board", args=[cast.trajectory.pk])
    page = browser.post(address, {"pieces": ["0.23"], "theme": themes[0].pk}, follow=True).content.decode()
    assert "“De stoepen zijn slecht” staat nu als deel bij “Straat”." in page
    assert "en er is niets voor jongeren. Ook de “bus” rijdt niet meer 🚍!</span>" in page  # still without a place
    browser.post(address, {"words": "niets  voor JONGEREN", "theme": themes[1].pk})
    assert stands(said) == {("Straat", 0, 23), ("Jongeren", 32, 53)}
    (row,) = browser.get(board).context["rows"]
    assert (row["text"], row["tick"]) == ("en er is … Ook de “bus” rijdt niet meer 🚍!", str(said.pk))
    (row,) = browser.get(board, {"thema": themes[1].pk}).context["rows"]
    assert (row["text"], row["tick"]) == ("niets voor jongeren. ", f"{said.pk}.32.53")
    page = browser.get(board, {"thema": themes[1].pk, "zoek": "jongere"}).content.decode()
    assert "niets voor <mark>jongeren</mark>." in page
    assert (
        "<mark>De stoepen zijn slecht </mark>"
        in browser.get(reverse("contribution_detail", args=[said.pk])).content.decode()
    )
    browser.post(reverse("theme_placing", args=[cast.trajectory.pk]),
                 {"place": "1", "contributions": [said.pk], "theme": themes[1].pk})  # fmt: skip
    assert not drafting.unplaced(cast.trajectory).exists()
    assert [theme.voices for theme in drafting.themes_of(cast.trajectory)] == [1, 1]  # once, in however many parts
    said.refresh_from_db()
    assert said.text == SAID


def test_parts_under_one_theme_are_moved_and_grouped_apart(cast, said, themes):
    theming.place(themes[0], [said], by=cast.leader)
    browser, placing = cast.client(cast.leader), reverse("theme_placing", args=[cast.trajectory.pk])
    address = f"{reverse('contribution_split', args=[said.pk])}?thema={themes[0].pk}"
    browser.post(address, {"pieces": ["0.23"], "theme": themes[0].pk})
    assert stands(said) == {("Straat", 0, 23), ("Straat", 23, len(SAID))}
    tick = f"{said.pk}.0.23"
    gather = {"out_of": themes[0].pk, "gather": "1", "contributions": [tick], "wording": "Betere stoepen"}
    browser.post(placing, gather)
    group = themes[0].groups.get()
    assert [row.start for row in group.placements.all()] == [0]
    assert [(row["text"]) for row in browser.get(
        reverse("theme_board", args=[cast.trajectory.pk]), {"thema": themes[0].pk, "groep": group.pk}
    ).context["rows"]] == ["De stoepen zijn slecht "]  # fmt: skip
    move = {"out_of": themes[0].pk, "move": "1", "contributions": [f"{said.pk}.23.{len(SAID)}"], "theme": themes[1].pk}
    browser.post(placing, move)
    assert stands(said) == {("Straat", 0, 23), ("Jongeren", 23, len(SAID))}
    browser.post(reverse("contribution_whole", args=[said.pk]))
    assert stands(said) == {("Straat", None, None), ("Jongeren", None, None)}
    assert {row.contribution for row in group.placements.all()} == {said}


def test_of_two_who_split_at_once_nothing_is_lost(cast, said, themes):
    theming.place(themes[0], [said], by=cast.leader)
    address = f"{reverse('contribution_split', args=[said.pk])}?thema={themes[0].pk}"
    cast.client(cast.leader).post(address, {"pieces": ["0.23"], "theme": themes[1].pk})
    page = cast.client(cast.adviser).post(address, {"pieces": ["0.23", "23.53"], "theme": themes[1].pk})
    assert "Kies opnieuw." in page.content.decode()
    stale = {"out_of": themes[0].pk, "take_out": "1", "contributions": [said.pk]}  # a page from before the split
    cast.client(cast.adviser).post(reverse("theme_placing", args=[cast.trajectory.pk]), stale)
    assert stands(said) == {("Jongeren", 0, 23)}
    assert list(drafting.unplaced(cast.trajectory)) == [said]


@pytest.mark.parametrize("span", [(0, 0), (5, 3), (0, len(SAID) + 1), (0, None), (None, 3), (10, 30), (None, None)])
def test_part_that_can_not_be_is_refused_by_the_database(cast, said, themes, span):
    row = {"trajectory": cast.trajectory, "theme": themes[0], "contribution": said}
    Placement.objects.create(**row, start=0, stop=23)
    with pytest.raises(IntegrityError), transaction.atomic():
        Placement.objects.create(**row, start=span[0], stop=span[1])


def test_what_is_erased_or_hidden_is_gone_in_every_part(cast, said, themes):
    theming.place(themes[0], [Part(said.pk, *STREET)], by=cast.leader)
    moderating.erase(said, by=cast.leader)
    browser, board = cast.client(cast.leader), reverse("theme_board", args=[cast.trajectory.pk])
    page = browser.get(board, {"thema": themes[0].pk}).content.decode()
    assert "[Deze inbreng is gewist op verzoek.]" in page
    assert "stoepen" not in page + browser.get(reverse("contribution_detail", args=[said.pk])).content.decode()
    assert browser.get(reverse("contribution_split", args=[said.pk]) + f"?thema={themes[0].pk}").status_code == 302
    theming.place(themes[1], [said], by=cast.leader, seen_under=themes[0])
    assert stands(said) == {("Jongeren", None, None)}
    moderating.hide(said, by=cast.leader, reason="naam")
    assert drafting.themes_of(cast.trajectory).get(pk=themes[1].pk).voices == 0


def test_document_prints_each_part_and_points_at_the_whole(cast, said):
    agenda = complete_agenda(cast.trajectory)
    before = versions.freeze(agenda, by=cast.leader, reason="Het mag.").data
    theme = cast.trajectory.themes.get()
    theming.place(theme, [Part(said.pk, *STREET)], by=cast.leader)
    after = versions.freeze(agenda, by=cast.leader, reason="Het mag.").data
    parts = [(one["theme"], one["part"], one["text"]) for one in after["contributions"]]
    assert parts == [
        (1, "De stoepen zijn slecht", SAID),
        (None, "en er is niets voor jongeren. Ook de “bus” rijdt niet meer 🚍!", SAID),
    ]
    html = documents.document_html(canonical(after), None)
    assert html.count("“De stoepen zijn slecht”") == 1
    assert html.count('href="#geheel-1"') == 2
    assert f'<li id="geheel-1">“{SAID}”' in html
    assert not [change for change in differences.changes(before, after) if "bijgekomen" in change.sentence]


def test_erased_words_that_were_split_stand_once_under_each_theme(cast, said, themes):
    agenda = complete_agenda(cast.trajectory)
    theming.place(themes[0], [Part(said.pk, *STREET)], by=cast.leader)
    theming.place(themes[0], [Part(said.pk, *YOUTH)], by=cast.leader)
    theming.place(themes[1], [Part(said.pk, YOUTH[1], len(said.text))], by=cast.leader)
    before = versions.freeze(agenda, by=cast.leader, reason="Het mag.").data
    moderating.erase(said, by=cast.leader)
    after = versions.freeze(agenda, by=cast.leader, reason="Het mag.").data
    numbers = {theme["name"]: theme["number"] for theme in after["themes"]}
    stands = [(one["theme"], one["part"]) for one in after["contributions"]]
    assert sorted(stands) == sorted((numbers[theme.name], "") for theme in themes[:2])
    assert differences.changes(before, after) == []


def test_version_of_before_there_were_parts_reads_as_it_did(cast, said):
    data = versions.freeze(complete_agenda(cast.trajectory), by=cast.leader, reason="Het mag.").data
    data["schema"] = 4
    for one in data["contributions"]:
        del one["part"]
    html = documents.document_html(canonical(data), None)
    assert "stoepen" in html
    assert "geheel-1" not in html


def test_who_said_it_reads_where_each_part_went(cast, said, themes):
    participant = said.participant
    whole = following._digest_of(following.followed(participant))
    theming.place(themes[1], [Part(said.pk, *YOUTH)], by=cast.leader)
    page = cast.client().get(reverse("follow", args=[participant.code])).content.decode()
    assert "Dit deel: “en er is niets voor jongeren.”" in page
    assert "De rest: “De stoepen zijn slecht … Ook de “bus” rijdt niet meer 🚍!”" in page
    assert following._digest_of(following.followed(participant)) != whole


def test_every_part_has_a_number_on_the_board_and_on_its_own_page(cast, said, themes):
    theming.place(themes[0], [Part(said.pk, *STREET)], by=cast.leader)
    browser, board = cast.client(cast.leader), reverse("theme_board", args=[cast.trajectory.pk])
    assert "Deel 1 van 2" in words(browser.get(board, {"thema": themes[0].pk}))
    loose = words(browser.get(board))
    assert "Deel 2 van 2" in loose and "Bekijk het geheel" in loose
    own = words(browser.get(reverse("contribution_detail", args=[said.pk])))
    assert "Deel 1 van 2: “De stoepen zijn slecht”" in own and "Deel 2 van 2: “en er is niets" in own
    assert "Maak weer één geheel" in own
    theming.place(themes[1], [Part(said.pk, *YOUTH)], by=cast.leader)
    assert "Deel 2 van 3" in words(browser.get(board, {"thema": themes[1].pk, "zoek": "jongeren"}))
    sought = words(browser.get(board, {"zoek": "bus"}))
    assert "Deel 3 van 3" in sought and "<mark>bus</mark>" in sought


def test_steps_with_a_part_are_told_as_such(cast, said, themes):
    def told(did) -> str:
        with pghistory.context(user=cast.leader.user.pk):
            did()
        return undoing.steps_of(cast.trajectory)[0].did

    street, youth = themes
    part, other = Part(said.pk, *STREET), Part(said.pk, *YOUTH)
    assert told(lambda: theming.place(street, [part], by=cast.leader)) == "zette een deel van een inbreng bij ‘Straat’"
    moved = told(lambda: theming.place(youth, [part], by=cast.leader, seen_under=street))
    assert moved == "zette een deel van een inbreng van ‘Straat’ naar ‘Jongeren’"
    assert told(lambda: theming.take_out(youth, [part])) == "haalde een deel van een inbreng uit ‘Jongeren’"
    assert told(lambda: theming.place(street, [said], by=cast.leader)) == "zette 1 keer inbreng bij ‘Straat’"
    assert told(lambda: theming.split(street, [other])) == "splitste een inbreng in delen bij ‘Straat’"
    assert told(lambda: theming.make_whole(said)) == "maakte een inbreng weer één geheel bij ‘Straat’"


def test_erased_words_that_were_split_stand_once_on_the_board_and_move_as_one(cast, said, themes):
    for part in (STREET, YOUTH):
        theming.place(themes[0], [Part(said.pk, *part)], by=cast.leader)
    moderating.erase(said, by=cast.leader)
    browser, board = cast.client(cast.leader), reverse("theme_board", args=[cast.trajectory.pk])
    page = browser.get(board, {"thema": themes[0].pk}).content.decode()
    assert page.count(ERASED) == 1 and "said__part" not in page
    own = browser.get(reverse("contribution_detail", args=[said.pk])).content.decode()
    assert own.count(f"?thema={themes[0].pk}") == 1
    [tick] = re.findall('name="contributions" value="([^"]+)"', page)
    move = {"contributions": tick, "out_of": themes[0].pk, "theme": themes[1].pk, "move": "1"}
    browser.post(reverse("theme_placing", args=[cast.trajectory.pk]), move)
    assert ERASED not in browser.get(board, {"thema": themes[0].pk}).content.decode()
    assert browser.get(board, {"thema": themes[1].pk}).content.decode().count(ERASED) == 1
    assert said.placements.count() == 1
