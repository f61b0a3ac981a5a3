"""Before the room: the draaiboek, meetings planned at once, moved and cancelled, and the agenda of each."""

from __future__ import annotations

import itertools
import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agendas import versions
from tests.factories import MeetingFactory, TrajectoryFactory, complete_agenda
from tests.pages import fields_of, fill_in, hidden_in
from thuiswijk.lib.days import day_off
from thuiswijk.lib.errors import Refused
from trajectories import intake, meetings, planning
from trajectories.models import Meeting, MeetingItem

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(cast):
    return cast.client(cast.leader)


@pytest.fixture
def meeting(cast) -> Meeting:
    starts_at = datetime(2026, 12, 3, 19, 30, tzinfo=AMSTERDAM)
    return MeetingFactory(trajectory=cast.trajectory, state=Meeting.State.PLANNED, starts_at=starts_at, minutes=120)


def an_item(meeting: Meeting, title: str, **columns) -> MeetingItem:
    position = planning.place_after(meeting.items.all())
    return meeting.items.create(trajectory=meeting.trajectory, title=title, position=position, **columns)


def titles(meeting: Meeting) -> list[str]:
    return [item.title for item in meeting.items.all()]


# --- days off -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "is_off"),
    [
        (date(2026, 12, 3), ""),
        (date(2026, 12, 5), "een zaterdag"),
        (date(2026, 12, 6), "een zondag"),
        (date(2026, 12, 26), "Tweede kerstdag"),
        (date(2027, 4, 27), "Koningsdag"),
        (date(2027, 5, 6), "Hemelvaartsdag"),
        (date(2027, 5, 17), "Tweede pinksterdag"),
        (date(2025, 4, 26), "Koningsdag"),  # the 27th was a Sunday
    ],
)
def test_day_off_is_known_by_its_dutch_name(day, is_off):
    assert day_off(day) == is_off


# --- the draaiboek ------------------------------------------------------------------------------------------------------
def test_draaiboek_without_rows_is_the_default(cast):
    rows = planning.proposed(cast.here, starts_at=datetime(2026, 9, 1, 19, 30, tzinfo=AMSTERDAM), place="Buurthuis")
    assert [row.kind for row in rows] == ["start", *["werk"] * 5]
    assert {later.starts_at.date() - row.starts_at.date() for row, later in itertools.pairwise(rows)} == {
        timedelta(weeks=4)
    }
    assert planning.lines_of(planning.talk_of(cast.here).questions) == ["Wat maakt de wijk fijn?", "Wat is er nodig?"]


def test_draaiboek_is_made_ones_own_once_and_changed(cast, leader):
    page = reverse("pattern_list", args=[cast.here.pk])
    for _ in range(2):  # a double click
        leader.post(reverse("pattern_adopt", args=[cast.here.pk]))
    rows = cast.here.meeting_patterns.all()
    assert [row.title for row in rows] == [row.title for row in planning.DEFAULT]
    start = rows.get(kind="start")
    fill_in(
        leader,
        reverse("pattern_edit", args=[start.pk]),
        {"kind": "start", "title": "Grote avond", "days_after": 0, "minutes": 150, "questions": "Wat nu?\n\nEn dan?"},
    )
    assert "Grote avond" in leader.get(page).content.decode()
    start.refresh_from_db()
    assert (start.minutes, start.questions) == (150, "Wat nu?\nEn dan?")
    leader.post(reverse("pattern_arrange", args=[cast.here.pk]), {"up": start.pk})
    assert cast.here.meeting_patterns.first() == start
    leader.post(reverse("pattern_arrange", args=[cast.here.pk]), {"up": start.pk})  # stays first
    assert cast.here.meeting_patterns.first() == start
    fill_in(leader, reverse("pattern_remove", args=[start.pk]), {})
    assert not rows.filter(pk=start.pk).exists()


def test_last_row_of_a_draaiboek_taken_away_leaves_the_default(cast, leader):
    only = cast.here.meeting_patterns.create(kind="start", title="Enige", days_after=0)
    address = reverse("pattern_remove", args=[only.pk])
    assert "Het gewone draaiboek geldt weer." in leader.get(address).content.decode()
    fill_in(leader, address, {})
    assert planning.patterns_of(cast.here) == planning.DEFAULT


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"minutes": 2}, "Vul 5 of een hoger getal in."),
        ({"minutes": 2000}, "Vul 1440 of een lager getal in."),
        ({"questions": "x" * 301}, "Er passen 300 tekens in."),
        ({"questions": "x\n" * 31}, "Er passen 30 vragen op een agenda."),
    ],
)
def test_draaiboek_says_what_is_wrong(cast, leader, wrong, sentence):
    form = {"kind": "werk", "title": "Over groen", "days_after": 28, "minutes": 90, "questions": ""} | wrong
    page = leader.post(reverse("pattern_new", args=[cast.here.pk]), form).content.decode()
    assert sentence in page
    assert 'value="Over groen"' in page
    assert not cast.here.meeting_patterns.exists()


def test_draaiboek_of_another_gemeente_is_not_found(cast):
    theirs = cast.there.meeting_patterns.create(kind="start", title="Van hen", days_after=0)
    mine = cast.here.meeting_patterns.create(kind="start", title="Van ons", days_after=0)
    browser = cast.client(cast.leader)
    assert browser.get(reverse("pattern_edit", args=[theirs.pk])).status_code == 404
    browser.post(reverse("pattern_arrange", args=[cast.here.pk]), {"up": theirs.pk, "down": mine.pk})
    theirs.refresh_from_db()
    assert theirs.position == 0


# --- planned at once ----------------------------------------------------------------------------------------------------
def proposal(browser, trajectory, **start) -> tuple[str, dict[str, str]]:
    """The address of the list that follows from a first day, and its form as it is shown."""
    address = reverse("meeting_plan", args=[trajectory.pk])
    given = {"begin": "2026-10-01T19:30", "plaats": "Buurthuis De Molen"} | start
    page = browser.get(address, given)
    assert page.status_code == 200
    return address, fields_of(page.content.decode())


def test_six_meetings_are_planned_at_once_and_twice_sent_they_stand_once(cast, leader):
    address, form = proposal(leader, cast.trajectory)
    for _ in range(2):
        answer = leader.post(address, form)
        assert answer.status_code == 302
    made = list(cast.trajectory.meetings.all())
    assert [meeting.kind for meeting in made] == ["start", *["werk"] * 5]
    assert {meeting.place for meeting in made} == {"Buurthuis De Molen"}
    assert {meeting.state for meeting in made} == {"planned"}
    assert (made[0].question, titles(made[0])) == ("Wat verwachten wij van elkaar?", ["Wat verwachten wij van elkaar?"])


def test_half_past_seven_stays_half_past_seven_when_summer_time_ends(cast, leader):
    """Seen as moments the second meeting is an hour further off; people look at the clock on the wall."""
    address, form = proposal(leader, cast.trajectory, begin="2026-10-01T19:30")
    leader.post(address, form)
    first, second = [meeting.starts_at for meeting in cast.trajectory.meetings.all()[:2]]
    assert [f"{timezone.localtime(at):%d-%m %H:%M %Z}" for at in (first, second)] == [
        "01-10 19:30 CEST",
        "29-10 19:30 CET",
    ]
    assert second - first == timedelta(days=28, hours=1)


def test_day_off_is_told_in_the_list_and_then_planned(cast, leader):
    start = {"begin": "2026-11-27T19:30", "plaats": ""}  # 28 days later it is Christmas
    page = leader.get(reverse("meeting_plan", args=[cast.trajectory.pk]), start).content.decode()
    assert "25 december 2026 is eerste kerstdag." in page
    address, form = proposal(leader, cast.trajectory, **start)
    assert leader.post(address, form).status_code == 302
    assert cast.trajectory.meetings.count() == 6


def test_day_off_that_was_typed_is_told_before_it_is_planned(cast, leader):
    address, form = proposal(leader, cast.trajectory)
    answer = leader.post(address, form | {"form-2-starts_at": "2026-12-26T14:00"})
    page = answer.content.decode()
    assert "26 december 2026 is tweede kerstdag. Kies een andere dag" in page
    assert not cast.trajectory.meetings.exists()
    assert leader.post(address, fields_of(page)).status_code == 302  # it had to be so
    assert cast.trajectory.meetings.filter(starts_at__date=date(2026, 12, 26)).exists()


def test_one_wrong_row_plans_nothing_and_keeps_what_was_typed(cast, leader):
    address, form = proposal(leader, cast.trajectory)
    page = leader.post(address, form | {"form-0-title": "Grote avond", "form-3-minutes": "0"}).content.decode()
    assert "Vul 5 of een hoger getal in." in page
    assert fields_of(page)["form-0-title"] == "Grote avond"
    assert not cast.trajectory.meetings.exists()


def test_meetings_are_skipped_but_not_all_of_them(cast, leader):
    address, form = proposal(leader, cast.trajectory)
    skipped = {f"form-{place}-skip": "on" for place in range(6)}
    assert "U slaat alles over." in leader.post(address, form | skipped).content.decode()
    del skipped["form-0-skip"]
    leader.post(address, form | skipped)
    assert [meeting.kind for meeting in cast.trajectory.meetings.all()] == ["start"]


def test_first_day_is_asked_for_in_plain_words(cast, leader):
    page = leader.get(reverse("meeting_plan", args=[cast.trajectory.pk]), {"begin": "morgen"}).content.decode()
    assert "Wij begrijpen deze datum en tijd niet." in page


def test_earlier_trajectory_is_copied_with_its_distances_and_without_outcomes(cast, leader):
    earlier = TrajectoryFactory(gemeente=cast.here, name="Havenbuurt")
    days = [datetime(2026, 1, 6, 20, tzinfo=AMSTERDAM), datetime(2026, 1, 27, 20, tzinfo=AMSTERDAM)]
    old = [MeetingFactory(trajectory=earlier, title=f"Avond {day:%d}", starts_at=day, minutes=90) for day in days]
    an_item(old[1], "Het plein", question="Wat kan op het plein?", minutes=40, outcome="Drie bankjes.")
    MeetingFactory(trajectory=earlier, title="Afgezegd", state="cancelled", starts_at=days[0] + timedelta(days=7))
    address, form = proposal(leader, cast.trajectory, volgens=earlier.pk, begin="2026-03-10T19:30")
    assert leader.post(address, form).status_code == 302
    made = list(cast.trajectory.meetings.all())
    assert [meeting.title for meeting in made] == ["Avond 06", "Avond 27"]
    assert [f"{timezone.localtime(meeting.starts_at):%d-%m %H:%M}" for meeting in made] == [
        "10-03 19:30",
        "31-03 19:30",
    ]
    assert [meeting.minutes for meeting in made] == [90, 90]
    item = made[1].items.get()
    assert (item.title, item.question, item.minutes, item.outcome) == ("Het plein", "Wat kan op het plein?", 40, "")
    assert old[1].items.get().outcome == "Drie bankjes."


def test_meetings_of_others_are_not_to_copy(cast):
    """Neither by the list of trajectories, nor by the number of a meeting that the form carries."""
    theirs = MeetingFactory(trajectory=cast.elsewhere)
    an_item(theirs, "Geheim agendapunt")
    browser = cast.client(cast.leader)
    address = reverse("meeting_plan", args=[cast.trajectory.pk])
    page = browser.get(address, {"begin": "2026-10-01T19:30", "volgens": cast.elsewhere.pk}).content.decode()
    assert "Dit staat niet in de lijst." in page
    assert cast.elsewhere.name not in page
    _, form = proposal(browser, cast.trajectory)
    browser.post(address, form | {"form-0-like": theirs.pk})
    assert not cast.trajectory.items.filter(title="Geheim agendapunt").exists()


def test_trajectory_that_one_only_reads_is_not_to_copy(cast):
    other = TrajectoryFactory(gemeente=cast.here, name="Havenbuurt")
    MeetingFactory(trajectory=other)
    page = cast.client(cast.leader).get(reverse("meeting_plan", args=[cast.trajectory.pk])).content.decode()
    assert "Zoals in Havenbuurt" in page
    page = cast.client(cast.adviser).get(reverse("meeting_plan", args=[cast.trajectory.pk])).content.decode()
    assert "Zoals in Havenbuurt" not in page  # not appointed there


def test_gesprek_gets_the_questions_of_the_gemeente(cast, leader):
    cast.here.meeting_patterns.create(
        kind="gesprek", title="Interview", minutes=45, questions="Wie kent u?\nWat mist u?"
    )
    address = reverse("talk_new", args=[cast.trajectory.pk])
    form = {"title": "Gesprek met de school", "starts_at": "2026-10-01T10:00", "minutes": 45, "place": ""}
    form |= hidden_in(leader, address)
    for _ in range(2):
        assert leader.post(address, form).status_code == 302
    talk = cast.trajectory.meetings.get()
    assert (talk.kind, talk.minutes, talk.question) == ("gesprek", 45, "Wie kent u?")
    assert [item.question for item in talk.items.all()] == ["Wie kent u?", "Wat mist u?"]


# --- moved, cancelled, and taken back -----------------------------------------------------------------------------------
def test_moved_meeting_has_a_higher_revision(cast, leader, meeting):
    address = reverse("meeting_edit", args=[meeting.pk])
    form = fields_of(leader.get(address).content.decode())
    leader.post(address, form)
    meeting.refresh_from_db()
    assert meeting.revision == 0  # nothing that a calendar shows was changed
    for revision, change in enumerate(({"starts_at": "2026-12-10T20:00"}, {"minutes": "90"}, {"place": "School"}), 1):
        form = fields_of(leader.get(address).content.decode())
        leader.post(address, form | change)
        meeting.refresh_from_db()
        assert meeting.revision == revision
    assert (f"{timezone.localtime(meeting.starts_at):%d-%m %H:%M}", meeting.minutes) == ("10-12 20:00", 90)


def test_cancelled_meeting_says_so_everywhere_and_is_taken_back(cast, leader, meeting):
    address = reverse("meeting_cancel", args=[meeting.pk])
    assert "Schrijf op waarom" in leader.post(address, {"reason": " "}).content.decode()
    leader.post(address, {"reason": "De zaal is dubbel geboekt."})
    meeting.refresh_from_db()
    assert (meeting.state, meeting.revision) == ("cancelled", 1)
    pages = [
        reverse("meeting_detail", args=[meeting.pk]),
        reverse("meeting_items", args=[meeting.pk]),
        reverse("trajectory_detail", args=[meeting.trajectory_id]),
        reverse("contribute", args=[meeting.code]),
        *(reverse(name, args=[meeting.pk]) for name in ("agenda_sheet", "sign_in_sheet", "poster")),
    ]
    for page in pages:
        shown = leader.get(page).content.decode()
        assert "aat niet door" in shown, page
        assert "De zaal is dubbel geboekt." in shown, page
    assert "Open de bijeenkomst" not in leader.get(pages[0]).content.decode()
    leader.post(reverse("meeting_restore", args=[meeting.pk]))
    meeting.refresh_from_db()
    assert (meeting.state, meeting.cancelled_reason, meeting.revision) == ("planned", "", 2)


@pytest.mark.parametrize("state", [Meeting.State.OPENED, Meeting.State.CLOSED])
def test_meeting_that_was_held_is_not_cancelled(cast, leader, meeting, state):
    Meeting.objects.update(state=state)
    page = leader.post(reverse("meeting_cancel", args=[meeting.pk]), {"reason": "Geen zin."}).content.decode()
    assert "al begonnen of voorbij" in page
    assert "Geen zin." in page
    meeting.refresh_from_db()
    assert meeting.state == state


def test_cancelled_twice_keeps_the_first_reason(meeting):
    meetings.cancel(meeting, reason="De zaal is dicht.")
    assert meetings.cancel(meeting, reason="Iets anders.").cancelled_reason == "De zaal is dicht."


def test_cancelled_meeting_is_not_in_a_frozen_version(cast, meeting):
    meetings.cancel(meeting, reason="De zaal is dicht.")
    MeetingFactory(trajectory=cast.trajectory, title="Deze ging door", state="closed")
    version = versions.freeze(complete_agenda(cast.trajectory), by=cast.leader)
    assert [held["title"] for held in version.data["meetings"]] == ["Deze ging door"]


# --- the agenda ---------------------------------------------------------------------------------------------------------
def test_agenda_runs_by_its_minutes(cast, leader, meeting):
    for title, minutes in (("Welkom", 15), ("Het plein", 50), ("Afspraken", 70)):
        an_item(meeting, title, minutes=minutes)
    assert [f"{timezone.localtime(slot.starts_at):%H:%M}" for slot in planning.timetable(meeting)] == [
        "19:30",
        "19:45",
        "20:35",
    ]
    page = leader.get(reverse("meeting_items", args=[meeting.pk])).content.decode()
    for words in ("19:45", "20:35", "135 van 120 minuten: 15 te veel."):
        assert words in page


def test_item_is_added_once_changed_and_removed(cast, leader, meeting):
    address = reverse("item_new", args=[meeting.pk])
    form = {"title": "Het plein", "question": "Wat kan daar?", "minutes": 30, "meeting": meeting.pk}
    form |= hidden_in(leader, address)
    for _ in range(2):
        assert leader.post(address, form).status_code == 302
    item = meeting.items.get()
    fill_in(
        leader,
        reverse("item_edit", args=[item.pk]),
        {"title": "Het park", "question": "", "minutes": 20, "meeting": meeting.pk},
    )
    item.refresh_from_db()
    assert (item.title, item.question, item.minutes, item.meeting) == ("Het park", "", 20, meeting)
    fill_in(leader, reverse("item_remove", args=[item.pk]), {})
    assert not meeting.items.exists()


@pytest.mark.parametrize("minutes", ["0", "601", "half uur"])
def test_item_with_impossible_minutes_is_told(cast, leader, meeting, minutes):
    form = {"title": "Het plein", "question": "", "minutes": minutes, "meeting": meeting.pk}
    page = leader.post(reverse("item_new", args=[meeting.pk]), form)
    assert page.status_code == 200
    assert 'value="Het plein"' in page.content.decode()
    assert not meeting.items.exists()


def press(browser, meeting, **button) -> str:
    return browser.post(reverse("items_arrange", args=[meeting.pk]), button, follow=True).content.decode()


def test_items_change_places_with_buttons_alone(cast, leader, meeting):
    one, two, three = (an_item(meeting, title) for title in ("Een", "Twee", "Drie"))
    press(leader, meeting, up=three.pk)
    assert titles(meeting) == ["Een", "Drie", "Twee"]
    press(leader, meeting, down=one.pk)
    assert titles(meeting) == ["Drie", "Een", "Twee"]
    press(leader, meeting, up=three.pk)
    press(leader, meeting, down=two.pk)
    assert titles(meeting) == ["Drie", "Een", "Twee"]


def test_item_goes_to_the_backlog_and_to_another_meeting(cast, leader, meeting):
    one, _ = an_item(meeting, "Een"), an_item(meeting, "Twee")
    press(leader, meeting, off=one.pk)
    assert titles(meeting) == ["Twee"]
    assert list(planning.backlog_of(cast.trajectory)) == [one]
    other = MeetingFactory(trajectory=cast.trajectory, title="Later", state="planned")
    assert "Een" in leader.get(reverse("meeting_items", args=[other.pk])).content.decode()
    press(leader, other, on=one.pk)
    assert titles(other) == ["Een"]
    form = {"title": "Een", "question": "", "minutes": 15, "meeting": meeting.pk}
    fill_in(leader, reverse("item_edit", args=[one.pk]), form)
    assert (titles(meeting), titles(other)) == (["Twee", "Een"], [])


def test_item_of_another_trajectory_stays_where_it_is(cast, leader, meeting):
    mine = MeetingFactory(trajectory=TrajectoryFactory(gemeente=cast.here))
    theirs = MeetingFactory(trajectory=cast.elsewhere)
    for other in (mine, theirs):
        item = an_item(other, "Van daar")
        for button in ("up", "on", "off", "now"):
            assert "staat hier niet meer" in press(leader, meeting, **{button: item.pk})
        item.refresh_from_db()
        assert item.meeting == other
    form = {"title": "Van hier", "question": "", "minutes": 15, "meeting": mine.pk}
    assert leader.post(reverse("item_new", args=[meeting.pk]), form).status_code == 200
    assert not MeetingItem.objects.filter(title="Van hier").exists()


def test_item_of_another_trajectorys_meeting_is_refused_by_the_database(cast, meeting):
    theirs = MeetingFactory(trajectory=cast.elsewhere)

    @transaction.atomic
    def stray() -> None:
        MeetingItem.objects.create(trajectory=cast.trajectory, meeting=theirs, title="Verdwaald")
        connection.check_constraints()

    with pytest.raises(IntegrityError, match="item_of_its_meetings_trajectory"):
        stray()


def test_open_item_is_the_question_of_the_room(cast, leader, meeting):
    item = an_item(meeting, "Het plein", question="Wat kan op het plein?")
    assert "Open haar eerst" in press(leader, meeting, now=item.pk)
    Meeting.objects.update(state="opened", is_revealed=True)
    press(leader, meeting, now=item.pk)
    meeting.refresh_from_db()
    assert (meeting.item, meeting.question_now, meeting.is_revealed) == (item, "Wat kan op het plein?", False)
    phone = cast.client()
    phone.post(reverse("contribute_who", args=[meeting.code]), {"party": "bewoner"})
    assert "Wat kan op het plein?" in phone.get(reverse("contribute", args=[meeting.code])).content.decode()
    press(leader, meeting, rest=1)
    meeting.refresh_from_db()
    assert meeting.question_now == meeting.question
    press(leader, meeting, now=item.pk)
    press(leader, meeting, off=item.pk)
    meeting.refresh_from_db()
    assert meeting.item is None  # what is not on the agenda is not asked


def test_agenda_of_a_closed_meeting_is_read_only(cast, leader, meeting):
    item, later = an_item(meeting, "Het plein"), MeetingFactory(trajectory=cast.trajectory, state="planned")
    backlog = cast.trajectory.items.create(title="Later")
    Meeting.objects.filter(pk=meeting.pk).update(state="closed")
    page = leader.get(reverse("meeting_items", args=[meeting.pk])).content.decode()
    assert "De agenda verandert niet meer." in page
    for button in ("up", "down", "off", "now"):
        assert f'name="{button}"' not in page
        press(leader, meeting, **{button: item.pk})
    press(leader, meeting, on=backlog.pk)
    form = {"title": "Iets anders", "question": "", "minutes": 5, "meeting": later.pk}
    assert planning.CLOSED in fill_in(leader, reverse("item_edit", args=[item.pk]), form).content.decode()
    assert planning.CLOSED in leader.post(reverse("item_remove", args=[item.pk])).content.decode()
    leader.post(reverse("item_new", args=[meeting.pk]), form | {"meeting": meeting.pk})
    assert titles(meeting) == ["Het plein"]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE trajectories_meetingitem SET outcome = 'Toch iets anders.' WHERE id = %s",
        "UPDATE trajectories_meetingitem SET meeting_id = NULL WHERE id = %s",
        "DELETE FROM trajectories_meetingitem WHERE id = %s",
        """INSERT INTO trajectories_meetingitem (trajectory_id, meeting_id, position, title, question, minutes, outcome)
           SELECT trajectory_id, meeting_id, 9, 'Erbij', '', 5, '' FROM trajectories_meetingitem WHERE id = %s""",
    ],
)
def test_agenda_of_a_closed_meeting_is_refused_to_plain_sql(meeting, sql):
    item = an_item(meeting, "Het plein")
    Meeting.objects.update(state="closed")
    with pytest.raises(IntegrityError, match="The meeting is closed"), transaction.atomic():
        connection.cursor().execute(sql, [item.pk])
    assert titles(meeting) == ["Het plein"]


def test_verb_refuses_what_joins_a_closed_meeting(cast, meeting):
    closed = MeetingFactory(trajectory=cast.trajectory, state="closed")
    with pytest.raises(Refused):
        planning.place(an_item(meeting, "Een"), on=closed)
    assert titles(meeting) == ["Een"]


# --- on paper -----------------------------------------------------------------------------------------------------------
def test_sheets_ask_no_names_and_carry_the_code(cast, leader, meeting):
    an_item(meeting, "Het plein")
    sheet = leader.get(reverse("sign_in_sheet", args=[meeting.pk])).content.decode()
    assert all(party.name in sheet for party in cast.parties)
    assert "Schrijf geen namen op." in sheet
    for name in ("agenda_sheet", "poster"):
        page = leader.get(reverse(name, args=[meeting.pk])).content.decode()
        assert reverse("meeting_qr", args=[meeting.code]) in page
        assert f"/b/{meeting.code}" in page
    assert "Het plein" in leader.get(reverse("agenda_sheet", args=[meeting.pk])).content.decode()


def test_reader_sees_the_agenda_and_changes_nothing(cast, meeting):
    an_item(meeting, "Het plein")
    page = cast.client(cast.reader).get(reverse("meeting_items", args=[meeting.pk])).content.decode()
    assert "Het plein" in page
    assert "Omhoog" not in page
    assert "Voeg een" not in page


def test_said_while_an_item_is_open_carries_its_question(cast, meeting):
    item = an_item(meeting, "Het plein", question="Wat kan op het plein?")
    Meeting.objects.update(state="opened", item=item)
    meeting.refresh_from_db()
    said = intake.record(
        meeting, key=uuid.uuid4(), text="Een bankje.", kind="opmerking", said_by=None, addressed_to=None
    )
    assert said.question == "Wat kan op het plein?"


def test_cards_keep_their_number_and_code_when_more_are_printed(cast, leader, meeting):
    ask = reverse("card_new", args=[meeting.pk])
    assert "Vul 500 of een lager getal in." in leader.post(ask, {"count": 501}).content.decode()
    first = leader.post(ask, {"count": 3}, follow=True).content.decode()
    more = leader.post(ask, {"count": 9}, follow=True).content.decode()
    codes = list(meeting.participants.order_by("card").values_list("code", flat=True))
    assert len(set(codes)) == 9
    for code in codes[:3]:
        assert f"{code[:4]} {code[4:]}" in first
    for code in codes:
        assert f"{code[:4]} {code[4:]}" in more
    assert (first.count('class="cards"'), more.count('class="cards"')) == (1, 2)
    assert more.count('class="card__qr"') == 9
    assert leader.get(reverse("card_sheet", args=[meeting.pk]))["Location"] == ask


def test_agenda_asks_as_much_for_many_items_as_for_one(cast, leader, meeting):
    address, asked = reverse("meeting_items", args=[meeting.pk]), []
    for _ in range(2):
        for number in range(15):
            an_item(meeting, f"Punt {number}")
            cast.trajectory.items.create(title=f"Later {number}")
        with CaptureQueriesContext(connection) as captured:
            leader.get(address)
        asked.append(len(captured))
    assert asked[0] == asked[1], asked
