from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from agendas import theming
from agendas.models import Placement
from tests.factories import ContributionFactory, MeetingFactory, ThemeFactory
from tests.pages import fill_in
from trajectories.models import Contribution

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(cast) -> list[Contribution]:
    meeting = MeetingFactory(trajectory=cast.trajectory)
    return [ContributionFactory(meeting=meeting) for _ in range(4)]


@pytest.fixture
def themes(cast):
    return [ThemeFactory(trajectory=cast.trajectory) for _ in range(2)]


def under(theme) -> set[int]:
    return set(theme.placements.values_list("contribution", flat=True))


def test_several_are_placed_moved_and_taken_out_at_once(cast, said, themes):
    first, second = themes
    assert theming.place(first, said[:3], by=cast.leader) == 3
    assert theming.place(first, said, by=cast.leader) == 1  # three stood there already
    assert theming.place(second, said[:2], by=cast.leader, seen_under=first) == 2
    assert (under(first), under(second)) == ({said[2].pk, said[3].pk}, {said[0].pk, said[1].pk})
    assert theming.take_out(second, said) == 2
    assert under(second) == set()
    assert Contribution.objects.count() == 4


def test_moving_to_where_it_stands_keeps_it(cast, said, themes):
    theming.place(themes[0], said, by=cast.leader)
    assert theming.place(themes[0], said, by=cast.leader, seen_under=themes[0]) == 0
    assert len(under(themes[0])) == 4


def test_contribution_of_another_trajectory_is_refused_by_the_database(cast, themes):
    foreign = ContributionFactory(meeting__trajectory=cast.elsewhere)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        theming.place(themes[0], [foreign], by=cast.leader)
    assert not Placement.objects.exists()


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"place": "1"}, "Kruis eerst aan"),
        ({"place": "1", "contributions": "SAID"}, "Kies eerst een thema."),
        ({"place": "1", "contributions": "SAID", "theme": "THEME"}, "4 keer inbreng bij"),
        ({"place": "1", "contributions": ["999999"], "theme": "THEME"}, "Fout:"),
    ],
)
def test_board_says_what_happened(cast, said, themes, form, sentence):
    filled = {
        key: [str(row.pk) for row in said] if value == "SAID" else themes[0].pk if value == "THEME" else value
        for key, value in form.items()
    }
    page = cast.client(cast.leader).post(reverse("theme_placing", args=[cast.trajectory.pk]), filled, follow=True)
    assert sentence in page.content.decode()


def test_board_moves_and_takes_out(cast, said, themes):
    browser, first, second = cast.client(cast.leader), *themes
    theming.place(first, said, by=cast.leader)
    address = reverse("theme_placing", args=[cast.trajectory.pk])
    chosen = [str(row.pk) for row in said[:2]]
    browser.post(address, {"move": "1", "out_of": first.pk, "contributions": chosen, "theme": second.pk})
    assert (len(under(first)), len(under(second))) == (2, 2)
    browser.post(address, {"take_out": "1", "out_of": second.pk, "contributions": chosen[:1]})
    assert len(under(second)) == 1


@pytest.fixture
def spoken(cast) -> dict[str, Contribution]:
    meeting = MeetingFactory(trajectory=cast.trajectory)
    texts = {
        "boom": ("Op de hoek staat een boom die omwaait.", {"kind": "signaal"}),
        "bomen": ("Plant meer bomen <b>langs</b> de singel.", {"question": "Wat mist u?"}),
        "fiets": ("Er is geen fietsenstalling bij de school.", {"said_by": cast.parties[0]}),
    }
    return {name: ContributionFactory(meeting=meeting, text=text, **more) for name, (text, more) in texts.items()}


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("zoek=boom", {"boom", "bomen"}),  # every form of a word
        ("zoek=stalling", {"fiets"}),  # a part of a longer word
        ("zoek=boom+hoek", {"boom"}),
        ("zoek=%22%27%26%21%3A%2A", set()),  # signs that a search of PostgreSQL gives a meaning
        ("zoek=%5B%28", set()),
        ("partij=null", {"boom", "bomen"}),
        ("partij=partijen", {"fiets"}),
        ("partij=PARTY", {"fiets"}),
        ("vraag=Wat+mist+u%3F", {"bomen"}),
        ("soort=signaal", {"boom"}),
    ],
)
@pytest.mark.parametrize("name", ["theme_board", "contribution_list"])
def test_what_was_said_is_found(cast, spoken, name, address, found):
    page = reverse(name, args=[cast.trajectory.pk])
    answer = cast.client(cast.leader).get(f"{page}?{address.replace('PARTY', str(cast.parties[0].pk))}")
    assert {row["id"] for row in answer.context["rows"]} == {spoken[one].pk for one in found}


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("boom", "Plant meer <mark>bomen</mark> &lt;b&gt;langs&lt;/b&gt; de singel."),
        ("STALLING", "Er is geen fietsen<mark>stalling</mark> bij de school."),
        ("&lt;b", "Niets gevonden"),
    ],
)
def test_what_is_found_is_marked_and_stays_text(cast, spoken, word, shown):
    page = reverse("theme_board", args=[cast.trajectory.pk])
    assert shown in cast.client(cast.leader).get(page, {"zoek": word}).content.decode()


def test_placing_what_was_found_leads_back_to_what_was_looked_for(cast, spoken, themes):
    leader, board = cast.client(cast.leader), reverse("theme_board", args=[cast.trajectory.pk])
    page = leader.get(board, {"zoek": "boom", "soort": "signaal"}).content.decode()
    action = re.search(r'class="board__form" method="post" action="([^"]+)"', page)[1].replace("&amp;", "&")
    form = {"place": "1", "contributions": spoken["boom"].pk, "theme": themes[0].pk}
    assert leader.post(action, form).url == f"{board}?zoek=boom&soort=signaal"
    assert under(themes[0]) == {spoken["boom"].pk}


# --- groups -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def placed(cast, said, themes):
    theming.place(themes[0], said, by=cast.leader)
    return said


def board(browser, cast, **query) -> str:
    return browser.get(reverse("theme_board", args=[cast.trajectory.pk]), query).content.decode()


def test_what_says_the_same_stands_behind_one_sentence_and_keeps_its_words(cast, placed, themes):
    browser, theme = cast.client(cast.leader), themes[0]
    address = reverse("theme_placing", args=[cast.trajectory.pk])
    form = {"out_of": theme.pk, "gather": "1", "contributions": [one.pk for one in placed[:3]]}
    page = browser.post(address, form | {"wording": "Meer licht op straat"}, follow=True).content.decode()
    assert "3 keer inbreng bij elkaar gezet in de groep “Meer licht op straat”." in page
    group = theme.groups.get()
    page = board(browser, cast, thema=theme.pk)
    assert re.search(r"Meer licht op straat</a> <span class=\"board__count\">3<", page)
    assert f'value="{placed[0].pk}"' not in page
    assert f'value="{placed[3].pk}"' in page
    page = board(browser, cast, thema=theme.pk, groep=group.pk)
    assert all(f'value="{one.pk}"' in page for one in placed[:3])
    assert placed[0].text in page
    assert f'value="{placed[0].pk}"' in board(browser, cast, thema=theme.pk, zoek=placed[0].text[:8])

    form = {"out_of": theme.pk, "scatter": "1", "groep": group.pk, "contributions": [placed[0].pk]}
    assert "1 keer inbreng uit de groep" in browser.post(address, form, follow=True).content.decode()
    form = {"out_of": theme.pk, "gather": "1", "group": group.pk, "contributions": [placed[3].pk]}
    browser.post(address, form)
    assert set(group.placements.values_list("contribution", flat=True)) == {one.pk for one in placed[1:]}
    assert Contribution.objects.count() == 4


def test_group_without_a_sentence_is_asked_for_one(cast, placed, themes):
    address = reverse("theme_placing", args=[cast.trajectory.pk])
    form = {"out_of": themes[0].pk, "gather": "1", "contributions": [placed[0].pk]}
    browser = cast.client(cast.leader)
    page = browser.post(f"{address}?thema={themes[0].pk}", form, follow=True).content.decode()
    assert "Schrijf in één zin op" in page
    assert f'value="{placed[0].pk}" checked>' in page
    assert '<details class="board__gather" open>' in page  # what is wrong stands in it
    group = themes[0].groups.create(trajectory=cast.trajectory, wording="Meer licht")
    form |= {"group": group.pk, "wording": "Meer <lampen>"}
    page = browser.post(f"{address}?thema={themes[0].pk}", form, follow=True).content.decode()
    assert "Niet allebei." in page
    assert 'maxlength="300">Meer &lt;lampen&gt;</textarea>' in page
    assert not group.placements.exists()


def test_of_two_who_gather_at_once_the_second_is_told(cast, placed, themes):
    address = f"{reverse('theme_placing', args=[cast.trajectory.pk])}?thema={themes[0].pk}"
    form = {"out_of": themes[0].pk, "gather": "1", "contributions": [one.pk for one in placed[:2]]}
    cast.client(cast.leader).post(address, form | {"wording": "Meer licht"})
    page = cast.client(cast.adviser).post(address, form | {"wording": "Lampen"}, follow=True).content.decode()
    assert "2 keer inbreng stond al zo, of is net door een collega verplaatst." in page
    assert [group.wording for group in themes[0].groups.all()] == ["Meer licht"]
    more = {"out_of": themes[0].pk, "gather": "1", "contributions": [placed[2].pk], "wording": "Meer licht"}
    cast.client(cast.adviser).post(address, more)
    assert themes[0].groups.get().placements.count() == 3  # the same sentence is the same group


def test_sentence_of_a_group_can_be_changed(cast, placed, themes):
    theming.gather(themes[0], placed[:2], into="Meer ligt")
    group = themes[0].groups.get()
    browser = cast.client(cast.leader)
    fill_in(browser, reverse("group_edit", args=[group.pk]), {"wording": "Meer licht"})
    group.refresh_from_db()
    assert group.wording == "Meer licht"
    assert cast.client(cast.reader).get(reverse("group_edit", args=[group.pk])).status_code == 403


def test_moving_to_another_theme_leaves_the_group(cast, placed, themes):
    theming.gather(themes[0], placed[:2], into="Meer licht")
    theming.place(themes[1], placed[:1], by=cast.leader, seen_under=themes[0])
    assert Placement.objects.get(contribution=placed[0]).group is None
    assert themes[0].groups.get().placements.count() == 1


def test_group_of_another_theme_is_refused_by_the_database(cast, placed, themes):
    theming.gather(themes[0], placed[:2], into="Meer licht")
    theming.place(themes[1], placed[2:3], by=cast.leader, stays=True, seen_under=themes[0])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        themes[1].placements.update(group=themes[0].groups.get())


def test_what_is_gone_from_the_theme_is_not_gathered(cast, placed, themes):
    theming.take_out(themes[0], placed)
    assert theming.gather(themes[0], placed, into="Meer licht") == 0
    assert not themes[0].groups.exists()


def test_board_of_a_theme_that_is_gone_says_so(cast):
    address = reverse("theme_board", args=[cast.trajectory.pk])
    page = cast.client(cast.reader).get(address, {"thema": 999999}).content.decode()
    assert "Dit thema is er niet meer." in page
    assert "Dit thema is er niet meer." not in cast.client(cast.reader).get(address).content.decode()
