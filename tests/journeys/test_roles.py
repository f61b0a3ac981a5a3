"""Everybody who works here, from being invited to being gone: beheerder, projectleider, meelezer, adviseur, contactpersoon."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import Projectleider, code_of, newest_in_mail
from tests.stack import Stack

pytestmark = pytest.mark.stack
LEADER, SUCCESSOR, ADVISER = "noor@nieuwstad.example", "sam@nieuwstad.example", "bo@movisie.example"


class Colleague(Projectleider):
    """Somebody who is asked by mail to take a role, and has nothing yet: no account, no second step."""

    def __init__(self, page: Page, stack: Stack, address: str) -> None:
        super().__init__(page, stack)
        self.address = address

    def accepts(self) -> None:
        self.page.goto(newest_in_mail(self.page, self.address, r"https?://\S+/u/[\w-]+/"))
        self.sees_heading("U bent uitgenodigd")
        self.presses("Neem de uitnodiging aan")
        self.gives_code_from_mail(self.address)

    def sets_up_second_step(self) -> None:
        self.follows("Stel een app in")
        secret = self.page.locator(".secret").inner_text()
        self.fills_in(code=code_of(secret))
        self.presses("Stel de app in")
        self.sees_heading("Uw herstelcodes")
        self.follows("Ik heb ze bewaard, ga verder")

    def status_of(self, address: str) -> int:
        """What an address answers to this browser, asked beside the page."""
        return self.page.request.get(address).status

    def invites(self, name: str, address: str, role: str) -> None:
        self.follows("Nodig iemand uit")
        self.fills_in(name=name, email=address)
        self.page.get_by_role("radio", name=re.compile(f"^{role}")).check()
        self.presses("Verstuur de uitnodiging")
        self.sees(address)


def test_everybody_comes_works_and_goes(window, stack):
    beheerder = Colleague(window(), stack, "beheerder@voorbeeldstad.example")
    beheerder.signs_in(beheerder.address)
    beheerder.page.goto("/gemeenten/")
    beheerder.follows("Maak een gemeente")
    beheerder.fills_in(name="Nieuwstad", code="GM9981")
    beheerder.presses("Maak de gemeente")
    beheerder.page.goto("/gemeenten/")
    beheerder.follows("Nieuwstad")
    beheerder.invites("Noor Bakker", LEADER, "Projectleider")
    beheerder.invites("Bo Peters", ADVISER, "Adviseur")

    noor = Colleague(window(), stack, LEADER)
    noor.accepts()
    noor.sets_up_second_step()
    noor.sees_heading("Dag Noor Bakker")
    noor.begins_trajectory("Nieuwland")
    noor.sees("Dit traject heeft maar één projectleider.")
    noor.goes_to("Mensen")
    noor.follows("Alle mensen van gemeente Nieuwstad")
    noor.invites("Sam de Boer", SUCCESSOR, "Meelezer")
    expect(noor.page.get_by_role("radio", name=re.compile("^Adviseur"))).to_have_count(0)

    sam = Colleague(window(), stack, SUCCESSOR)
    sam.accepts()
    sam.sees_heading("Dag Sam de Boer")  # who reads needs no second step
    sam.page.goto(noor.overview)
    sam.sees_heading("Nieuwland")
    expect(sam.page.get_by_role("link", name="Plan een bijeenkomst")).to_have_count(0)
    assert sam.status_of(f"{noor.overview}bijeenkomsten/nieuw/") == 403

    bo = Colleague(window(), stack, ADVISER)
    bo.accepts()
    bo.sets_up_second_step()
    assert bo.status_of(noor.overview) == 404  # not appointed yet
    noor.goes_to("Mensen")
    noor.fills_in(membership="Bo Peters, adviseur")
    noor.presses("Laat meewerken")
    bo.page.goto(noor.overview)
    bo.sees("U werkt hier als adviseur")

    noor.follows("Alle mensen van gemeente Nieuwstad")
    noor.page.get_by_role("main").get_by_role("link", name=re.compile("^Draag over")).first.click()
    noor.page.locator("[name=to]").select_option(label="Sam de Boer, meelezer")
    noor.presses("Draag over")
    assert noor.status_of(noor.overview) == 404  # gone at once
    assert sam.status_of(noor.overview) == 200
    sam.page.goto(noor.overview)
    expect(sam.page).to_have_url(re.compile("/account/$"))  # a projectleider sees nothing before a second step
    assert beheerder.status_of(noor.overview) == 404  # and a beheerder never sees what is said


def test_contact_person_with_an_account_sees_the_own_party_only(window, stack):
    fenna = Colleague(window(), stack, "fenna@welzijn.voorbeeldstad.example")
    fenna.gives_code_from_mail(fenna.address)
    fenna.sees_heading(re.compile("^Dag"))
    fenna.follows("Stichting Welzijn Voorbeeldstad")
    fenna.sees("U antwoordt namens")
    assert fenna.status_of(f"{stack.url}/trajecten/1/") == 404
    assert fenna.status_of(f"{stack.url}/gemeenten/") == 403
