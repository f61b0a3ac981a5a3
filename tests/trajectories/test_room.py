"""In the hall: what the beamer shows, what a note taker stores, what is pasted, and who is there."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from stakeholders.models import Person
from tests.factories import ContributionFactory, MeetingFactory
from tests.pages import hidden_in
from thuiswijk.lib.errors import Refused
from trajectories import counting, intake_rows, meetings, participants, planning, showing
from trajectories.models import Contribution, LateContribution, Meeting

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
QUESTION = "Wat verwacht u van elkaar?"


@pytest.fixture
def meeting(cast) -> Meeting:
    return MeetingFactory(trajectory=cast.trajectory)


@pytest.fixture
def items(meeting):
    return [
        meeting.items.create(trajectory=meeting.trajectory, position=n, title=title, question=question)
        for n, (title, question) in enumerate(
            [("Welkom", ""), ("Groen", "Waar is groen nodig?"), ("Pauze", ""), ("Verkeer", "Waar is het gevaarlijk?")]
        )
    ]


def say(meeting: Meeting, count: int = 1, **more) -> list[Contribution]:
    return [ContributionFactory(meeting=meeting, question=QUESTION, **more) for _ in range(count)]


def look(browser, meeting: Meeting, mark: object = "", *, start: object = None):
    address = reverse("meeting_screen", args=[meeting.pk]) + f"?sinds={mark}"
    return browser.get(address + (f"&vanaf={start}" if start is not None else ""), headers=HTMX)


def test_opening_asks_the_first_question_of_the_agenda_where_the_meeting_has_none(cast, meeting, items):
    for own, asked in ((QUESTION, QUESTION), ("", items[1].question)):
        Meeting.objects.update(question=own, state=Meeting.State.PLANNED)
        meetings.change_state(meeting, Meeting.State.OPENED, by=cast.leader)
        meeting = Meeting.objects.get()
        assert meeting.question_now == asked


@pytest.mark.parametrize("state", Meeting.State.values)
def test_who_did_not_come_is_said_once_it_is_known(cast, meeting, state):
    meeting.invitations.create(party=cast.parties[1])
    Meeting.objects.update(state=state)
    page = cast.client(cast.leader).get(reverse("meeting_presence", args=[meeting.pk])).content.decode()
    assert ("Niet gekomen" in page) == (state in ("opened", "closed"))


# --- leading ------------------------------------------------------------------------------------------------------------
def test_next_question_is_covered_at_first_and_twice_is_once(cast, meeting, items):
    assert [words for _, words in showing.questions_of(meeting)] == [QUESTION, items[1].question, items[3].question]
    showing.reveal(meeting, is_revealed=True, by=cast.leader)
    planning.ask_now(meeting, items[1])
    meeting.refresh_from_db()
    assert (meeting.question_now, meeting.is_revealed) == ("Waar is groen nodig?", False)
    showing.reveal(meeting, is_revealed=True, by=cast.leader)
    planning.ask_now(meeting, items[1])
    meeting.refresh_from_db()
    assert meeting.is_revealed


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_nothing_is_led_when_the_meeting_is_over(cast, state):
    meeting = MeetingFactory(trajectory=cast.trajectory, state=state)
    for act in (
        lambda: showing.pause(meeting, is_paused=True, by=cast.leader),
        lambda: showing.reveal(meeting, is_revealed=True, by=cast.leader),
    ):
        with pytest.raises(Refused, match="verandert er niets meer"):
            act()
    page = cast.client(cast.leader).post(reverse("screen_lead", args=[meeting.pk]), {"pause": "ja"}, follow=True)
    assert "verandert er niets meer" in page.content.decode()
    meeting.refresh_from_db()
    assert not meeting.is_paused


def test_item_of_another_meeting_is_not_shown(cast, meeting, items):
    other = MeetingFactory(trajectory=cast.trajectory)
    answer = cast.client(cast.leader).post(reverse("screen_lead", args=[other.pk]), {"item": items[1].pk})
    assert answer.status_code == 404


def test_buttons_lead_from_question_to_question_without_scripts(cast, meeting, items):
    browser, address = cast.client(cast.leader), reverse("screen_lead", args=[meeting.pk])
    page = browser.get(reverse("meeting_screen", args=[meeting.pk]))
    assert (page.context["previous"], page.context["next"]) == (None, items[1].pk)
    page = browser.post(address, {"item": page.context["next"]}, follow=True)
    assert "Waar is groen nodig?" in page.content.decode()
    assert (page.context["previous"], page.context["next"]) == (showing.OWN, items[3].pk)
    page = browser.post(address, {"item": items[3].pk}, follow=True)
    assert page.context["next"] is None
    page = browser.post(address, {"item": showing.OWN}, follow=True)
    assert page.context["meeting"].question_now == QUESTION


def test_reader_watches_and_does_not_lead(cast, meeting):
    browser = cast.client(cast.reader)
    assert "Toon antwoorden" not in browser.get(reverse("meeting_screen", args=[meeting.pk])).content.decode()
    assert browser.post(reverse("screen_lead", args=[meeting.pk]), {"reveal": "ja"}).status_code == 403


def test_two_laptops_show_the_same_within_one_poll(cast, meeting):
    one, other = cast.client(cast.leader), cast.client(cast.adviser)
    mark = other.get(reverse("meeting_screen", args=[meeting.pk])).context["now"]
    one.post(reverse("screen_lead", args=[meeting.pk]), {"pause": "ja"})
    answer = look(other, meeting, mark)
    assert answer["HX-Retarget"] == "#scherm"
    assert "Pauze. U kunt straks weer iets versturen." in answer.content.decode()


# --- what the hall sees -------------------------------------------------------------------------------------------------
def test_covered_answers_are_not_in_the_page(cast, meeting):
    say(meeting, text="Dit is nog geheim.")
    ContributionFactory(meeting=meeting, question="Een andere vraag?")
    page = cast.client(cast.leader).get(reverse("meeting_screen", args=[meeting.pk]))
    assert "Dit is nog geheim." not in page.content.decode()
    assert (page.context["now"].answers, page.context["now"].said) == (1, 2)
    showing.reveal(meeting, is_revealed=True, by=cast.leader)
    assert "Dit is nog geheim." in look(cast.client(cast.leader), meeting).content.decode()


def test_poll_is_empty_small_or_whole(cast, meeting):
    showing.reveal(meeting, is_revealed=True, by=cast.leader)
    browser = cast.client(cast.leader)
    say(meeting, 57)
    mark = look(browser, meeting).context["now"]
    assert look(browser, meeting, mark).status_code == 204
    new = say(meeting, 2)
    news = look(browser, meeting, mark)
    assert "HX-Retarget" not in news
    assert re.findall(r"inbreng/(\d+)/verbergen", news.content.decode()) == [str(said.pk) for said in new]
    assert "<strong>59</strong> antwoorden" in news.content.decode()
    assert len(news.content) < 10_000
    mark = re.search(r"sinds=([\w.-]+)", news.content.decode())[1]
    assert look(browser, meeting, mark).status_code == 204
    Contribution.objects.filter(pk=new[0].pk).update(
        hidden_at=timezone.now(), hidden_by=cast.leader, hidden_reason="Naam"
    )
    hidden = look(browser, meeting, mark)
    assert hidden["HX-Retarget"] == "#scherm"
    assert new[0].text not in hidden.content.decode()


def test_hidden_and_new_at_once_is_no_mere_growth(cast, meeting):
    showing.reveal(meeting, is_revealed=True, by=cast.leader)
    browser, said = cast.client(cast.leader), say(meeting, 3)
    mark = look(browser, meeting).context["now"]
    say(meeting)
    Contribution.objects.filter(pk=said[0].pk).update(
        hidden_at=timezone.now(), hidden_by=cast.leader, hidden_reason="x"
    )
    assert look(browser, meeting, mark)["HX-Retarget"] == "#scherm"


@pytest.mark.parametrize("mark", ["x", "a.b.c.d", "..", "s.1.2.٣", "0-0-1-opened-0-x.999999999999999999999.1.1"])
def test_strange_mark_gets_the_whole_screen(cast, meeting, mark):
    assert look(cast.client(cast.leader), meeting, mark)["HX-Retarget"] == "#scherm"


def test_window_stays_where_it_was_and_says_what_is_after_it(cast, meeting):
    showing.reveal(meeting, is_revealed=True, by=cast.leader)
    said = say(meeting, 100)
    browser = cast.client(cast.leader)
    page = look(browser, meeting, start=0)
    assert [row["id"] for row in page.context["rows"]] == [one.pk for one in said[:60]]
    assert "En nog 40: toon de nieuwste" in page.content.decode()
    newest = look(browser, meeting)
    assert [row["id"] for row in newest.context["rows"]] == [one.pk for one in said[60:]]
    assert newest.context["earlier"] == 30


def test_hiding_leads_back_to_the_beamer_or_the_notes(cast, meeting):
    browser, (one, other) = cast.client(cast.leader), say(meeting, 2)
    for said, where, name in ((one, "scherm", "meeting_screen"), (other, "noteren", "meeting_notes")):
        address = reverse("contribution_hide", args=[said.pk]) + f"?naar={where}"
        answer = browser.post(address, {"reason": "naam"})
        assert answer["Location"] == reverse(name, args=[meeting.pk])
        said.refresh_from_db()
        assert said.hidden_reason == "Er staat de naam van iemand in"
    elsewhere = browser.post(reverse("contribution_hide", args=[one.pk]) + "?naar=//kwaad.example", {"reason": "naam"})
    assert elsewhere["Location"] == reverse("contribution_hidden", args=[meeting.trajectory_id])


# --- noting -------------------------------------------------------------------------------------------------------------
def note(browser, meeting: Meeting, text: str = "Meer licht.", headers=None, **more):
    form = {
        "key": str(uuid.uuid4()),
        "text": text,
        "said_by": "",
        "addressed_to": "",
        "card": "",
        "question": "0",
    } | more
    return browser.post(reverse("meeting_notes", args=[meeting.pk]), form, headers=headers or {})


def test_note_stands_with_its_question_party_and_card(cast, meeting, items):
    card = participants.make_cards(meeting, count=7)[6]
    party, to = cast.parties[0], cast.parties[1]
    answer = note(
        cast.client(cast.adviser), meeting, said_by=party.pk, addressed_to=to.pk, card="7", question=items[3].pk
    )
    said = Contribution.objects.get()
    assert (said.source, said.kind, said.question) == ("genoteerd", "verwachting", "Waar is het gevaarlijk?")
    assert (said.said_by, said.addressed_to, said.participant) == (party, to, card)
    page = cast.client(cast.adviser).get(answer["Location"])
    assert str(page.context["form"]["said_by"].value()) == str(party.pk)
    assert str(page.context["form"]["question"].value()) == str(items[3].pk)
    assert not page.context["form"]["addressed_to"].value()


def test_note_sent_twice_stands_once(cast, meeting):
    browser, form = cast.client(cast.leader), {"text": "Meer licht.", "said_by": "", "question": "0"}
    form |= hidden_in(browser, reverse("meeting_notes", args=[meeting.pk]))
    answers = [browser.post(reverse("meeting_notes", args=[meeting.pk]), form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Contribution.objects.count() == 1


def test_unknown_card_is_a_sentence_and_the_words_stay(cast, meeting):
    participants.make_cards(MeetingFactory(trajectory=cast.trajectory), count=12)
    page = note(cast.client(cast.leader), meeting, "Een bankje.", card="12").content.decode()
    assert "Kaart 12 kennen wij niet." in page
    assert "Een bankje." in page
    told = note(cast.client(cast.leader), meeting, card="12", headers=HTMX)
    assert told["Content-Type"].startswith("text/plain")
    assert "nog niet opgeslagen. Kaart 12 kennen wij niet." in told.content.decode()
    assert not Contribution.objects.exists()


def test_two_note_takers_see_their_own_notes_only(cast, meeting):
    one, other = cast.client(cast.leader), cast.client(cast.adviser)
    note(one, meeting, "Van de eerste.")
    swapped = note(other, meeting, "Van de tweede.", headers=HTMX).content.decode()
    assert "Van de tweede." in swapped
    assert "Van de eerste." not in swapped
    assert "<html" not in swapped
    assert "Van de eerste." in one.get(reverse("meeting_notes", args=[meeting.pk])).content.decode()


def test_note_for_a_closed_meeting_is_kept_apart_and_told(cast):
    meeting = MeetingFactory(trajectory=cast.trajectory, state="closed")
    page = note(cast.client(cast.leader), meeting, headers=HTMX).content.decode()
    assert "De bijeenkomst is al gesloten." in page
    assert LateContribution.objects.get().words["source"] == "genoteerd"


def test_note_for_a_planned_meeting_is_not_lost(cast):
    meeting = MeetingFactory(trajectory=cast.trajectory, state="planned")
    page = note(cast.client(cast.leader), meeting, "Een bankje.").content.decode()
    assert "niet opgeslagen" in page
    assert "Een bankje." in page


def test_talk_asks_one_question_after_the_other(cast, meeting, items):
    Meeting.objects.filter(pk=meeting.pk).update(kind="gesprek", question="")
    browser = cast.client(cast.leader)
    page = browser.get(reverse("meeting_notes", args=[meeting.pk]))
    assert (page.context["question"], page.context["next"]) == ("Waar is groen nodig?", items[3].pk)
    page = browser.get(reverse("meeting_notes", args=[meeting.pk]) + f"?vraag={items[3].pk}")
    assert (page.context["question"], page.context["previous"]) == ("Waar is het gevaarlijk?", items[1].pk)


# --- pasting ------------------------------------------------------------------------------------------------------------
def paste(browser, meeting: Meeting, lines: str, **more):
    return browser.post(reverse("lines_paste", args=[meeting.pk]), {"lines": lines, "question": "0"} | more)


def test_pasted_lines_are_shown_first_and_then_all_stand(cast, meeting, items):
    browser = cast.client(cast.leader)
    lines = 'Meer licht; ook \'s avonds\n\n1.\t"Groen", zei zij\nمزيد من الضوء\n👩‍👩‍👧 spelen\0\n'
    answer = paste(browser, meeting, lines, question=items[1].pk)
    assert "4 regels" in browser.get(answer["Location"]).content.decode()
    assert not Contribution.objects.exists()
    for _ in range(2):
        browser.post(answer["Location"])
    said = Contribution.objects.order_by("pk")
    assert [one.text for one in said] == [
        "Meer licht; ook 's avonds", '1. "Groen", zei zij', "مزيد من الضوء", "👩‍👩‍👧 spelen",
    ]  # fmt: skip
    assert {one.question for one in said} == {"Waar is groen nodig?"}


def test_pasted_table_has_columns(cast, meeting):
    table = f'inbreng\tpartij\n"Een bankje\nbij de kerk"\t{cast.parties[2].name}\n'
    answer = paste(cast.client(cast.leader), meeting, table)
    cast.client(cast.leader).post(answer["Location"])
    said = Contribution.objects.get()
    assert (said.text, said.said_by) == ("Een bankje\nbij de kerk", cast.parties[2])


def test_one_bad_line_stops_all_and_everything_is_still_there(cast, meeting):
    page = paste(cast.client(cast.leader), meeting, "Goed\n" + "x" * 2001 + "\n").content.decode()
    assert "Regel 2: de tekst" in page
    assert "x" * 2001 in page
    assert not meeting.sheet_imports.exists()


@pytest.mark.parametrize("lines", ["", " \n\t\n", "\0\0", "inbreng\n"])
def test_nothing_pasted_is_a_sentence(cast, meeting, lines):
    answer = paste(cast.client(cast.leader), meeting, lines)
    assert answer.status_code == 200
    assert answer.context["form"].errors["lines"]


def test_too_many_lines_are_a_sentence():
    with pytest.raises(intake_rows.SheetError, match=r"5\.001 regels"):
        intake_rows.read_lines("a\n" * 5001, parties={})


def test_ten_megabytes_pasted_is_a_page_that_says_so(cast, meeting):
    browser = cast.client(cast.leader)
    answer = paste(browser, meeting, "Meer licht. 👩 " * 600_000)
    assert answer.status_code == 400
    assert "Meer dan 2 MB past niet in één keer." in answer.content.decode()


# --- who is there -------------------------------------------------------------------------------------------------------
def count_at(browser, meeting: Meeting, party: object, step: str = "plus", **more):
    return browser.post(reverse("attendance_count", args=[meeting.pk]), {"party": party, "step": step}, **more)


def test_one_tap_is_one_person_and_never_fewer_than_none(cast, meeting):
    browser, party = cast.client(cast.leader), cast.parties[1]
    for step in ("min", "plus", "plus", "min", "plus"):
        count_at(browser, meeting, party.pk, step)
        answer = count_at(browser, meeting, 0, step)
    assert meeting.attendances.get().people == 2
    meeting.refresh_from_db()
    assert meeting.residents == 2
    assert answer["Location"].endswith("#partij-0")
    for _ in range(3):
        count_at(browser, meeting, party.pk, "min")
    assert not meeting.attendances.exists()


def test_invited_and_not_there(cast, meeting):
    comes, away = cast.parties[:2]
    invited = {"answered_at": timezone.now() - timedelta(days=1)}
    meeting.invitations.create(party=comes, answer="komt", people=3, **invited)
    meeting.invitations.create(party=away, answer="komt niet", **invited)
    count_at(cast.client(cast.leader), meeting, comes.pk)
    phone = participants.join(meeting, device=uuid.uuid4())
    participants.check_in(phone, party=comes)
    page = cast.client(cast.reader).get(reverse("meeting_presence", args=[meeting.pk]))
    row = next(row for row in page.context["parties"] if row["pk"] == comes.pk)
    assert (row["by_hand"], row["by_phone"], row["there"]) == (1, 1, 2)
    assert page.context["missing"] == [away.name]
    assert page.context["total"] == 2
    text = page.content.decode()
    assert "Komt met 3" in text
    assert "één meer" not in text


def test_count_of_a_closed_meeting_stands(cast):
    meeting = MeetingFactory(trajectory=cast.trajectory, state="closed", residents=3)
    with pytest.raises(Refused, match="gesloten"):
        counting.count(meeting, party=None, step=1, by=Person.objects.first())
    assert "Bewoners: één meer" not in (
        cast.client(cast.leader).get(reverse("meeting_presence", args=[meeting.pk])).content.decode()
    )


def test_presence_polls_and_swaps_what_a_reload_shows(cast, meeting):
    browser, address = cast.client(cast.leader), reverse("meeting_presence", args=[meeting.pk])
    mark = browser.get(address).context["mark"]
    assert browser.get(f"{address}?sinds={mark}", headers=HTMX).status_code == 204
    count_at(cast.client(cast.adviser), meeting, 0)
    swapped = browser.get(f"{address}?sinds={mark}", headers=HTMX)
    assert swapped.context["residents"]["there"] == 1
    assert "<html" not in swapped.content.decode()
