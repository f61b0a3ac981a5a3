"""A second version: only the party that the change touches is asked again; and a version that is taken back."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.people import FULL, Contactpersoon, Projectleider, Visitor, newest_in_mail


@pytest.mark.stack
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_second_version_asks_only_who_is_touched(stack, window, leader_state, scripts):
    area = f"Versiewijk {secrets.token_hex(3)}"
    works, homes = f"Afdeling Beheer {area}", f"Woonstichting {area}"
    address = {party: f"{secrets.token_hex(5)}@wijk.example" for party in (works, homes)}
    ready = date.today() + timedelta(days=200)

    leader = Projectleider(window(state=leader_state, scripts=scripts), stack, scripts=scripts)
    leader.page.goto("/")
    leader.begins_trajectory(area)
    leader.adds_party(works, "gemeente", "Wim de Vries", address[works])
    leader.adds_party(homes, "woningcorporatie", "Ana Kaya", address[homes])
    leader.makes_theme("Goed wonen")
    leader.makes_point("Goed wonen", "De lamp brandt", ready, [(works, "trekker", "Wij hangen hem op.")])
    leader.makes_point("Goed wonen", "De lift werkt", ready, [(homes, "trekker", "Wij komen dezelfde dag.")])
    leader.writes_the_texts("Wij maken het beter.")
    leader.freezes()
    leader.lays_before_the_parties()
    for party in (works, homes):
        contact = Contactpersoon(window(scripts=scripts, width=360), stack, scripts=scripts)
        contact.opens_link_of(address[party])
        contact.answers(FULL)
    leader.page.goto(leader.version)
    leader.closes_the_round()

    # One point changes: its own party is asked, and the other one is told that its answer stands.
    leader.gives_point_its_date("De lift werkt", ready + timedelta(days=30))
    leader.freezes()
    leader.sees_heading("Wat er is veranderd sinds versie 1")
    leader.sees("Punt 1.2 “De lift werkt”: de dag waarop het klaar is was")
    leader.lays_before_the_parties()
    row = leader.page.get_by_role("listitem").filter(has_text=works)
    expect(row).to_contain_text("Niet opnieuw gevraagd")
    expect(row).to_contain_text("op versie 1")
    newest_in_mail(leader.page, address[works], "blijft staan")

    # It is taken back, with the reason, and put again.
    leader.page.locator("summary", has_text="Trek deze versie in").click()
    leader.fills_in(**{"intrekken-reason": "De datum klopt niet."})
    leader.presses("Trek de versie in")
    leader.sees("De versie is ingetrokken.")
    reader = Visitor(window(scripts=scripts), stack, scripts=scripts)
    reader.page.goto(f"/controleer/{leader.page.locator('.kicker').inner_text()}/")
    reader.sees("De datum klopt niet.")
    leader.gives_point_its_date("De lift werkt", ready + timedelta(days=60))
    leader.freezes()
    leader.lays_before_the_parties()
    contact = Contactpersoon(window(scripts=scripts, width=360), stack, scripts=scripts)
    contact.opens_link_of(address[homes])
    contact.sees_heading("Wat er is veranderd sinds versie 1")  # the version that this party answered
    contact.answers(FULL)

    # The sealed document says of each answer on which version it was given.
    leader.page.goto(leader.version)
    leader.closes_the_round()
    public = leader.page.get_by_role("link", name="de openbare pagina")
    leader.sees_by_itself(public)
    reader.page.goto(str(public.get_attribute("href")))
    section = reader.page.get_by_role("region", name="Wat iedere partij antwoordde")
    expect(section.get_by_role("listitem").filter(has_text=works)).to_contain_text("op versie 1")
    expect(section.get_by_role("listitem").filter(has_text=homes)).not_to_contain_text("op versie")
