from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from agendas import theming
from agendas.models import Placement
from tests.factories import ContributionFactory, MeetingFactory, ThemeFactory
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
