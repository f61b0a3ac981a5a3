"""Appointments as other programs read them: `ics` did not write them. One meeting stays one event, whatever happens to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import ics
import pytest
from dateutil.tz import tzical
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stakeholders.models import Mail, Membership
from tests.factories import AppointmentFactory, MeetingFactory, MembershipFactory
from thuiswijk.lib import limits
from thuiswijk.lib.links import hash_of
from trajectories import calendars, inviting
from trajectories.models import CalendarFeed, Meeting

pytestmark = pytest.mark.django_db
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def evening(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 19, 30, tzinfo=AMSTERDAM)


@pytest.fixture
def meeting(cast) -> Meeting:
    soon = timezone.localtime(timezone.now() + timedelta(days=20)).replace(hour=19, minute=30, second=0, microsecond=0)
    return MeetingFactory(
        trajectory=cast.trajectory, title="Werkbijeenkomst; groen, licht", starts_at=soon, state="planned",
        place="Buurthuis De Linde, Lindeplein 1",
    )  # fmt: skip


def extra(part) -> dict[str, str]:
    """The lines of a calendar or event that the parser has no name for."""
    return {line.name: line.value for line in part.extra if hasattr(line, "value")}


def event_in(text: str) -> ics.Event:
    (event,) = ics.Calendar(text).events
    return event


def asked(party) -> str:
    """The appointment in the newest mail to the party's contact person."""
    return Mail.objects.filter(to=party.contact.person.email).latest("pk").calendar


def test_invitation_is_read_by_another_program(cast, meeting):
    meeting.items.create(trajectory=cast.trajectory, title="Kennismaken", minutes=10)
    party = cast.parties[1]
    inviting.invite(meeting, [party], by=cast.leader)
    calendar = ics.Calendar(asked(party))
    (event,) = calendar.events
    assert calendar.method == "REQUEST"
    assert event.uid == f"{cast.here.code}-{meeting.code}@thuiswijk"
    assert event.name == f"{meeting.title} (Lindenkwartier)"
    assert event.begin.datetime == meeting.starts_at
    assert event.end.datetime == meeting.starts_at + timedelta(minutes=120)
    assert event.location == "Buurthuis De Linde, Lindeplein 1"
    assert "1. Kennismaken (10 min)" in event.description
    assert "/uitnodiging-bijeenkomst/" in event.description
    assert event.status == "CONFIRMED"
    assert extra(event)["SEQUENCE"] == "0"
    assert event.organizer.email == "thuiswijk@voorbeeldstad.example"
    assert [(one.email, one.partstat) for one in event.attendees] == [(party.contact.person.email, "NEEDS-ACTION")]


def test_lines_are_as_the_standard_wants(cast, meeting):
    meeting.title = "Één lange titel met “aanhalingstekens”, " + "é" * 60
    meeting.save()
    text = calendars.file_of(Meeting.objects.get(pk=meeting.pk))
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.count("\n") == text.count("\r\n")
    assert event_in(text).name.startswith(meeting.title)


def test_moved_meeting_updates_the_same_event(cast, meeting):
    party = cast.parties[1]
    inviting.invite(meeting, [party], by=cast.leader)
    first = event_in(asked(party))
    meeting.starts_at += timedelta(days=7)
    meeting.save()
    assert inviting.send_update(meeting, by=cast.leader) == 1
    moved = event_in(asked(party))
    assert moved.uid == first.uid
    assert int(extra(moved)["SEQUENCE"]) > int(extra(first)["SEQUENCE"])
    assert moved.begin.datetime == first.begin.datetime + timedelta(days=7)


def test_cancelled_meeting_cancels_the_same_event_and_going_on_restores_it(cast, meeting):
    party = cast.parties[1]
    inviting.invite(meeting, [party], by=cast.leader)
    first = event_in(asked(party))
    meeting.state, meeting.cancelled_reason = "cancelled", "De zaal is niet vrij."
    meeting.save()
    assert inviting.send_update(meeting, by=cast.leader) == 1
    text = asked(party)
    gone = event_in(text)
    assert ics.Calendar(text).method == "CANCEL"
    assert (gone.uid, gone.status) == (first.uid, "CANCELLED")
    assert "De zaal is niet vrij." in gone.description
    meeting.state, meeting.cancelled_reason = "planned", ""
    meeting.save()
    inviting.send_update(meeting, by=cast.leader)
    again = asked(party)
    assert ics.Calendar(again).method == "REQUEST"
    sequences = [int(extra(one)["SEQUENCE"]) for one in (first, gone, event_in(again))]
    assert sequences == sorted(set(sequences))


@pytest.mark.parametrize(
    ("day", "offset"),
    [((2027, 3, 25), 1), ((2027, 3, 30), 2), ((2027, 10, 28), 2), ((2027, 11, 2), 1), ((2040, 7, 3), 2)],
)
def test_evening_begins_at_half_past_seven_before_and_after_summer_time(cast, meeting, day, offset):
    """As the parser knows Amsterdam, and by the rules that the file brings along for who does not."""
    meeting.starts_at = evening(*day)
    meeting.save()
    text = calendars.file_of(Meeting.objects.get(pk=meeting.pk))
    rules = text[text.index("BEGIN:VTIMEZONE") : text.index("BEGIN:VEVENT")]
    brought = tzical(StringIO(rules)).get("Europe/Amsterdam")
    for zone in (brought, AMSTERDAM):
        begins = datetime(*day, 19, 30, tzinfo=zone)
        assert begins.utcoffset() == timedelta(hours=offset)
        assert begins.astimezone(UTC) == meeting.starts_at
    begins = event_in(text).begin
    assert (begins.year, begins.month, begins.day, begins.hour, begins.minute) == (*day, 19, 30)
    assert day[0] > 2037 or begins.datetime == meeting.starts_at  # what the parser itself knows of Amsterdam ends there
    assert f"DTSTART;TZID=Europe/Amsterdam:{meeting.starts_at:%Y%m%d}T193000" in text


# --- the feed -----------------------------------------------------------------------------------------------------------
def path_of(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def shown_at(address: str) -> dict[str, ics.Event]:
    answer = Client().get(path_of(address))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return {
        event.name.partition(" (")[0].partition(";")[0]: event for event in ics.Calendar(answer.content.decode()).events
    }


def test_feed_shows_what_the_person_sees_and_nothing_of_another(cast, meeting):
    MeetingFactory(trajectory=cast.trajectory, title="Afgezegd", state="cancelled")
    MeetingFactory(trajectory=cast.elsewhere, title="Geheim")
    shown = shown_at(calendars.renew_feed(cast.reader))
    assert set(shown) == {"Werkbijeenkomst", "Afgezegd"}
    assert shown["Afgezegd"].status == "CANCELLED"
    assert shown["Werkbijeenkomst"].uid == calendars.uid_of(meeting)


def test_role_taken_away_is_gone_from_the_feed_at_once(cast, meeting):
    address = calendars.renew_feed(cast.adviser)
    assert set(shown_at(address)) == {"Werkbijeenkomst"}
    cast.adviser.memberships.get().appointments.all().delete()
    assert shown_at(address) == {}
    AppointmentFactory(trajectory=cast.trajectory, membership=cast.adviser.memberships.get())
    assert set(shown_at(address)) == {"Werkbijeenkomst"}
    cast.adviser.memberships.all().delete()
    assert shown_at(address) == {}


def test_contact_person_sees_what_the_party_is_invited_to(cast, meeting):
    party = cast.parties[1]
    MeetingFactory(trajectory=cast.trajectory, title="Niet gevraagd")
    contact = MembershipFactory(party=party, gemeente=None, role=Membership.Role.CONTACT).person
    address = calendars.renew_feed(contact)
    assert shown_at(address) == {}
    inviting.invite(meeting, [party], by=cast.leader)
    shown = shown_at(address)
    assert set(shown) == {"Werkbijeenkomst"}
    page = shown["Werkbijeenkomst"].url
    assert page.endswith(reverse("rsvp", args=[meeting.invitations.get().pk]))
    assert cast.client(contact).get(path_of(page)).status_code == 200
    contact.memberships.all().delete()
    assert shown_at(address) == {}


def test_closed_account_has_no_feed(cast, meeting):
    address = calendars.renew_feed(cast.reader)
    cast.reader.user.is_active = False
    cast.reader.user.save()
    assert Client().get(path_of(address)).status_code == 404


def test_address_of_the_feed_is_shown_once_and_renewed_and_removed(cast, meeting):
    browser, page = cast.client(cast.leader), reverse("calendar_feed")
    made = browser.post(page, {"renew": "1"})
    first = made.context["address"]
    assert first in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    token = first.rpartition("/")[2].removesuffix(".ics")
    assert CalendarFeed.objects.get().token_hash == hash_of(token)
    assert token not in browser.get(page).content.decode()
    second = browser.post(page, {"renew": "1"}).context["address"]
    assert Client().get(path_of(first)).status_code == 404
    assert set(shown_at(second)) == {"Werkbijeenkomst"}
    browser.post(page, {"drop": "1"})
    assert Client().get(path_of(second)).status_code == 404
    assert not CalendarFeed.objects.exists()


@pytest.fixture
def within_one_window(monkeypatch):
    """Tries are counted by ten minutes: no test may run over the end of them."""
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 1_800_000_000.0))


@pytest.mark.usefixtures("within_one_window")
def test_guessing_at_feeds_is_slowed_down_and_finding_one_is_not(cast, meeting):
    address = path_of(calendars.renew_feed(cast.leader))
    wrong = reverse("calendar_feed_file", args=["x" * 43])
    browser = Client()
    assert {browser.get(address).status_code for _ in range(60)} == {200}
    assert [browser.get(wrong).status_code for _ in range(51)] == [404] * 50 + [429]
    cache.clear()
    assert browser.get(address).status_code == 200


def test_meeting_is_downloaded_by_who_may_see_it(cast, meeting):
    address = reverse("meeting_calendar", args=[meeting.pk])
    answer = cast.client(cast.reader).get(address)
    assert answer["Content-Disposition"].endswith('.ics"')
    event = event_in(answer.content.decode())
    assert event.url.endswith(reverse("meeting_detail", args=[meeting.pk]))
    assert cast.client(cast.stranger).get(address).status_code == 404
