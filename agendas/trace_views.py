"""Every word can be followed: from a point back to what was said, and from what was said to what became of it."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from agendas import expecting, tracing
from agendas.models import Origin, Placement
from agendas.views import points_seen
from thuiswijk.lib.web import numbers_in, posted_from, to_change
from trajectories.filters import ContributionFilter
from trajectories.models import Contribution
from trajectories.perms import may_lead
from trajectories.views import contribution_of, rows_of, to_lead

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
    origins = Origin.objects.select_related("point__theme").order_by("point__theme__position", "point__position")
    said = Contribution.objects.prefetch_related(
        Prefetch("placements", placements, to_attr="places"), Prefetch("origins", origins, to_attr="led_to")
    )
    contribution = expecting.with_replies(said).get(pk=seen.pk)
    context = {
        "trajectory": seen.trajectory,
        "contribution": contribution,
        "reply": expecting.in_words(contribution.replied[0]) if contribution.replied else "",  # type: ignore[attr-defined]
        "may_lead": leads,
    }
    return render(request, "agendas/contribution_detail.html", context)
