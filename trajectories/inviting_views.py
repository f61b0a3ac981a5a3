from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from stakeholders.perms import person_of
from thuiswijk.lib import limits, wall
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.web import allow, posted_from
from trajectories import calendars, inviting, perms
from trajectories.forms import InvitePartiesForm, RsvpForm
from trajectories.models import Meeting, MeetingInvitation
from trajectories.views import meeting_of, to_lead

UNKNOWN_LINKS = 50  # in ten minutes from one address; a link is 256 bits
Answer = MeetingInvitation.Answer


def meeting_invitations(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    sent = meeting.invitations.filter(sent_at__isnull=False)
    outdated = [] if meeting.has_begun else list(inviting.outdated(meeting).values_list("pk", flat=True))
    context = {
        "meeting": meeting,
        "may_lead": perms.may_lead(request.user, meeting.trajectory),
        "invitations": sent.select_related("party").order_by("party__name"),
        "outdated": outdated,
        "counts": _counts(meeting),
        "form": InvitePartiesForm(meeting=meeting),
    }
    return render(request, "trajectories/meeting_invitations.html", context)


def _counts(meeting: Meeting) -> dict[str, Any]:
    """How many parties were asked, come (with how many people), stay away, and did not answer."""
    comes = Q(answer=Answer.COMES)
    return meeting.invitations.filter(sent_at__isnull=False).aggregate(
        asked=Count("pk"),
        come=Count("pk", filter=comes),
        people=Sum("people", filter=comes, default=0),
        stay_away=Count("pk", filter=Q(answer=Answer.STAYS_AWAY)),
        silent=Count("pk", filter=Q(answer="")),
    )


@posted_from("meeting_invitations")
def meeting_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the mail for the parties that were chosen; posted once more from there, sends it."""
    meeting = meeting_of(request, pk)
    person = to_lead(request, meeting.trajectory)
    form = InvitePartiesForm(request.POST, meeting=meeting)
    if not form.is_valid():
        messages.error(request, "Er is niets verstuurd. Kies partijen die nog geen uitnodiging hebben.")
        return redirect("meeting_invitations", pk)
    parties = form.cleaned_data["parties"]
    if "send" in request.POST:
        try:
            count = inviting.invite(meeting, parties, by=person)
            messages.success(request, f"{count} {'uitnodiging' if count == 1 else 'uitnodigingen'} verstuurd.")
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("meeting_invitations", pk)
    subject, text = inviting.letter(MeetingInvitation(meeting=meeting, party=parties[0]), by=person)
    context = {"meeting": meeting, "parties": parties, "subject": subject, "text": text}
    return render(request, "trajectories/meeting_invite.html", context)


@posted_from("meeting_invitations")
def meeting_invite_again(request: HttpRequest, pk: int, invitation_pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    person = to_lead(request, meeting.trajectory)
    invitation = get_object_or_404(meeting.invitations.select_related("party"), pk=invitation_pk)
    try:
        inviting.send_again(invitation, by=person)
        messages.success(request, f"{invitation.party} krijgt de e-mail nog een keer.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("meeting_invitations", pk)


@posted_from("meeting_invitations")
def meeting_tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Mails what changed to everybody who knows it otherwise."""
    meeting = meeting_of(request, pk)
    person = to_lead(request, meeting.trajectory)
    try:
        count = inviting.send_update(meeting, by=person)
        messages.success(request, f"{count} {'partij krijgt' if count == 1 else 'partijen krijgen'} bericht.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("meeting_invitations", pk)


def calendar_file(text: str, name: str = "") -> HttpResponse:
    """An iCalendar file, which no cache on the way keeps."""
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "no-store, private"
    if name:
        response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


def meeting_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    return calendar_file(calendars.file_of(meeting), f"bijeenkomst-{meeting.pk}")


@login_not_required
@never_cache
def rsvp_link(request: HttpRequest, token: str) -> HttpResponse:
    """Changes the link for a clean address: the secret stays out of the pages that follow. Nothing is answered yet."""
    if limits.is_over(request, "unknown_invitation", UNKNOWN_LINKS):
        return render(request, "429.html", status=429)
    invitation = inviting.invitation_of(token)
    if invitation is None:
        limits.count(request, "unknown_invitation")
        response = render(request, "trajectories/rsvp_link.html", status=404)
    else:
        perms.remember_link(request.session, invitation)
        response = redirect("rsvp", invitation.pk)
    response["Referrer-Policy"] = "no-referrer"
    return response


def invitation_to_answer(request: HttpRequest, pk: int) -> MeetingInvitation:
    """The invitation whose link this browser followed, or whose contact person is signed in, behind the wall; 404 otherwise."""
    mine = perms.invitations_to_answer(request.user, request.session)
    invitation = get_object_or_404(mine.select_related("party", "meeting__trajectory__gemeente"), pk=pk)
    wall.enter([invitation.party.gemeente_id])
    return invitation


@login_not_required
@never_cache
@wall.transaction_of_request()
def rsvp(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = invitation_to_answer(request, pk)
    given = {"answer": invitation.answer, "people": invitation.people, "remark": invitation.remark}
    form = RsvpForm(request.POST or None, initial=given)
    if form.is_valid():
        try:
            inviting.answer(invitation, **form.cleaned_data)
            messages.success(request, "Uw antwoord is opgeslagen. Dank u wel!")
            return redirect("rsvp", pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    meeting = invitation.meeting
    context = {"invitation": invitation, "meeting": meeting, "items": meeting.items.all(), "form": form}
    return render(request, "trajectories/rsvp.html", context)


@login_not_required
@never_cache
@wall.transaction_of_request()
def rsvp_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = invitation_to_answer(request, pk)
    return calendar_file(calendars.file_of(invitation.meeting, answer=invitation), "bijeenkomst")


@never_cache
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """Makes, renews and takes away the secret address. It is shown once: only its hash is kept."""
    person = person_of(request.user)
    allow(person is not None, "Uw account heeft geen naam. Vraag de projectleider om een rol.")
    assert person is not None
    address = ""
    if "drop" in request.POST:
        calendars.drop_feed(person)
        messages.success(request, "Het adres werkt niet meer. Uw agenda krijgt geen bijeenkomsten meer.")
        return redirect("calendar_feed")
    if request.method == "POST":
        address = calendars.renew_feed(person)
    context = {"address": address, "feed": calendars.feed_made_by(person)}
    return render(request, "trajectories/calendar_feed.html", context)


@login_not_required
@wall.transaction_of_request()
def calendar_feed_file(request: HttpRequest, token: str) -> HttpResponse:
    if limits.is_over(request, "unknown_feed", UNKNOWN_LINKS):
        return HttpResponse(status=429)
    person = calendars.person_of_feed(token)
    if person is None or person.user is None:
        limits.count(request, "unknown_feed")
        return HttpResponse("Dit adres werkt niet (meer).", status=404, content_type="text/plain; charset=utf-8")
    wall.enter(person.user.gemeenten)
    return calendar_file(calendars.feed_of(person))
