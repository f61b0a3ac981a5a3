"""Which wijken or buurten a trajectory is about, and the outlines that its map is drawn from."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from trajectories import areas
from trajectories.area_forms import AreaForm, OutlinesForm
from trajectories.views import to_lead, trajectory_of

PLACE = "#kaart"


def area_choose(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    to_lead(request, trajectory)
    form = AreaForm(request.POST if request.method == "POST" else None, trajectory=trajectory)
    if form.is_valid():
        trajectory.wijken.set(form.cleaned_data["wijken"])
        messages.success(request, "Het gebied is bewaard. In een agenda die al bevroren is, verandert niets.")
        return redirect(reverse("trajectory_detail", args=[pk]) + PLACE)
    return render(request, "trajectories/area_choose.html", {"trajectory": trajectory, "form": form})


def outlines_upload(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    to_lead(request, trajectory)
    form = OutlinesForm(request.POST or None, request.FILES or None, gemeente=trajectory.gemeente)
    if form.is_valid() and form.reading:
        told = form.cleaned_data
        read = areas.read_in(trajectory.gemeente, form.reading.areas, year=told["year"], source=told["source"])
        messages.success(request, read.sentence)
        return redirect("area_choose", pk)
    return render(request, "trajectories/outlines_upload.html", {"trajectory": trajectory, "form": form})
