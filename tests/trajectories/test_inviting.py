"""Asking parties to a meeting, telling them of changes, their answers without an account, and one reminder."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stakeholders.models import Mail, Membership
from tests.factories import MeetingFactory, MembershipFactory, PartyFactory
from tests.pages import words
from thuiswijk import settings as house
from thuiswijk.celery import app
from thuiswijk.lib import limits
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.links import hash_of
from thuiswijk.lib.logs import without_secrets
from trajectories import inviting, removing
from trajectories.models import Meeting, MeetingInvitation

pytestmark = pytest.mark.django_db
LINK = re.compile(r"/uitnodiging-bijeenkomst/([\w-]{43})/")


@pytest.fixture
def meeting(cast) -> Meeting:
    starts_at = timezone.localtime() + timedelta(days=20)
    return MeetingFactory(trajectory=cast.trajectory, starts_at=starts_at, state="planned", place="Buurthuis")


@pytest.fixture
def invited(cast, meeting) -> MeetingInvitation:
    """The corporatie was asked."""
    inviting.invite(meeting, [cast.parties[1]], by=cast.leader)
    return meeting.invitations.get()


def address_of(party) -> str:
    return party.contact.person.email


def mails_to(party) -> list[Mail]:
    return list(Mail.objects.filter(to=address_of(party)).order_by("pk"))


def token_in(mail: Mail) -> str:
    return LINK.search(mail.text).group(1)


def page_of(meeting: Meeting) -> str:
    return reverse("meeting_invitations", args=[meeting.pk])


def a_while_later(invitation: MeetingInvitation, **ago) -> None:
    MeetingInvitation.objects.filter(pk=invitation.pk).update(
        sent_at=timezone.now() - timedelta(**(ago or {"days": 3}))
    )


# --- asking -------------------------------------------------------------------------------------------------------------
def test_parties_with_an_address_are_ticked_and_others_say_so(cast, meeting):
    cast.parties[2].memberships.all().delete()
    page = cast.client(cast.leader).get(page_of(meeting))
    ticked = re.findall(r'name="parties" value="(\d+)"[^>]*checked', page.content.decode())
    assert {int(pk) for pk in ticked} == {cast.parties[0].pk, cast.parties[1].pk}
    assert "vul een contactpersoon in" in words(page)
    assert reverse("party_edit", args=[cast.trajectory.pk, cast.parties[2].pk]) in words(page)


def test_mail_is_shown_before_it_is_sent_and_a_double_click_sends_once(cast, meeting):
    browser, address = cast.client(cast.leader), reverse("meeting_invite", args=[meeting.pk])
    chosen = {"parties": [cast.parties[0].pk, cast.parties[1].pk]}
    shown = browser.post(address, chosen)
    assert "Komt u? Laat het ons op deze pagina weten." in words(shown)
    assert not LINK.search(shown.content.decode())
    assert not Mail.objects.exists()
    for _ in range(2):
        assert browser.post(address, {**chosen, "send": "1"}).status_code == 302
    assert [len(mails_to(party)) for party in cast.parties] == [1, 1, 0]
    assert cast.leader.name in mails_to(cast.parties[0])[0].text
    page = browser.get(page_of(meeting))
    assert words(page).count("geen antwoord") == 2
    later = re.findall(r'name="parties" value="(\d+)"', page.content.decode())
    assert later == [str(cast.parties[2].pk)]  # added later


def test_title_with_markup_is_shown_as_it_was_typed(cast, meeting):
    Meeting.objects.filter(pk=meeting.pk).update(title="Avond <b>groen</b> & <script>x</script>")
    page = cast.client(cast.leader).post(
        reverse("meeting_invite", args=[meeting.pk]), {"parties": [cast.parties[0].pk]}
    )
    shown = page.content.decode()
    assert "Avond &lt;b&gt;groen&lt;/b&gt; &amp; &lt;script&gt;x&lt;/script&gt;" in shown
    assert "<b>groen" not in shown


def test_nobody_is_asked_for_what_was_or_will_not_be(cast, meeting):
    for change in ({"state": "cancelled"}, {"state": "planned", "starts_at": timezone.now() - timedelta(hours=1)}):
        Meeting.objects.filter(pk=meeting.pk).update(**change)
        with pytest.raises(Refused):
            inviting.invite(meeting, cast.parties, by=cast.leader)
    assert not Mail.objects.exists()


def test_party_of_another_trajectory_is_no_choice(cast, meeting):
    theirs = PartyFactory(gemeente=cast.there)
    cast.client(cast.leader).post(reverse("meeting_invite", args=[meeting.pk]), {"parties": [theirs.pk], "send": "1"})
    assert not MeetingInvitation.objects.exists()


def test_same_link_in_every_mail_and_only_its_hash_is_kept(cast, invited):
    a_while_later(invited)
    inviting.send_again(invited, by=cast.leader)
    first, second = mails_to(invited.party)
    assert token_in(first) == token_in(second)
    invited.refresh_from_db()
    assert invited.token_hash == hash_of(token_in(first))
    assert token_in(first) not in str(MeetingInvitation.objects.values().get())


def test_again_within_ten_seconds_is_one_mail(cast, invited):
    a_while_later(invited)
    address = reverse("meeting_invite_again", args=[invited.meeting_id, invited.pk])
    for _ in range(3):
        assert cast.client(cast.leader).post(address).status_code == 302
    assert len(mails_to(invited.party)) == 2


# --- what changes -------------------------------------------------------------------------------------------------------
def test_change_is_told_with_one_button_and_once(cast, invited, meeting):
    browser, tell = cast.client(cast.leader), reverse("meeting_tell", args=[meeting.pk])
    warning = "Deze uitnodigingen zijn nog van vóór de wijziging"
    assert warning not in words(browser.get(page_of(meeting)))
    Meeting.objects.filter(pk=meeting.pk).update(place="De kerk")
    assert warning in words(browser.get(page_of(meeting)))
    for _ in range(2):
        browser.post(tell)
    assert warning not in words(browser.get(page_of(meeting)))
    _, update = mails_to(invited.party)
    assert update.subject.startswith("Veranderd: ")
    assert "De kerk" in update.text
    assert "METHOD:REQUEST" in update.calendar


def test_cancelling_is_told_to_who_was_asked_and_to_nobody_else(cast, invited, meeting):
    Meeting.objects.filter(pk=meeting.pk).update(state="cancelled", cancelled_reason="De zaal is niet vrij.")
    page = words(cast.client(cast.leader).get(page_of(meeting)))
    assert "Vertel dat het niet doorgaat" in page
    assert inviting.send_update(meeting, by=cast.leader) == 1
    _, told = mails_to(invited.party)
    assert told.subject == "Gaat niet door: Startbijeenkomst"
    assert "De zaal is niet vrij." in told.text
    assert "METHOD:CANCEL" in told.calendar
    assert not mails_to(cast.parties[0])


def test_what_no_calendar_shows_asks_for_no_mail(cast, invited, meeting):
    Meeting.objects.filter(pk=meeting.pk).update(question="Wat is er nodig?", residents=3)
    assert not inviting.outdated(meeting).exists()


def test_who_lost_the_address_stays_on_the_list(cast, invited, meeting):
    Meeting.objects.filter(pk=meeting.pk).update(place="De kerk")
    invited.party.memberships.all().delete()
    assert inviting.send_update(meeting, by=cast.leader) == 0
    assert list(inviting.outdated(meeting)) == [invited]


def test_meeting_that_stands_in_calendars_is_not_removed_in_silence(cast, invited, meeting):
    with pytest.raises(Refused, match="Laat de bijeenkomst niet doorgaan"):
        removing.remove_meeting(meeting)


# --- answering ----------------------------------------------------------------------------------------------------------
def follow(invitation: MeetingInvitation, browser: Client | None = None) -> tuple[Client, str]:
    """A browser that followed the link, and the clean address that it came to."""
    browser = browser or Client()
    answer = browser.get(f"/uitnodiging-bijeenkomst/{token_in(mails_to(invitation.party)[0])}/")
    assert answer.status_code == 302
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    return browser, answer["Location"]


def test_party_answers_without_account_and_changes_it(cast, invited):
    browser, page = follow(invited)
    assert page == reverse("rsvp", args=[invited.pk])
    assert invited.party.name in words(browser.get(page))
    invited.refresh_from_db()
    assert invited.answer == ""  # a mail scanner that follows the link answers nothing
    browser.post(page, {"answer": "komt", "people": "3", "remark": "Wij komen wat later."})
    assert "U komt, met 3 mensen" in words(browser.get(page))
    seen = words(cast.client(cast.leader).get(page_of(invited.meeting)))
    assert "komt (3)" in seen
    assert "Wij komen wat later." in seen
    browser.post(page, {"answer": "komt niet", "people": "3", "remark": ""})
    invited.refresh_from_db()
    assert (invited.answer, invited.people, invited.remark) == ("komt niet", None, "")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Kies ja of nee."),
        ({"answer": "komt"}, "Vul in met hoeveel mensen u komt"),
        ({"answer": "komt", "people": "0"}, "Vul 1 of een hoger getal in."),
        ({"answer": "misschien"}, "Dit staat niet in de lijst."),
    ],
)
def test_half_an_answer_says_what_is_missing(cast, invited, given, sentence):
    browser, page = follow(invited)
    answer = browser.post(page, {"remark": "Dit staat er nog.", **given})
    assert answer.status_code == 200
    assert sentence in words(answer)
    assert "Dit staat er nog." in words(answer)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"starts_at": timezone.now() - timedelta(minutes=1)}, "begonnen"),
        ({"state": "cancelled"}, "gaat niet door"),
    ],
)
def test_answer_that_comes_too_late_is_told_so(cast, invited, change, sentence):
    browser, page = follow(invited)
    Meeting.objects.filter(pk=invited.meeting_id).update(**change)
    answer = browser.post(page, {"answer": "komt", "people": "2"})
    assert sentence in words(answer)
    invited.refresh_from_db()
    assert invited.answer == ""


def test_answer_is_open_to_who_followed_the_link_and_to_the_contact_person(cast, invited):
    page = reverse("rsvp", args=[invited.pk])
    contact = MembershipFactory(party=invited.party, gemeente=None, role=Membership.Role.CONTACT).person
    other = MembershipFactory(party=cast.parties[2], gemeente=None, role=Membership.Role.CONTACT).person
    seen = {who: cast.client(who).get(page).status_code for who in (None, cast.leader, cast.stranger, other, contact)}
    assert seen == {None: 404, cast.leader: 404, cast.stranger: 404, other: 404, contact: 200}
    browser, _ = follow(invited)
    assert browser.get(reverse("rsvp_calendar", args=[invited.pk]))["Content-Type"].startswith("text/calendar")
    assert Client().get(reverse("rsvp_calendar", args=[invited.pk])).status_code == 404


@pytest.fixture
def within_one_window(monkeypatch):
    """Tries are counted by ten minutes: no test may run over the end of them."""
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 1_800_000_000.0))


@pytest.mark.usefixtures("within_one_window")
def test_link_that_nobody_was_sent_is_told_so_and_slowed_down(cast, invited):
    browser = Client()
    gone = browser.get(f"/uitnodiging-bijeenkomst/{'x' * 43}/")
    assert gone.status_code == 404
    assert gone["Referrer-Policy"] == "no-referrer"
    assert [browser.get(f"/uitnodiging-bijeenkomst/{'y' * 43}/").status_code for _ in range(50)] == [404] * 49 + [429]
    cache.clear()
    follow(invited, browser)


def test_link_of_an_empty_hash_opens_nothing(cast, meeting):
    meeting.invitations.create(party=cast.parties[0])  # a row that was not mailed has no hash
    assert inviting.invitation_of("") is None


def test_no_token_in_the_log():
    for path, kept in (
        (f"GET /uitnodiging-bijeenkomst/{'x' * 43}/", "GET /uitnodiging-bijeenkomst/…/"),
        (f"GET /agenda/{'x' * 43}.ics", "GET /agenda/….ics"),
        ("GET /trajecten/1/agenda/bewerken/", "GET /trajecten/1/agenda/bewerken/"),
    ):
        assert without_secrets(None, "info", {"request": path})["request"] == kept


def test_another_secret_makes_another_link(cast, invited, settings):
    before = inviting.token_of(invited, "noor@elders.example")
    settings.SECRET_KEY = "een ander geheim"
    assert inviting.token_of(invited, "noor@elders.example") != before


# --- reminding ----------------------------------------------------------------------------------------------------------
def at_days(meeting: Meeting, days: int) -> None:
    day = timezone.localtime() + timedelta(days=days)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=day.replace(hour=23, minute=59))


@pytest.mark.parametrize(("days", "count"), [(3, 0), (2, 1), (1, 1), (0, 1), (-1, 0)])
def test_reminder_goes_from_two_days_before(cast, invited, meeting, days, count):
    a_while_later(invited)
    at_days(meeting, days)
    for _ in range(20):
        inviting.remind_all()
    assert len(mails_to(invited.party)) == 1 + count


def reminded(invited) -> bool:
    inviting.remind_all()
    return any(mail.subject.startswith("Herinnering voor ") for mail in mails_to(invited.party))


def test_who_stays_away_is_not_reminded_and_who_comes_is(cast, invited, meeting):
    a_while_later(invited)
    at_days(meeting, 2)
    inviting.answer(invited, answer="komt niet", people=None, remark="")
    assert not reminded(invited)
    inviting.answer(invited, answer="komt", people=2, remark="")
    assert reminded(invited)
    assert "U schreef ons dat u komt, met 2 mensen." in mails_to(invited.party)[-1].text


@pytest.mark.parametrize("state", ["cancelled", "closed"])
def test_nobody_is_reminded_of_what_will_not_be(cast, invited, meeting, state):
    a_while_later(invited)
    at_days(meeting, 1)
    Meeting.objects.filter(pk=meeting.pk).update(state=state)
    assert not reminded(invited)


def test_who_was_mailed_today_is_reminded_later(cast, invited, meeting):
    at_days(meeting, 2)
    assert not reminded(invited)
    a_while_later(invited, hours=25)
    assert reminded(invited)


def test_reminders_are_sent_every_hour_of_the_day():
    (entry,) = [one for one in house.CELERY["beat_schedule"].values() if one["task"] == "trajectories.remind"]
    assert entry["schedule"].hour == set(range(8, 20))
    app.loader.import_default_modules()
    assert "trajectories.remind" in app.tasks
