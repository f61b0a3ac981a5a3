"""Meetings as calendars read them (RFC 5545 and 5546), and the secret address at which a person's own calendar finds them.

One meeting is one event for ever: its UID stays, its SEQUENCE goes up with each change that a calendar shows, so a mail
about a moved meeting moves what stands in the calendar already.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Component, Event, Timezone, vCalAddress

from stakeholders.models import Gemeente, Membership, Person, User
from thuiswijk.lib.links import hash_of, new_token
from trajectories.models import CalendarFeed, Meeting, MeetingInvitation, Trajectory

ZONE = ZoneInfo("Europe/Amsterdam")
# By rule and not as a list of dates, which Outlook reads badly and which ends in 2037.
VTIMEZONE = """BEGIN:VTIMEZONE
TZID:Europe/Amsterdam
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
""".replace("\n", "\r\n")
PARTSTAT = {
    "": "NEEDS-ACTION",
    MeetingInvitation.Answer.COMES: "ACCEPTED",
    MeetingInvitation.Answer.STAYS_AWAY: "DECLINED",
}


def uid_of(meeting: Meeting) -> str:
    """By which every calendar knows the meeting, whatever becomes of it."""
    return f"{meeting.trajectory.gemeente.code}-{meeting.code}@thuiswijk"


def asking(invitation: MeetingInvitation, contact: Membership, *, url: str) -> str:
    """The appointment that goes with a mail about an invitation: a request, or the cancelling of it.

    We ask no answer by calendar: it would go to an address that nobody reads, and knows of no number of people.
    """
    meeting = invitation.meeting
    event = _event(meeting, url)
    attendee = vCalAddress(f"mailto:{contact.person.email}")
    attendee.params.update({"CN": f"{contact.name} ({invitation.party})", "CUTYPE": "INDIVIDUAL"})
    attendee.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": PARTSTAT[invitation.answer], "RSVP": "FALSE"})
    event.add("attendee", attendee)
    return _text("CANCEL" if meeting.is_cancelled else "REQUEST", [event])


def file_of(meeting: Meeting, *, answer: MeetingInvitation | None = None) -> str:
    """One meeting as a file to open in a calendar; for who was invited, with the page to answer on."""
    return _text("PUBLISH", [_event(meeting, answer_page_of(answer.pk) if answer else page_of(meeting))])


def feed_of(person: Person) -> str:
    """All that this person's own calendar shows: what they may see now, and no longer than they may."""
    assert person.user is not None
    return _text("PUBLISH", [_event(m, url_for(m)) for m in meetings_of(person.user)], name="Thuiswijk")


def meetings_of(user: User) -> QuerySet[Meeting]:
    """The meetings that concern this user: of the trajectories they see, and those that a party of theirs is asked to.

    Annotated with `is_seen`, and `asked_by`: the invitation of that party.
    """
    seen = Trajectory.objects.visible_to(user).filter(pk=OuterRef("trajectory"))
    asked = invitations_of(user).filter(meeting=OuterRef("pk"))
    meetings = Meeting.objects.annotate(is_seen=Exists(seen), asked_by=Subquery(asked.values("pk")[:1]))
    concerning = meetings.filter(Q(is_seen=True) | Q(asked_by__isnull=False))
    return concerning.select_related("trajectory__gemeente").prefetch_related("items").order_by("starts_at", "pk")


def invitations_of(user: User) -> QuerySet[MeetingInvitation]:
    """The invitations that were sent to parties whose contact person this is."""
    own = Membership.objects.filter(person__user=user, role=Membership.Role.CONTACT)
    return MeetingInvitation.objects.filter(party__in=own.values("party"), sent_at__isnull=False).order_by("pk")


def url_for(meeting: Meeting) -> str:
    """Where one of `meetings_of` somebody reads on: on the page of the meeting, or on that of the question whether they come."""
    return page_of(meeting) if meeting.is_seen else answer_page_of(meeting.asked_by)  # type: ignore[attr-defined]


def renew_feed(person: Person) -> str:
    """Makes the secret address of a person's calendar, of which only the hash is kept. One from before no longer works."""
    token = new_token()
    CalendarFeed.objects.update_or_create(
        person=person, defaults={"token_hash": hash_of(token), "made_at": timezone.now()}
    )
    return settings.PUBLIC_URL + reverse("calendar_feed_file", args=[token])


def drop_feed(person: Person) -> None:
    """The address works no longer. Twice is once."""
    CalendarFeed.objects.filter(person=person).delete()


def feed_made_by(person: Person) -> CalendarFeed | None:
    """The address that works now, of which nobody can tell how it reads."""
    return CalendarFeed.objects.filter(person=person).first()


def person_of_feed(token: str) -> Person | None:
    """Whose calendar this secret address is for, as long as that person may sign in."""
    feeds = CalendarFeed.objects.filter(token_hash=hash_of(token), person__user__is_active=True)
    feed = feeds.select_related("person__user").first()
    return feed.person if feed else None


def _event(meeting: Meeting, url: str) -> Event:
    event = Event()
    event.add("uid", uid_of(meeting))
    event.add("sequence", meeting.revision)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", meeting.starts_at.astimezone(ZONE))
    event.add("dtend", meeting.ends_at.astimezone(ZONE))
    event.add("summary", f"{meeting.title} ({meeting.trajectory})")
    if meeting.place:
        event.add("location", meeting.place)
    event.add("description", _description(meeting, url))
    event.add("url", url)
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    event.add("organizer", _organizer(meeting.trajectory.gemeente))
    return event


def _description(meeting: Meeting, url: str) -> str:
    lines = [f"{meeting.get_kind_display().capitalize()} van het traject {meeting.trajectory}."]
    if meeting.is_cancelled:
        lines = [f"Deze bijeenkomst gaat niet door. {meeting.cancelled_reason}".strip()]
    items = list(meeting.items.all())
    if items:
        lines += [
            "",
            "Agenda:",
            *[f"{number}. {item.title} ({item.minutes} min)" for number, item in enumerate(items, 1)],
        ]
    return "\n".join([*lines, "", url])


def _organizer(gemeente: Gemeente) -> vCalAddress:
    organizer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["CN"] = f"Gemeente {gemeente}"
    return organizer


def _text(method: str, events: Iterable[Component], *, name: str = "") -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//Thuiswijk//Bijeenkomsten//NL")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
        calendar.refresh_interval = timedelta(hours=1)
    calendar.add_component(Timezone.from_ical(VTIMEZONE))
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical().decode()


def page_of(meeting: Meeting) -> str:
    return settings.PUBLIC_URL + reverse("meeting_detail", args=[meeting.pk])


def answer_page_of(invitation_id: int) -> str:
    return settings.PUBLIC_URL + reverse("rsvp", args=[invitation_id])
