"""After the meeting: outcomes that two people write at once, actions that carry over, and a report that is what was said."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from tests.conformance.quick import failures
from tests.factories import ContributionFactory, MeetingFactory
from tests.pages import fields_of, fill_in, hidden_in, let_go
from tests.trajectories.example_report import empty_report, example_report
from thuiswijk.lib import files
from thuiswijk.lib.canonical import canonical
from thuiswijk.lib.errors import Refused
from trajectories import intake, meetings, moderating, participants, reporting
from trajectories.models import Action, Meeting, MeetingReport
from trajectories.report_content import content_of
from trajectories.report_files import ODT_TYPE, draw_odt, draw_pdf, report_html

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


@pytest.fixture
def meeting(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return MeetingFactory(trajectory=cast.trajectory, title="Avond in De Brug", residents=12)


@pytest.fixture
def leader(cast):
    return cast.client(cast.leader)


def item_of(meeting: Meeting, title: str = "Welkom", **columns: object):
    return meeting.items.create(trajectory=meeting.trajectory, title=title, **columns)


def close(meeting: Meeting, cast) -> MeetingReport:
    meetings.change_state(meeting, Meeting.State.CLOSED, by=cast.leader)
    return meeting.reports.first()


def page_of(browser, meeting: Meeting) -> str:
    return browser.get(reverse("meeting_report", args=[meeting.pk])).content.decode()


# --- outcomes and actions ------------------------------------------------------------------------------------------------
def test_two_people_write_the_outcomes_of_two_items_and_both_stand(cast, leader, meeting):
    first, second = item_of(meeting, "Wonen"), item_of(meeting, "Groen")
    address = reverse("outcomes_save", args=[meeting.pk])
    ours, theirs = fields_of(page_of(leader, meeting)), fields_of(page_of(cast.client(cast.adviser), meeting))
    leader.post(address, ours | {f"punt-{first.pk}-outcome": "Meer huizen."})
    answer = cast.client(cast.adviser).post(address, theirs | {f"punt-{second.pk}-outcome": "Meer bomen."})
    assert answer.status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.outcome, second.outcome) == ("Meer huizen.", "Meer bomen.")


def test_second_to_write_the_same_outcome_is_told_and_loses_nothing(cast, leader, meeting):
    item = item_of(meeting, outcome="Zoals het was.")
    address, name = reverse("outcomes_save", args=[meeting.pk]), f"punt-{item.pk}-outcome"
    shown = fields_of(page_of(leader, meeting))
    leader.post(address, shown | {name: "Van de eerste."})
    page = leader.post(address, shown | {name: "Van de tweede."}).content.decode()
    assert "Iemand anders heeft dit intussen veranderd." in page
    assert "Van de tweede." in page
    assert "Nu staat er: Van de eerste." in page
    item.refresh_from_db()
    assert item.outcome == "Van de eerste."
    assert leader.post(address, fields_of(page)).status_code == 302
    item.refresh_from_db()
    assert item.outcome == "Van de tweede."


def test_outcome_sent_after_closing_is_not_saved_and_not_lost(cast, leader, meeting):
    item = item_of(meeting)
    shown = fields_of(page_of(leader, meeting))
    close(meeting, cast)
    sent = shown | {f"punt-{item.pk}-outcome": "Net te laat."}
    page = leader.post(reverse("outcomes_save", args=[meeting.pk]), sent).content.decode()
    assert "De bijeenkomst is intussen gesloten." in page
    assert "Net te laat." in page
    assert reverse("outcome_correct", args=[item.pk]) in page
    item.refresh_from_db()
    assert item.outcome == ""


def test_database_refuses_an_outcome_of_a_closed_meeting(cast, meeting):
    item = item_of(meeting, outcome="Zo is het.")
    close(meeting, cast)
    for change in (
        lambda: meeting.items.update(outcome="Toch anders."),
        lambda: item_of(meeting, "Nog een punt"),
        lambda: item.delete(),
    ):
        with pytest.raises(DatabaseError, match="The meeting is closed"), transaction.atomic():
            change()


def test_open_actions_stand_on_the_next_meetings_until_they_are_done(cast, leader, meeting):
    later = MeetingFactory(trajectory=cast.trajectory, starts_at=meeting.starts_at + timedelta(days=28))
    address = reverse("action_add", args=[meeting.pk])
    key = hidden_in(leader, reverse("meeting_report", args=[meeting.pk]))["key"]
    for _ in range(2):
        leader.post(address, {"text": "De lamp maken", "party": cast.parties[0].pk, "due_on": "2026-12-01", "key": key})
    action = Action.objects.get()
    assert list(Action.objects.open_before(later)) == [action]
    assert not Action.objects.open_before(meeting).exists()
    assert not Action.objects.open_before(MeetingFactory(starts_at=later.starts_at)).exists()
    assert "De lamp maken" in page_of(leader, later)
    assert "De lamp maken" in leader.get(reverse("meeting_items", args=[later.pk])).content.decode()

    state = reverse("action_state", args=[action.pk])
    answer = leader.post(state, {"state": "done", "meeting": later.pk})
    assert answer["Location"].startswith(reverse("meeting_report", args=[later.pk]))
    action.refresh_from_db()
    assert (action.done_by, action.done_at is None) == (cast.leader, False)
    assert "“De lamp maken” is klaar." in page_of(leader, later)
    assert "De lamp maken" not in page_of(leader, later)
    leader.post(state, {"state": "open"})
    assert "De lamp maken" in page_of(leader, later)


def test_action_without_words_comes_back_with_a_sentence(cast, leader, meeting):
    page = leader.post(reverse("action_add", args=[meeting.pk]), {"text": ""}).content.decode()
    assert "Schrijf op wat er wordt gedaan." in page
    assert not meeting.actions.exists()


@pytest.mark.parametrize("address", ["action_add", "outcomes_save"])
def test_outcome_and_action_that_are_sent_together_are_both_kept(leader, meeting, address):
    item, shown = item_of(meeting), fields_of(page_of(leader, meeting))
    sent = shown | {f"punt-{item.pk}-outcome": "Meer licht.", "text": "De lamp maken"}
    for _ in range(2):
        assert leader.post(reverse(address, args=[meeting.pk]), sent).status_code == 302
    item.refresh_from_db()
    assert (item.outcome, [action.text for action in meeting.actions.all()]) == ("Meer licht.", ["De lamp maken"])


def test_what_is_typed_beside_an_action_that_is_done_is_kept(cast, leader, meeting):
    item, action = item_of(meeting), meeting.actions.create(text="Bel de aannemer")
    page = page_of(leader, meeting)
    assert f'form="vastleggen" formaction="{reverse("action_state", args=[action.pk])}"' in page
    typed = {f"punt-{item.pk}-outcome": "Meer licht.", "text": "De lamp maken"}
    answer = leader.post(reverse("action_state", args=[action.pk]), fields_of(page) | typed | {"state": "done"})
    assert answer["Location"].startswith(reverse("meeting_report", args=[meeting.pk]))
    item.refresh_from_db()
    assert item.outcome == "Meer licht."
    assert {one.text: one.done_at is None for one in meeting.actions.all()} == {
        "Bel de aannemer": False,
        "De lamp maken": True,
    }


def test_meeting_without_items_keeps_the_action_that_is_typed_as_well(leader, meeting):
    action = meeting.actions.create(text="De lamp maken")
    page = page_of(leader, meeting)
    assert f'form="vastleggen" formaction="{reverse("action_state", args=[action.pk])}"' in page
    typed = fields_of(page) | {"text": "Vragen wie de sleutel heeft", "state": "done"}
    answer = leader.post(reverse("action_state", args=[action.pk]), typed)
    assert answer["Location"] == reverse("meeting_report", args=[meeting.pk]) + "#actiepunten"
    assert {one.text: one.done_at is None for one in meeting.actions.all()} == {
        "De lamp maken": False,
        "Vragen wie de sleutel heeft": True,
    }


def test_enter_presses_a_button_that_finishes_no_action(cast, leader, meeting):
    later = MeetingFactory(trajectory=cast.trajectory, starts_at=meeting.starts_at + timedelta(days=28))
    item_of(later)
    action = meeting.actions.create(text="Bel de aannemer")
    page = page_of(leader, later)
    assert page.index('id="vastleggen"') < page.index('tabindex="-1" aria-hidden="true">Bewaar<')
    assert page.index('aria-hidden="true">Bewaar<') < page.index(f'id="actie-{action.pk}"')


def test_outcome_stands_where_the_action_is_refused(leader, meeting):
    item, shown = item_of(meeting), fields_of(page_of(leader, meeting))
    sent = shown | {f"punt-{item.pk}-outcome": "Meer licht.", "text": "", "due_on": "morgen"}
    page = leader.post(reverse("outcomes_save", args=[meeting.pk]), sent).content.decode()
    assert "Schrijf op wat er wordt gedaan." in page
    item.refresh_from_db()
    assert item.outcome == fields_of(page)[f"punt-{item.pk}-outcome"] == "Meer licht."
    answer = leader.post(reverse("outcomes_save", args=[meeting.pk]), fields_of(page) | {"text": "Bel", "due_on": ""})
    assert (answer.status_code, meeting.actions.get().text) == (302, "Bel")


def test_action_waits_where_an_outcome_is_refused(cast, leader, meeting):
    item, shown = item_of(meeting, outcome="Zoals het was."), fields_of(page_of(leader, meeting))
    address, name = reverse("action_add", args=[meeting.pk]), f"punt-{item.pk}-outcome"
    meeting.items.update(outcome="Van een ander.")
    page = leader.post(address, shown | {name: "Van ons.", "text": "De lamp maken"}).content.decode()
    assert "Nu staat er: Van een ander." in page
    assert (fields_of(page)[name], fields_of(page)["text"]) == ("Van ons.", "De lamp maken")
    assert not meeting.actions.exists()
    assert leader.post(address, fields_of(page)).status_code == 302
    item.refresh_from_db()
    assert (item.outcome, meeting.actions.get().text) == ("Van ons.", "De lamp maken")


def test_closed_meeting_takes_no_action(cast, leader, meeting):
    assert "Nog een actiepunt erbij?" not in page_of(leader, meeting)
    close(meeting, cast)
    page = leader.post(reverse("action_add", args=[meeting.pk]), {"text": "De lamp maken"}).content.decode()
    assert "Zet het actiepunt bij een volgende bijeenkomst." in page
    assert "De lamp maken" in page
    assert not meeting.actions.exists()
    assert "Nog een actiepunt erbij?" in page_of(leader, meeting)


# --- what the report says ------------------------------------------------------------------------------------------------
def test_report_says_what_was_said_and_names_no_resident(cast, meeting):
    item_of(meeting, "Wat is nodig?", question="Wat is nodig?", outcome="Licht.")
    meeting.attendances.create(party=cast.parties[0], people=3)
    ContributionFactory(meeting=meeting, question="Wat is nodig?", text="Een lamp.", said_by=cast.parties[0])
    ContributionFactory(meeting=meeting, question="", text="Zomaar iets.")
    rude = ContributionFactory(meeting=meeting, question="Wat is nodig?", text="Die en die is een sufferd.")
    moderating.hide(rude, by=cast.leader, reason="Er staat een naam in")
    says = close(meeting, cast).says
    assert says["residents"] == 12
    assert [(one["name"], one["people"]) for one in says["parties"]] == [(cast.parties[0].name, 3)]
    asked, loose = says["questions"]
    assert (asked["question"], asked["hidden"]) == ("Wat is nodig?", 1)
    assert [(one["text"], one["said_by"]) for one in asked["said"]] == [("Een lamp.", cast.parties[0].name)]
    assert [(one["text"], one["said_by"]) for one in loose["said"]] == [("Zomaar iets.", None)]
    assert (says["contributions"], says["hidden"]) == (3, 1)
    assert "sufferd" not in json.dumps(says)
    assert cast.leader.name not in json.dumps(says)


def test_opened_and_closed_again_gives_the_next_number_and_the_first_stays(cast, meeting):
    first = close(meeting, cast)
    frozen = bytes(first.content)
    meetings.change_state(meeting, Meeting.State.OPENED, by=cast.leader)
    item_of(meeting, "Vergeten")
    second = close(meeting, cast)
    assert (first.number, second.number) == (1, 2)
    first.refresh_from_db()
    assert bytes(first.content) == frozen
    assert [one["title"] for one in second.says["items"]] == ["Vergeten"]


def test_correction_stands_beside_the_outcome_and_orders_a_report(cast, leader, meeting):
    item = item_of(meeting, outcome="Achter de Beukenstraat.")
    address = reverse("outcome_correct", args=[item.pk])
    assert "nog niet gesloten" in fill_in(leader, address, {"text": "Achter de Lindelaan."}).content.decode()
    close(meeting, cast)
    form = hidden_in(leader, address) | {"text": "Achter de Lindelaan."}
    for _ in range(2):
        assert leader.post(address, form).status_code == 302
    assert item.corrections.get().corrected_by == cast.leader
    report = meeting.reports.get(number=2)
    (said,) = report.says["items"]
    assert said["outcome"] == "Achter de Beukenstraat."
    assert [one["text"] for one in said["corrections"]] == ["Achter de Lindelaan."]
    page = page_of(leader, meeting)
    assert "Achter de Beukenstraat." in page
    assert "Verbetering van" in page


def test_report_of_a_meeting_that_is_open_is_refused(meeting):
    with pytest.raises(Refused):
        reporting.order(meeting)


# --- what a worker makes of it -------------------------------------------------------------------------------------------
def test_report_is_drawn_once_and_downloads_as_attachments(cast, leader, meeting):
    report = close(meeting, cast)
    assert reporting.draw(report.pk)
    assert not reporting.draw(report.pk)
    report.refresh_from_db()
    day = timezone.localdate(meeting.starts_at).isoformat()
    for kind, type_ in (("pdf", "application/pdf"), ("odt", ODT_TYPE)):
        answer = let_go(leader.get(reverse("report_download", args=[report.pk, kind])))
        assert answer["Content-Type"] == type_
        assert answer["Content-Disposition"] == f'attachment; filename="verslag-avond-in-de-brug-{day}-nr-1.{kind}"'


def test_page_polls_until_there_is_something_new(cast, leader, meeting):
    address = reverse("meeting_report", args=[meeting.pk])

    def poll() -> tuple[int, str]:
        mark = leader.get(address).context["mark"]
        answer = leader.get(address, {"sinds": mark}, **HTMX)
        return answer.status_code, mark

    assert poll()[0] == 204
    before = poll()[1]
    report = close(meeting, cast)
    fragment = leader.get(address, {"sinds": before}, **HTMX).content.decode()
    assert "Het verslag volgt vanzelf." in fragment
    assert "<html" not in fragment
    assert poll()[0] == 204
    before = poll()[1]
    reporting.draw(report.pk)
    assert "Download PDF" in leader.get(address, {"sinds": before}, **HTMX).content.decode()


def test_what_cannot_be_drawn_is_parked_and_tried_again_by_hand(cast, leader, meeting, settings, tmp_path):
    report = close(meeting, cast)
    in_the_way = tmp_path / "bestand"
    in_the_way.write_text("geen map")
    settings.MEDIA_ROOT = in_the_way
    for _ in range(MeetingReport.MAX_ATTEMPTS):
        MeetingReport.objects.filter(pk=report.pk).update(next_try_at=timezone.now())
        assert not reporting.draw(report.pk)
    report.refresh_from_db()
    assert report.state == "failed"
    assert "Probeer opnieuw" in page_of(leader, meeting)
    settings.MEDIA_ROOT = tmp_path
    leader.post(reverse("report_order", args=[meeting.pk]))
    assert reporting.draw(report.pk)
    assert meeting.reports.count() == 1


@pytest.mark.parametrize(
    "change",
    [{"content": b"{}"}, {"number": 9}, {"pages": 9}, {"state": "waiting"}, {"pdf_sha256": "0" * 64}],
    ids=lambda change: next(iter(change)),
)
def test_database_refuses_to_change_a_stored_report(cast, meeting, change):
    report = close(meeting, cast)
    reporting.draw(report.pk)
    rows = MeetingReport.objects.filter(pk=report.pk)
    with pytest.raises(DatabaseError, match="can not be changed"), transaction.atomic():
        rows.update(**change)
    with pytest.raises(DatabaseError, match="can not be changed"), transaction.atomic():
        rows.delete()


def test_erased_words_take_the_reports_that_hold_them_away(cast, leader, meeting):
    said = ContributionFactory(meeting=meeting, text="Ik heet zo en zo.")
    report = close(meeting, cast)
    reporting.draw(report.pk)
    report.refresh_from_db()
    paths = [files.path_of(reporting.reports_folder(), digest) for digest in (report.pdf_sha256, report.odt_sha256)]
    assert all(path.exists() for path in paths)
    moderating.erase(said, by=cast.leader)
    reporting.sweep()
    report.refresh_from_db()
    assert bytes(report.content) == b""
    assert not any(path.exists() for path in paths)
    assert let_go(leader.get(reverse("report_download", args=[report.pk, "pdf"]))).status_code == 404
    newest = meeting.reports.get(number=2)
    assert b"Ik heet" not in bytes(newest.content)
    assert "omdat er inbreng is gewist" in page_of(leader, meeting)


def test_erased_words_leave_a_report_that_never_held_them(cast, meeting):
    report = close(meeting, cast)
    meetings.change_state(meeting, Meeting.State.OPENED, by=cast.leader)
    moderating.erase(ContributionFactory(meeting=meeting, text="Later gezegd."), by=cast.leader)
    report.refresh_from_db()
    assert report.withdrawn_at is None


def test_worker_that_draws_while_words_are_erased_stores_nothing(cast, meeting):
    said = ContributionFactory(meeting=meeting, text="Ik heet zo en zo.")
    report = close(meeting, cast)
    claim = uuid.uuid4()
    MeetingReport.objects.filter(pk=report.pk).update(state="claimed", claim=claim, leased_until=timezone.now())
    drawn = draw_pdf(bytes(report.content)), draw_odt(bytes(report.content))
    moderating.erase(said, by=cast.leader)
    assert not reporting._finish(report, claim, *drawn)
    assert [path for path in reporting.reports_folder().rglob("*") if path.is_file()] == []


def test_hiding_after_closing_gives_a_new_report(cast, meeting):
    said = ContributionFactory(meeting=meeting, text="Een belediging.")
    close(meeting, cast)
    for _ in range(2):
        moderating.hide(said, by=cast.leader, reason="Het is een belediging")
    assert meeting.reports.count() == 2
    assert b"belediging" not in bytes(meeting.reports.get(number=2).content)


def test_report_counts_who_came_in_with_a_phone(cast, meeting):
    Meeting.objects.filter(pk=meeting.pk).update(residents=3)
    for party in (None, None, cast.parties[2]):
        participants.check_in(participants.join(meeting, device=uuid.uuid4()), party=party)
    meeting = Meeting.objects.get(pk=meeting.pk)
    says = content_of(meeting, number=1, made_at=timezone.now())
    assert says["residents"] == 5
    assert {one["name"]: one["people"] for one in says["parties"]}[cast.parties[2].name] >= 1


def test_flip_over_read_in_after_closing_gives_a_new_report(cast, meeting):
    meetings.change_state(meeting, Meeting.State.CLOSED, by=cast.leader)
    sheet = intake.read_sheet_of(meeting, name="flap.csv", data=b"inbreng\nNog een flap.\n", by=cast.leader)
    intake.confirm(sheet, by=cast.leader)
    assert meeting.reports.count() == 2
    assert meeting.reports.order_by("-number")[0].quotes("Nog een flap.")


def test_older_report_is_for_who_leads(cast, leader, meeting):
    said = ContributionFactory(meeting=meeting, text="Er staat een naam in.")
    meetings.change_state(meeting, Meeting.State.CLOSED, by=cast.leader)
    moderating.hide(said, by=cast.leader, reason="Er staat de naam van iemand in")
    for order in meeting.reports.all():
        assert reporting.draw(order.pk)
    older, newer = meeting.reports.order_by("number")
    reader = cast.client(cast.reader)
    assert let_go(reader.get(reverse("report_download", args=[newer.pk, "pdf"]))).status_code == 200
    assert reader.get(reverse("report_download", args=[older.pk, "pdf"])).status_code == 403
    assert let_go(leader.get(reverse("report_download", args=[older.pk, "pdf"]))).status_code == 200


# --- the files -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("content", [example_report(), example_report(1, kind="gesprek"), empty_report()])
def test_pdf_conforms_and_carries_its_content(content):
    frozen = canonical(content)
    drawn = draw_pdf(frozen)
    assert failures(drawn) == []
    reader = PdfReader(io.BytesIO(drawn))
    assert reader.attachments["verslag.json"] == [frozen]
    words = " ".join(page.extract_text() for page in reader.pages)
    kind = "het gesprek" if content["meeting"]["kind"] == "gesprek" else "de startbijeenkomst"
    assert f"Verslag van {kind}" in words
    assert drawn == draw_pdf(frozen)


def test_sign_that_no_font_has_does_not_stop_the_report():
    content = example_report(1)
    content["questions"][0]["said"][0]["text"] = "Wij wonen in 王 straat."
    frozen = canonical(content)
    assert failures(draw_pdf(frozen)) == []
    assert "王" in zipfile.ZipFile(io.BytesIO(draw_odt(frozen))).read("content.xml").decode()


def test_odt_says_the_same_to_another_reader():
    content = example_report(1)
    package = zipfile.ZipFile(io.BytesIO(draw_odt(canonical(content))))
    assert package.namelist()[0] == "mimetype"
    assert package.read("mimetype").decode() == ODT_TYPE
    root = ElementTree.fromstring(package.read("content.xml"))
    headings = [("".join(one.itertext()), one.get(f"{TEXT}outline-level")) for one in root.iter(f"{TEXT}h")]
    assert headings[0] == ("Startbijeenkomst in de Open Kerk", "1")
    assert ("Wie er waren", "2") in headings
    tables = {table.get(f"{TABLE}name"): table for table in root.iter(f"{TABLE}table")}
    there = [
        ["".join(cell.itertext()) for cell in row.iter(f"{TABLE}table-cell")]
        for row in tables["Wie er waren"].iter(f"{TABLE}table-row")
    ]
    assert there[0] == ["Wie", "Soort", "Aantal mensen"]
    assert ["Woonstichting De Linde", "woningcorporatie", "3"] in there
    assert there[-1] == ["Bewoners", "", "61"]
    assert all(len(list(table.iter(f"{TABLE}table-header-rows"))) == 1 for table in tables.values())
    items = ["".join(one.itertext()) for one in root.iter(f"{TEXT}list-item")]
    assert len(items) == sum(len(asked["said"]) for asked in content["questions"])
    assert "“Een bankje bij de bushalte. Mijn moeder kan niet zo lang staan.” (idee, bewoner)" in items
    assert "<dc:language>nl-NL</dc:language>" in package.read("meta.xml").decode()
    assert 'fo:language="nl"' in package.read("styles.xml").decode()
    listed = ElementTree.fromstring(package.read("META-INF/manifest.xml"))
    names = {entry.get(key) for entry in listed for key in entry.attrib if key.endswith("full-path")} - {"/"}
    assert {name for name in names if not name.endswith("/")} <= set(package.namelist())


def test_report_of_before_the_room_was_in_it_is_still_drawn():
    older = {key: value for key, value in example_report().items() if key != "room"} | {"schema": 1}
    for html in (report_html(canonical(older)), report_html(canonical(empty_report()))):
        assert "Wat partijen van de punten vonden" not in html
    html = report_html(canonical(example_report()))
    assert "Wat partijen van de punten vonden" in html and "Wat ermee is gedaan: De bewonersgroep stemt" in html
