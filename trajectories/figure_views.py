"""The numbers about a wijk, as the agenda prints them."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from thuiswijk.lib.web import to_change
from trajectories import removing
from trajectories.forms import FigureForm
from trajectories.models import Figure, Trajectory
from trajectories.views import once, removal, to_lead, trajectory_of

PLACE = "#cijfers"


@once
def figure_new(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    to_lead(request, trajectory)
    last = trajectory.figures.last()  # many come from one source
    same = {"source": last.source, "measured_on": last.measured_on} if last else {}
    form = FigureForm(request.POST or None, instance=Figure(trajectory=trajectory), initial=same)
    if form.is_valid():
        messages.success(request, f"“{form.save()}” staat erbij.")
        return redirect(reverse("trajectory_detail", args=[pk]) + PLACE)
    return render(request, "trajectories/figure_new.html", {"trajectory": trajectory, "form": form})


def figure_edit(request: HttpRequest, pk: int) -> HttpResponse:
    figure = get_object_or_404(to_change(request, figures_seen(request)), pk=pk)
    to_lead(request, figure.trajectory)
    form = FigureForm(request.POST or None, instance=figure)
    if form.is_valid():
        messages.success(request, f"“{form.save()}” is bewaard.")
        return redirect(reverse("trajectory_detail", args=[figure.trajectory_id]) + PLACE)
    return render(request, "trajectories/figure_edit.html", {"figure": figure, "form": form})


@once
def figure_remove(request: HttpRequest, pk: int) -> HttpResponse:
    figure = get_object_or_404(figures_seen(request), pk=pk)
    to_lead(request, figure.trajectory)
    return removal(
        request,
        lambda: removing.remove(figure, stays="Dit cijfer is in gebruik. Daarom blijft het staan."),
        title="Verwijder het cijfer",
        goes=[f"Het cijfer “{figure}”. In een agenda die al bevroren is, blijft het staan."],
        trajectory=figure.trajectory,
        parent=figure.label,
        back=reverse("figure_edit", args=[figure.pk]),
        then=reverse("trajectory_detail", args=[figure.trajectory_id]) + PLACE,
    )


def figures_seen(request: HttpRequest) -> QuerySet[Figure]:
    """The numbers of every trajectory that this person may see."""
    visible = Trajectory.objects.visible_to(request.user)
    return Figure.objects.filter(trajectory__in=visible).select_related("trajectory__gemeente")
