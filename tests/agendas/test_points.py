from __future__ import annotations

import pytest
from django.urls import reverse

from agendas.models import Commitment
from tests.factories import AgendaFactory, CommitmentFactory, PointFactory, ThemeFactory
from tests.pages import fill_in, hidden_in

pytestmark = pytest.mark.django_db


def filled(theme, *promises: dict, initial: int = 0, **more) -> dict:
    form = {"theme": theme.pk, "title": "Een bankje", "position": 1, "ready_on": "2027-06-30", **more}
    form |= {"commitments-TOTAL_FORMS": len(promises), "commitments-INITIAL_FORMS": initial}
    for place, promise in enumerate(promises):
        form |= {f"commitments-{place}-{name}": value for name, value in promise.items()}
    return form


def test_point_is_made_with_its_commitments(cast):
    theme = ThemeFactory(trajectory=cast.trajectory)
    gemeente, housing, church = cast.parties
    form = filled(
        theme,
        {"party": gemeente.pk, "role": "trekker", "text": "Wij zetten het neer."},
        {"party": housing.pk, "role": "meewerkend", "text": ""},
        {"party": church.pk, "role": "kan_niet", "text": "Wij hebben geen geld."},
        {"party": "", "role": "", "text": ""},
    )
    answer = cast.client(cast.leader).post(reverse("point_new", args=[cast.trajectory.pk]), form)
    assert answer.status_code == 302
    point = cast.trajectory.points.get()
    roles = dict(point.commitments.values_list("party", "role"))
    assert roles == {gemeente.pk: "trekker", housing.pk: "meewerkend", church.pk: "kan_niet"}


@pytest.mark.parametrize(
    ("promises", "sentence"),
    [
        ([{"role": "kan_niet", "text": ""}], "waarom de partij dit niet kan"),
        ([{"role": "trekker", "text": "a"}, {"role": "trekker", "text": "b"}], "al met dezelfde rol"),
    ],
)
def test_bad_commitment_is_told_and_nothing_is_saved(cast, promises, sentence):
    theme = ThemeFactory(trajectory=cast.trajectory)
    promises = [{"party": cast.parties[0].pk, **promise} for promise in promises]
    page = cast.client(cast.leader).post(reverse("point_new", args=[cast.trajectory.pk]), filled(theme, *promises))
    assert sentence in page.content.decode()
    assert 'value="Een bankje"' in page.content.decode()
    assert not cast.trajectory.points.exists()


def test_commitment_is_changed_and_taken_away(cast):
    promise = CommitmentFactory(
        point=PointFactory(theme=ThemeFactory(trajectory=cast.trajectory)), party=cast.parties[0]
    )
    other = CommitmentFactory(point=promise.point, party=cast.parties[1], role="meewerkend")
    form = filled(
        promise.point.theme,
        {"id": promise.pk, "party": promise.party_id, "role": "trekker", "text": "Wij doen het in mei."},
        {"id": other.pk, "party": other.party_id, "role": "meewerkend", "text": "", "DELETE": "on"},
        initial=2,
    )
    fill_in(cast.client(cast.leader), reverse("point_edit", args=[promise.point.pk]), form)
    assert list(Commitment.objects.values_list("party", "text")) == [(cast.parties[0].pk, "Wij doen het in mei.")]


def test_history_remembers_who_changed_what(cast):
    """Rows that editors change leave a trace of every state, with who was at the screen."""
    theme = ThemeFactory(trajectory=cast.trajectory, name="Groen")
    form = {"name": "Groen en water", "summary": "", "position": 1, "declined_because": ""}
    fill_in(cast.client(cast.leader), reverse("theme_edit", args=[theme.pk]), form)
    events = theme.events.order_by("pgh_id")
    assert [event.name for event in events] == ["Groen", "Groen en water"]
    assert events[1].pgh_context.metadata["user"] == cast.leader.user.pk


def test_parties_change_places_in_one_form(cast):
    point = PointFactory(theme=ThemeFactory(trajectory=cast.trajectory))
    first = CommitmentFactory(point=point, party=cast.parties[0], role="meewerkend")
    second = CommitmentFactory(point=point, party=cast.parties[1], role="meewerkend")
    form = filled(
        point.theme,
        {"id": first.pk, "party": second.party_id, "role": "meewerkend", "text": "a"},
        {"id": second.pk, "party": first.party_id, "role": "meewerkend", "text": "b"},
        initial=2,
    )
    assert fill_in(cast.client(cast.leader), reverse("point_edit", args=[point.pk]), form).status_code == 302
    assert dict(point.commitments.values_list("party", "text")) == {cast.parties[1].pk: "a", cast.parties[0].pk: "b"}


def test_second_click_on_a_new_commitment_stands_once(cast):
    point = PointFactory(theme=ThemeFactory(trajectory=cast.trajectory))
    form = filled(point.theme, {"party": cast.parties[0].pk, "role": "trekker", "text": "a"})
    browser, address = cast.client(cast.leader), reverse("point_edit", args=[point.pk])
    form |= hidden_in(browser, address)
    assert browser.post(address, form).status_code == 302
    assert browser.post(address, form).status_code == 302
    assert point.commitments.count() == 1


def test_commitment_with_a_report_stays(cast):
    promise = CommitmentFactory(
        point=PointFactory(theme=ThemeFactory(trajectory=cast.trajectory)), party=cast.parties[0]
    )
    promise.reports.create(state="op_koers", text="Het gaat goed.", reported_by=cast.leader)
    form = filled(
        promise.point.theme,
        {"id": promise.pk, "party": promise.party_id, "role": "trekker", "text": "", "DELETE": "on"},
        initial=1,
    )
    page = fill_in(cast.client(cast.leader), reverse("point_edit", args=[promise.point.pk]), form)
    assert "al voortgang gemeld" in page.content.decode()
    assert Commitment.objects.filter(pk=promise.pk).exists()


@pytest.mark.parametrize("day", ["2126-01-01", "1999-12-31"])
def test_date_far_off_is_refused(cast, day):
    form = filled(ThemeFactory(trajectory=cast.trajectory), ready_on=day)
    page = cast.client(cast.leader).post(reverse("point_new", args=[cast.trajectory.pk]), form).content.decode()
    assert "Deze datum ligt te ver weg." in page
    assert not cast.trajectory.points.exists()


def test_term_of_the_agenda_far_off_is_refused(cast):
    AgendaFactory(trajectory=cast.trajectory)
    form = {"title": "Agenda", "starts_on": "1926-01-01", "ends_on": "2030-01-01"}
    page = fill_in(cast.client(cast.leader), reverse("agenda_edit", args=[cast.trajectory.pk]), form).content.decode()
    assert "Deze datum ligt te ver weg." in page


def test_only_a_commitment_that_is_there_can_be_taken_away(cast):
    promise = CommitmentFactory(
        point=PointFactory(theme=ThemeFactory(trajectory=cast.trajectory)), party=cast.parties[0]
    )
    browser = cast.client(cast.leader)
    page = browser.get(reverse("point_edit", args=[promise.point.pk])).content.decode()
    assert page.count("Haal deze toezegging weg") == 1
    assert page.count("Nog een partij") > 1
    page = browser.get(reverse("point_new", args=[cast.trajectory.pk])).content.decode()
    assert "Haal deze toezegging weg" not in page
