"""A werkbijeenkomst: the point on the screen, its four questions, and what each party in the room says of it."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agendas import consenting, drafting
from agendas.models import Consent, ImprovementPoint, PointOnScreen
from tests.factories import CommitmentFactory, MeetingFactory, PointFactory, ThemeFactory
from tests.pages import fields_of
from thuiswijk.lib.errors import Refused
from trajectories import meetings
from trajectories.report_files import report_html

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(cast):
    """A werkbijeenkomst in which two of the three parties are, with a theme of two points."""
    cast.meeting = MeetingFactory(trajectory=cast.trajectory, kind="werk", title="Werkbijeenkomst 1")
    cast.first, cast.second, cast.absent = cast.parties
    cast.meeting.attendances.create(party=cast.first, people=2)
    cast.meeting.participants.create(card=1, party=cast.second, checked_in_at=cast.meeting.starts_at)
    theme = ThemeFactory(trajectory=cast.trajectory, name="Groen")
    cast.point = PointFactory(theme=theme, title="Een bankje", position=1)
    cast.other = PointFactory(theme=theme, title="Meer licht", position=2)
    CommitmentFactory(point=cast.point, party=cast.first, role="trekker", text="Wij zetten het neer.")
    CommitmentFactory(point=cast.point, party=cast.second, role="kan_niet", text="Wij hebben geen geld.")
    return cast


def noted(room, party, answer="akkoord", words="", **other) -> Consent:
    known = {"party": party, "meeting": room.meeting, "by": room.adviser, "seen": consenting.digest_of(room.point)}
    return consenting.note(room.point, answer=answer, words=words, **known | other)


def voices(room) -> dict[str, tuple[str, str, bool]]:
    point = ImprovementPoint.objects.get(pk=room.point.pk)
    return {one.name: (one.answer, one.words, one.is_earlier) for one in consenting.room_of(room.meeting, point)}


def gaps_of(room) -> list[drafting.Gap]:
    agenda = drafting.start(room.trajectory, by=room.leader)
    return [gap for gap in drafting.gaps(agenda) if "akkoord" in gap.sentence]


def test_room_holds_the_parties_that_are_there_whether_counted_or_come_in_by_themselves(room):
    assert voices(room) == {room.first.name: ("", "", False), room.second.name: ("", "", False)}
    roles = {one.name: one.roles for one in consenting.room_of(room.meeting, room.point)}
    assert roles == {room.first.name: ["trekker"], room.second.name: ["kan dit niet"]}


def test_last_answer_stands_and_history_keeps_the_first(room):
    first = noted(room, room.first)
    last = noted(room, room.first, "opmerking", "Mits het van hout is.")
    assert (first.pk, voices(room)[room.first.name]) == (last.pk, ("opmerking", "Mits het van hout is.", False))
    assert list(last.events.order_by("pgh_id").values_list("pgh_label", "answer")) == [
        ("insert", "akkoord"),
        ("update", "opmerking"),
    ]


def test_answer_is_of_the_text_as_it_stood(room):
    noted(room, room.first)
    room.point.commitments.filter(role="trekker").update(text="Wij zetten er twee neer.")
    assert voices(room)[room.first.name] == ("akkoord", "", True)
    room.point.commitments.filter(role="trekker").update(text="Wij zetten het neer.")
    assert voices(room)[room.first.name] == ("akkoord", "", False)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Twee bankjes"}, {"why": "Om te zitten."}, {"first_step": "Iets anders"}, {"ready_on": None},
        {"means": "Geld"}, {"noticed_by": "Mensen zitten"}, {"signal": "Niemand zit"}, {"cause": "Er is niets"},
        {"serves": ["lef"]},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_every_word_of_a_point_counts(room, change):
    before = consenting.digest_of(room.point)
    ImprovementPoint.objects.filter(pk=room.point.pk).update(**change)
    assert consenting.digest_of(ImprovementPoint.objects.get(pk=room.point.pk)) != before


def test_money_counts_and_the_order_of_points_does_not(room):
    before = consenting.digest_of(room.point)
    ImprovementPoint.objects.filter(pk=room.point.pk).update(position=9)
    assert consenting.digest_of(ImprovementPoint.objects.get(pk=room.point.pk)) == before
    room.point.amounts.create(what="hout", amount=100, source="de gemeente")
    assert consenting.digest_of(room.point) != before


def test_text_that_changed_meanwhile_is_asked_again(room):
    seen = consenting.digest_of(room.point)
    ImprovementPoint.objects.filter(pk=room.point.pk).update(title="Twee bankjes")
    with pytest.raises(Refused, match="net veranderd"):
        noted(room, room.first, seen=seen)
    assert not Consent.objects.exists()


def test_who_is_not_there_says_nothing(room):
    with pytest.raises(Refused, match="is er niet volgens de lijst"):
        noted(room, room.absent)


@pytest.mark.parametrize(
    ("state", "says"), [("closed", "gesloten"), ("cancelled", "gaat niet door"), ("planned", "nog niet open")]
)
def test_meeting_that_is_not_open_takes_no_answer_and_gives_none_back(room, state, says):
    noted(room, room.first)
    room.meeting.state = state
    room.meeting.save()
    with pytest.raises(Refused, match=says):
        noted(room, room.second)
    with pytest.raises(Refused, match=says):
        consenting.take_back(room.point, party=room.first, meeting=room.meeting)
    assert Consent.objects.count() == 1


def test_slip_of_the_finger_is_taken_back_once(room):
    noted(room, room.first, "bezwaar", "Nee.")
    assert consenting.take_back(room.point, party=room.first, meeting=room.meeting)
    assert not consenting.take_back(room.point, party=room.first, meeting=room.meeting)
    assert voices(room)[room.first.name] == ("", "", False)


# --- the database itself ------------------------------------------------------------------------------------------------
def row(room, **other) -> Consent:
    known = {"point": room.point, "party": room.first, "meeting": room.meeting, "answer": "akkoord", "digest": "0" * 64}
    return Consent.objects.create(**known | {"noted_by": room.adviser} | other)


@pytest.mark.parametrize(
    "other",
    [
        {"answer": "bezwaar"}, {"answer": "opmerking"}, {"words": "Toch iets."}, {"answer": "misschien", "words": "?"},
        {"answer": "bezwaar", "words": "Nee.", "reply": "Toch wel."}, {"reply": "Waarop?"},
    ],
)  # fmt: skip
def test_database_refuses_an_answer_that_does_not_say_what(room, other):
    with pytest.raises(IntegrityError), transaction.atomic():
        row(room, **other)


def test_database_refuses_who_was_not_there_another_trajectory_a_closed_meeting_and_a_second_row(room):
    elsewhere = MeetingFactory(trajectory=room.elsewhere)
    elsewhere.attendances.create(party=room.first)
    for other in ({"party": room.absent}, {"meeting": elsewhere}):
        with pytest.raises(IntegrityError), transaction.atomic():
            row(room, **other)
    with pytest.raises(IntegrityError), transaction.atomic():
        PointOnScreen.objects.create(meeting=elsewhere, point=room.point)
    consent = row(room)
    with pytest.raises(IntegrityError), transaction.atomic():
        row(room)
    room.meeting.state = "closed"
    room.meeting.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(answer="bezwaar", words="Toch niet.")


# --- what the draft still lacks -----------------------------------------------------------------------------------------
def test_objection_is_a_gap_until_it_is_answered(room):
    consent = noted(room, room.second, "bezwaar", "Het is te duur.")
    noted(room, room.first, "opmerking", "Graag van hout.")
    assert [(gap.sentence, gap.url) for gap in gaps_of(room)] == [(
        f"{room.second.name} kon niet akkoord gaan met verbeterpunt “Een bankje”. Daar is nog geen antwoord op.",
        f"/verbeterpunten/{room.point.pk}/zaal/#antwoord-{consent.pk}",
    )]  # fmt: skip
    ImprovementPoint.objects.filter(pk=room.point.pk).update(why="Om te zitten.")
    assert gaps_of(room)  # another text alone is no answer
    consenting.reply(consent, text="De gemeente betaalt.", by=room.leader)
    assert gaps_of(room) == []
    noted(room, room.second, "bezwaar", "Nog steeds te duur.", seen=consenting.digest_of(_again(room)))
    assert gaps_of(room)


def _again(room) -> ImprovementPoint:
    room.point = ImprovementPoint.objects.get(pk=room.point.pk)
    return room.point


def test_objection_is_no_gap_once_the_party_agrees_in_a_later_meeting(room):
    noted(room, room.second, "bezwaar", "Het is te duur.")
    room.meeting.state = "closed"
    room.meeting.save()
    room.meeting = MeetingFactory(trajectory=room.trajectory, kind="werk", title="Werkbijeenkomst 2")
    room.meeting.attendances.create(party=room.second)
    assert gaps_of(room)
    noted(room, room.second)
    assert gaps_of(room) == []


def test_reply_to_who_has_no_objection_any_more_is_refused(room):
    consent = noted(room, room.second, "bezwaar", "Het is te duur.")
    noted(room, room.second)
    with pytest.raises(Refused, match="geen bezwaar meer"):
        consenting.reply(consent, text="De gemeente betaalt.", by=room.leader)


# --- the pages ----------------------------------------------------------------------------------------------------------
def work(room) -> str:
    return reverse("work_point", args=[room.meeting.pk, room.point.pk])


def press(room, browser, party, answer, words="", **other):
    typed = {"party": party.pk, "answer": answer, "words": words, "seen": consenting.digest_of(room.point)}
    return browser.post(f"{work(room)}instemming/", typed, **other)


def test_adviser_goes_through_a_theme_and_the_beamer_follows(room):
    browser = room.client(room.adviser)
    screen = reverse("work_screen", args=[room.meeting.pk])
    assert "Zo beginnen wij" in browser.get(screen).content.decode()
    page = browser.get(reverse("work_meeting", args=[room.meeting.pk])).content.decode()
    assert page.index("Een bankje") < page.index("Meer licht")
    answer = browser.post(reverse("work_show", args=[room.meeting.pk]), {"point": room.point.pk})
    assert answer.url == work(room)
    shown = browser.get(screen).content.decode()
    assert "punt 1 van 2" in shown
    for words in ("Wie is verantwoordelijk?", "Wij zetten het neer.", "kan dit niet", "Nog open", "Eerste stap"):
        assert words in shown
    after = browser.post(reverse("work_show", args=[room.meeting.pk]), {"point": room.other.pk, "naar": "scherm"})
    assert after.url == screen
    assert "Meer licht" in browser.get(screen).content.decode()


def test_beamer_is_quiet_when_nothing_is_new_and_light_when_something_is(room):
    browser = room.client(room.reader)
    screen = reverse("work_screen", args=[room.meeting.pk])
    consenting.show(room.meeting, room.point)
    for number in range(15):
        party = room.trajectory.parties.create(
            gemeente=room.here, name=f"Een partij met een lange naam {number}", kind="zorg"
        )
        room.meeting.attendances.create(party=party)
        CommitmentFactory(point=room.point, party=party, role="meewerkend", text="Wij helpen graag mee. " * 40)
    page = browser.get(screen, headers={"HX-Request": "true"})
    mark = re.search(r"sinds=(\w+)", page.content.decode())[1]
    assert len(page.content) < 10_000
    assert browser.get(screen, {"sinds": mark}, headers={"HX-Request": "true"}).status_code == 204
    noted(room, room.first)
    assert "Akkoord" in browser.get(screen, {"sinds": mark}, headers={"HX-Request": "true"}).content.decode()


def test_one_press_per_party_and_undone(room):
    browser = room.client(room.adviser)
    answer = press(room, browser, room.first, "akkoord")
    assert answer.url == f"{work(room)}#partij-{room.first.pk}"
    assert voices(room)[room.first.name][0] == "akkoord"
    swapped = press(room, browser, room.second, "bezwaar", "Te duur.", headers={"HX-Request": "true"}).content.decode()
    assert "“Te duur.”" in swapped
    assert "<html" not in swapped
    browser.post(f"{work(room)}instemming/", {"party": room.first.pk, "undo": "1"})
    assert voices(room)[room.first.name][0] == ""


@pytest.mark.parametrize(
    ("answer", "words", "says"),
    [
        ("opmerking", "", "Schrijf de opmerking van de partij in het vak."),
        ("bezwaar", " ", "waarom de partij niet akkoord kan gaan."),
        ("akkoord", "Mits het mooi is.", "U schreef er iets bij."),
        ("bezwaar", "x" * 501, "Deze tekst is te lang"),
        ("misschien", "", "Dit staat niet in de lijst."),
    ],
)
def test_answer_that_is_not_right_says_so_and_keeps_what_was_typed(room, answer, words, says):
    page = press(room, room.client(room.adviser), room.first, answer, words).content.decode()
    assert says in page
    assert words in page
    assert not Consent.objects.exists()


def test_refusal_stands_beside_the_party_until_the_page_is_loaded_anew(room):
    browser, seen = room.client(room.adviser), consenting.digest_of(room.point)
    ImprovementPoint.objects.filter(pk=room.point.pk).update(title="Twee bankjes")
    typed = {"party": room.first.pk, "answer": "akkoord", "words": "", "seen": seen}
    for _ in range(2):
        page = browser.post(f"{work(room)}instemming/", typed, headers={"HX-Request": "true"}).content.decode()
        assert "Ververs de pagina" in page
        assert f'value="{seen}"' in page
    assert not Consent.objects.exists()


def typed_in(page: str) -> dict[str, str]:
    """What the form of the point itself would send; those of the parties are others."""
    return fields_of(re.search(r'<form id="schrijven".*?</form>', page, re.DOTALL)[0])


def test_point_is_changed_by_its_own_form_and_two_editors_lose_nothing(room):
    browser = room.client(room.adviser)
    typed = typed_in(browser.get(work(room)).content.decode())
    assert browser.post(work(room), typed | {"why": "Om te zitten."}).url == work(room)
    assert voices_and_why(room) == (2, "Om te zitten.")
    typed = typed_in(browser.get(work(room)).content.decode())
    ImprovementPoint.objects.filter(pk=room.point.pk).update(first_step="Van een collega")
    page = browser.post(work(room), typed | {"first_step": "Van de adviseur"}).content.decode()
    assert "Iemand anders heeft dit intussen veranderd" in page
    assert "Nu staat er: Van een collega" in page
    assert "Van de adviseur" in page
    assert ImprovementPoint.objects.get(pk=room.point.pk).first_step == "Van een collega"


def voices_and_why(room) -> tuple[int, str]:
    return room.point.commitments.count(), ImprovementPoint.objects.get(pk=room.point.pk).why


def test_form_in_the_room_holds_every_field_of_a_point(room):
    page = room.client(room.adviser).get(work(room))
    form = page.context["form"]
    parts = [form, *form.amounts, *form.promises]
    boxes = (forms.CheckboxInput, forms.CheckboxSelectMultiple)  # what is not ticked is not sent
    names = {field.html_name for part in parts for field in part if not isinstance(field.field.widget, boxes)}
    assert names <= set(typed_in(page.content.decode()))


def test_wrong_amount_is_reached_from_the_summary(room):
    browser = room.client(room.adviser)
    typed = typed_in(browser.get(work(room)).content.decode())
    name = next(name for name in typed if name.endswith("-amount"))
    page = browser.post(work(room), typed | {name: "veel", name.replace("-amount", "-what"): "hout"}).content.decode()
    summary = re.search(r'class="error-summary".*?</div>', page, re.DOTALL)[0]
    assert f'href="#id_{name}"' in summary


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("closed", "Deze bijeenkomst is gesloten."), ("cancelled", "Deze bijeenkomst gaat niet door."),
        ("planned", "Deze bijeenkomst is nog niet open."),
    ],
)  # fmt: skip
def test_meeting_that_is_not_open_is_read_only(room, state, says):
    browser = room.client(room.adviser)
    shows, screen = (reverse(name, args=[room.meeting.pk]) for name in ("work_show", "work_screen"))
    browser.post(shows, {"point": room.point.pk})
    typed = typed_in(browser.get(work(room)).content.decode())
    room.meeting.state = state
    room.meeting.save()
    page = browser.get(work(room)).content.decode()
    assert says in page
    assert "Wij zetten het neer." in page
    assert 'id="schrijven"' not in page
    assert "Zet op de beamer" not in page
    assert reverse("work_point", args=[room.meeting.pk, room.other.pk]) in page
    choice = browser.get(reverse("work_meeting", args=[room.meeting.pk])).content.decode()
    assert says in choice
    assert "Bespreek" not in choice
    assert says in browser.post(shows, {"point": room.other.pk}, follow=True).content.decode()
    assert "Een bankje" in browser.get(screen).content.decode()
    assert "Volgende punt" not in browser.get(screen).content.decode()
    late = browser.post(work(room), typed | {"why": "Om te zitten."}).content.decode()
    assert says in late
    assert "Om te zitten." in late
    assert voices_and_why(room)[1] == room.point.why
    pressed = press(room, browser, room.first, "bezwaar", "Te duur.", headers={"HX-Request": "true"}).content.decode()
    assert re.search(rf'error-message">{says}.* U schreef: “Te duur.”', pressed)


def test_meeting_of_another_kind_has_no_points_on_its_beamer(room):
    browser, other = room.client(room.adviser), MeetingFactory(trajectory=room.trajectory, kind="start")
    for name, *args in (("work_meeting",), ("work_screen",), ("work_point", room.point.pk)):
        assert browser.get(reverse(name, args=[other.pk, *args])).status_code == 404
    for name, *args in (("work_show",), ("work_point", room.point.pk), ("consent_note", room.point.pk)):
        assert browser.post(reverse(name, args=[other.pk, *args]), {"point": room.point.pk}).status_code == 404
    assert not PointOnScreen.objects.exists()


def test_points_follow_each_other_across_themes(room):
    last = PointFactory(theme=ThemeFactory(trajectory=room.trajectory, name="Water"), title="Een plas minder")
    places = [consenting.place_of(point) for point in consenting.points_of(room.trajectory)]
    assert places == [
        consenting.Place(1, 3, None, room.other.pk),
        consenting.Place(2, 3, room.point.pk, last.pk),
        consenting.Place(3, 3, room.other.pk, None),
    ]
    page = room.client(room.adviser).get(reverse("work_point", args=[room.meeting.pk, room.other.pk]))
    assert "punt 2 van 3" in page.content.decode()
    assert f'value="{last.pk}">Volgende punt' in page.content.decode()


def test_objection_stays_readable_after_one_press_on_agreeing(room):
    consent = noted(room, room.second, "bezwaar", "Het is te duur.")
    consenting.reply(consent, text="De gemeente betaalt.", by=room.leader)
    noted(room, room.second)
    noted(room, room.second)  # the same once more is nothing new
    [voice] = [one for one in consenting.room_of(room.meeting, room.point) if one.name == room.second.name]
    assert voice.before == [consenting.Earlier("kan niet akkoord gaan", "Het is te duur.", "De gemeente betaalt.")]
    browser = room.client(room.adviser)
    page = browser.get(reverse("point_consents", args=[room.point.pk])).content.decode()
    assert "Eerder: kan niet akkoord gaan: “Het is te duur.” Wat ermee is gedaan: De gemeente betaalt." in page
    assert "Eerder: kan niet akkoord gaan: “Het is te duur.”" in browser.get(work(room)).content.decode()


def test_removal_locks_the_point_before_what_was_said_of_it(room):
    noted(room, room.first)
    with CaptureQueriesContext(connection) as captured:
        drafting.remove(room.point)
    asked = [query["sql"] for query in captured]
    locked = next(at for at, sql in enumerate(asked) if "agendas_improvementpoint" in sql and "FOR UPDATE" in sql)
    touched = next(at for at, sql in enumerate(asked) if sql.startswith('DELETE FROM "agendas_'))
    assert locked < touched


def test_page_of_a_point_tells_who_said_what_where_and_takes_a_reply(room):
    consent = noted(room, room.second, "bezwaar", "Het is te duur.")
    address = reverse("point_consents", args=[room.point.pk])
    reader = room.client(room.reader)
    page = reader.get(address).content.decode()
    for words in (room.second.name, "Het is te duur.", "Werkbijeenkomst 1", room.adviser.name):
        assert words in page
    assert "Wat is ermee gedaan?" not in page
    there = reverse("consent_reply", args=[room.point.pk])
    assert reader.post(there, {"consent": consent.pk, "reply": "X"}).status_code == 403
    browser = room.client(room.leader)
    assert "Schrijf op wat er met het bezwaar" in browser.post(there, {"consent": consent.pk}).content.decode()
    assert browser.post(there, {"consent": consent.pk, "reply": "De gemeente betaalt."}).url == address
    assert "De gemeente betaalt." in reader.get(address).content.decode()


def test_history_tells_what_was_noted(room):
    noted(room, room.first)
    page = room.client(room.reader).get(reverse("point_history", args=[room.point.pk])).content.decode()
    assert f"de notitie ‘{room.first.name}: akkoord’ bij ‘Een bankje’" in page


def test_tab_of_the_points_is_for_who_leads_a_werkbijeenkomst(room):
    address, there = reverse("meeting_detail", args=[room.meeting.pk]), reverse("work_meeting", args=[room.meeting.pk])
    assert there in room.client(room.adviser).get(address).content.decode()
    assert there not in room.client(room.reader).get(address).content.decode()


def test_removal_of_a_point_says_that_what_the_room_thought_goes_too(room):
    noted(room, room.first)
    browser, address = room.client(room.leader), reverse("point_remove", args=[room.point.pk])
    assert "Wat partijen er in de zaal van vonden: 1 keer." in browser.get(address).content.decode()
    assert browser.post(address).status_code == 302
    assert not Consent.objects.exists()


def test_what_is_gone_meanwhile_is_told(room):
    browser, gone = room.client(room.adviser), {"point": 0, "party": 0, "consent": 0}
    for name, args, says in [
        ("work_show", [room.meeting.pk], "Dit punt is er niet meer."),
        ("consent_note", [room.meeting.pk, room.point.pk], "Deze partij doet niet meer mee."),
        ("consent_reply", [room.point.pk], "Dit bezwaar is er niet meer."),
    ]:
        assert says in browser.post(reverse(name, args=args), gone, follow=True).content.decode()


def test_report_of_the_meeting_says_what_the_room_thought_and_nothing_of_another_one(room):
    before = noted(room, room.first, "bezwaar", "Niet in maart.")
    consenting.reply(before, text="Het wordt mei.", by=room.leader)
    noted(room, room.first)
    noted(room, room.second, "opmerking", "Mits het van hout is.")
    other = MeetingFactory(trajectory=room.trajectory, kind="werk")
    other.attendances.create(party=room.first, people=1)
    noted(room, room.first, "bezwaar", "Van een andere avond.", meeting=other)
    room.point.commitments.filter(role="kan_niet").update(text="Wij hebben dit jaar geen geld.")
    meetings.change_state(room.meeting, room.meeting.State.CLOSED, by=room.leader)
    report = room.meeting.reports.get()
    [point] = report.says["room"]
    assert (point["subject"], point["theme"]) == ("Een bankje", "Groen")
    said = {one["party"]: one for one in point["parties"]}
    earlier = {"answer": "kan niet akkoord gaan", "words": "Niet in maart.", "reply": "Het wordt mei."}
    assert said[room.first.name] == {
        "party": room.first.name, "answer": "akkoord", "words": "", "reply": "", "is_earlier": True, "before": [earlier],
    }  # fmt: skip
    assert said[room.second.name]["words"] == "Mits het van hout is."
    html = report_html(bytes(report.content))
    assert (
        "“Mits het van hout is.”" in html
        and "Eerder in de bijeenkomst: kan niet akkoord gaan: “Niet in maart.”" in html
    )
    assert "Van een andere avond" not in html
