"""Ordering what was said into themes: place, move, take out; several at once."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from agendas.models import Placement, Theme
from stakeholders.models import Person
from trajectories import phases, removing
from trajectories.models import Contribution, Step


@transaction.atomic
def place(theme: Theme, contributions: Collection[Contribution], *, by: Person, out_of: Theme | None = None) -> int:
    """Places contributions under a theme; with `out_of` they leave that theme, which is a move.

    Where one already stands there, nothing happens to it. Answers how many are new under the theme. All must be of the
    theme's trajectory: the database refuses others.
    """
    before = theme.placements.count()
    Placement.objects.bulk_create(
        [
            Placement(theme=theme, contribution=contribution, trajectory_id=theme.trajectory_id, placed_by=by)
            for contribution in contributions
        ],
        ignore_conflicts=True,
    )
    if out_of is not None and out_of != theme:
        take_out(out_of, contributions)
    phases.reach(theme.trajectory, Step.THEMES, by=by)
    return theme.placements.count() - before


def take_out(theme: Theme, contributions: Collection[Contribution]) -> int:
    """Takes contributions out of a theme; what was said stays. Answers how many left it."""
    return theme.placements.filter(contribution__in=contributions).delete()[0]


def remove(theme: Theme) -> None:
    """A theme under which nothing stands."""
    removing.remove(
        theme,
        stays="Bij dit thema staat inbreng of een verbeterpunt. Zet die eerst bij een ander thema. Dan kan het weg.",
    )
