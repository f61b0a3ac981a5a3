"""Before people come together: the draaiboek, meetings planned at once or cancelled, and the agenda of each."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from stakeholders.models import Gemeente
from stakeholders.views import user_of
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.web import allow, number_in, posted_from, to_change
from trajectories import meetings, perms, planning, removing
from trajectories.forms import CancelForm
from trajectories.models import Action, Meeting, MeetingItem, MeetingPattern, Trajectory
from trajectories.planning_forms import ItemForm, PatternForm, StartForm, TalkForm, planned_formset
from trajectories.views import meeting_of, meetings_seen, once, removal, to_lead, trajectory_of


# --- the draaiboek of a gemeente ----------------------------------------------------------------------------------------
def gemeenten_seen(request: HttpRequest) -> QuerySet[Gemeente]:
    """Those in which this user has a role; a beheerder sees nothing of how a gemeente works."""
    return Gemeente.objects.filter(pk__in=user_of(request).roles.values("gemeente"))


def gemeente_to_plan(request: HttpRequest, pk: int) -> Gemeente:
    """The gemeente, if this user says how its meetings are planned: 404 where one may not know of it, 403 where not."""
    gemeente = get_object_or_404(gemeenten_seen(request), pk=pk)
    allow(perms.may_set_draaiboek(request.user, gemeente))
    return gemeente


def pattern_to_change(request: HttpRequest, pk: int) -> MeetingPattern:
    """A meeting of the draaiboek of such a gemeente."""
    visible = MeetingPattern.objects.filter(gemeente__in=gemeenten_seen(request))
    pattern = get_object_or_404(to_change(request, visible.select_related("gemeente")), pk=pk)
    allow(perms.may_set_draaiboek(request.user, pattern.gemeente))
    return pattern


def pattern_list(request: HttpRequest, pk: int) -> HttpResponse:
    gemeente = gemeente_to_plan(request, pk)
    context = {
        "gemeente": gemeente,
        "patterns": planning.patterns_of(gemeente),
        "is_own": gemeente.meeting_patterns.exists(),
    }
    return render(request, "trajectories/pattern_list.html", context)


@posted_from("pattern_list")
def pattern_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    planning.adopt_default(gemeente_to_plan(request, pk))
    messages.success(request, "Dit is nu het draaiboek van uw gemeente. U kunt het veranderen.")
    return redirect("pattern_list", pk)


@posted_from("pattern_list")
def pattern_arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """Moves one meeting of the draaiboek up or down: the button that was pressed carries its number."""
    gemeente = gemeente_to_plan(request, pk)
    rows = gemeente.meeting_patterns.all()
    for direction in ("up", "down"):
        pattern = rows.filter(pk=number_in(request, direction)).first()
        if pattern is not None:
            planning.shift(pattern, rows, up=direction == "up")
    return redirect("pattern_list", pk)


@once
def pattern_new(request: HttpRequest, pk: int) -> HttpResponse:
    gemeente = gemeente_to_plan(request, pk)
    place = planning.place_after(gemeente.meeting_patterns.all())
    form = PatternForm(request.POST or None, instance=MeetingPattern(gemeente=gemeente, position=place))
    if form.is_valid():
        form.save()
        messages.success(request, f"“{form.instance}” staat nu in het draaiboek.")
        return redirect("pattern_list", pk)
    return render(request, "trajectories/pattern_new.html", {"gemeente": gemeente, "form": form})


def pattern_edit(request: HttpRequest, pk: int) -> HttpResponse:
    pattern = pattern_to_change(request, pk)
    form = PatternForm(request.POST or None, instance=pattern)
    if form.is_valid():
        form.save()
        messages.success(request, f"“{pattern}” is bewaard.")
        return redirect("pattern_list", pattern.gemeente_id)
    return render(request, "trajectories/pattern_edit.html", {"pattern": pattern, "form": form})


@once
def pattern_remove(request: HttpRequest, pk: int) -> HttpResponse:
    pattern = pattern_to_change(request, pk)
    goes = [f"“{pattern}” uit het draaiboek. Bijeenkomsten die al zijn gepland, blijven staan."]
    if not pattern.gemeente.meeting_patterns.exclude(pk=pk).exists():
        goes.append("Uw gemeente heeft dan geen eigen draaiboek meer. Het gewone draaiboek geldt weer.")
    return removal(
        request,
        lambda: removing.remove(pattern, stays=""),
        title="Haal de bijeenkomst uit het draaiboek",
        goes=goes,
        parent=pattern.title,
        back=reverse("pattern_edit", args=[pk]),
        then=reverse("pattern_list", args=[pattern.gemeente_id]),
    )


# --- meetings -----------------------------------------------------------------------------------------------------------
@once
def meeting_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """From a first day (in the address) to a list with every date to change, to meetings."""
    trajectory = trajectory_of(request, pk)
    to_lead(request, trajectory)
    led = perms.trajectories_led(request.user)
    start = StartForm(request.GET or None, trajectory=trajectory, led=led)
    proposed = start.proposed if start.is_valid() else []
    rows = planned_formset(request.POST or None, proposed=proposed, led=led)
    if request.method == "POST" and rows.is_valid():
        made = planning.plan(trajectory, rows.planned)
        messages.success(request, f"{len(made)} bijeenkomsten gepland." if len(made) > 1 else "1 bijeenkomst gepland.")
        return redirect("trajectory_detail", pk)
    context = {
        "trajectory": trajectory,
        "form": start,
        "rows": rows if rows.is_bound or proposed else None,
        "has_nothing": start.is_bound and start.is_valid() and not proposed,
        "may_set": perms.may_set_draaiboek(request.user, trajectory.gemeente),
        "key": uuid.uuid4(),
    }
    return render(request, "trajectories/meeting_plan.html", context)


@once
def talk_new(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    to_lead(request, trajectory)
    talk = planning.talk_of(trajectory.gemeente)
    questions = planning.lines_of(talk.questions)
    meeting = Meeting(trajectory=trajectory, kind=talk.kind, title=talk.title, minutes=talk.minutes)
    form = TalkForm(request.POST or None, instance=meeting)
    if form.is_valid():
        meeting.question = questions[0] if questions else ""
        planning.add_questions(form.save(), questions)
        return redirect("meeting_items", meeting.pk)
    context = {
        "trajectory": trajectory,
        "form": form,
        "questions": questions,
        "may_set": perms.may_set_draaiboek(request.user, trajectory.gemeente),
    }
    return render(request, "trajectories/talk_new.html", context)


def meeting_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    to_lead(request, meeting.trajectory)
    form = CancelForm(request.POST or None)
    if form.is_valid():
        try:
            meetings.cancel(meeting, reason=form.cleaned_data["reason"])
            messages.success(request, f"“{meeting}” gaat niet door. Dat staat nu bij de bijeenkomst.")
            return redirect("meeting_detail", pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "trajectories/meeting_cancel.html", {"meeting": meeting, "form": form})


@posted_from("meeting_detail")
def meeting_restore(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    person = to_lead(request, meeting.trajectory)
    try:
        meetings.change_state(meeting, Meeting.State.PLANNED, by=person)
        messages.success(request, f"“{meeting}” gaat toch door.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("meeting_detail", pk)


# --- the agenda of a meeting --------------------------------------------------------------------------------------------
def items_seen(request: HttpRequest) -> QuerySet[MeetingItem]:
    """The agendapunten that this user may know of."""
    visible = Trajectory.objects.visible_to(request.user)
    return MeetingItem.objects.filter(trajectory__in=visible).select_related("trajectory__gemeente", "meeting")


def meeting_items(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    slots = planning.timetable(meeting)
    planned = sum(slot.item.minutes for slot in slots)
    may_lead = perms.may_lead(request.user, meeting.trajectory)
    context = {
        "meeting": meeting,
        "slots": slots,
        "planned": planned,
        "spare": meeting.minutes - planned,
        "over": planned - meeting.minutes,
        "backlog": planning.backlog_of(meeting.trajectory),
        "open_actions": Action.objects.open_before(meeting).select_related("party", "meeting"),
        "may_lead": may_lead,
        "may_change": may_lead and meeting.state != Meeting.State.CLOSED,
    }
    return render(request, "trajectories/meeting_items.html", context)


@once
def item_new(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    to_lead(request, meeting.trajectory)
    on = None if "later" in request.GET else meeting
    form = ItemForm(request.POST or None, instance=MeetingItem(trajectory=meeting.trajectory, meeting=on))
    if form.is_valid():
        try:
            return _to_item(meeting, form.save())
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "trajectories/item_new.html", {"meeting": meeting, "form": form})


def item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(to_change(request, items_seen(request)), pk=pk)
    to_lead(request, item.trajectory)
    meeting = _came_from(request, item)
    form = ItemForm(request.POST or None, instance=item)
    if form.is_valid():
        try:
            item = form.save()
            messages.success(request, f"“{item}” is bewaard.")
            return _to_item(meeting or item.meeting, item)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "trajectories/item_edit.html", {"item": item, "meeting": meeting, "form": form})


@once
def item_remove(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(items_seen(request), pk=pk)
    to_lead(request, item.trajectory)
    meeting = _came_from(request, item)
    where = reverse("meeting_items", args=[meeting.pk]) if meeting else None
    return removal(
        request,
        lambda: planning.take_off(item),
        title="Verwijder het agendapunt",
        goes=[f"Het agendapunt “{item}”, met zijn vraag."],
        trajectory=item.trajectory,
        parent=item.title,
        back=_with_meeting("item_edit", item, meeting),
        then=where or reverse("trajectory_detail", args=[item.trajectory_id]),
    )


ARRANGE: dict[str, Callable[[Meeting, MeetingItem], None]] = {
    "up": lambda _, item: planning.reorder(item, up=True),
    "down": lambda _, item: planning.reorder(item, up=False),
    "on": lambda meeting, item: planning.place(item, on=meeting),
    "off": lambda _, item: planning.place(item, on=None),
    "now": planning.ask_now,
}


@posted_from("meeting_items")
def items_arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """Does with an item what the button that was pressed says; the button carries its number."""
    meeting = meeting_of(request, pk)
    to_lead(request, meeting.trajectory)
    asked = next((name for name in ARRANGE if name in request.POST), "")
    near = MeetingItem.objects.filter(Q(meeting=meeting) | Q(meeting=None), trajectory=meeting.trajectory_id)
    item = near.filter(pk=number_in(request, asked)).first()
    try:
        if "rest" in request.POST:
            planning.ask_now(meeting, None)
        elif item is None:
            raise Refused("Dit agendapunt staat hier niet meer. Kijk hoe de agenda nu is.")
        else:
            ARRANGE[asked](meeting, item)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _to_item(meeting, item)


def _came_from(request: HttpRequest, item: MeetingItem) -> Meeting | None:
    """The meeting on whose page the item was shown (`?bij=`), for one that is not planned yet stands on each of them."""
    shown = meetings_seen(request).filter(trajectory=item.trajectory_id, pk=number_in(request, "bij")).first()
    return shown or item.meeting


def _with_meeting(page: str, item: MeetingItem, meeting: Meeting | None) -> str:
    return reverse(page, args=[item.pk]) + (f"?bij={meeting.pk}" if meeting else "")


def _to_item(meeting: Meeting | None, item: MeetingItem | None) -> HttpResponse:
    """Back to the agenda, at the item, so that who moves it twice need not look for it."""
    if meeting is None:
        assert item is not None
        return redirect("trajectory_detail", item.trajectory_id)
    return redirect(reverse("meeting_items", args=[meeting.pk]) + (f"#punt-{item.pk}" if item else ""))
