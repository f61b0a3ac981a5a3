from __future__ import annotations

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
    assert theming.place(second, said[:2], by=cast.leader, out_of=first) == 2
    assert (under(first), under(second)) == ({said[2].pk, said[3].pk}, {said[0].pk, said[1].pk})
    assert theming.take_out(second, said) == 2
    assert under(second) == set()
    assert Contribution.objects.count() == 4


def test_moving_to_where_it_stands_keeps_it(cast, said, themes):
    theming.place(themes[0], said, by=cast.leader)
    assert theming.place(themes[0], said, by=cast.leader, out_of=themes[0]) == 0
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
