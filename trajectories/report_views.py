"""After a meeting: its outcomes, who does what, and its report."""

from __future__ import annotations

from typing import Any

import structlog
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from thuiswijk.lib import files
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.web import allow, has_seen, not_yet, nothing_new, number_in, posted_from, to_change
from trajectories import perms, reporting
from trajectories.models import Action, Meeting, MeetingItem, MeetingReport, Trajectory
from trajectories.report_files import ODT_TYPE, PDF_TYPE
from trajectories.report_forms import ActionForm, CorrectionForm, OutcomeForm
from trajectories.views import meeting_of, meetings_seen, once, to_lead

log = structlog.get_logger(__name__)
CLOSED_MEANWHILE = (
    "De bijeenkomst is intussen gesloten. Wat u net typte, is niet bewaard, maar staat er nog. "
    "Maak er een verbetering van."
)
OLDER = "Er is een nieuwer verslag van deze bijeenkomst. Download dat."
CLOSED_ALREADY = "De bijeenkomst is gesloten. Zet het actiepunt bij een volgende bijeenkomst."


def _shown(request: HttpRequest, meeting: Meeting, **forms: Any) -> dict[str, Any]:
    """What the page shows; `forms` are those that came back with what is wrong."""
    may_lead = perms.may_lead(request.user, meeting.trajectory)
    is_closed = meeting.state == Meeting.State.CLOSED
    items = list(meeting.items.prefetch_related("corrections__corrected_by"))
    return {
        "meeting": meeting,
        "may_lead": may_lead,
        "is_closed": is_closed,
        "items": items,
        "outcomes": [] if is_closed or not may_lead else [OutcomeForm(instance=item) for item in items],
        "actions": meeting.actions.select_related("party"),
        "open_actions": Action.objects.open_before(meeting).select_related("party", "meeting"),
        "action_form": ActionForm(instance=Action(meeting=meeting)),
        # The form on the page that all buttons belong to, or "" where nothing can be typed.
        "in_form": "vastleggen" if (may_lead and not is_closed) or "action_form" in forms else "",
        **_standing(meeting),
        **forms,
    }


def _standing(meeting: Meeting) -> dict[str, Any]:
    """The reports of a meeting, and a mark that changes when one of them does."""
    reports = list(meeting.reports.all())
    standing = [report for report in reports if report.withdrawn_at is None]
    marks = [f"{r.pk}.{r.state}.{r.step}.{r.attempts}.{r.withdrawn_at is None}" for r in reports]
    return {
        "reports": reports,
        "newest": standing[0] if standing else None,
        "is_working": any(report.is_underway for report in standing),
        "mark": "-".join([meeting.state, *marks]).replace(" ", "_"),
    }


@never_cache
def meeting_report(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    if not request.htmx or "sinds" not in request.GET:  # type: ignore[attr-defined]
        return render(request, "trajectories/meeting_report.html", _shown(request, meeting))
    context = _standing(meeting)
    if has_seen(request, context["mark"]):
        return nothing_new()
    context |= {"meeting": meeting, "may_lead": perms.may_lead(request.user, meeting.trajectory)}
    return render(request, "trajectories/meeting_report.html#reports", context)


@posted_from("meeting_report")
@transaction.atomic
def outcomes_save(request: HttpRequest, pk: int) -> HttpResponse:
    return _keep_all(request, pk)


def _keep_all(request: HttpRequest, pk: int, *, then: str = "") -> HttpResponse:
    """Saves what was typed at the outcomes and for a new action: one form, whichever of its buttons was pressed.

    then: the place on the page to which one returns, as "#actiepunten".
    """
    if any(request.POST.get(name, "").strip() for name in ActionForm.Meta.fields):
        return action_add(request, pk)
    meeting = get_object_or_404(to_change(request, meetings_seen(request)), pk=pk)
    to_lead(request, meeting.trajectory)
    unsaved = _keep_outcomes(request, meeting)
    if unsaved:
        return render(request, "trajectories/meeting_report.html", _shown(request, meeting, **unsaved))
    return redirect(reverse("meeting_report", args=[pk]) + then)


def _keep_outcomes(request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    """Saves the outcomes that were typed, as far as they are right. What the page must show of the others; {} where all stand."""
    shown = [item for item in meeting.items.all() if f"punt-{item.pk}-seen" in request.POST]
    outcomes = [OutcomeForm(request.POST, instance=item) for item in shown]
    typed = [form for form in outcomes if not form.is_valid() or form.is_typed_over]
    if meeting.state == Meeting.State.CLOSED and typed:
        messages.error(request, CLOSED_MEANWHILE)
        unsaved = [{"item": form.instance, "text": form.data.get(form.add_prefix("outcome"), "")} for form in typed]
        return {"unsaved": unsaved}
    for form in typed:
        if form.is_valid():
            form.save()
    if any(form.errors for form in outcomes):
        return {"outcomes": [form if form.errors else OutcomeForm(instance=form.instance) for form in outcomes]}
    if outcomes:
        messages.success(request, "De uitkomsten zijn bewaard.")
    return {}


@once
def outcome_correct(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Trajectory.objects.visible_to(request.user)
    items = MeetingItem.objects.filter(meeting__trajectory__in=visible).select_related("meeting__trajectory__gemeente")
    item = get_object_or_404(items, pk=pk)
    assert item.meeting is not None
    person = to_lead(request, item.meeting.trajectory)
    form = CorrectionForm(request.POST or None)
    if form.is_valid():
        try:
            reporting.correct(item, text=form.cleaned_data["text"], by=person)
            messages.success(request, "De verbetering is bewaard. Er komt een nieuw verslag.")
            return redirect("meeting_report", item.meeting_id)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "trajectories/outcome_correct.html", {"item": item, "meeting": item.meeting, "form": form})


@posted_from("meeting_report")
@once
def action_add(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(to_change(request, meetings_seen(request)), pk=pk)
    to_lead(request, meeting.trajectory)
    unsaved = _keep_outcomes(request, meeting)
    form = ActionForm(request.POST, instance=Action(meeting=meeting))
    if meeting.state == Meeting.State.CLOSED:
        form.add_error(None, CLOSED_ALREADY)
    if form.is_valid() and not unsaved:
        form.save()
        messages.success(request, f"Het actiepunt “{form.instance.text}” staat erbij.")
        return redirect(f"{reverse('meeting_report', args=[pk])}#actiepunten")
    return render(request, "trajectories/meeting_report.html", _shown(request, meeting, action_form=form, **unsaved))


@transaction.atomic
def action_state(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Trajectory.objects.visible_to(request.user)
    action = get_object_or_404(
        Action.objects.filter(meeting__trajectory__in=visible).select_related("meeting__trajectory"), pk=pk
    )
    person = to_lead(request, action.meeting.trajectory)
    if request.method in ("GET", "HEAD"):
        return not_yet(request, "meeting_report", action.meeting_id)
    if request.POST.get("state") == "done":
        reporting.finish(action, by=person)
        messages.success(request, f"“{action.text}” is klaar.")
    elif request.POST.get("state") == "open":
        reporting.reopen(action)
        messages.success(request, f"“{action.text}” is weer open.")
    asked_from = meetings_seen(request).filter(trajectory=action.meeting.trajectory, pk=number_in(request, "meeting"))
    meeting = asked_from.first() or action.meeting
    return _keep_all(request, meeting.pk, then="#actiepunten" if meeting == action.meeting else "#eerder-afgesproken")


@posted_from("meeting_report")
def report_order(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    to_lead(request, meeting.trajectory)
    try:
        reporting.order_again(meeting)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("meeting_report", pk)


def report_download(request: HttpRequest, pk: int, kind: str) -> FileResponse:
    visible = Trajectory.objects.visible_to(request.user)
    stored = MeetingReport.objects.standing().filter(state=MeetingReport.State.STORED, meeting__trajectory__in=visible)
    report = get_object_or_404(stored.select_related("meeting__trajectory"), pk=pk)
    is_newest = report.pk == stored.filter(meeting=report.meeting_id).values_list("pk", flat=True).first()
    allow(
        is_newest or perms.may_lead(request.user, report.meeting.trajectory), OLDER
    )  # it may hold what was hidden since
    path = files.path_of(reporting.reports_folder(), report.pdf_sha256 if kind == "pdf" else report.odt_sha256)
    if not path.exists():
        log.error("report_file_missing", report=report.pk)
        raise Http404
    type_ = PDF_TYPE if kind == "pdf" else ODT_TYPE
    return FileResponse(path.open("rb"), as_attachment=True, filename=report.file_name(kind), content_type=type_)
