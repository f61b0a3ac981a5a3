"""Every word can be followed: from a point back to what was said, and from what was said to what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from agendas import drafting, expecting, splitting, theming, tracing
from agendas.models import Commitment, Origin, Placement, Theme
from agendas.splitting import Part
from agendas.theme_forms import SplitForm
from agendas.views import points_seen
from thuiswijk.lib.text import in_brief
from thuiswijk.lib.web import number_in, numbers_in, posted_from, to_change
from trajectories.filters import ContributionFilter
from trajectories.models import Contribution
from trajectories.perms import may_lead
from trajectories.views import contribution_of, once, rows_of, to_lead

MOST = 100


def point_origins(request: HttpRequest, pk: int) -> HttpResponse:
    point = get_object_or_404(points_seen(request), pk=pk)
    leads = may_lead(request.user, point.trajectory)
    everything = leads and "alles" in request.GET
    said = tracing.likely(point, everything=everything) if leads else tracing.said_for(point)
    filtered = ContributionFilter(request.GET, said, trajectory=point.trajectory)
    rows = rows_of(filtered.qs, MOST + 1, sought=filtered.sought, also=["is_origin"] if leads else [])
    context = {
        "trajectory": point.trajectory,
        "point": point,
        "filter": filtered,
        "rows": rows[:MOST],
        "has_more": len(rows) > MOST,
        "everything": everything,
        "may_lead": leads,
    }
    return render(request, "agendas/point_origins.html", context)


@posted_from("point_origins")
def origins_choose(request: HttpRequest, pk: int) -> HttpResponse:
    point = get_object_or_404(to_change(request, points_seen(request)), pk=pk)
    to_lead(request, point.trajectory)
    shown = point.trajectory.contributions.shown()  # what was hidden meanwhile stays as it is
    ticked, before = (numbers_in(request, name) for name in ("now", "before"))
    more, fewer = tracing.choose(point, now=shown.filter(pk__in=ticked), before=shown.filter(pk__in=before))
    messages.success(request, f"Bewaard: {more} keer inbreng erbij, {fewer} eraf.")
    return redirect(f"{reverse('point_origins', args=[pk])}?{request.GET.urlencode()}")


def contribution_detail(request: HttpRequest, pk: int) -> HttpResponse:
    seen = contribution_of(request, pk)
    leads = may_lead(request.user, seen.trajectory)
    if seen.hidden_at and not leads:
        raise Http404
    placements = Placement.objects.select_related("theme", "group").order_by("theme__position")
    promises = Commitment.objects.leader_first().select_related("party")
    origins = Origin.objects.select_related("point__theme").order_by("point__theme__position", "point__position")
    origins = origins.prefetch_related(Prefetch("point__commitments", promises, to_attr="promises"))
    said = Contribution.objects.prefetch_related(
        Prefetch("placements", placements, to_attr="places"), Prefetch("origins", origins, to_attr="led_to")
    )
    contribution = expecting.with_replies(said).get(pk=seen.pk)
    context = in_parts(contribution) | {
        "trajectory": seen.trajectory,
        "contribution": contribution,
        "reply": expecting.in_words(contribution.replied[0]) if contribution.replied else "",  # type: ignore[attr-defined]
        "may_lead": leads,
    }
    return render(request, "agendas/contribution_detail.html", context)


def in_parts(contribution: Contribution) -> dict[str, Any]:
    """What the page of an inbreng shows of its parts: the words with each part marked, and what of them stands nowhere.

    Each of its `places` learns its number and its words, or 0 where all of it stands there. What was erased has no parts any
    more, and stands once under each theme.
    """
    text, places = contribution.text, contribution.places  # type: ignore[attr-defined]
    if not text:
        places[:] = {place.theme_id: place for place in places}.values()
    standing = [Part(contribution.pk, place.start, place.stop) for place in places]
    parts = splitting.numbered(text, standing)
    for place in places:
        spans = [(place.start, place.stop)]
        place.number = parts.index(spans) + 1 if spans in parts else 0
        place.words = splitting.words_at(text, spans) if place.number else ""
    places.sort(key=lambda place: place.number)
    rest = splitting.rest_of(text, standing)
    return {
        "segments": splitting.segments(text, parts) if parts else [],
        "rest": splitting.words_at(text, rest) if rest and places else "",
        "rest_number": parts.index(rest) + 1 if rest in parts else 0,
        "part_count": len(parts),
    }


@once
def contribution_split(request: HttpRequest, pk: int) -> HttpResponse:
    contribution = contribution_of(request, pk)
    trajectory = contribution.trajectory
    person = to_lead(request, trajectory)
    theme = trajectory.themes.filter(pk=number_in(request, "thema")).first()
    standing = drafting.words_under(contribution, theme)
    if contribution.hidden_at or not standing:
        messages.warning(request, "Deze woorden staan hier niet meer. Een collega heeft ze net verplaatst.")
        return redirect("contribution_detail", pk)
    form = SplitForm(request.POST or None, contribution=contribution, standing=standing)
    if form.is_valid():
        to = form.cleaned_data["theme"]
        parts = [Part(pk, *span) for span in form.parts]
        came = theming.place(to, parts, by=person, seen_under=theme) if to != theme else theming.split(to, parts)
        tell_split(request, bool(came), splitting.words_at(contribution.text, form.parts), to)
        return redirect(f"{reverse('theme_board', args=[trajectory.pk])}?thema={theme.pk if theme else ''}")
    context = {
        "trajectory": trajectory,
        "contribution": contribution,
        "theme": theme,
        "form": form,
        "words": splitting.words_at(contribution.text, standing),
        "is_all": standing == [(0, len(contribution.text))],
    }
    return render(request, "agendas/contribution_split.html", context)


def tell_split(request: HttpRequest, did: bool, words: str, theme: Theme) -> None:
    if did:
        messages.success(request, f"“{in_brief(words)}” staat nu als deel bij “{theme}”. De rest staat waar die stond.")
    else:
        messages.warning(request, "Deze woorden stonden daar al, of een collega heeft ze net verplaatst.")


@posted_from("contribution_detail")
def contribution_whole(request: HttpRequest, pk: int) -> HttpResponse:
    contribution = contribution_of(request, pk)
    to_lead(request, contribution.trajectory)
    if theming.make_whole(contribution):
        messages.success(request, "De delen zijn weer één geheel. Dat staat bij elk thema waar een deel stond.")
    return redirect("contribution_detail", pk)
