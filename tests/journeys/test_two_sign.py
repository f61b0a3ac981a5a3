"""A party for which two people sign, after the contact person gave the question to a colleague: three people, three browsers."""

from __future__ import annotations

import pytest

from tests.journeys.people import FULL, OFFICE, Contactpersoon, link_of_a_party_that_has_yet_to_answer

COLLEAGUE, SECOND = "collega@partij.example", "penningmeester@partij.example"


@pytest.mark.stack
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_question_goes_to_a_colleague_and_two_sign(stack, window, leader_state, asked_version, scripts):
    party, link = link_of_a_party_that_has_yet_to_answer(stack, asked_version, place=-1)
    query = """SELECT p.id, a.trajectory_id FROM stakeholders_party p
        JOIN trajectories_participation t ON t.party_id = p.id JOIN agendas_agenda a ON a.trajectory_id = t.trajectory_id
        JOIN agendas_agendaversion v ON v.agenda_id = a.id WHERE p.name = %s AND v.id = %s"""
    ((key, trajectory),) = stack.sql(query, party, asked_version)
    leader = window(state=leader_state)
    leader.goto(f"/trajecten/{trajectory}/partijen/{key}/")
    leader.get_by_role("radio", name="twee personen, na elkaar").check()
    leader.get_by_role("button", name="Bewaar", exact=True).click()

    contact = Contactpersoon(window(width=360, scripts=scripts), stack)
    contact.page.goto(link)
    contact.page.get_by_role("link", name="Geef de vraag door aan een collega").focus()
    contact.page.keyboard.press("Enter")
    contact.fills_in(name="Joost Overdam", function="voorzitter", email=COLLEAGUE)
    contact.page.get_by_role("button", name="Geef door").focus()
    contact.page.keyboard.press("Enter")
    contact.fills_in(code=contact.code("Bevestig dat u dit doorgeeft"))
    contact.presses("Bevestig dat u dit doorgeeft")
    contact.sees_heading("U gaf de vraag door")

    first = Contactpersoon(window(width=360, scripts=scripts), stack)
    first.opens_link_of(COLLEAGUE)
    first.fills_in(
        answer=FULL,
        on_behalf_of="het bestuur",
        mandate=OFFICE,
        second_name="Petra Wijma",
        second_function="penningmeester",
    )
    first.fills_in(second_email=SECOND, agreed=True)
    first.presses("Verstuur ons antwoord")
    first.fills_in(code=first.code())
    first.presses("Bevestig ons antwoord")
    first.sees_heading("Uw antwoord wacht op Petra Wijma")

    leader.goto(f"/versies/{asked_version}/")
    waiting = leader.get_by_role("listitem").filter(has_text=party)
    assert "Joost Overdam tekende al. Wij wachten op Petra Wijma" in waiting.inner_text()

    second = Contactpersoon(window(width=360, scripts=scripts), stack)
    second.opens_link_of(SECOND, sees="U tekent mee namens")
    second.sees_heading("Dit antwoordde Joost Overdam")
    second.page.get_by_role("radio", name="Ja, ik teken mee met dit antwoord").check()
    second.fills_in(agreed=True)
    second.presses("Verstuur")
    second.fills_in(code=second.code("Bevestig dat u meetekent"))
    second.presses("Bevestig dat u meetekent")
    second.sees_heading(f"{party} heeft geantwoord")

    leader.goto(f"/versies/{asked_version}/")
    given = leader.get_by_role("listitem").filter(has_text=party).inner_text()
    assert "Meegetekend door Petra Wijma, penningmeester" in given
    assert "De vraag is doorgegeven door" in given
