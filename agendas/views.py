"""The living draft and its histories, and what every page of an agenda starts with."""

from __future__ import annotations

from typing import Any

import structlog
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html

from agendas import confirming, drafting, history, sealing, versions
from agendas.forms import AgendaForm, FreezeForm
from agendas.models import Agenda, AgendaVersion, Document, ImprovementPoint, Theme
from thuiswijk.lib import files
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.web import posted_from, to_change
from trajectories.models import Trajectory
from trajectories.perms import may_lead, may_staff
from trajectories.views import to_lead, trajectory_of

ASKED = "begrippen"  # before the names of the fields with which term_ask asks what words mean
log = structlog.get_logger(__name__)


def version_of(request: HttpRequest, pk: int) -> AgendaVersion:
    """The version, if this user may know of its trajectory; 404 otherwise."""
    versions_seen = AgendaVersion.objects.filter(agenda__trajectory__in=Trajectory.objects.visible_to(request.user))
    return get_object_or_404(versions_seen.select_related("agenda__trajectory__gemeente", "round"), pk=pk)


NOT_WRITTEN = ("csrfmiddlewaretoken", "seen", "key", "sinds")  # signs of the form itself


def typed_in(request: HttpRequest) -> list[str]:
    """The texts of a form as they were typed; not its own signs, nor what `term_ask` adds."""
    texts = request.POST.lists()
    return [text for name, all_ in texts if name not in NOT_WRITTEN and not name.startswith(ASKED) for text in all_]


def tell_of_words(request: HttpRequest, trajectory: Trajectory) -> None:
    """After saving: which abbreviations in what was typed nobody explained yet. It never stands in the way of saving."""
    words = drafting.glossary_of(trajectory).unknown_in(typed_in(request))
    if words:
        link, page = '{} <a href="{}">Leg uit wat dat betekent</a>.', reverse("term_ask", args=[trajectory.pk])
        messages.info(request, format_html(link, drafting.without_explanation(words), page))


def themes_seen(request: HttpRequest) -> QuerySet[Theme]:
    """The themes that this user may know of."""
    visible = Trajectory.objects.visible_to(request.user)
    return Theme.objects.filter(trajectory__in=visible).select_related("trajectory")


def points_seen(request: HttpRequest) -> QuerySet[ImprovementPoint]:
    """The points that this user may know of."""
    visible = Trajectory.objects.visible_to(request.user)
    return ImprovementPoint.objects.filter(trajectory__in=visible).select_related("trajectory", "theme")


def trajectory_history(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    return _history(request, trajectory, trajectory, "agendas/trajectory_history.html")


def point_history(request: HttpRequest, pk: int) -> HttpResponse:
    point = get_object_or_404(points_seen(request), pk=pk)
    return _history(request, point.trajectory, point, "agendas/point_history.html")


def agenda_history(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    agenda = get_object_or_404(Agenda, trajectory=trajectory)
    return _history(request, trajectory, agenda, "agendas/agenda_history.html")


def _history(
    request: HttpRequest, trajectory: Trajectory, thing: Trajectory | ImprovementPoint | Agenda, template: str
) -> HttpResponse:
    """Who changed what, newest first; `na` in the address is where the page before it ended."""
    page = history.changes_of(thing, before=history.Mark.read(request.GET.get("na", "")))
    context = {"trajectory": trajectory, "thing": thing, "changes": page.changes, "older": page.older}
    return render(request, template, context)


def agenda_detail(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk, "agenda")
    agenda = getattr(trajectory, "agenda", None)
    context: dict[str, Any] = {
        "trajectory": trajectory,
        "agenda": agenda,
        "may_lead": may_lead(request.user, trajectory),
        "may_staff": may_staff(request.user, trajectory),
    }
    if agenda is not None:
        points = list(drafting.points_of(trajectory))
        glossary = drafting.glossary_of(trajectory)
        gaps = drafting.gaps(agenda, points, glossary)
        context |= {
            "points": points,
            "gaps": gaps,
            "glossary": glossary,
            "confirmed": confirming.confirmed_in(points, confirming.newest_of(trajectory)),
            "versions": agenda.versions_made,
            "form": FreezeForm(gaps=gaps),
        }
    return render(request, "agendas/agenda_detail.html", context)


@posted_from("agenda_detail")
def agenda_start(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    drafting.start(trajectory, by=to_lead(request, trajectory))
    return redirect("agenda_detail", pk)


def agenda_edit(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    to_lead(request, trajectory)
    agenda = get_object_or_404(to_change(request, Agenda.objects.filter(trajectory=trajectory)))
    form = AgendaForm(request.POST or None, instance=agenda)
    if form.is_valid():
        form.save()
        messages.success(request, "De teksten van de agenda zijn bewaard.")
        tell_of_words(request, trajectory)
        return redirect("agenda_detail", pk)
    return render(request, "agendas/agenda_edit.html", {"trajectory": trajectory, "agenda": agenda, "form": form})


@posted_from("agenda_detail")
def agenda_freeze(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    person = to_lead(request, trajectory)
    agenda = get_object_or_404(Agenda, trajectory=trajectory)
    gaps = drafting.gaps(agenda)
    form = FreezeForm(request.POST, gaps=gaps)
    if form.is_valid():
        try:
            return redirect("version_detail", versions.freeze(agenda, by=person, reason=form.cleaned_data["reason"]).pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"trajectory": trajectory, "agenda": agenda, "gaps": gaps, "form": form}
    return render(request, "agendas/agenda_freeze.html", context)


def file_of(document: Document) -> FileResponse:
    path = files.path_of(sealing.documents_folder(), document.sha256)
    if not path.exists():
        log.error("document_file_missing", document=document.pk)
        raise Http404
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=document.file_name, content_type="application/pdf"
    )
