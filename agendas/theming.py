"""Ordering what was said into themes: place, move, take out; several at once."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from agendas.models import Group, Placement, Theme
from stakeholders.models import Person
from trajectories import phases, removing
from trajectories.models import Contribution, Step, Trajectory


def hold(trajectory: Trajectory) -> None:
    """Until the transaction ends nobody else moves anything on this board: of two at once the second sees what the first did."""
    Trajectory.objects.select_for_update(of=("self",), no_key=True).get(pk=trajectory.pk)


@transaction.atomic
def place(
    theme: Theme,
    contributions: Collection[Contribution],
    *,
    by: Person,
    seen_under: Theme | None = None,
    stays: bool = False,
) -> int:
    """Places contributions under a theme, out of the theme under which somebody saw them, or out of those without a place.

    With `stays` they stand under both. What somebody else moved in the meantime stays where it is now. Answers how many are
    new under the theme. All must be of the theme's trajectory: the database refuses others.
    """
    hold(theme.trajectory)
    there = Placement.objects.filter(contribution__in=contributions)
    if seen_under is None:
        gone = set(there.values_list("contribution", flat=True))
        moving = [one for one in contributions if one.pk not in gone]
    else:
        still = set(there.filter(theme=seen_under).values_list("contribution", flat=True))
        moving = [one for one in contributions if one.pk in still]
    before = theme.placements.count()
    Placement.objects.bulk_create(
        [
            Placement(theme=theme, contribution=contribution, trajectory_id=theme.trajectory_id, placed_by=by)
            for contribution in moving
        ],
        ignore_conflicts=True,
    )
    if seen_under not in (None, theme) and not stays:
        take_out(seen_under, moving)
    phases.reach(theme.trajectory, Step.THEMES, by=by)
    return theme.placements.count() - before


def take_out(theme: Theme, contributions: Collection[Contribution]) -> int:
    """Takes contributions out of a theme; what was said stays. Answers how many left it."""
    return theme.placements.filter(contribution__in=contributions).delete()[0]


@transaction.atomic
def gather(
    theme: Theme, contributions: Collection[Contribution], *, into: Group | str, seen_loose: bool = False
) -> int:
    """Puts what stands under a theme and says the same together: in a group that is there, or in the one with this wording.

    Answers how many came in. What does not stand under the theme any more stays where it is; so does, for who saw it in no
    group (`seen_loose`), what a colleague put in one meanwhile.
    """
    hold(theme.trajectory)
    standing = theme.placements.filter(contribution__in=contributions)
    if seen_loose:
        standing = standing.filter(group__isnull=True)
    if not standing.exists():
        return 0
    if isinstance(into, str):
        known = theme.groups.filter(wording=into).first()
        into = known or theme.groups.create(trajectory_id=theme.trajectory_id, wording=into)
    return standing.exclude(group=into).update(group=into)


@transaction.atomic
def scatter(group: Group, contributions: Collection[Contribution]) -> int:
    """Takes contributions out of a group; they stay under its theme. Answers how many."""
    hold(group.trajectory)
    return group.placements.filter(contribution__in=contributions).update(group=None)


@transaction.atomic
def remove(theme: Theme) -> None:
    """A theme under which nothing stands."""
    hold(theme.trajectory)
    removing.remove(
        theme,
        stays="Bij dit thema staat inbreng of een verbeterpunt. Zet die eerst bij een ander thema. Dan kan het weg.",
    )
