"""A page that polls: after the swap it is the page that a reload gives, and what somebody types stays."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import FULL, Contactpersoon, Deelnemer, link_of_a_party_that_has_yet_to_answer


def standing(page: Page) -> str:
    """What the page shows, without the secrets that differ with every answer, and without the white space between tags."""
    shown = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.get_by_role("main").inner_html())
    return re.sub(r"\s*(<[^>]+>)\s*", r"\n\1", shown)


@pytest.mark.stack
def test_meeting_after_a_swap_is_the_page_after_a_reload(stack, window, leader_state, open_meeting):
    meeting, code = open_meeting
    leader = window(state=leader_state)
    leader.goto(f"/bijeenkomsten/{meeting}/")
    phone = Deelnemer(window(width=360), stack)
    phone.joins(code)
    for text in ("Het fietspad is te smal.", "Er is geen plek voor <b>jongeren</b> & ouderen."):
        phone.says(text)

    expect(leader.get_by_role("heading", name="2 keer inbreng")).to_be_visible()
    expect(leader.locator(".htmx-settling, .htmx-swapping, .htmx-request")).to_have_count(0)
    swapped = standing(leader)
    leader.reload()
    assert standing(leader) == swapped


@pytest.mark.stack
def test_meeting_swap_keeps_what_somebody_types(stack, window, leader_state, open_meeting):
    meeting, code = open_meeting
    leader = window(state=leader_state)
    leader.goto(f"/bijeenkomsten/{meeting}/")
    leader.get_by_text("Vul een partij in").click()
    people = leader.locator("[name=people]")
    people.fill("")
    people.press_sequentially("12")
    phone = Deelnemer(window(width=360), stack)
    phone.joins(code)
    phone.says("De lantaarn bij de kerk is stuk.")

    expect(leader.get_by_text("De lantaarn bij de kerk is stuk.")).to_be_visible()
    expect(people).to_be_focused()
    people.press_sequentially("3")
    expect(people).to_have_value("123")


@pytest.mark.stack
def test_version_after_a_swap_is_the_page_after_a_reload_and_keeps_what_somebody_types(
    stack, window, leader_state, asked_version
):
    leader = window(state=leader_state)
    leader.goto(f"/versies/{asked_version}/")
    reason = leader.locator("[name=reason]")
    reason.press_sequentially("Wij willen")
    party, link = link_of_a_party_that_has_yet_to_answer(stack, asked_version)
    contact = Contactpersoon(window(width=360), stack)
    contact.page.goto(link)
    contact.answers(FULL)

    answer = leader.get_by_role("listitem").filter(has_text=party).filter(has_text="Noor Bakker, bestuurder")
    expect(answer).to_be_visible()
    expect(reason).to_be_focused()
    reason.press_sequentially(" beginnen")
    expect(reason).to_have_value("Wij willen beginnen")
    expect(leader.locator(".htmx-settling, .htmx-swapping, .htmx-request")).to_have_count(0)
    swapped = standing(leader)
    leader.reload()
    assert standing(leader) == swapped


@pytest.mark.stack
def test_version_swap_keeps_the_focus_of_somebody_without_a_mouse(stack, window, leader_state, asked_version):
    other, _ = link_of_a_party_that_has_yet_to_answer(stack, asked_version, place=1)
    party, link = link_of_a_party_that_has_yet_to_answer(stack, asked_version)
    leader = window(state=leader_state)
    leader.goto(f"/versies/{asked_version}/")
    button = leader.get_by_role("listitem").filter(has_text=other).get_by_role("button")
    button.focus()
    contact = Contactpersoon(window(width=360), stack)
    contact.page.goto(link)
    contact.answers(FULL)

    expect(leader.get_by_role("listitem").filter(has_text=party)).to_contain_text("Noor Bakker, bestuurder")
    expect(leader.get_by_role("listitem").filter(has_text=other).get_by_role("button")).to_be_focused()


@pytest.mark.stack
def test_version_without_scripts_never_takes_away_what_somebody_types(stack, window, leader_state, asked_version):
    leader = window(state=leader_state, scripts=False)
    leader.goto(f"/versies/{asked_version}/")
    expect(leader.locator("[name=reason]")).to_be_visible()
    expect(leader.get_by_role("link", name=re.compile("^Ververs"))).to_be_visible()
    expect(leader.locator("meta[http-equiv=refresh]")).to_have_count(0)
