"""Double clicks, the back button, and links from before: once, told, or a friendly page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.people import (
    FULL,
    OFFICE,
    REFUSED,
    Contactpersoon,
    Deelnemer,
    Projectleider,
    link_of_a_party_that_has_yet_to_answer,
)

TOLD = "Dit formulier is al een keer verstuurd, met een andere tekst."


def stands(stack, text: str) -> int:
    return int(stack.sql("SELECT count(*) FROM trajectories_contribution WHERE text = %s", text)[0][0])


@pytest.mark.stack
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_double_click_on_send_stands_once(stack, window, open_meeting, scripts):
    text = f"Twee keer geklikt, {'met' if scripts else 'zonder'} scripts."
    phone = Deelnemer(window(width=360, scripts=scripts), stack, scripts=scripts)
    phone.joins(open_meeting[1])
    phone.fills_in(text=text)
    phone.page.get_by_role("button", name="Verstuur", exact=True).dblclick()

    phone.sees_heading("Opgeslagen")
    assert stands(stack, text) == 1


@pytest.mark.stack
def test_back_and_other_words_are_told_and_stored_on_the_next_try(stack, window, open_meeting):
    first, second = "Eerst dit, over de stoep.", "En nu dit, over de heg."
    phone = Deelnemer(window(width=360, scripts=False), stack, scripts=False)
    phone.joins(open_meeting[1])
    key = phone.page.locator("[name=key]").input_value()
    phone.says(first)
    phone.page.go_back()
    # A phone keeps the page as it was left, with the key in it; this browser may have asked for a new one.
    phone.page.locator("[name=key]").evaluate("(field, key) => { field.value = key }", key)
    phone.fills_in(text=second)
    phone.presses("Verstuur")

    phone.sees(TOLD)
    expect(phone.page.locator("[name=text]")).to_have_value(second)
    assert (stands(stack, first), stands(stack, second)) == (1, 0)
    phone.presses("Verstuur")
    phone.sees_heading("Opgeslagen")
    assert (stands(stack, first), stands(stack, second)) == (1, 1)


@pytest.mark.stack
def test_back_and_the_same_words_stand_once_and_of_two_people_twice(stack, window, open_meeting):
    text = "Dit ging terug, en nog een keer."
    phone = Deelnemer(window(width=360, scripts=False), stack, scripts=False)
    phone.joins(open_meeting[1])
    phone.says(text)
    phone.page.go_back()
    expect(phone.page.locator("[name=text]")).to_have_value(text)
    phone.presses("Verstuur")
    phone.sees_heading("Opgeslagen")
    assert stands(stack, text) == 1

    other = Deelnemer(window(width=360, scripts=False), stack, scripts=False)
    other.joins(open_meeting[1])
    other.says(text)
    assert stands(stack, text) == 2


@pytest.mark.stack
def test_double_click_on_the_answer_of_a_party_stands_once(stack, window, asked_version):
    party, link = link_of_a_party_that_has_yet_to_answer(stack, asked_version)
    contact = Contactpersoon(window(width=360), stack)
    contact.page.goto(link)
    contact.fills_in(
        answer=FULL, name="Noor Bakker", function="bestuurder", on_behalf_of="het bestuur", mandate=OFFICE, agreed=True
    )
    contact.page.get_by_role("button", name="Verstuur ons antwoord").dblclick()  # mails one code
    contact.fills_in(code=contact.code())
    contact.page.get_by_role("button", name="Bevestig ons antwoord").dblclick()

    contact.sees_heading("Uw antwoord staat")
    count = """SELECT count(*) FROM agendas_endorsement e JOIN agendas_round r ON r.id = e.round_id
        JOIN stakeholders_party p ON p.id = e.party_id WHERE r.version_id = %s AND p.name = %s"""
    assert stack.sql(count, asked_version, party) == [(1,)]
    told = """SELECT count(*) = count(DISTINCT "to"), count(*) > 0 FROM stakeholders_mail
        WHERE subject = %s || ' onderschrijft volledig' AND made_at > now() - interval '1 minute'"""
    assert stack.sql(told, party) == [(True, True)]  # every projectleider once


@pytest.mark.stack
def test_form_of_a_party_sent_again_from_another_tab_stands_once(stack, window, asked_version):
    _, link = link_of_a_party_that_has_yet_to_answer(stack, asked_version)
    contact = Contactpersoon(window(width=360), stack)
    contact.page.goto(link)
    other_tab = Contactpersoon(contact.page.context.new_page(), stack)
    other_tab.page.goto(contact.page.url)
    contact.answers(FULL)
    other_tab.fills_in(answer=REFUSED, text="Toch niet.", name="Noor Bakker", function="bestuurder")
    other_tab.fills_in(on_behalf_of="het bestuur", mandate=OFFICE, agreed=True)
    other_tab.presses("Verstuur ons antwoord")

    other_tab.sees("Dat eerste antwoord blijft staan.")


@pytest.mark.stack
def test_link_from_before_gives_a_friendly_page_and_the_new_one_works(stack, window, leader_state, asked_version):
    party, old = link_of_a_party_that_has_yet_to_answer(stack, asked_version)
    leader = window(state=leader_state)
    leader.goto(f"/versies/{asked_version}/")
    leader.get_by_role("listitem").filter(has_text=party).get_by_role("button", name="Stuur een nieuwe link").click()
    expect(leader.get_by_text("De oude link werkt niet meer.")).to_be_visible()

    contact = Contactpersoon(window(width=360), stack)
    answer = contact.page.goto(old)
    assert answer and answer.status == 404
    contact.sees_heading("Deze link werkt niet")
    _, new = link_of_a_party_that_has_yet_to_answer(stack, asked_version)
    assert new != old
    contact.page.goto(new)
    contact.sees("U handelt namens")


@pytest.mark.stack
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_double_click_on_a_new_meeting_plans_one(stack, window, leader_state, scripts):
    title = f"Twee keer geklikt {'met' if scripts else 'zonder'} scripts"
    leader = Projectleider(window(state=leader_state, scripts=scripts), stack, scripts=scripts)
    trajectory = stack.sql("SELECT min(id) FROM trajectories_trajectory")[0][0]
    leader.page.goto(f"/trajecten/{trajectory}/bijeenkomsten/nieuw/")
    leader.fills_in(kind="werkbijeenkomst", title=title, starts_at="2026-12-03T19:30")
    leader.page.get_by_role("button", name="Bewaar de bijeenkomst").dblclick()

    leader.sees_heading(title)
    assert stack.sql("SELECT count(*) FROM trajectories_meeting WHERE title = %s", title) == [(1,)]
