"""Two people who have the same row open: the second to save is told, sees both texts, and loses none."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agendas.models import Amount, ImprovementPoint
from tests.factories import AgendaFactory, CommitmentFactory, MeetingFactory, PointFactory, ThemeFactory
from tests.pages import HIDDEN, fields_of, hidden_in

pytestmark = pytest.mark.django_db
CHANGED = "Iemand anders heeft dit intussen veranderd. Uw tekst staat er nog."


def a_theme(cast):
    theme = ThemeFactory(trajectory=cast.trajectory, name="Groen")
    return reverse("theme_edit", args=[theme.pk]), {"position": 1}, "name", lambda: theme


def an_agenda(cast):
    agenda = AgendaFactory(trajectory=cast.trajectory)
    return reverse("agenda_edit", args=[cast.trajectory.pk]), {"title": "Agenda"}, "story", lambda: agenda


def a_party(cast):
    party = cast.parties[1]
    return reverse("party_edit", args=[cast.trajectory.pk, party.pk]), {"kind": "kerk"}, "name", lambda: party


def a_meeting(cast):
    meeting = MeetingFactory(trajectory=cast.trajectory)
    form = {"kind": "werk", "starts_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"), "minutes": 90, "residents": 1}
    return reverse("meeting_edit", args=[meeting.pk]), form, "title", lambda: meeting


def a_point(cast):
    point = PointFactory(theme=ThemeFactory(trajectory=cast.trajectory))
    form = {"theme": point.theme_id, "position": 1, "commitments-TOTAL_FORMS": 0, "commitments-INITIAL_FORMS": 0}
    return reverse("point_edit", args=[point.pk]), form, "title", lambda: point


@pytest.mark.parametrize("of_a_row", [a_theme, an_agenda, a_party, a_meeting, a_point])
def test_second_to_save_is_told_and_sees_both_texts(cast, of_a_row):
    address, form, name, row = of_a_row(cast)
    first, second = cast.client(cast.leader), cast.client(cast.adviser)
    shown = hidden_in(first, address)
    assert hidden_in(second, address) == shown
    assert first.post(address, form | shown | {name: "Van de eerste"}).status_code == 302

    page = second.post(address, form | shown | {name: "Van de tweede"}).content.decode()
    assert CHANGED in page
    assert "Van de tweede" in page
    assert "Nu staat er: Van de eerste" in page
    row().refresh_from_db()
    assert getattr(row(), name) == "Van de eerste"

    seen = dict(HIDDEN.findall(page))
    assert seen != shown
    assert second.post(address, form | seen | {name: "Van de tweede"}).status_code == 302
    row().refresh_from_db()
    assert getattr(row(), name) == "Van de tweede"


@pytest.mark.parametrize("of_a_row", [a_theme, an_agenda, a_party, a_meeting, a_point])
def test_row_is_held_while_it_is_compared_and_saved(cast, of_a_row):
    address, form, name, _ = of_a_row(cast)
    browser = cast.client(cast.leader)
    with CaptureQueriesContext(connection) as queries:
        form |= hidden_in(browser, address)
    assert not [query for query in queries if "FOR UPDATE" in query["sql"]]
    with CaptureQueriesContext(connection) as queries:
        browser.post(address, form | {name: "Anders"})
    assert [query for query in queries if "FOR UPDATE OF" in query["sql"]]


def test_form_sent_twice_is_no_change_by_somebody_else(cast):
    address, form, name, _ = a_theme(cast)
    browser = cast.client(cast.leader)
    form |= hidden_in(browser, address) | {name: "Groen en water"}
    assert [browser.post(address, form).status_code for _ in range(2)] == [302, 302]


def test_form_that_saw_nothing_overwrites_nothing(cast):
    address, form, name, row = a_theme(cast)
    assert CHANGED in cast.client(cast.leader).post(address, form | {name: "Blind"}).content.decode()
    row().refresh_from_db()
    assert row().name == "Groen"


@pytest.fixture
def point(cast):
    """A point on which the first party leads and the second works along."""
    point = PointFactory(theme=ThemeFactory(trajectory=cast.trajectory))
    CommitmentFactory(point=point, party=cast.parties[0], text="Wij trekken.")
    CommitmentFactory(point=point, party=cast.parties[1], role="meewerkend", text="Wij helpen.")
    return point


def typed(point, *promises: dict) -> dict:
    """The form of a point with these commitments, in the order of the page."""
    form = {"theme": point.theme_id, "title": point.title, "position": point.position, "first_step": point.first_step}
    form |= {"ready_on": point.ready_on, "commitments-TOTAL_FORMS": len(promises)}
    form["commitments-INITIAL_FORMS"] = sum("id" in promise for promise in promises)
    return form | {f"commitments-{at}-{name}": value for at, one in enumerate(promises) for name, value in one.items()}


def as_stands(point) -> list[dict]:
    return list(point.commitments.order_by("pk").values("id", "party", "role", "text"))


def test_commitment_that_both_changed_shows_what_stands(cast, point):
    browser, address = cast.client(cast.leader), reverse("point_edit", args=[point.pk])
    shown, stands = hidden_in(browser, address), as_stands(point)
    point.commitments.filter(pk=stands[0]["id"]).update(text="Wij trekken in mei.")
    stands[0]["text"] = "Wij trekken in juni."
    page = browser.post(address, typed(point, *stands) | shown).content.decode()
    assert CHANGED in page
    assert "Nu staat er: Wij trekken in mei." in page
    assert browser.post(address, fields_of(page)).status_code == 302
    assert point.commitments.get(pk=stands[0]["id"]).text == "Wij trekken in juni."


def test_what_only_the_first_changed_is_not_overwritten_by_the_second(cast, point):
    browser, address = cast.client(cast.leader), reverse("point_edit", args=[point.pk])
    Amount.objects.create(point=point, what="lampen", amount=500, unit="euro", source="wijkbudget")
    form = fields_of(browser.get(address).content.decode())
    first, stands = cast.client(cast.leader), as_stands(point)
    changed = fields_of(first.get(address).content.decode()) | {
        "title": "Licht op het pad", "why": "Voor\r\nouderen", "serves": ["houding"], "ready_on": "2027-05-01",
        "amounts-0-amount": "600", "commitments-0-text": "Wij trekken in mei.", "commitments-1-DELETE": "on",
    }  # fmt: skip
    assert first.post(address, changed).status_code == 302
    page = browser.post(address, form | {"first_step": "Samen kijken"}).content.decode()
    assert CHANGED in page and page.count("Dit veranderde iemand anders. Zo staat het er nu.") == 4
    assert "Nu staat er" not in page  # nobody else changed what was typed here
    again = fields_of(page)
    assert (again["title"], again["first_step"], again["amounts-0-amount"]) == (
        "Licht op het pad",
        "Samen kijken",
        "600",
    )
    assert browser.post(address, again).status_code == 302
    point.refresh_from_db()
    assert (point.title, point.why, point.serves) == ("Licht op het pad", "Voor\nouderen", ["houding"])
    assert (point.first_step, str(point.ready_on)) == ("Samen kijken", "2027-05-01")
    assert as_stands(point) == [stands[0] | {"text": "Wij trekken in mei."}]
    assert point.amounts.get().amount == 600


def test_who_typed_nothing_changes_nothing(cast, point):
    browser, address = cast.client(cast.leader), reverse("point_edit", args=[point.pk])
    form = fields_of(browser.get(address).content.decode())
    point.commitments.first().delete()
    ImprovementPoint.objects.filter(pk=point.pk).update(title="Licht op het pad")
    assert browser.post(address, form).status_code == 302
    point.refresh_from_db()
    assert point.title == "Licht op het pad" and point.commitments.count() == 1


def test_commitment_that_somebody_took_away_is_not_lost(cast, point):
    browser, address = cast.client(cast.leader), reverse("point_edit", args=[point.pk])
    shown, stands = hidden_in(browser, address), as_stands(point)
    point.commitments.filter(pk=stands[0]["id"]).delete()
    stands[0]["text"] = "Wij trekken in juni."
    page = browser.post(address, typed(point, *stands) | shown).content.decode()
    assert "intussen weggehaald" in page
    assert "Wij trekken in juni." in page
    assert browser.post(address, fields_of(page)).status_code == 302
    assert {row["text"] for row in as_stands(point)} == {"Wij trekken in juni.", "Wij helpen."}


def test_commitment_that_somebody_added_stays(cast, point):
    browser, address = cast.client(cast.leader), reverse("point_edit", args=[point.pk])
    shown, stands = hidden_in(browser, address), as_stands(point)
    CommitmentFactory(point=point, party=cast.parties[2], role="kan_niet", text="Geen geld.")
    new = {"party": cast.parties[2].pk, "role": "deskundig", "text": "Wij weten het."}
    page = browser.post(address, typed(point, *stands, new) | shown).content.decode()
    assert "intussen toegevoegd" in page
    assert browser.post(address, fields_of(page)).status_code == 302
    assert {row["text"] for row in as_stands(point)} == {"Wij trekken.", "Wij helpen.", "Geen geld.", "Wij weten het."}
