"""Steps on the board of themes are told, and taken back without losing what a colleague did."""

from __future__ import annotations

import pghistory
import pytest
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from agendas import drafting, theming, undoing
from agendas.models import Placement, Theme
from agendas.splitting import Part
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
    assert "2 keer inbreng stond al zo, of is net door een collega verplaatst." in page.content.decode()
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


LENGTH = 12  # signs of an inbreng on this board: four words, cut in as many places
Place = tuple[int, int, int, int | None]  # (theme, from, up to, group)
Places = frozenset[Place]
spans = st.tuples(st.sampled_from([0, 3, 6]), st.sampled_from([6, 9, 12])).filter(lambda span: span[0] < span[1])


def signs(start: int, stop: int) -> set[int]:
    return set(range(start, stop))


def runs(left: set[int]) -> list[tuple[int, int]]:
    """Signs that stand beside each other, as spans."""
    begins = [n for n in sorted(left) if n - 1 not in left]
    return [(n, next(m for m in range(n, LENGTH + 1) if m not in left)) for n in begins]


class Board(RuleBasedStateMachine):
    """Whatever is done on a board in whatever order: where everything stands is what a plain model says, and nothing is lost."""

    def __init__(self) -> None:
        super().__init__()
        self.trajectory, self.person = TrajectoryFactory(), PersonFactory()
        meeting = MeetingFactory(trajectory=self.trajectory)
        self.said = [ContributionFactory(meeting=meeting, text="aa bb cc dd ") for _ in range(4)]
        self.themes = [ThemeFactory(trajectory=self.trajectory) for _ in range(3)]
        self.groups = [theme.groups.create(trajectory=self.trajectory, wording="Samen") for theme in self.themes]
        self.stands: dict[int, Places] = {one.pk: frozenset() for one in self.said}
        self.done: list[dict[int, tuple[Places, Places]]] = []  # of each step: before and after

    def note(self, after: dict[int, Places]) -> None:
        changed = {pk: (self.stands[pk], now) for pk, now in after.items() if self.stands[pk] != now}
        self.stands |= after
        if changed:
            self.done.append(changed)

    def cut(self, places: Places, theme: int, span: tuple[int, int]) -> tuple[set[Place], list[tuple[int, int]]]:
        """What is left of the places when these words go out of a theme, and which of them stood there, part by part."""
        left, went = set(), []
        for of, start, stop, group in places:
            both = signs(start, stop) & signs(*span) if of == theme else set()
            left |= {(of, *run, group) for run in runs(signs(start, stop) - both)}
            went += runs(both)
        return left, sorted(went)

    @staticmethod
    def add(places: set[Place], theme: int, spans: list[tuple[int, int]]) -> set[Place]:
        for span in spans:
            there = {n for of, start, stop, _ in places if of == theme for n in signs(start, stop)}
            places = places | {(theme, *run, None) for run in runs(signs(*span) - there)}
        return places

    def pointed(self, which, span):
        """Some times inbreng, as a whole or a part of each, as the board points at them."""
        return [Part(self.said[i].pk, *(span or ())) for i in which], span or (0, LENGTH)

    @rule(
        which=st.sets(st.integers(0, 3), min_size=1),
        source=st.integers(-1, 2),
        to=st.integers(0, 2),
        stays=st.booleans(),
        span=st.none() | spans,
    )
    def place(self, which, source, to, stays, span):
        chosen, words = self.pointed(which, span)
        theme, seen = self.themes[to], self.themes[source] if source >= 0 else None
        with pghistory.context():
            theming.place(theme, chosen, by=self.person, seen_under=seen, stays=stays)
        after = {}
        for one in chosen:
            places = self.stands[one.contribution]
            if seen is None:
                placed = {n for _, start, stop, _ in places for n in signs(start, stop)}
                left, went = set(places), runs(signs(*words) - placed)
            else:
                left, went = self.cut(places, seen.pk, words)
            kept = set(places) if stays or seen in (None, theme) else left
            after[one.contribution] = frozenset(self.add(kept, theme.pk, went))
        self.note(after)

    @rule(which=st.sets(st.integers(0, 3), min_size=1), source=st.integers(0, 2), span=st.none() | spans)
    def take_out(self, which, source, span):
        chosen, words = self.pointed(which, span)
        theme = self.themes[source]
        with pghistory.context():
            theming.take_out(theme, chosen)
        cut = {one.contribution: self.cut(self.stands[one.contribution], theme.pk, words) for one in chosen}
        self.note({pk: frozenset(left) for pk, (left, _) in cut.items()})

    @rule(which=st.integers(0, 3), source=st.integers(0, 2), span=spans)
    def split(self, which, source, span):
        (part,), words = self.pointed([which], span)
        theme = self.themes[source].pk
        with pghistory.context():
            theming.split(self.themes[source], [part])
        places = self.stands[part.contribution]
        left, _ = self.cut(places, theme, words)
        own = {
            (of, *run, group) for of, start, stop, group in places if of == theme
            for run in runs(signs(start, stop) & signs(*words))
        }  # fmt: skip
        self.note({part.contribution: frozenset(left | own)})

    @rule(which=st.integers(0, 3))
    def make_whole(self, which):
        one = self.said[which]
        with pghistory.context():
            theming.make_whole(one)
        now = set()
        for theme in {place[0] for place in self.stands[one.pk]}:
            here = sorted(place for place in self.stands[one.pk] if place[0] == theme)
            now.add((theme, 0, LENGTH, next((place[3] for place in here if place[3]), None)))
        self.note({one.pk: frozenset(now)})

    @rule(
        which=st.sets(st.integers(0, 3), min_size=1),
        source=st.integers(0, 2),
        together=st.booleans(),
        span=st.none() | spans,
    )
    def group(self, which, source, together, span):
        chosen, words = self.pointed(which, span)
        theme, group = self.themes[source], self.groups[source]
        with pghistory.context():
            if together:
                theming.gather(theme, chosen, into=group)
            else:
                theming.scatter(group, chosen)
        into = group.pk if together else None
        self.note({
            one.contribution: frozenset(
                (*place[:3], into)
                if place[0] == theme.pk and signs(*place[1:3]) <= signs(*words) and (
                    span is None or place[1:3] != (0, LENGTH)
                )
                else place
                for place in self.stands[one.contribution]
            )
            for one in chosen
        })  # fmt: skip

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
        rows = Placement.objects.filter(trajectory=self.trajectory)
        stands: dict[int, list[Place]] = {one.pk: [] for one in self.said}
        for pk, *row in rows.values_list("contribution", "theme", "start", "stop", "group"):
            theme, start, stop, group = row
            stands[pk].append((theme, start or 0, stop or LENGTH, group))
        assert {pk: frozenset(places) for pk, places in stands.items()} == self.stands
        for places in stands.values():
            for theme in self.themes:
                words = [n for of, start, stop, _ in places if of == theme.pk for n in signs(start, stop)]
                assert len(words) == len(set(words))  # under one theme no word stands twice
        loose = {pk for pk, places in stands.items() if signs(0, LENGTH) - {n for p in places for n in signs(*p[1:3])}}
        assert set(drafting.unplaced(self.trajectory).values_list("pk", flat=True)) == loose  # nor does any get lost
        assert set(Contribution.objects.values_list("text", flat=True)) == {"aa bb cc dd "}


class TestBoard(TestCase):
    def test_any_order_of_steps(self):
        run_state_machine_as_test(
            Board,
            settings=settings(
                max_examples=40, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )
