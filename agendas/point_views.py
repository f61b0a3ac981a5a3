"""What will get better, and who does what for it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from agendas import confirming, drafting, tracing
from agendas.models import ImprovementPoint
from agendas.point_forms import PointForm
from agendas.views import points_seen, tell_of_words
from thuiswijk.lib.web import to_change
from trajectories.perms import may_lead
from trajectories.views import once, removal, to_lead, trajectory_of


def point_list(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    points = list(drafting.points_of(trajectory))
    laid = confirming.newest_of(trajectory)
    confirming.confirmed_in(points, laid)
    context = {
        "trajectory": trajectory,
        "points": points,
        "laid": laid,
        "may_lead": may_lead(request.user, trajectory),
        "has_themes": trajectory.themes.exists(),
        "glossary": drafting.glossary_of(trajectory),
    }
    return render(request, "agendas/point_list.html", context)


@once
def point_new(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    to_lead(request, trajectory)
    last = trajectory.points.aggregate(last=Max("position"))["last"] or 0
    point = ImprovementPoint(trajectory=trajectory, position=last + 1)
    initial = {"theme": request.GET.get("thema")}
    return _point_form(request, point, "agendas/point_new.html", initial)


def point_edit(request: HttpRequest, pk: int) -> HttpResponse:
    point = get_object_or_404(to_change(request, points_seen(request)), pk=pk)
    to_lead(request, point.trajectory)
    return _point_form(request, point, "agendas/point_edit.html", {})


@once
def point_remove(request: HttpRequest, pk: int) -> HttpResponse:
    point = get_object_or_404(points_seen(request), pk=pk)
    to_lead(request, point.trajectory)
    promises = point.commitments.leader_first().select_related("party")
    voices, consents = tracing.said_for(point).count(), point.consents.count()
    return removal(
        request,
        lambda: drafting.remove(point),
        title="Verwijder het verbeterpunt",
        goes=[
            f"Het verbeterpunt “{point}”.",
            *(f"De toezegging van {promise}." for promise in promises),
            *([f"Waar het uit komt: {voices} keer inbreng. De inbreng zelf blijft."] if voices else []),
            *([f"Wat partijen er in de zaal van vonden: {consents} keer."] if consents else []),
        ],
        trajectory=point.trajectory,
        parent=point.title,
        back=reverse("point_edit", args=[pk]),
        then=reverse("point_list", args=[point.trajectory_id]),
    )


def _point_form(request: HttpRequest, point: ImprovementPoint, template: str, initial: dict[str, Any]) -> HttpResponse:
    form = PointForm(request.POST or None, instance=point, initial=initial)
    if form.is_valid():
        form.save()
        messages.success(request, f"Verbeterpunt “{point}” is bewaard.")
        tell_of_words(request, point.trajectory)
        if "more" in request.POST:
            return redirect("point_edit", point.pk)
        return redirect("point_list", point.trajectory_id)
    context = {
        "trajectory": point.trajectory,
        "point": point,
        "form": form,
        "promises": form.promises,
        "voices": tracing.said_for(point).count() if point.pk else 0,
    }
    return render(request, template, context)
