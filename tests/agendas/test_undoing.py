"""Steps on the board of themes are told, and taken back without losing what a colleague did."""

from __future__ import annotations

import pghistory
import pytest
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from agendas import theming, undoing
from agendas.models import Placement, Theme
from tests.factories import ContributionFactory, MeetingFactory, PersonFactory, ThemeFactory, TrajectoryFactory
from trajectories.models import Contribution

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(cast) -> list[Contribution]:
    meeting = MeetingFactory(trajectory=cast.trajectory)
    return [ContributionFactory(meeting=meeting) for _ in range(4)]


@pytest.fixture
def themes(cast) -> list[Theme]:
    return [ThemeFactory(trajectory=cast.trajectory, name=name) for name in ("Groen", "Wonen")]


def under(theme) -> set[int]:
    return set(theme.placements.values_list("contribution", flat=True))


def by(person):
    """Everything in here is one step of this person."""
    return pghistory.context(user=person.user.pk)


def test_steps_are_told_and_taken_back(cast, said, themes):
    green, homes = themes
    with by(cast.leader):
        theming.place(green, said[:3], by=cast.leader)
    with by(cast.adviser):
        theming.place(homes, said[:2], by=cast.adviser, seen_under=green)
    with by(cast.adviser):
        theming.take_out(homes, said[:1])
    steps = undoing.steps_of(cast.trajectory)
    assert [(step.who, step.did) for step in steps] == [
        (cast.adviser.name, "haalde 1 keer inbreng uit ‘Wonen’"),
        (cast.adviser.name, "zette 2 keer inbreng van ‘Groen’ naar ‘Wonen’"),
        (cast.leader.name, "zette 3 keer inbreng bij ‘Groen’"),
    ]
    assert [step.is_open for step in steps] == [True, True, True]  # of each something was not touched since
    with by(cast.leader):
        assert undoing.undo(cast.trajectory, steps[0].key, by=cast.leader) == (1, 0)
    assert under(homes) == {said[0].pk, said[1].pk}
    with by(cast.leader):
        assert undoing.undo(cast.trajectory, steps[0].key, by=cast.leader) == (0, 1)
    assert under(homes) == {said[0].pk, said[1].pk}


def test_what_a_colleague_moved_since_stays(cast, said, themes):
    green, homes = themes
    with by(cast.leader):
        theming.place(green, said[:3], by=cast.leader)
    with by(cast.adviser):
        theming.place(homes, said[:1], by=cast.adviser, seen_under=green)
    first = undoing.steps_of(cast.trajectory)[1]
    with by(cast.leader):
        assert undoing.undo(cast.trajectory, first.key, by=cast.leader) == (2, 1)
    assert (under(green), under(homes)) == (set(), {said[0].pk})


def test_taking_back_can_be_taken_back(cast, said, themes):
    with by(cast.leader):
        theming.place(themes[0], said, by=cast.leader)
    for stands in (set(), {one.pk for one in said}, set()):
        with by(cast.leader):
            undoing.undo(cast.trajectory, undoing.steps_of(cast.trajectory)[0].key, by=cast.leader)
        assert under(themes[0]) == stands


def test_what_goes_back_to_a_theme_that_is_gone_stays(cast, said, themes):
    green, homes = themes
    with by(cast.leader):
        theming.place(green, said[:2], by=cast.leader)
    with by(cast.leader):
        theming.place(homes, said[:2], by=cast.leader, seen_under=green)
    theming.remove(green)
    with by(cast.leader):
        back, stayed = undoing.undo(cast.trajectory, undoing.steps_of(cast.trajectory)[0].key, by=cast.leader)
    assert (back, stayed) == (0, 2)
    assert under(homes) == {said[0].pk, said[1].pk}


def test_groups_are_told_and_taken_back(cast, said, themes):
    green, homes = themes
    with by(cast.leader):
        theming.place(green, said, by=cast.leader)
    with by(cast.leader):
        theming.gather(green, said[:3], into="Meer bomen")
    group = green.groups.get()
    with by(cast.adviser):
        theming.scatter(group, said[:1])
    steps = undoing.steps_of(cast.trajectory)
    assert [step.did for step in steps[:2]] == [
        "haalde 1 keer inbreng uit een groep", "zette 3 keer inbreng in de groep ‘Meer bomen’",
    ]  # fmt: skip
    with by(cast.leader):
        assert undoing.undo(cast.trajectory, steps[1].key, by=cast.leader) == (2, 1)
        assert undoing.undo(cast.trajectory, steps[0].key, by=cast.leader) == (1, 0)
    assert {row.contribution for row in group.placements.all()} == {said[0]}
    with by(cast.leader):
        theming.place(homes, said[:1], by=cast.leader, seen_under=green)
    with by(cast.leader):
        undoing.undo(cast.trajectory, undoing.steps_of(cast.trajectory)[0].key, by=cast.leader)
    assert {row.contribution for row in group.placements.all()} == {said[0]}  # back in its theme, and in its group


def test_of_two_at_once_the_second_moves_only_what_is_still_there(cast, said, themes):
    green, homes = themes
    first, second = cast.client(cast.leader), cast.client(cast.adviser)
    address = reverse("theme_placing", args=[cast.trajectory.pk])
    ticked = [one.pk for one in said[:2]]
    first.post(address, {"place": "1", "contributions": ticked, "theme": green.pk})
    page = second.post(address, {"place": "1", "contributions": [*ticked, said[2].pk], "theme": homes.pk}, follow=True)
    assert "1 keer inbreng bij “Wonen” gezet." in page.content.decode()
    assert "2 keer inbreng stond er al, of is net door een collega verplaatst." in page.content.decode()
    assert (under(green), under(homes)) == ({said[0].pk, said[1].pk}, {said[2].pk})


def test_board_asks_for_the_steps_and_is_told_where_nothing_is_new(cast, said, themes):
    leader, htmx = cast.client(cast.leader), {"HX-Request": "true"}
    leader.post(
        reverse("theme_placing", args=[cast.trajectory.pk]),
        {"place": "1", "contributions": [said[0].pk], "theme": themes[0].pk},
    )
    address = reverse("theme_steps", args=[cast.trajectory.pk])
    side = leader.get(address, headers=htmx)
    assert "zette 1 keer inbreng bij ‘Groen’" in side.content.decode()
    assert "<h1" not in side.content.decode()
    assert leader.get(address, {"sinds": side.context["mark"]}, headers=htmx).status_code == 204
    assert "<h1>Laatste stappen</h1>" in leader.get(address).content.decode()
    assert "Maak ongedaan" not in cast.client(cast.reader).get(address).content.decode()


@pytest.mark.parametrize("key", ["", "0", "99999999", "x", "EVENT OF ANOTHER"])
def test_step_that_is_not_there_changes_nothing(cast, said, themes, key):
    with by(cast.leader):
        theme = ThemeFactory(trajectory=cast.elsewhere)
        theming.place(theme, [ContributionFactory(meeting__trajectory=cast.elsewhere)], by=cast.leader)
    if key == "EVENT OF ANOTHER":
        key = undoing.steps_of(cast.elsewhere)[0].key
    page = cast.client(cast.leader).post(reverse("theme_undo", args=[cast.trajectory.pk]), {"stap": key}, follow=True)
    assert "al teruggedraaid" in page.content.decode()
    assert Placement.objects.count() == 1


def test_board_takes_back_and_says_so(cast, said, themes):
    leader = cast.client(cast.leader)
    ticked = {"place": "1", "contributions": [one.pk for one in said], "theme": themes[0].pk}
    leader.post(reverse("theme_placing", args=[cast.trajectory.pk]), ticked)
    step = undoing.steps_of(cast.trajectory)[0].key
    address = f"{reverse('theme_undo', args=[cast.trajectory.pk])}?thema={themes[0].pk}"
    for sentence in (
        "4 keer inbreng staat weer waar die stond.",
        "Er is niets teruggezet: deze stap is al teruggedraaid",
    ):
        page = leader.post(address, {"stap": step}, follow=True)
        assert sentence in page.content.decode()
        assert page.redirect_chain[-1][0].endswith(f"?thema={themes[0].pk}")
    assert not Placement.objects.exists()


Places = frozenset[tuple[int, int | None]]  # (theme, group) for each place where an inbreng stands


class Board(RuleBasedStateMachine):
    """Whatever is done on a board in whatever order: where everything stands is what a plain model says, and nothing is lost."""

    def __init__(self) -> None:
        super().__init__()
        self.trajectory, self.person = TrajectoryFactory(), PersonFactory()
        meeting = MeetingFactory(trajectory=self.trajectory)
        self.said = [ContributionFactory(meeting=meeting) for _ in range(4)]
        self.themes = [ThemeFactory(trajectory=self.trajectory) for _ in range(3)]
        self.groups = [theme.groups.create(trajectory=self.trajectory, wording="Samen") for theme in self.themes]
        self.stands: dict[int, Places] = {one.pk: frozenset() for one in self.said}
        self.done: list[dict[int, tuple[Places, Places]]] = []  # of each step: before and after

    def note(self, after: dict[int, Places]) -> None:
        changed = {pk: (self.stands[pk], now) for pk, now in after.items() if self.stands[pk] != now}
        self.stands |= after
        if changed:
            self.done.append(changed)

    @rule(
        which=st.sets(st.integers(0, 3), min_size=1),
        source=st.integers(-1, 2),
        to=st.integers(0, 2),
        stays=st.booleans(),
    )
    def place(self, which, source, to, stays):
        chosen = [self.said[i] for i in which]
        theme, seen = self.themes[to], self.themes[source] if source >= 0 else None
        with pghistory.context():
            theming.place(theme, chosen, by=self.person, seen_under=seen, stays=stays)
        after = {}
        for one in chosen:
            now = dict(self.stands[one.pk])
            if (seen is None and not now) or (seen is not None and seen.pk in now):
                left = {of: group for of, group in now.items() if stays or seen in (None, theme) or of != seen.pk}
                after[one.pk] = frozenset(({theme.pk: None} | left).items())
        self.note(after)

    @rule(which=st.sets(st.integers(0, 3), min_size=1), source=st.integers(0, 2))
    def take_out(self, which, source):
        chosen, theme = [self.said[i] for i in which], self.themes[source]
        with pghistory.context():
            theming.take_out(theme, chosen)
        self.note({one.pk: frozenset(p for p in self.stands[one.pk] if p[0] != theme.pk) for one in chosen})

    @rule(which=st.sets(st.integers(0, 3), min_size=1), source=st.integers(0, 2), together=st.booleans())
    def group(self, which, source, together):
        chosen, theme, group = [self.said[i] for i in which], self.themes[source], self.groups[source]
        with pghistory.context():
            if together:
                theming.gather(theme, chosen, into=group)
            else:
                theming.scatter(group, chosen)
        now = (theme.pk, group.pk if together else None)
        self.note({one.pk: frozenset(now if p[0] == theme.pk else p for p in self.stands[one.pk]) for one in chosen})

    @rule(back=st.integers(0, 4))
    def undo(self, back):
        steps = undoing.steps_of(self.trajectory)
        assert len(steps) == min(len(self.done), 5)
        if back >= len(steps):
            return
        place = len(self.done) - 1 - back
        later = {pk for step in self.done[place + 1 :] for pk in step}
        goes = {pk: was for pk, (was, _) in self.done[place].items() if pk not in later}
        assert steps[back].is_open == bool(goes)
        with pghistory.context():
            told = undoing.undo(self.trajectory, steps[back].key, by=self.person)
        assert told == (len(goes), len(self.done[place]) - len(goes))
        self.note(goes)

    @invariant()
    def nothing_is_lost_or_double(self):
        rows = list(Placement.objects.filter(trajectory=self.trajectory).values_list("contribution", "theme", "group"))
        assert len({row[:2] for row in rows}) == len(rows)
        stands = {one.pk: frozenset((theme, group) for pk, theme, group in rows if pk == one.pk) for one in self.said}
        assert stands == self.stands
        assert Contribution.objects.filter(trajectory=self.trajectory).count() == 4


class TestBoard(TestCase):
    def test_any_order_of_steps(self):
        run_state_machine_as_test(
            Board,
            settings=settings(
                max_examples=40, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )
