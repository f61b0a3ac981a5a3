"""A werkbijeenkomst: one point at a time on the beamer, its four questions filled in, and what every party in the room says."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from agendas import consenting
from agendas.models import ImprovementPoint
from agendas.point_forms import ConsentForm, PointForm, ReplyForm
from agendas.views import points_seen, tell_of_words
from stakeholders.models import Party, Person
from thuiswijk.lib.canonical import digest
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.forms import first_problem
from thuiswijk.lib.web import has_seen, nothing_new, number_in, posted_from, to_change
from trajectories.models import Meeting
from trajectories.perms import may_lead
from trajectories.views import meeting_of, to_lead


def _meeting_of(request: HttpRequest, pk: int) -> Meeting:
    """The werkbijeenkomst, if this user may know of its trajectory; 404 otherwise, as for a meeting of another kind."""
    meeting = meeting_of(request, pk)
    if meeting.kind != Meeting.Kind.WORK:
        raise Http404
    return meeting


def work_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _meeting_of(request, pk)
    to_lead(request, meeting.trajectory)
    said = {
        row["point"]: row["count"] for row in meeting.consents.values("point").order_by().annotate(count=Count("pk"))
    }
    points = list(consenting.points_of(meeting.trajectory))
    for point in points:
        point.said = said.get(point.pk, 0)  # type: ignore[attr-defined]
    shown, why_not = consenting.shown_in(meeting), consenting.why_not(meeting)
    context = {"meeting": meeting, "points": points, "shown": shown, "why_not": why_not, "may_lead": True}
    return render(request, "agendas/work_meeting.html", context)


def work_point(request: HttpRequest, pk: int, point_pk: int) -> HttpResponse:
    meeting = _meeting_of(request, pk)
    to_lead(request, meeting.trajectory)
    points = to_change(request, points_seen(request).filter(trajectory=meeting.trajectory_id))
    point = get_object_or_404(points, pk=point_pk)
    form = PointForm(request.POST or None, instance=point)
    why_not = consenting.why_not(meeting)
    if form.is_valid() and not why_not:
        form.save()
        messages.success(request, f"Verbeterpunt “{point}” is bewaard.")
        tell_of_words(request, meeting.trajectory)
        return redirect("work_point", pk, point_pk)
    if form.is_bound and why_not:
        form.add_error(None, why_not)
    return render(request, "agendas/work_point.html", _of_point(meeting, point, form))


def _of_point(meeting: Meeting, point: ImprovementPoint, form: PointForm, **said: Any) -> dict[str, Any]:
    """What the page of the adviser shows. The room judges the words as they stand, not what is typed in a form."""
    standing = consenting.points_of(meeting.trajectory).get(pk=point.pk)
    shown = consenting.shown_in(meeting)
    return {
        "meeting": meeting,
        "trajectory": meeting.trajectory,
        "point": standing,
        "form": form,
        "promises": form.promises,
        "place": consenting.place_of(standing),
        "is_shown": shown is not None and shown.pk == point.pk,
        "why_not": consenting.why_not(meeting),
        "questions": consenting.questions_of(standing),
        "room": consenting.room_of(meeting, standing),
        "seen": consenting.digest_of(standing),
    } | said


@posted_from("work_meeting")
def work_show(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _meeting_of(request, pk)
    to_lead(request, meeting.trajectory)
    point = meeting.trajectory.points.filter(pk=number_in(request, "point")).first()
    if point is None:
        messages.error(request, "Dit punt is er niet meer. Kies een ander punt.")
        return redirect("work_meeting", pk)
    try:
        consenting.show(meeting, point)
    except Refused as refusal:
        messages.error(request, str(refusal))
    if request.POST.get("naar") == "scherm":
        return redirect("work_screen", pk)
    return redirect("work_point", pk, point.pk)


def work_screen(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _meeting_of(request, pk)
    point = consenting.shown_in(meeting)
    shown: dict[str, Any] = {"point": None}
    if point is not None:
        room = consenting.room_of(meeting, point)
        shown = {
            "point": {"title": point.title, "theme": point.theme.name},
            "questions": consenting.questions_of(point),
            "room": room,
            "waiting": [voice for voice in room if not voice.answer],
            "place": consenting.place_of(point),
        }
    leads = meeting.is_open and may_lead(request.user, meeting.trajectory)
    mark = digest(repr([meeting.title, leads, shown]).encode())[:16]
    if request.htmx and has_seen(request, mark):  # type: ignore[attr-defined]
        return nothing_new()
    part = "#screen" if request.htmx else ""  # type: ignore[attr-defined]
    context = {"meeting": meeting, "may_lead": leads, "mark": mark, **shown}
    return render(request, f"agendas/work_screen.html{part}", context)


@posted_from("work_meeting")
def consent_note(request: HttpRequest, pk: int, point_pk: int) -> HttpResponse:
    meeting = _meeting_of(request, pk)
    person = to_lead(request, meeting.trajectory)
    point = get_object_or_404(meeting.trajectory.points, pk=point_pk)
    party = meeting.trajectory.parties.filter(pk=number_in(request, "party")).first()
    if party is None:
        messages.error(request, "Deze partij doet niet meer mee. Kies een partij uit de lijst.")
        return redirect("work_point", pk, point_pk)
    problem = _noted(request, meeting, point, party, person)
    is_swap = request.htmx  # type: ignore[attr-defined]
    if not problem and not is_swap:
        return redirect(f"{reverse('work_point', args=[pk, point_pk])}#partij-{party.pk}")
    typed = {"problem": problem, "wrong": party.pk, "typed": request.POST.get("words", "") if problem else ""}
    seen = {"seen": request.POST.get("seen", "")}  # what is on the page, until it is loaded anew
    context = _of_point(meeting, point, PointForm(instance=point), **typed, **seen)
    return render(request, f"agendas/work_point.html{'#room' if is_swap else ''}", context)


def _noted(request: HttpRequest, meeting: Meeting, point: ImprovementPoint, party: Party, person: Person) -> str:
    """Writes down what the party says, or takes it back; answers what is wrong where it can't."""
    form = ConsentForm(request.POST)
    try:
        if "undo" in request.POST:
            consenting.take_back(point, party=party, meeting=meeting)
        elif form.is_valid():
            consenting.note(point, party=party, meeting=meeting, **form.cleaned_data, by=person)
        else:
            return first_problem(form)
    except Refused as refusal:
        return str(refusal)
    return ""


def point_consents(request: HttpRequest, pk: int) -> HttpResponse:
    point = get_object_or_404(points_seen(request), pk=pk)
    return render(request, "agendas/point_consents.html", _said_of(request, point, ReplyForm()))


def _said_of(request: HttpRequest, point: ImprovementPoint, form: ReplyForm, asked: int = 0) -> dict[str, Any]:
    """What the page of a point shows of the room; `form` is the reply to the objection with the id `asked`."""
    leads, said = may_lead(request.user, point.trajectory), consenting.said_of(point)
    about = {"trajectory": point.trajectory, "point": point}
    return about | {"said": said, "may_lead": leads, "form": form, "asked": asked}


@posted_from("point_consents")
def consent_reply(request: HttpRequest, pk: int) -> HttpResponse:
    point = get_object_or_404(points_seen(request), pk=pk)
    person = to_lead(request, point.trajectory)
    consent = point.consents.select_related("party").filter(pk=number_in(request, "consent")).first()
    form = ReplyForm(request.POST)
    if consent is None:
        messages.error(request, "Dit bezwaar is er niet meer.")
        return redirect("point_consents", pk)
    if form.is_valid():
        try:
            consenting.reply(consent, text=form.cleaned_data["reply"], by=person)
            messages.success(request, "Uw antwoord op het bezwaar is bewaard.")
            return redirect("point_consents", pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "agendas/point_consents.html", _said_of(request, point, form, consent.pk))
