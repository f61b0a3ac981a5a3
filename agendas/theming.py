"""Ordering what was said into themes: place, move, take out, split; several at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Manager, QuerySet
from django.db.models.functions import Length

from agendas.models import Group, Placement, Theme
from agendas.splitting import Part, Span, meet, minus
from stakeholders.models import Person
from trajectories import phases, removing
from trajectories.models import Contribution, Step, Trajectory


def hold(trajectory: Trajectory) -> None:
    """Until the transaction ends nobody else moves anything on this board: of two at once the second sees what the first did."""
    Trajectory.objects.select_for_update(of=("self",), no_key=True).get(pk=trajectory.pk)


@transaction.atomic
def place(
    theme: Theme,
    said: Collection[Contribution | Part],
    *,
    by: Person,
    seen_under: Theme | None = None,
    stays: bool = False,
) -> int:
    """Places inbreng, or parts of it, under a theme: out of the theme under which somebody saw them, or where they had no place.

    With `stays` they stand under both. What somebody else moved in the meantime stays where it is now, and so do the other words
    of which only a part goes. Answers how many are new under the theme. All must be of the theme's trajectory: the database
    refuses others.
    """
    hold(theme.trajectory)
    came = 0
    with _standing(said) as standing:
        for one in map(Part.of, said):
            here = standing[one.contribution]
            seen = here.loose(one) if seen_under is None else here.under(seen_under, one)
            if seen_under not in (None, theme) and not stays:
                here.cut(seen_under, one)
            came += here.add(theme, seen, by=by)
    phases.reach(theme.trajectory, Step.THEMES, by=by)
    return came


@transaction.atomic
def take_out(theme: Theme, said: Collection[Contribution | Part]) -> int:
    """Takes inbreng, or parts of it, out of a theme; what was said stays. Answers how many left it."""
    hold(theme.trajectory)
    with _standing(said) as standing:
        return sum(standing[one.contribution].cut(theme, one) for one in map(Part.of, said))


@transaction.atomic
def split(theme: Theme, said: Collection[Part]) -> int:
    """Makes parts of what stands under a theme: they stay there, beside the rest and in the same group. Answers how many."""
    hold(theme.trajectory)
    with _standing(said) as standing:
        return sum(standing[one.contribution].cut(theme, one, stays=True) for one in said)


@transaction.atomic
def make_whole(contribution: Contribution) -> int:
    """Puts the parts of an inbreng together again, under every theme where one stands. Answers under how many it did."""
    hold(contribution.trajectory)
    with _standing([contribution]) as standing:
        return standing[contribution.pk].make_whole()


class Standing:
    """Where one inbreng stands on the board: changed in here first, and stored as a whole."""

    def __init__(self, contribution: int, length: int, rows: list[Placement]) -> None:
        self.contribution, self.length, self.rows, self.before = contribution, length, rows, list(rows)

    def span(self, row: Placement) -> Span:
        return Part(row.contribution_id, row.start, row.stop).span(self.length)

    def loose(self, one: Part) -> list[Span]:
        """Which of these words stand nowhere."""
        return minus([one.span(self.length)], map(self.span, self.rows))

    def under(self, theme: Theme, one: Part) -> list[Span]:
        """Which of these words stand under a theme, part by part."""
        spans = (self.span(row) for row in self.rows if row.theme_id == theme.pk)
        return [common for span in spans for common in meet(span, one.span(self.length))]

    def add(self, theme: Theme, spans: list[Span], *, by: Person) -> bool:
        """Places these words, but for those that stand under the theme already. Answers whether any came."""
        new = minus(spans, (self.span(row) for row in self.rows if row.theme_id == theme.pk))
        model = Placement(theme=theme, trajectory_id=theme.trajectory_id, placed_by=by)
        self.rows += [self._row(model, span) for span in new]
        return bool(new)

    def cut(self, theme: Theme, one: Part, *, stays: bool = False) -> bool:
        """Takes these words out of a theme, or makes a part of them there; the rest of them stays. Answers whether any stood."""
        span, did = one.span(self.length), False
        for row in [row for row in self.rows if row.theme_id == theme.pk]:
            common = meet(self.span(row), span)
            if not common or (stays and common == [self.span(row)]):
                continue
            self.rows.remove(row)
            left = minus([self.span(row)], [span]) + (common if stays else [])
            self.rows += [self._row(row, piece) for piece in left]
            did = True
        return did

    def make_whole(self) -> int:
        """One place instead of several, in the group of the first that is in one."""
        parts = [row for row in self.rows if row.start is not None]
        themes = {row.theme_id for row in parts}
        for theme in themes:
            here = sorted((row for row in parts if row.theme_id == theme), key=lambda row: row.start or 0)
            first = next((row for row in here if row.group_id), here[0])
            self.rows = [row for row in self.rows if row not in here]
            self.rows.append(self._row(first, (0, max(self.length, 1))))
        return len(themes)

    def _row(self, like: Placement, span: Span) -> Placement:
        """A place as that one, for these words."""
        kept = {
            name: getattr(like, name) for name in ("theme_id", "trajectory_id", "group_id", "placed_by_id", "placed_at")
        }
        start, stop = (None, None) if span == (0, max(self.length, 1)) else span
        return Placement(**kept, contribution_id=self.contribution, start=start, stop=stop)


@contextmanager
def _standing(said: Collection[Contribution | Part]) -> Iterator[dict[int, Standing]]:
    """Where each inbreng stands, by its key; what became of that is stored afterwards. The board must be held."""
    keys = {Part.of(one).contribution for one in said}
    rows = defaultdict(list)
    for row in Placement.objects.filter(contribution__in=keys).order_by("pk"):
        rows[row.contribution_id].append(row)
    lengths = Contribution.objects.filter(pk__in=keys).values_list("pk", Length("text"))
    standing = {pk: Standing(pk, length, rows[pk]) for pk, length in lengths}
    yield standing
    gone = [row.pk for here in standing.values() for row in here.before if row not in here.rows]
    if gone:
        Placement.objects.filter(pk__in=gone).delete()
    new = [row for here in standing.values() for row in here.rows if row.pk is None]
    Placement.objects.bulk_create(new, ignore_conflicts=True)


@transaction.atomic
def gather(theme: Theme, said: Collection[Contribution | Part], *, into: Group | str, seen_loose: bool = False) -> int:
    """Puts what stands under a theme and says the same together: in a group that is there, or in the one with this wording.

    Answers how many came in. What does not stand under the theme any more stays where it is; so does, for who saw it in no
    group (`seen_loose`), what a colleague put in one meanwhile.
    """
    hold(theme.trajectory)
    standing = _those(theme.placements, said)
    if seen_loose:
        standing = standing.filter(group__isnull=True)
    if not standing.exists():
        return 0
    if isinstance(into, str):
        known = theme.groups.filter(wording=into).first()
        into = known or theme.groups.create(trajectory_id=theme.trajectory_id, wording=into)
    return standing.exclude(group=into).update(group=into)


@transaction.atomic
def scatter(group: Group, said: Collection[Contribution | Part]) -> int:
    """Takes inbreng, or parts of it, out of a group; they stay under its theme. Answers how many."""
    hold(group.trajectory)
    return _those(group.placements, said).update(group=None)


def _those(placements: Manager[Placement], said: Collection[Contribution | Part]) -> QuerySet[Placement]:
    """Of these places, those that are of what was pointed at."""
    parts = list(map(Part.of, said))
    rows = placements.filter(contribution__in={part.contribution for part in parts})
    held = [
        row.pk
        for row in rows
        if any(part.contribution == row.contribution_id and part.holds(row.start, row.stop) for part in parts)
    ]
    return placements.filter(pk__in=held)


@transaction.atomic
def remove(theme: Theme) -> None:
    """A theme under which nothing stands."""
    hold(theme.trajectory)
    removing.remove(
        theme,
        stays="Bij dit thema staat inbreng of een verbeterpunt. Zet die eerst bij een ander thema. Dan kan het weg.",
    )
