from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agendas import likeness, suggesting, theming, undoing
from agendas.models import Suggestions
from tests.factories import ContributionFactory, MeetingFactory, ThemeFactory
from trajectories import moderating

pytestmark = pytest.mark.django_db
PARKING = [
    "Auto’s parkeren op de stoep.",
    "Er zijn te weinig parkeerplaatsen voor auto’s.",
    "Door geparkeerde auto’s kan mijn rolstoel niet over de stoep.",
]
GREEN = ["Meer bomen in de straat.", "Wie zorgt er voor de boom op de hoek?", "Bomen geven schaduw, plant er meer."]
LONELY = ["Ik eet altijd alleen.", "Veel ouderen eten alleen.", "Samen eten, dan zit niemand alleen."]


@pytest.fixture
def meeting(cast):
    return MeetingFactory(trajectory=cast.trajectory)


def say(meeting, *texts: str) -> list:
    return [ContributionFactory(meeting=meeting, text=text) for text in texts]


def made(cast) -> Suggestions:
    order = suggesting.order(cast.trajectory, by=cast.leader)
    assert suggesting.make(order.pk)
    order.refresh_from_db()
    return order


def offers(cast) -> list[suggesting.Offer]:
    return suggesting.offers_of(cast.trajectory.suggestions.first(), list(cast.trajectory.themes.all()))


def test_words_are_stems_without_those_that_say_nothing():
    words = likeness.words_of(["De bomen en het parkeren van auto’s", "🙂", "", "شارع"])
    assert [word.stem for word in words[0]][:2] == ["bom", "parker"]
    assert [word.said for word in words[0]][0] == "bomen"
    assert [len(text) for text in words[1:3]] == [0, 0]


def test_what_resembles_each_other_is_a_group_and_the_rest_is_none():
    texts = likeness.words_of([*LONELY, "De lift is weer stuk.", "Mijn paspoort duurt lang."])
    assert likeness.alike(texts) == [[0, 1, 2]]
    assert likeness.alike(likeness.words_of(["Een lamp.", "Een bank."])) == []
    assert likeness.alike([]) == []


def test_telling_words_are_shared_and_shown_as_they_were_said():
    texts = likeness.words_of(LONELY)
    assert set(likeness.telling(texts, among=likeness.counted(texts))) == {"eten", "alleen"}


def test_theme_is_offered_for_the_surest_half_only(cast, meeting):
    parking = ThemeFactory(trajectory=cast.trajectory, name="Parkeren en auto’s")
    green = ThemeFactory(trajectory=cast.trajectory, name="Bomen en groen")
    theming.place(parking, say(meeting, PARKING[0]), by=cast.leader)
    theming.place(green, say(meeting, GREEN[0]), by=cast.leader)
    loose = say(meeting, PARKING[1], GREEN[2], "De bus rijdt te weinig.", "Het loket is dicht.")
    made(cast)
    told = {offer.theme: offer.contributions for offer in offers(cast)}
    assert told == {parking: [loose[0].pk], green: [loose[1].pk]}
    assert "bomen" in next(offer for offer in offers(cast) if offer.theme == green).words


def test_board_without_themes_gets_groups_that_could_be_themes(cast, meeting):
    say(meeting, *LONELY, *PARKING, "Mijn paspoort duurt lang.")
    made(cast)
    assert all(offer.theme is None for offer in offers(cast))
    eating = next(offer for offer in offers(cast) if "eten" in offer.words)
    assert len(eating.contributions) == 3
    assert eating.name[0].isupper()


def test_nothing_is_placed_by_itself_and_what_is_placed_is_not_offered_any_more(cast, meeting):
    said = say(meeting, *LONELY)
    made(cast)
    assert [len(offer.contributions) for offer in offers(cast)] == [3]
    assert not cast.trajectory.themes.exists()
    theme = ThemeFactory(trajectory=cast.trajectory)
    theming.place(theme, said[:2], by=cast.leader)
    assert [offer.contributions for offer in offers(cast)] == [[said[2].pk]]
    theming.place(theme, said[2:], by=cast.leader)
    assert offers(cast) == []


def test_theme_that_is_gone_is_not_offered(cast, meeting):
    themes = [ThemeFactory(trajectory=cast.trajectory, name=name) for name in ("Parkeren", "Bomen")]
    say(meeting, *PARKING, *GREEN)
    made(cast)
    assert "Parkeren" in {offer.theme.name for offer in offers(cast) if offer.theme}
    theming.remove(themes[0])
    assert "Parkeren" not in {offer.theme.name for offer in offers(cast) if offer.theme}


def test_asked_twice_while_it_works_is_once_and_newer_ones_replace_older(cast, meeting):
    first = suggesting.order(cast.trajectory, by=cast.leader)
    assert suggesting.order(cast.trajectory, by=cast.leader) == first
    assert suggesting.make(first.pk)
    assert not suggesting.make(first.pk)  # delivered twice
    second = suggesting.order(cast.trajectory, by=cast.leader)
    assert second != first
    assert Suggestions.objects.get() == second


def test_order_of_a_worker_that_died_is_taken_up_again(cast, meeting):
    order = suggesting.order(cast.trajectory, by=cast.leader)
    past = timezone.now() - timedelta(hours=1)
    Suggestions.objects.filter(pk=order.pk).update(state="claimed", claim="0" * 32, leased_until=past, attempts=1)
    assert suggesting.make(order.pk)


def test_words_go_with_an_inbreng_that_is_erased(cast, meeting):
    said = say(meeting, *LONELY)
    made(cast)
    cast.client(cast.leader).post(reverse("contribution_erase", args=[said[0].pk]))
    assert not Suggestions.objects.exists()


def test_words_of_what_was_hidden_since_are_not_shown(cast, meeting):
    said = say(meeting, *LONELY)
    made(cast)
    assert offers(cast)
    moderating.hide(said[0], by=cast.leader, reason="Er staat een naam in")
    assert offers(cast) == []


def test_hidden_and_erased_words_are_not_compared(cast, meeting):
    said = say(meeting, *LONELY)
    moderating.hide(said[0], by=cast.leader, reason="Er staat een naam in")
    moderating.erase(said[1], by=cast.leader)
    assert made(cast).content == []


def test_board_offers_with_the_words_marked_and_makes_a_theme_of_a_group(cast, meeting):
    say(meeting, *LONELY)
    browser, board = cast.client(cast.leader), reverse("theme_board", args=[cast.trajectory.pk])
    answer = browser.post(reverse("suggestions_order", args=[cast.trajectory.pk]), follow=True)
    assert "De computer vergelijkt de woorden." in answer.content.decode()
    mark = undoing.mark_of(cast.trajectory)
    assert suggesting.make(Suggestions.objects.get().pk)
    assert undoing.mark_of(cast.trajectory) != mark  # a page that asks by itself hears of it
    page = browser.get(f"{board}?voorstel=0").content.decode()
    assert "Dit is een voorstel van de computer" in page
    assert "<mark>eten</mark>" in page
    name = suggesting.offers_of(Suggestions.objects.get(), [])[0].name
    new = reverse("theme_new", args=[cast.trajectory.pk]) + f"?voorstel=0&naam={name}"
    assert f'value="{name}"' in browser.get(new).content.decode()
    after = browser.post(new, {"name": name, "position": 1})
    theme = cast.trajectory.themes.get()
    assert after["Location"] == f"{board}?voorstel=0&naar={theme.pk}"
    page = browser.get(after["Location"]).content.decode()
    assert f'<option value="{theme.pk}" selected>' in page
    assert page.count(" checked>") == 3


def test_who_reads_sees_offers_and_asks_for_none(cast, meeting):
    say(meeting, *LONELY)
    made(cast)
    page = cast.client(cast.reader).get(reverse("theme_board", args=[cast.trajectory.pk])).content.decode()
    assert "Voorstellen" in page
    assert "Zoek opnieuw" not in page
