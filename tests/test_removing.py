"""What was made by mistake can go, as long as nothing stands on it; what stands on it is told."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agendas.models import Commitment, ImprovementPoint, Theme
from stakeholders.models import Party
from tests.factories import (
    CommitmentFactory,
    ContributionFactory,
    MeetingFactory,
    PlacementFactory,
    PointFactory,
    ThemeFactory,
)
from tests.pages import fill_in, hidden_in
from trajectories.models import Meeting, Participation

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(cast):
    return cast.client(cast.leader)


def remove(browser, name: str, *of: int) -> str:
    """Follows the button on the page, and confirms."""
    edit, address = reverse(f"{name}_edit", args=of), reverse(f"{name}_remove", args=of)
    assert f'href="{address}"' in browser.get(edit).content.decode()
    assert browser.get(address).status_code == 200
    answer = fill_in(browser, address, {})
    return (browser.get(answer["Location"]) if answer.status_code == 302 else answer).content.decode()


def test_point_goes_with_its_commitments(cast, leader):
    promise = CommitmentFactory(
        point=PointFactory(theme=ThemeFactory(trajectory=cast.trajectory)), party=cast.parties[0]
    )
    page = leader.get(reverse("point_remove", args=[promise.point.pk])).content.decode()
    assert f"De toezegging van {cast.parties[0]}: trekker." in page
    assert ImprovementPoint.objects.exists()
    assert "verwijderd." in remove(leader, "point", promise.point.pk)
    assert not ImprovementPoint.objects.exists()
    assert not Commitment.objects.exists()


def test_point_with_a_report_stays(cast, leader):
    promise = CommitmentFactory(
        point=PointFactory(theme=ThemeFactory(trajectory=cast.trajectory)), party=cast.parties[0]
    )
    promise.reports.create(state="op_koers", text="Het gaat goed.", reported_by=cast.leader)
    assert "al voortgang gemeld" in remove(leader, "point", promise.point.pk)
    assert Commitment.objects.exists()


def test_empty_theme_goes(cast, leader):
    theme = ThemeFactory(trajectory=cast.trajectory)
    assert "verwijderd." in remove(leader, "theme", theme.pk)
    assert not Theme.objects.exists()


@pytest.mark.parametrize("what_stands", [PlacementFactory, PointFactory])
def test_theme_with_something_under_it_stays(cast, leader, what_stands):
    theme = ThemeFactory(trajectory=cast.trajectory)
    more = {"contribution__meeting__trajectory": cast.trajectory} if what_stands is PlacementFactory else {}
    row = what_stands(theme=theme, **more)
    assert "Bij dit thema staat inbreng of een verbeterpunt." in remove(leader, "theme", theme.pk)
    row.refresh_from_db()


def test_party_that_did_nothing_goes_and_stays_known(cast, leader):
    party = cast.parties[1]
    assert "verwijderd." in remove(leader, "party", cast.trajectory.pk, party.pk)
    assert not Participation.objects.filter(party=party).exists()
    assert Party.objects.filter(pk=party.pk).exists()


def said_something(cast, party):
    ContributionFactory(meeting=MeetingFactory(trajectory=cast.trajectory), said_by=party)


def was_expected_of(cast, party):
    meeting = MeetingFactory(trajectory=cast.trajectory)
    ContributionFactory(meeting=meeting, addressed_to=party, kind="verwachting")


def promised_something(cast, party):
    CommitmentFactory(point=PointFactory(theme=ThemeFactory(trajectory=cast.trajectory)), party=party)


def was_there(cast, party):
    MeetingFactory(trajectory=cast.trajectory).attendances.create(party=party, people=2)


@pytest.mark.parametrize("what", [said_something, was_expected_of, promised_something, was_there])
def test_party_that_did_something_stays(cast, leader, what):
    party = cast.parties[1]
    what(cast, party)
    assert "Daarom blijft de partij bij dit traject staan." in remove(leader, "party", cast.trajectory.pk, party.pk)
    assert Participation.objects.filter(party=party).exists()


def test_empty_meeting_goes(cast, leader):
    meeting = MeetingFactory(trajectory=cast.trajectory)
    assert "verwijderd." in remove(leader, "meeting", meeting.pk)
    assert not Meeting.objects.exists()


def test_meeting_with_a_contribution_or_people_stays(cast, leader):
    spoken, attended = (MeetingFactory(trajectory=cast.trajectory) for _ in range(2))
    ContributionFactory(meeting=spoken)
    attended.attendances.create(party=cast.parties[0], people=2)
    for meeting in (spoken, attended):
        assert "Daarom blijft zij staan." in remove(leader, "meeting", meeting.pk)
    assert Meeting.objects.count() == 2


def test_second_click_on_remove_leads_to_the_same_page(cast, leader):
    address = reverse("theme_remove", args=[ThemeFactory(trajectory=cast.trajectory).pk])
    form = hidden_in(leader, address)
    assert [leader.post(address, form)["Location"] for _ in range(2)] == [
        reverse("theme_board", args=[cast.trajectory.pk])
    ] * 2
