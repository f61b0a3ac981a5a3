"""Where a point comes from: the inbreng that led to it, chosen by who writes it, so that each can be followed both ways."""

from __future__ import annotations

import re
from collections.abc import Collection

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from agendas.models import ImprovementPoint, Origin
from trajectories.filters import DUTCH
from trajectories.models import Contribution, ContributionQuerySet

WORDS = 60  # of a point, to compare what was said with


def likely(point: ImprovementPoint, *, everything: bool = False) -> ContributionQuerySet:
    """What was said under the theme of a point and what it already comes from, with `is_origin` for the latter.

    Those come first, and then what has most words in common with the point. With `everything`: from all that was said.
    """
    said = Contribution.objects.filter(trajectory=point.trajectory_id).shown()
    chosen = Origin.objects.filter(point=point, contribution=OuterRef("pk"))
    said = said.annotate(
        is_origin=Exists(chosen), rank=SearchRank(SearchVector("text", config=DUTCH), _words_of(point))
    )
    if not everything:
        said = said.filter(Q(is_origin=True) | Exists(point.theme.placements.filter(contribution=OuterRef("pk"))))
    return said.order_by("-is_origin", "-rank", "-made_at", "-pk")


def said_for(point: ImprovementPoint) -> ContributionQuerySet:
    """What a point comes from, in the order in which it was said."""
    return Contribution.objects.filter(origins__point=point).shown().order_by("made_at", "pk")


def _words_of(point: ImprovementPoint) -> SearchQuery:
    """Any of the words of a point, in any form."""
    words = re.findall(r"\w+", f"{point.title} {point.why}")[:WORDS]
    return SearchQuery(" or ".join(words), config=DUTCH, search_type="websearch")


@transaction.atomic
def choose(
    point: ImprovementPoint, *, now: Collection[Contribution], before: Collection[Contribution]
) -> tuple[int, int]:
    """Links a point to the inbreng that it comes from: those of `now` that were not there in `before`, and the other way round.

    What a colleague linked in the meantime, and stood on no page of ours, stays. Answers how many were linked by this, and how
    many were taken away. All must be of the point's trajectory: the database refuses others.
    """
    ImprovementPoint.objects.select_for_update(of=("self",), no_key=True).get(pk=point.pk)
    now, before = set(now), set(before)
    stood = point.origins.count()
    Origin.objects.bulk_create(
        [Origin(trajectory_id=point.trajectory_id, point=point, contribution=one) for one in now - before],
        ignore_conflicts=True,
    )
    more = point.origins.count() - stood
    return more, point.origins.filter(contribution__in=before - now).delete()[0]
