"""A form that makes something, sent twice: one thing is made, and both tries lead to it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from stakeholders.models import Party
from tests.factories import ThemeFactory
from tests.pages import hidden_in
from trajectories.models import Phase, SentForm, Trajectory

MEETING = {"kind": "werk", "title": "Over het plein", "starts_at": "2026-12-03T19:30", "minutes": 90, "residents": 0}


def a_trajectory(cast):
    return reverse("trajectory_new"), {"gemeente": cast.here.pk, "name": "Havenbuurt"}, Trajectory.objects.all()


def a_party(cast):
    return reverse("party_new", args=[cast.trajectory.pk]), {"name": "De Linde", "kind": "zorg"}, Party.objects.all()


def a_meeting(cast):
    return reverse("meeting_new", args=[cast.trajectory.pk]), MEETING, cast.trajectory.meetings.all()


def a_theme(cast):
    return (
        reverse("theme_new", args=[cast.trajectory.pk]),
        {"name": "Groen", "position": 1},
        cast.trajectory.themes.all(),
    )


def a_point(cast):
    promise = {"party": cast.parties[0].pk, "role": "trekker", "text": ""}
    form = {"theme": ThemeFactory(trajectory=cast.trajectory).pk, "title": "Een bankje", "position": 1}
    form |= {"commitments-TOTAL_FORMS": 1, "commitments-INITIAL_FORMS": 0}
    form |= {f"commitments-0-{name}": value for name, value in promise.items()}
    return reverse("point_new", args=[cast.trajectory.pk]), form, cast.trajectory.points.all()


@pytest.mark.parametrize("of_a_row", [a_trajectory, a_party, a_meeting, a_theme, a_point])
def test_form_sent_twice_makes_one(cast, of_a_row):
    address, form, rows = of_a_row(cast)
    before, browser = rows.count(), cast.client(cast.leader)
    form |= hidden_in(browser, address)
    first, second = browser.post(address, form), browser.post(address, form)
    assert rows.count() == before + 1
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]


@pytest.mark.parametrize("of_a_row", [a_meeting, a_point])
def test_form_that_one_went_back_to_is_told_and_makes_another_where_that_is_meant(cast, of_a_row):
    """A browser that goes back asks for the page anew, with another key, and fills in what was typed."""
    address, form, rows = of_a_row(cast)
    before, browser = rows.count(), cast.client(cast.leader)
    first = browser.post(address, form | hidden_in(browser, address))
    again = browser.post(address, form | hidden_in(browser, address) | {"position": 2}, follow=True)
    assert again.redirect_chain == [(first["Location"], 302)]
    assert "Dit hebt u net al bewaard." in again.content.decode()
    assert rows.count() == before + 1
    browser.post(address, form | hidden_in(browser, address))
    assert rows.count() == before + 2


def test_what_a_colleague_removed_since_is_not_said_to_stand(cast):
    address, form, rows = a_meeting(cast)
    browser = cast.client(cast.leader)
    browser.post(address, form | hidden_in(browser, address))
    rows.all().delete()
    again = browser.post(address, form | hidden_in(browser, address), follow=True)
    assert "net al bewaard" not in again.content.decode()
    assert rows.count() == 1


def test_what_was_removed_is_made_again_at_once(cast):
    address, form, rows = a_theme(cast)
    browser = cast.client(cast.leader)
    browser.post(address, form | hidden_in(browser, address))
    remove = reverse("theme_remove", args=[rows.get(name="Groen").pk])
    browser.post(remove, hidden_in(browser, remove))
    assert not rows.filter(name="Groen").exists()
    browser.post(address, form | hidden_in(browser, address))
    assert rows.filter(name="Groen").count() == 1


def test_form_of_a_trajectory_sent_twice_enters_the_road_once(cast):
    address, form, _ = a_trajectory(cast)
    browser = cast.client(cast.leader)
    form |= hidden_in(browser, address)
    for _ in range(2):
        browser.post(address, form)
    assert Phase.objects.count() == 1


def test_same_page_with_other_words_makes_another(cast):
    """Back in the browser, other words, and sent: nobody's words are dropped for having the key of an earlier form."""
    address, form, rows = a_meeting(cast)
    browser = cast.client(cast.leader)
    form |= hidden_in(browser, address)
    for title in ("Over het plein", "Over het park"):
        browser.post(address, form | {"title": title})
    assert {meeting.title for meeting in rows} == {"Over het plein", "Over het park"}


def test_form_that_came_back_counts_as_new(cast):
    address, form, rows = a_theme(cast)
    browser, standing = cast.client(cast.leader), ThemeFactory(trajectory=cast.trajectory, name="Groen")
    form |= hidden_in(browser, address)
    assert browser.post(address, form).status_code == 200
    assert not SentForm.objects.exists()
    standing.delete()
    assert browser.post(address, form).status_code == 302
    assert rows.count() == 1


def test_key_of_somebody_else_is_another_form(cast):
    address, form, rows = a_meeting(cast)
    form |= hidden_in(cast.client(cast.leader), address)
    for person in (cast.leader, cast.adviser):
        cast.client(person).post(address, form)
    assert rows.count() == 2


def test_form_sent_again_after_its_meeting_was_removed_leads_to_the_trajectory(cast):
    address, form, rows = a_meeting(cast)
    browser = cast.client(cast.leader)
    form |= hidden_in(browser, address)
    browser.post(address, form)
    rows.get().delete()
    again = browser.post(address, form)
    assert again["Location"] == reverse("trajectory_detail", args=[cast.trajectory.pk])
    assert not rows.exists()
