"""The phone page, as a server sees it: who somebody is, the question the words belong to, and the answer that a script gets."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import LateContributionFactory, MeetingFactory
from trajectories import intake, moderating, phone_views
from trajectories.models import Contribution, LateContribution, Meeting, MeetingItem, Participant

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def meeting(cast) -> Meeting:
    return MeetingFactory(trajectory=cast.trajectory)


def page(browser, meeting: Meeting, name: str = "contribute") -> str:
    return browser.get(reverse(name, args=[meeting.code])).content.decode()


def tell_who(browser, meeting: Meeting, **form):
    return browser.post(reverse("contribute_who", args=[meeting.code]), {"party": "bewoner"} | form)


def say(browser, meeting: Meeting, **form):
    filled = {"key": str(uuid.uuid4()), "text": "Meer licht."} | form
    return browser.post(reverse("contribute", args=[meeting.code]), filled, headers=JSON)


def test_who_somebody_is_counts_once(cast, meeting):
    browser = cast.client()
    assert "Wie bent u?" in page(browser, meeting)
    assert not Participant.objects.exists(), "looking is not coming"
    for party in ("bewoner", cast.parties[0].pk, cast.parties[1].pk):
        assert tell_who(browser, meeting, party=party).status_code == 302
    [present] = Participant.objects.exclude(checked_in_at=None)
    assert present.party == cast.parties[1]
    assert f"U bent: {cast.parties[1].name}" in page(browser, meeting)


@pytest.mark.parametrize("party", ["", "0", "bewoners", "99999999999999999999"])
def test_nobody_is_who_is_not_in_the_list(cast, meeting, party):
    answer = tell_who(cast.client(), meeting, party=party)
    assert answer.status_code == 200
    assert answer.context["form"].errors["party"]
    assert not Participant.objects.exists()


def test_phone_is_another_one_in_every_meeting(cast, meeting):
    browser, other = cast.client(), MeetingFactory(trajectory=cast.trajectory)
    for one in (meeting, other):
        tell_who(browser, one)
    assert len(set(Participant.objects.values_list("device", flat=True))) == 2
    cookie = browser.cookies[phone_views.COOKIE]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/b/", "Lax", True)


def test_phone_that_lost_its_cookie_is_known_by_what_it_kept(cast, meeting):
    browser = cast.client()
    device = re.search(r'name="device" value="([\w-]+)"', page(browser, meeting))[1]
    tell_who(browser, meeting)
    say(browser, meeting)
    browser.cookies.clear()
    say(browser, meeting, device=device)
    assert Contribution.objects.values("participant").distinct().count() == 1


def test_words_keep_the_question_under_which_they_were_typed(cast, meeting):
    first, second = (
        MeetingItem.objects.create(trajectory=cast.trajectory, meeting=meeting, title=title, question=question)
        for title, question in (("Wonen", "Wat mist u in huis?"), ("Groen", ""))
    )
    elsewhere = MeetingItem.objects.create(trajectory=cast.trajectory, title="Later", question="Iets anders?")
    Meeting.objects.filter(pk=meeting.pk).update(item=first)
    browser = cast.client()
    tell_who(browser, meeting)
    for item in (first.pk, 0, second.pk, elsewhere.pk, ""):
        answer = say(browser, meeting, item=item).json()
        assert (answer["item"], answer["question"]) == (first.pk, first.question)
    asked = list(Contribution.objects.order_by("pk").values_list("question", flat=True))
    assert asked == [first.question, meeting.question, meeting.question, first.question, first.question]


def test_helper_writes_for_another(cast, meeting):
    browser = cast.client()
    tell_who(browser, meeting, party=cast.parties[0].pk, notes="on")
    shown = page(browser, meeting)
    assert "U schrijft op voor een ander" in shown
    assert re.search(rf'name="noted_by" value="{cast.parties[0].pk}"', shown)
    say(browser, meeting, said_by=cast.parties[1].pk, noted_by=cast.parties[0].pk)
    say(browser, meeting, said_by="", noted_by="bewoner")
    found = Contribution.objects.order_by("pk").values_list("source", "said_by", "noted_by")
    assert list(found) == [
        ("genoteerd", cast.parties[1].pk, cast.parties[0].pk),
        ("genoteerd", None, None),
    ]


def send_twice(browser, meeting: Meeting, **form) -> list[Contribution]:
    """As who goes back without scripts: the browser asks for the form anew, with another key, and fills in what was typed."""
    for _ in range(2):
        filled = {"key": str(uuid.uuid4()), "text": "Meer licht."} | form
        assert browser.post(reverse("contribute", args=[meeting.code]), filled).status_code == 302
    return list(Contribution.objects.filter(meeting=meeting))


def test_plain_form_says_the_same_words_once_but_for_another_party_again(cast, meeting):
    browser, party = cast.client(), cast.parties[0]
    tell_who(browser, meeting)
    assert len(send_twice(browser, meeting)) == 1
    assert len(send_twice(browser, meeting, addressed_to=party.pk)) == 2
    other = cast.client()
    tell_who(other, meeting)
    assert len(send_twice(other, meeting)) == 3  # somebody else said so, too


def test_who_writes_for_others_may_write_the_same_words_twice(cast, meeting):
    browser, party = cast.client(), cast.parties[0]
    tell_who(browser, meeting, party=party.pk, notes="on")
    assert len(send_twice(browser, meeting, noted_by=party.pk)) == 2


def test_hidden_words_stay_hidden_when_they_are_sent_again(cast, meeting):
    browser = cast.client()
    tell_who(browser, meeting)
    [said] = send_twice(browser, meeting)
    moderating.hide(said, reason="Er staat een naam in.", by=cast.adviser)
    [again] = send_twice(browser, meeting)
    assert again.pk == said.pk and again.hidden_at


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"addressed_to": "anders", "addressed_name": "De busmaatschappij"}, ("verwachting", "De busmaatschappij")),
        ({"addressed_name": "De busmaatschappij"}, ("verwachting", "De busmaatschappij")),
        ({"addressed_to": "", "addressed_name": ""}, ("opmerking", "")),
    ],
)
def test_expectation_of_a_party_that_is_not_there_yet(cast, meeting, form, expected):
    assert say(cast.client(), meeting, **form).status_code == 200
    stands = Contribution.objects.get()
    assert (stands.kind, stands.addressed_name, stands.addressed_to) == (*expected, None)


def test_name_of_a_party_that_is_there_is_that_party(cast, meeting):
    say(cast.client(), meeting, addressed_to="anders", addressed_name=cast.parties[1].name.upper())
    assert Contribution.objects.get().addressed_to == cast.parties[1]


def test_party_without_a_name_or_two_parties_are_told(cast, meeting):
    for form in ({"addressed_to": "anders"}, {"addressed_to": cast.parties[1].pk, "addressed_name": "De bus"}):
        answer = say(cast.client(), meeting, **form)
        assert answer.status_code == 400
        assert len(answer.json()["errors"]) == 1
    assert not Contribution.objects.exists()


def test_script_is_told_what_stands(cast, meeting):
    browser, key = cast.client(), str(uuid.uuid4())
    for _ in range(2):
        answer = say(browser, meeting, key=key).json()
        assert (answer["key"], answer["is_late"]) == (key, False)
        assert answer["code"] == Participant.objects.get().readable_code
    refused = say(browser, meeting, key=key, text="Iets anders.")
    assert refused.status_code == 400
    assert "met een andere tekst" in refused.json()["errors"][0]
    assert Contribution.objects.get().text == "Meer licht."


def test_script_is_told_that_the_meeting_is_not_there(cast):
    browser, address = cast.client(), reverse("contribute", args=["XXXXX9"])
    refused = browser.post(address, {"key": str(uuid.uuid4()), "text": "Meer licht."}, headers=JSON)
    assert (refused.status_code, refused["Content-Type"]) == (404, "application/json")
    told = "Deze code kennen wij niet. Kijk nog eens op het scherm in de zaal."
    assert refused.json() == {"key": None, "errors": [told]}
    as_page = browser.post(address, {"text": "Meer licht."})
    assert (as_page.status_code, as_page["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert told in as_page.content.decode()


def test_paused_meeting_says_so_and_takes_what_comes(cast, meeting):
    browser = cast.client()
    tell_who(browser, meeting)
    Meeting.objects.update(is_paused=True)
    assert "Even pauze" in page(browser, meeting)
    assert say(browser, meeting).json()["is_paused"] is True
    assert Contribution.objects.exists()


def test_late_words_are_told_to_be_kept(cast, meeting):
    browser = cast.client()
    tell_who(browser, meeting)
    Meeting.objects.update(state=Meeting.State.CLOSED)
    assert "Stuur het op" in page(browser, meeting)
    assert say(browser, meeting).json()["is_late"] is True
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(
    ("state", "told"), [("planned", "Nog niet begonnen"), ("cancelled", "gaat niet door"), ("closed", "gesloten")]
)
def test_meeting_that_is_not_open_says_so_and_counts_nobody(cast, meeting, state, told):
    Meeting.objects.update(state=state)
    browser = cast.client()
    assert told in page(browser, meeting)
    assert tell_who(browser, meeting).status_code == 302
    assert not Participant.objects.exists()


@pytest.mark.parametrize(("decision", "stands"), [("toelaten", 1), ("niet toelaten", 0), ("", 0)])
def test_who_leads_decides_once_on_late_words(cast, meeting, decision, stands):
    late = LateContributionFactory(meeting=meeting)
    leader, address = cast.client(cast.leader), reverse("late_decide", args=[late.pk])
    assert late.words["text"] in page_of(leader, meeting)
    assert late.words["text"] not in page_of(cast.client(cast.reader), meeting)
    for said in (decision, "toelaten"):  # the second time is a double click, or somebody else
        leader.post(address, {"besluit": said})
        assert Contribution.objects.filter(key=late.key).count() == stands
    assert "Na het sluiten binnengekomen" not in page_of(leader, meeting)


def page_of(browser, meeting: Meeting) -> str:
    return browser.get(reverse("meeting_detail", args=[meeting.pk])).content.decode()


def test_erasing_reaches_what_came_late(cast, meeting):
    say(cast.client(), meeting, text="Mijn buurman drinkt.")
    Meeting.objects.update(state=Meeting.State.CLOSED)
    browser, key = cast.client(), str(uuid.uuid4())
    say(browser, meeting, key=key, text="mijn  BUURMAN drinkt.")
    other = LateContributionFactory(meeting=meeting)
    moderating.erase(Contribution.objects.get(), by=cast.leader)
    late = LateContribution.objects.get(key=key)
    assert (late.words, late.is_let_in, late.decided_by) == ({}, False, cast.leader)
    say(browser, meeting, key=key, text="mijn  BUURMAN drinkt.")  # the phone tries again
    late.refresh_from_db()
    assert late.words == {}
    other.refresh_from_db()
    assert other.words["text"]


def test_worker_rules_over_the_hall_alone_and_knows_the_files(client):
    answer = client.get("/b/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    for name in phone_views.FILES:
        assert f'"/static/{name}"' in answer.content.decode()


def test_key_of_another_gemeente_is_told_and_shows_nothing(cast, meeting):
    elsewhere, key = MeetingFactory(), uuid.uuid4()
    said = {"key": key, "text": "Meer licht in de steeg."}
    assert Client().post(reverse("contribute", args=[elsewhere.code]), said).status_code == 302
    answer = Client().post(reverse("contribute", args=[meeting.code]), said, headers=JSON)
    assert (answer.status_code, answer.json()["errors"]) == (400, [intake.SENT_BEFORE])
    assert Contribution.objects.filter(key=key).get().meeting == elsewhere


def test_next_person_on_a_tablet_is_somebody_else_and_words_stay_of_who_said_them(cast, meeting):
    tablet = cast.client()
    who, say = reverse("contribute_who", args=[meeting.code]), reverse("contribute", args=[meeting.code])

    def sits_down(page: str) -> str:
        device = re.search(r'name="device" value="([^"]+)"', tablet.get(page).content.decode())[1]
        tablet.post(who, {"party": "bewoner", "device": device})
        return device

    def says(text: str, device: str) -> None:
        form = {"key": uuid.uuid4(), "text": text, "said_by": "", "addressed_to": "", "item": "0", "device": device}
        assert tablet.post(say, form).status_code == 302

    first = sits_down(who)
    says("Meer licht.", first)
    following = f"{who}?volgende"
    tablet.get(following)
    assert tablet.get(say).context["who"].contributions.get().text == "Meer licht."  # looking changes nothing
    second = sits_down(following)
    says("Meer groen.", second)
    says("En een bankje.", first)  # was still waiting on the tablet
    words = [sorted(one.contributions.values_list("text", flat=True)) for one in meeting.participants.order_by("pk")]
    assert words == [["En een bankje.", "Meer licht."], ["Meer groen."]]
    assert meeting.participants.filter(checked_in_at__isnull=False).count() == 2
