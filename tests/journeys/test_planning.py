"""A projectleider plans six meetings from one date, moves one, cancels one, and makes the agenda of another."""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import Deelnemer, Projectleider
from tests.stack import Stack

pytestmark = pytest.mark.stack


class Planner(Projectleider):
    def __init__(self, page: Page, stack: Stack, *, scripts: bool = True) -> None:
        super().__init__(page, stack, scripts=scripts)
        self.page.goto("/")

    def opens_meeting(self, title: str) -> None:
        self.page.goto(self.overview)
        self.follows(title)
        self.sees_heading(title)

    def goes_to_part(self, name: str) -> None:
        places = self.page.get_by_role("navigation", name="Onderdelen van deze bijeenkomst")
        places.get_by_role("link", name=name, exact=True).click()

    def adds_item(self, title: str, minutes: int, question: str = "") -> None:
        self.follows("Voeg een agendapunt toe")
        self.fills_in(title=title, minutes=str(minutes), question=question)
        self.presses("Voeg het agendapunt toe")
        self.sees(title)

    def presses_at(self, item: str, button: str) -> None:
        row = self.page.get_by_role("main").get_by_role("listitem").filter(has_text=item)
        row.get_by_role("button", name=re.compile(f"^{button}")).click()

    def sees_on_the_agenda(self, *rows: tuple[str, str]) -> None:
        """The agenda holds these rows, in this order: when each begins and what it is."""
        on_page = self.page.locator(".programme > li")
        expect(on_page.locator("time")).to_have_text([begins for begins, _ in rows])
        expect(on_page.locator(".list__title")).to_have_text([title for _, title in rows])


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_six_meetings_from_one_date(window, stack, leader_state, scripts):
    planner = Planner(window(state=leader_state, scripts=scripts), stack, scripts=scripts)
    planner.begins_trajectory(f"Planwijk {secrets.token_hex(3)}")
    planner.follows("Plan alle bijeenkomsten")
    planner.fills_in(begin="2026-11-27T19:30", plaats="Buurthuis De Linde")
    planner.presses("Laat de dagen zien")
    planner.sees("25 december 2026 is eerste kerstdag.")
    planner.fills_in(**{"form-1-starts_at": "2027-01-02T19:30"})
    planner.presses("Plan deze bijeenkomsten")
    planner.sees("2 januari 2027 is een zaterdag. Kies een andere dag")
    planner.fills_in(**{"form-1-starts_at": "2027-01-07T19:30"})
    planner.presses("Plan deze bijeenkomsten")
    planner.sees("6 bijeenkomsten gepland.")
    planner.sees("Werkbijeenkomst, donderdag 7 januari 2027, 19:30 uur, Buurthuis De Linde")

    planner.opens_meeting("Werkbijeenkomst 2")  # moved
    planner.follows("Bewerk")
    planner.fills_in(starts_at="2027-02-04T20:00", minutes="90")
    planner.presses("Bewaar")
    planner.sees("donderdag 4 februari 2027, 20:00 uur")

    planner.opens_meeting("Werkbijeenkomst 3")  # cancelled
    address = planner.page.locator(".join__address").get_attribute("href")
    planner.follows("Bewerk")
    planner.follows("Zeg deze bijeenkomst af")
    planner.fills_in(reason="De zaal is dubbel geboekt.")
    planner.presses("Zeg de bijeenkomst af")
    planner.page.goto(planner.overview)
    planner.sees("De zaal is dubbel geboekt.")
    resident = Deelnemer(window(), stack)
    resident.page.goto(address)
    resident.sees("Deze bijeenkomst gaat niet door")
    resident.sees("De zaal is dubbel geboekt.")

    planner.opens_meeting("Werkbijeenkomst 2")  # its agenda
    planner.goes_to_part("Agenda")
    planner.adds_item("Welkom", 15)
    planner.adds_item("Afspraken", 20)
    planner.adds_item("Het plein", 45, "Wat kan op het plein?")
    planner.presses_at("Het plein", "Omhoog")
    planner.sees_on_the_agenda(("20:00", "Welkom"), ("20:15", "Het plein"), ("21:00", "Afspraken"))
    planner.sees("80 van 90 minuten. Er zijn nog 10 minuten over.")
    planner.presses_at("Afspraken", "Later")
    planner.opens_meeting("Werkbijeenkomst 4")
    planner.goes_to_part("Agenda")
    planner.presses_at("Afspraken", "Zet op deze agenda")
    planner.sees_on_the_agenda(("19:30", "Afspraken"))
    planner.follows("De agenda")
    expect(planner.page.get_by_role("heading", name="Agenda")).to_be_visible()
    expect(planner.page.get_by_role("img", name="QR-code om mee te doen")).to_be_visible()
