"""From a wall of words to who does what: five hundred times inbreng become a complete draft, by two people at once."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import Projectleider

pytestmark = pytest.mark.stack
TOPICS = {  # what a hundred people said, in other words each time, and what an adviser calls that
    "lampen": ("Licht op straat", "Bij halte {} zijn te weinig lampen."),
    "prullenbakken": ("Een schone wijk", "De prullenbakken bij nummer {} zitten vol."),
    "portiek": ("Wonen in de flat", "De deur van portiek {} valt niet in het slot."),
    "koffie": ("Elkaar ontmoeten", "Op dag {} wil ik ergens koffie drinken."),
    "voetballen": ("Plek voor de jeugd", "Onze kinderen willen voetballen op veld {}."),
}


def hall_says(stack, meeting: int) -> None:
    for _, words in TOPICS.values():
        stack.sql(
            """INSERT INTO trajectories_contribution (trajectory_id, meeting_id, key, text, kind, addressed_name, question, source,
                made_at, hidden_reason)
            SELECT trajectory_id, id, gen_random_uuid(), replace(%s, '{}', n::text), 'opmerking', '', question, 'telefoon',
                now() + n * interval '1 second', '' FROM trajectories_meeting, generate_series(1, 100) n
            WHERE trajectories_meeting.id = %s""",
            words, meeting,
        )  # fmt: skip


def searches(page: Page, board: str, word: str) -> None:
    """The board with the hundred that have this word, ticked in one go, and its script running."""
    page.goto(f"{board}?zoek={word}")
    expect(page.locator("#zijkant[hx-trigger^=every]")).to_have_count(1)
    expect(page.locator("input[name=contributions]")).to_have_count(100)


def test_five_hundred_times_inbreng_become_a_draft_without_a_gap(stack, window):
    leader, adviser = Projectleider(window(), stack), Projectleider(window(), stack)
    leader.signs_in("projectleider@voorbeeldstad.example")
    adviser.signs_in("projectleider2@voorbeeldstad.example")
    leader.begins_trajectory("Vijfhonderdwijk")
    parties = {"Gemeente, Wijkbeheer 500": "gemeente", "Woonstichting 500": "woningcorporatie"}
    for number, (party, kind) in enumerate(parties.items()):
        leader.adds_party(party, kind, "Wim de Vries", f"vijfhonderd{number}@voorbeeldstad.example")
    leader.opens_start_meeting("Wat moet er beter?")
    meeting = int(re.findall(r"\d+", leader.meeting)[-1])
    hall_says(stack, meeting)
    leader.page.goto(leader.meeting)
    leader.presses("Sluit de bijeenkomst")

    # Without any theme the worker finds what resembles each other; the first group becomes a theme.
    leader.goes_to("Thema’s")
    board = leader.page.url
    leader.presses("Zoek wat bij elkaar hoort")
    offers = leader.page.locator("a[id^=voorstel-]")
    leader.sees_by_itself(offers.first)
    group = offers.first.inner_text()
    (found,) = [word for word in TOPICS if word in group]
    offers.first.click()
    leader.sees("Dit is een voorstel van de computer")
    expect(leader.page.locator("mark", has_text=found).first).to_be_visible()
    leader.follows("Maak hier een thema van")
    leader.fills_in(name=TOPICS[found][0])
    leader.presses("Maak het thema")
    expect(leader.page.locator("input[name=contributions]:checked")).to_have_count(100)
    leader.presses("Plaats")
    leader.sees(f"100 keer inbreng bij “{TOPICS[found][0]}” gezet.")

    # The rest, by two at once: one drags, the other has no mouse.
    one, two, three, four = [word for word in TOPICS if word != found]
    for word in (one, two, three, four):
        leader.makes_theme(TOPICS[word][0])
    for mine, theirs in ((one, two), (three, four)):
        searches(leader.page, board, mine)
        searches(adviser.page, board, theirs)
        leader.page.get_by_label("Kruis alles op deze pagina aan").check()
        leader.page.locator(".said--choose > li").first.drag_to(
            leader.page.locator(".board__theme", has_text=TOPICS[mine][0])
        )
        expect(leader.page.locator("#meldingen")).to_contain_text("100 keer inbreng")
        keyboard = adviser.page.keyboard
        adviser.page.get_by_label("Kruis alles op deze pagina aan").focus()
        keyboard.press("Space")
        adviser.page.locator("select[name=theme]").focus()
        keyboard.type(TOPICS[theirs][0])
        adviser.page.locator("#place").focus()
        keyboard.press("Enter")
        expect(adviser.page.locator("#meldingen")).to_contain_text("100 keer inbreng")
    leader.goes_to("Thema’s")
    leader.sees("Alles heeft een plek")

    # A point per theme, with where it comes from; and everything that a draft needs.
    first, second = parties
    ready = date.today() + timedelta(days=200)
    for number, (theme, _) in enumerate(TOPICS.values()):
        roles = [(first, "trekker", "Wij doen dit."), (second, "werkt mee", "Wij helpen.")]
        leader.makes_point(theme, f"Punt over {theme}", ready, roles[:: 1 if number % 2 else -1])
        leader.page.get_by_role("link", name="Kies waar dit uit komt").first.click()
        leader.page.locator("input[name=now]").first.check()
        leader.presses("Bewaar")
        leader.sees("Bewaard: 1 keer inbreng erbij, 0 eraf.")
    leader.writes_the_texts("Wij maken de wijk beter.")
    leader.goes_to("Verbeteragenda")
    leader.sees("De agenda is compleet")

    # From a sentence of the draft to who said it, where and when: two clicks. And on from there to the point.
    leader.goes_to("Verbeterpunten")
    leader.page.get_by_role("link", name="Komt uit 1 keer inbreng").first.click()
    words = leader.page.locator(".said__words").first.inner_text()
    leader.page.get_by_role("link", name="Volg").first.click()
    leader.sees(words)
    leader.sees("Startbijeenkomst")
    leader.page.get_by_role("main").get_by_role("link", name=re.compile("^Punt over")).click()
    expect(leader.page.locator("input[name=now]:checked")).to_have_count(1)
