"""A werkbijeenkomst: the adviser's laptop and the beamer, in two browsers, and all of it once more without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.stack


@pytest.fixture
def work(stack, open_meeting) -> str:
    """The address of the points of an open meeting with two parties in it, in a trajectory that has points."""
    meeting, _ = open_meeting
    where = "SELECT trajectory_id FROM agendas_improvementpoint GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    stack.sql(f"UPDATE trajectories_meeting SET trajectory_id = ({where}) WHERE id = %s RETURNING id", meeting)
    stack.sql(
        """INSERT INTO trajectories_attendance (meeting_id, party_id, people)
        SELECT m.id, p.party_id, 2 FROM trajectories_meeting m
        JOIN trajectories_participation p ON p.trajectory_id = m.trajectory_id
        WHERE m.id = %s ORDER BY p.party_id LIMIT 2 RETURNING id""",
        meeting,
    )
    return f"/bijeenkomsten/{meeting}/werk/"


def party(page: Page, place: int):
    return page.locator(".room__party").nth(place)


def discusses(page: Page, work: str) -> str:
    """From the meeting to its first point, which goes on the beamer; answers what it is called."""
    page.goto(work.removesuffix("werk/"))
    page.get_by_role("link", name="Verbeterpunten", exact=True).click()
    page.get_by_role("button", name=re.compile("^Bespreek")).first.click()
    expect(page.get_by_text("staat op de beamer", exact=True)).to_be_visible()
    return page.get_by_role("heading", level=1).inner_text()


def test_adviser_and_beamer_in_two_browsers(stack, window, leader_state, work):
    beamer, laptop = window(state=leader_state), window(state=leader_state)
    beamer.goto(f"{work}scherm/")
    title = discusses(laptop, work)
    expect(beamer.get_by_role("heading", level=1)).to_have_text(title)

    selects = [laptop.locator(f"#id_commitments-0-{name}").bounding_box() for name in ("party", "role")]
    assert selects[0]["y"] == selects[1]["y"], "The party and its role do not stand side by side."

    laptop.get_by_label("Eerste stap").fill("Wij beginnen bij de bushalte.")
    party(laptop, 0).get_by_role("button", name=re.compile("^Akkoord")).click()
    expect(party(laptop, 0).get_by_text("akkoord", exact=True)).to_be_visible()
    expect(laptop.get_by_label("Eerste stap")).to_have_value(
        "Wij beginnen bij de bushalte."
    )  # not saved yet, and not lost
    expect(beamer.locator(".voice")).to_have_count(1)
    expect(beamer.locator(".voice")).to_contain_text("Akkoord")

    laptop.get_by_role("button", name="Bewaar", exact=True).click()
    expect(beamer.get_by_text("Wij beginnen bij de bushalte.")).to_be_visible()
    expect(beamer.locator(".voice")).to_contain_text("over een eerdere tekst")

    party(laptop, 1).get_by_role("button", name="Niet akkoord").click()
    expect(party(laptop, 1)).to_contain_text("Schrijf in het vak waarom")
    party(laptop, 1).get_by_placeholder("Opmerking of bezwaar").fill("Het is te duur.")
    party(laptop, 1).get_by_role("button", name="Niet akkoord").click()
    expect(beamer.get_by_text("“Het is te duur.”")).to_be_visible()
    party(laptop, 0).get_by_placeholder("Opmerking of bezwaar").fill("Half getyp")
    party(laptop, 1).get_by_role("button", name="Ongedaan").click()
    expect(beamer.get_by_text("“Het is te duur.”")).to_have_count(0)
    expect(party(laptop, 0).get_by_placeholder("Opmerking of bezwaar")).to_have_value("Half getyp")

    expect(beamer.locator(".htmx-settling, .htmx-swapping, .htmx-request")).to_have_count(0)
    swapped = beamer.locator("#scherm").inner_text()
    beamer.reload()
    assert beamer.locator("#scherm").inner_text() == swapped


def test_werkbijeenkomst_without_scripts(stack, window, leader_state, work):
    laptop, beamer = (window(state=leader_state, scripts=False, width=width) for width in (360, 1280))
    title = discusses(laptop, work)
    beamer.goto(f"{work}scherm/")
    expect(beamer.get_by_role("heading", level=1)).to_have_text(title)
    assert beamer.locator("noscript meta[http-equiv=refresh], meta[http-equiv=refresh]").count() == 1
    party(laptop, 0).get_by_role("button", name="Opmerking").click()
    expect(party(laptop, 0)).to_contain_text("Schrijf de opmerking")
    party(laptop, 0).get_by_placeholder("Opmerking of bezwaar").fill("Graag van hout.")
    party(laptop, 0).get_by_role("button", name="Opmerking").click()
    expect(party(laptop, 0)).to_contain_text("“Graag van hout.”")
    expect(beamer.get_by_text("“Graag van hout.”")).to_be_visible(timeout=25_000)  # by itself
    party(laptop, 0).get_by_role("button", name="Ongedaan").click()
    expect(party(laptop, 0)).not_to_contain_text("“Graag van hout.”")
