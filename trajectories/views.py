from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, F, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.formats import date_format

from stakeholders.models import Party, Person
from stakeholders.perms import gemeenten_to_lead, person_of
from thuiswijk.lib.canonical import digest
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.maps import drawing_of
from thuiswijk.lib.sheets import SheetError
from thuiswijk.lib.web import allow, has_seen, nothing_new, number_in, posted_from, to_change
from trajectories import (
    areas,
    filters,
    intake,
    meetings,
    moderating,
    participants,
    perms,
    phases,
    removing,
    reporting,
    staffing,
)
from trajectories.forms import (
    AttendanceForm,
    HideForm,
    MeetingForm,
    ParticipationForm,
    PartyForm,
    SheetForm,
    StepForm,
    TrajectoryForm,
)
from trajectories.models import (
    TO_WHOM,
    Contribution,
    ContributionQuerySet,
    Meeting,
    SentForm,
    SheetImport,
    Step,
    Trajectory,
    words_of,
)

PAGE = 50
ELSEWHERE_TOO = "Deze partij doet ook mee in een traject dat u niet ziet. Vraag het aan een projectleider."
CLOSED = "De bijeenkomst is gesloten. Het verslag wordt gemaakt. Was dit per ongeluk? Open de bijeenkomst dan weer."
MADE_LAST, JUST_NOW = "net_gemaakt", 600  # what a session made last; seconds
PROPOSED = ("key", "position")  # what a page fills in itself, in a row of a form too: of a page asked anew they differ
HIDDEN_FROM = {"scherm": "meeting_screen", "noteren": "meeting_notes"}  # pages in the hall that one goes back to


def trajectory_of(request: HttpRequest, pk: int, *beside: str) -> Trajectory:
    """The trajectory, with its gemeente and what else is asked for `beside` it, if this user may know of it; 404 otherwise."""
    return get_object_or_404(Trajectory.objects.visible_to(request.user).select_related("gemeente", *beside), pk=pk)


def meetings_seen(request: HttpRequest) -> QuerySet[Meeting]:
    """The meetings that this user may know of."""
    visible = Trajectory.objects.visible_to(request.user)
    return Meeting.objects.filter(trajectory__in=visible).select_related("trajectory__gemeente")


def meeting_of(request: HttpRequest, pk: int) -> Meeting:
    """The meeting, if this user may know of its trajectory; 404 otherwise."""
    return get_object_or_404(meetings_seen(request), pk=pk)


def contribution_of(request: HttpRequest, pk: int) -> Contribution:
    """The inbreng, if this user may know of its trajectory; 404 otherwise."""
    visible = Trajectory.objects.visible_to(request.user)
    said = Contribution.objects.filter(trajectory__in=visible).select_related("trajectory", "said_by")
    return get_object_or_404(said, pk=pk)


def to_lead(request: HttpRequest, trajectory: Trajectory) -> Person:
    """The person at the screen, who may lead this trajectory; 403 otherwise."""
    person = person_of(request.user)
    allow(person is not None and perms.may_lead(request.user, trajectory))
    assert person is not None
    return person


def once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A form that makes something makes it once: a double click, or a second try on bad wifi, leads to what stands.

    The form carries a key that was made with the page (RowForm). Sent with other words it is another form, and goes on.
    The row comes first: who sends the same form in the same moment waits for it, and then finds where it led to.
    """

    @wraps(view)
    def sent_once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.POST.get("key"):
            return view(request, *args, **kwargs)
        mark, alike = _digests_of(request)
        with transaction.atomic():
            sent, is_first = SentForm.objects.get_or_create(digest=mark)
            if not is_first:
                return redirect(sent.led_to) if _stands(sent.led_to) else redirect("trajectory_detail", kwargs["pk"])
            again = _made_just_now(request, alike)
            response = again or view(request, *args, **kwargs)
            if isinstance(response, HttpResponseRedirect):
                _keep(request, sent, response.url, alike if again is None else "")
            else:
                sent.delete()  # the form came back with what is wrong: nothing was made
            return response

    return sent_once


def _digests_of(request: HttpRequest) -> tuple[str, str]:
    """Of the form as it was sent, and of what somebody typed in it; "" where that is nothing, as where one removes something."""
    words = sorted((name, texts) for name, texts in request.POST.lists() if name != "csrfmiddlewaretoken")
    typed = [(name, texts) for name, texts in words if name.rpartition("-")[2] not in PROPOSED]
    alike = digest(repr([request.path, typed]).encode()) if typed else ""
    return digest(repr([request.user.pk, request.path, words]).encode()), alike


def _made_just_now(request: HttpRequest, alike: str) -> HttpResponseRedirect | None:
    """To what this session made last, where that was the same, and not long ago.

    Who goes back gets the page anew, with another key, and the browser fills in what was typed. Saved again, that is told and
    not made; the try after that is meant.
    """
    made, led_to, at = request.session.get(MADE_LAST, ("", "", 0))
    if not alike or made != alike or time.time() - at > JUST_NOW or not _stands(led_to):
        return None
    messages.info(
        request, "Dit hebt u net al bewaard. Het staat er één keer. Wilt u er nog een? Vul het dan opnieuw in."
    )
    return redirect(led_to)


def _keep(request: HttpRequest, sent: SentForm, url: str, alike: str) -> None:
    """Where a form led to, for who sends it again; `alike` is "" where it made nothing new."""
    SentForm.objects.filter(pk=sent.pk).update(led_to=url)
    request.session[MADE_LAST] = [alike, url, time.time()]


def _stands(led_to: str) -> bool:
    """Whether the page of what was made is still there: somebody may have removed the meeting since."""
    page = resolve(urlsplit(led_to).path)
    return page.url_name != "meeting_detail" or Meeting.objects.filter(pk=page.kwargs["pk"]).exists()


def removal(request: HttpRequest, remove: Callable[[], None], *, then: str, **shown: Any) -> HttpResponse:
    """The page before something is removed: what goes. Posted, it goes, or the page says why it stays."""
    refusal = ""
    if request.method == "POST":
        try:
            remove()
            messages.success(request, f"{shown['parent']}: verwijderd.")
            return redirect(then)
        except Refused as refused:
            refusal = str(refused)
    context = {**shown, "refusal": refusal, "key": uuid.uuid4()}
    return render(request, "trajectories/removal.html", context)


def rows_of(
    contributions: ContributionQuerySet, most: int, *, sought: str = "", of: str = "text", also: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """The first so many contributions in lean columns, with the moments as a list shows them, and what is sought marked.

    Columns that the query annotates come along where `also` names them; `of` names the one that holds the words.

    A model row costs three times as much, and a `date` filter per row more than the row.
    """
    words = filters.hits_in(sought, of=of) if sought else F(of)
    rows = contributions.values("id", "made_at", "kind", *also, words=words, party=F("said_by__name"), to=TO_WHOM)
    zone, months = timezone.get_current_timezone(), [str(month) for month in MONTHS.values()]  # once, not per row
    return [
        row
        | moment_of(row["made_at"].astimezone(zone), months)
        | {"text": filters.marked(row["words"], sought) if sought else words_of(row["words"])}
        for row in rows[:most]
    ]


def moment_of(at: datetime, months: list[str]) -> dict[str, str]:
    """A moment for machines and for people: 2026-09-15T19:42:00+02:00 and 15 september, 19:42."""
    return {"iso": at.isoformat(timespec="seconds"), "at": f"{at.day} {months[at.month - 1]}, {at:%H:%M}"}


def end_of_page(request: HttpRequest, contributions: ContributionQuerySet) -> Contribution | None:
    """The contribution with which the page before this one ended (`?na=`), or None on the first page."""
    number = number_in(request, "na")
    return contributions.filter(pk=number).first() if number else None


@once
def trajectory_new(request: HttpRequest) -> HttpResponse:
    person, gemeenten = person_of(request.user), gemeenten_to_lead(request.user)
    allow(bool(gemeenten))
    assert person is not None
    form = TrajectoryForm(request.POST or None, gemeenten=gemeenten)
    if form.is_valid():
        with transaction.atomic():
            trajectory = form.save()
            phases.enter(trajectory, Step.APPLICATION, by=person)
            staffing.appoint_beginner(trajectory, by=person)
        return redirect("trajectory_detail", trajectory.pk)
    return render(request, "trajectories/trajectory_new.html", {"form": form})


def trajectory_detail(request: HttpRequest, pk: int) -> HttpResponse:
    seen = Trajectory.objects.visible_to(request.user).with_step()
    # The agenda is known to the app above; it says whether it is sealed.
    trajectory = get_object_or_404(seen.select_related("gemeente", "agenda"), pk=pk)
    step, figures = phases.step_of(trajectory), list(trajectory.figures.all())
    context = {
        "trajectory": trajectory,
        "agenda": getattr(trajectory, "agenda", None),
        "may_lead": perms.may_lead(request.user, trajectory),
        "road": phases.road(step),
        "next": step.following if step else Step.APPLICATION,
        "meetings": trajectory.meetings.annotate(
            said=Count("contributions", filter=Q(contributions__hidden_at__isnull=True))
        ),
        "parties": trajectory.parties.gemeente_first().with_contact(),  # type: ignore[attr-defined]
        "figures": figures,
        "map": drawing_of(found) if (found := areas.map_of_trajectory(trajectory)) else None,
        "origins": [
            (origin, [figure.label for figure in figures if figure.origin == origin])
            for origin in dict.fromkeys(figure.origin for figure in figures)
        ],
        "is_led_alone": trajectory.leaders.count() == 1,
    }
    return render(request, "trajectories/trajectory_detail.html", context)


@posted_from("trajectory_detail")
def trajectory_step(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    person = to_lead(request, trajectory)
    form = StepForm(request.POST)
    if form.is_valid():
        step = Step(form.cleaned_data["step"])
        phases.enter(trajectory, step, by=person)
        messages.success(request, f"Het traject staat nu bij de stap {step.label}.")
    return redirect("trajectory_detail", pk)


@once
def party_new(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    to_lead(request, trajectory)
    form = PartyForm(request.POST or None, instance=Party(gemeente=trajectory.gemeente))
    if form.is_valid():
        with transaction.atomic():
            trajectory.participations.create(party=form.save())
        messages.success(request, f"{form.instance} doet nu mee.")
        return redirect("trajectory_detail", pk)
    known = ParticipationForm(trajectory=trajectory)
    has_known = known.fields["parties"].queryset.exists()  # type: ignore[attr-defined]
    context = {"trajectory": trajectory, "form": form, "known": known, "has_known": has_known}
    return render(request, "trajectories/party_new.html", context)


@posted_from("party_new")
def party_join(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    to_lead(request, trajectory)
    form = ParticipationForm(request.POST, trajectory=trajectory)
    if form.is_valid():
        for party in form.cleaned_data["parties"]:
            trajectory.participations.get_or_create(party=party)
        messages.success(request, "De partijen doen nu mee.")
    else:
        messages.error(request, "Kies ten minste één partij.")
    return redirect("trajectory_detail", pk)


def party_edit(request: HttpRequest, pk: int, party_pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    to_lead(request, trajectory)
    party = get_object_or_404(to_change(request, trajectory.parties.all()), pk=party_pk)
    allow(perms.may_change_party(request.user, party), ELSEWHERE_TOO)
    form = PartyForm(request.POST or None, instance=party)
    if form.is_valid():
        form.save()
        messages.success(request, f"De gegevens van {party} zijn bewaard.{form.told}")
        return redirect("trajectory_detail", pk)
    email = form.contact.person.email if form.contact else ""
    asked = party.invitations.filter(email__iexact=email).first()
    context = {"trajectory": trajectory, "party": party, "form": form, "invitation": asked}
    return render(request, "trajectories/party_edit.html", context)


@once
def party_remove(request: HttpRequest, pk: int, party_pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    to_lead(request, trajectory)
    party = get_object_or_404(trajectory.parties, pk=party_pk)
    return removal(
        request,
        lambda: removing.remove_party(party, trajectory),
        title="Laat de partij niet meer meedoen",
        goes=[f"De deelname van {party} aan {trajectory}. De gemeente houdt de gegevens van de partij."],
        trajectory=trajectory,
        parent=party.name,
        back=reverse("party_edit", args=[pk, party_pk]),
        then=reverse("trajectory_detail", args=[pk]),
    )


@once
def meeting_new(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    to_lead(request, trajectory)
    form = MeetingForm(request.POST or None, instance=Meeting(trajectory=trajectory))
    if form.is_valid():
        return redirect("meeting_detail", form.save().pk)
    return render(request, "trajectories/meeting_new.html", {"trajectory": trajectory, "form": form})


def meeting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(to_change(request, meetings_seen(request)), pk=pk)
    to_lead(request, meeting.trajectory)
    form = MeetingForm(request.POST or None, instance=meeting)
    if form.is_valid():
        form.save()
        reporting.renew(meeting)
        messages.success(request, f"De gegevens van “{meeting}” zijn bewaard.")
        return redirect("meeting_detail", pk)
    return render(request, "trajectories/meeting_edit.html", {"meeting": meeting, "form": form})


@once
def meeting_remove(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    to_lead(request, meeting.trajectory)
    day = date_format(timezone.localtime(meeting.starts_at), "j F Y")
    return removal(
        request,
        lambda: removing.remove_meeting(meeting),
        title="Verwijder de bijeenkomst",
        goes=[
            f"De bijeenkomst “{meeting}” van {day}, met haar agenda.",
            f"De code {meeting.code} en de QR-code werken dan niet meer.",
        ],
        trajectory=meeting.trajectory,
        parent=meeting.title,
        back=reverse("meeting_edit", args=[pk]),
        then=reverse("trajectory_detail", args=[meeting.trajectory_id]),
    )


def meeting_detail(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(meetings_seen(request).select_related("item"), pk=pk)
    shown = meeting.contributions.shown()
    counted = shown.aggregate(count=Count("id"), newest=Max("id"), erased=Count("erased_at"))
    mark = f"{counted['count']}-{counted['newest'] or 0}-{counted['erased']}-{meeting.state}"
    if request.htmx and has_seen(request, mark):  # type: ignore[attr-defined]
        return nothing_new()
    context = {
        "meeting": meeting,
        "may_lead": perms.may_lead(request.user, meeting.trajectory),
        "rows": rows_of(shown, PAGE),
        "count": counted["count"],
        "mark": mark,
        "late": intake.waiting_for(meeting),
        "address": settings.PUBLIC_URL + reverse("contribute", args=[meeting.code]),
        "present": participants.named_present_at(meeting),
        "attendance_form": AttendanceForm(meeting=meeting),
    }
    part = "#news" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"trajectories/meeting_detail.html{part}", context)


@posted_from("meeting_detail")
def meeting_state(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    person = to_lead(request, meeting.trajectory)
    wanted = Meeting.State.OPENED if request.POST.get("state") == "opened" else Meeting.State.CLOSED
    try:
        meetings.change_state(meeting, wanted, by=person)
        if wanted == Meeting.State.CLOSED:
            messages.success(request, CLOSED)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("meeting_detail", pk)


def sheet_upload(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    person = to_lead(request, meeting.trajectory)
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sheet = intake.read_sheet_of(meeting, name=file.name, data=file.read(), by=person)
            return redirect("sheet_preview", sheet.pk)
        except SheetError as error:
            form.add_error("file", str(error))
    parties = meeting.trajectory.parties.order_by("name")
    return render(request, "trajectories/sheet_upload.html", {"meeting": meeting, "form": form, "parties": parties})


def sheet_preview(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Trajectory.objects.visible_to(request.user)
    sheets = SheetImport.objects.filter(meeting__trajectory__in=visible)
    sheet = get_object_or_404(sheets.select_related("meeting__trajectory"), pk=pk)
    person = to_lead(request, sheet.meeting.trajectory)
    if request.method == "POST":
        try:
            count = intake.confirm(sheet, by=person)
            stood = "" if count else " Alles stond er al."
            messages.success(request, f"{count} keer inbreng ingelezen uit {sheet.name}.{stood}")
            return redirect("meeting_detail", sheet.meeting_id)
        except Refused as refusal:
            messages.error(request, str(refusal))
    names = dict(sheet.meeting.trajectory.parties.values_list("pk", "name"))
    rows = [
        row | {"party": names.get(row["said_by"]), "to": names.get(row["addressed_to"])} for row in sheet.rows[:200]
    ]
    context = {
        "sheet": sheet,
        "meeting": sheet.meeting,
        "rows": rows,
        "question": sheet.rows[0]["question"] if len({row["question"] for row in sheet.rows}) == 1 else "",
    }
    return render(request, "trajectories/sheet_preview.html", context)


def contribution_list(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    said = Contribution.objects.filter(trajectory=trajectory).shown()
    filtered = filters.ContributionFilter(request.GET, said, trajectory=trajectory)
    rows = rows_of(filtered.qs.older_than(end_of_page(request, said)), PAGE + 1, sought=filtered.sought)
    query = request.GET.copy()
    query["na"] = str(rows[PAGE - 1]["id"]) if len(rows) > PAGE else ""
    context = {
        "trajectory": trajectory,
        "filter": filtered,
        "rows": rows[:PAGE],
        "older": query.urlencode() if len(rows) > PAGE else "",
        "may_lead": perms.may_lead(request.user, trajectory),
    }
    return render(request, "trajectories/contribution_list.html", context)


def contribution_hide(request: HttpRequest, pk: int) -> HttpResponse:
    contribution = contribution_of(request, pk)
    person = to_lead(request, contribution.trajectory)
    page = HIDDEN_FROM.get(request.GET.get("naar", ""))
    back = reverse(page, args=[contribution.meeting_id]) if page else ""
    form = HideForm(request.POST or None)
    if form.is_valid():
        moderating.hide(contribution, by=person, reason=form.in_words)
        if back:
            return redirect(back)
        messages.success(request, "De inbreng is verborgen. Die staat niet meer in lijsten en in nieuwe documenten.")
        return redirect("contribution_hidden", contribution.trajectory_id)
    context = {"trajectory": contribution.trajectory, "contribution": contribution, "form": form, "back": back}
    return render(request, "trajectories/contribution_hide.html", context)


def contribution_hidden(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    to_lead(request, trajectory)
    hidden = Contribution.objects.filter(trajectory=trajectory, hidden_at__isnull=False)
    rows = list(hidden.older_than(end_of_page(request, hidden)).select_related("hidden_by")[: PAGE + 1])
    context = {"trajectory": trajectory, "rows": rows[:PAGE], "older": rows[PAGE - 1].pk if len(rows) > PAGE else None}
    return render(request, "trajectories/contribution_hidden.html", context)
