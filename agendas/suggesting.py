"""Suggestions for the board: which theme what is not yet placed may belong to, and what resembles each other.

Offered, never applied by themselves. Asked for by hand, worked out by the worker (thuiswijk.lib.work), and good for as long as
what it speaks of has no place: what somebody placed meanwhile is not offered any more.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agendas import drafting, likeness
from agendas.models import Placement, Suggestions, Theme
from stakeholders.models import Person
from thuiswijk.lib import work
from thuiswijk.lib.wake import wake
from trajectories.models import Contribution, Trajectory

log = structlog.get_logger(__name__)
MAKE = "agendas.make_suggestions"
MOST_GROUPS = 12


@dataclass(frozen=True)
class Offer:
    """Times inbreng that may belong to a theme, or (theme None) to one that is not there yet; and the words that say why."""

    key: int  # its place in the content
    theme: Theme | None
    words: list[str]
    contributions: list[int]

    @property
    def name(self) -> str:
        """What a new theme for it could be called."""
        return ", ".join(self.words[:3]).capitalize()

    @property
    def sought(self) -> str:
        """The words as a search, so that they are marked in what was said."""
        return " or ".join(self.words)


@transaction.atomic
def order(trajectory: Trajectory, *, by: Person) -> Suggestions:
    """Asks the worker for new suggestions, in place of those before. Asked twice while it is at it, is once."""
    held = Trajectory.objects.select_for_update(of=("self",), no_key=True).get(pk=trajectory.pk)
    standing = held.suggestions.first()
    if standing is not None and standing.is_underway:
        return standing
    forget(trajectory)
    suggestions = Suggestions.objects.create(trajectory=trajectory, asked_by=by)
    wake(MAKE, suggestions.pk)
    return suggestions


def forget(trajectory: Trajectory) -> None:
    """Takes the suggestions away: they hold words of what was said, of which some was erased."""
    Suggestions.objects.filter(trajectory=trajectory).delete()


def offers_of(suggestions: Suggestions | None, themes: list[Theme]) -> list[Offer]:
    """What can still be offered: to a theme that is still there, of what still has no place.

    Nothing is offered any more once something was hidden or erased: the words of it may be among those that say why.
    """
    if suggestions is None or not suggestions.content:
        return []
    said = Contribution.objects.filter(trajectory=suggestions.trajectory_id)
    since = suggestions.asked_at
    if said.filter(Q(hidden_at__gte=since) | Q(erased_at__gte=since)).exists():
        return []
    by_pk = {theme.pk: theme for theme in themes}
    told = {pk for one in suggestions.content for pk in one["said"]}
    loose = set(drafting.unplaced(suggestions.trajectory).filter(pk__in=told).values_list("pk", flat=True))
    offers = [
        Offer(key, by_pk.get(one["theme"]), one["words"], [pk for pk in one["said"] if pk in loose])
        for key, one in enumerate(suggestions.content)
        if one["theme"] is None or one["theme"] in by_pk
    ]
    return [offer for offer in offers if offer.contributions]


# --- the worker ---------------------------------------------------------------------------------------------------------
def make(pk: int) -> bool:
    """Works out one order, if it is this worker's turn. Answers whether it was stored."""
    claim = work.claim(Suggestions.objects.all(), pk)
    if claim is None:
        return False
    suggestions = Suggestions.objects.select_related("trajectory").get(pk=pk)
    try:
        content = content_of(suggestions.trajectory)
        done = {"state": Suggestions.State.STORED, "stored_at": timezone.now(), "step": "", "content": content}
        return bool(work.held(suggestions, claim).update(**done))
    except Exception as error:  # whatever it was: the order stands, and the page says so
        log.exception("suggestions_failed", suggestions=pk)
        work.give_back(suggestions, claim, error)
        return False


def sweep() -> None:
    """Wakes a worker for every order that waits too long."""
    work.sweep(Suggestions.objects.all(), MAKE)


def content_of(trajectory: Trajectory) -> list[dict[str, Any]]:
    """The suggestions for a board as it stands: `[{theme (id or null), words, said (ids)}]`, per theme and then the groups."""
    themes = list(drafting.themes_of(trajectory))
    number_of = {theme.pk: number for number, theme in enumerate(themes)}
    stands = Placement.objects.filter(trajectory=trajectory, contribution__hidden_at__isnull=True)
    placed = list(stands.order_by("pk").values_list("contribution__text", "theme"))
    loose = list(drafting.unplaced(trajectory).exclude(text="").order_by("made_at", "pk").values_list("pk", "text"))
    said = [
        *(f"{theme.name}. {theme.summary}" for theme in themes),
        *(text for text, _ in placed),
        *(t for _, t in loose),
    ]
    words = likeness.words_of(said, besides=f"{trajectory.name} {trajectory.gemeente.name}")
    called, rest = words[: len(themes)], words[len(themes) :]
    known = [(text, number_of[theme]) for text, (_, theme) in zip(rest, placed, strict=False)]
    waiting = rest[len(placed) :]
    everywhere, stems = likeness.counted(words), likeness.stems_of(called, known)
    found: dict[int | None, list[int]] = defaultdict(list)
    for at, number in enumerate(likeness.nearest(called, known, waiting)):
        found[number].append(at)
    left = found.pop(None, [])
    offers = [
        {
            "theme": themes[number].pk,  # type: ignore[index]
            "words": likeness.telling(
                [waiting[at] for at in several], among=everywhere, shared_with=stems[number or 0]
            ),
            "said": [loose[at][0] for at in several],
        }
        for number, several in sorted(found.items(), key=lambda item: item[0] or 0)
    ]
    groups = [[left[at] for at in group] for group in likeness.alike([waiting[at] for at in left])[:MOST_GROUPS]]
    return offers + [
        {
            "theme": None,
            "words": likeness.telling([waiting[at] for at in group], among=everywhere),
            "said": [loose[at][0] for at in group],
        }
        for group in groups
    ]
