"""A full hall: a beamer and two note takers in three browsers at once, by keyboard alone, without scripts, on a bad line."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import Deelnemer, Projectleider

pytestmark = pytest.mark.stack
ASKED = "Wat gaan wij doen?"
WATCH_SHIFTS = """
    window.shifts = [];
    new PerformanceObserver((list) => { for (const one of list.getEntries()) window.shifts.push(one.value); })
        .observe({ type: "layout-shift", buffered: true });"""


def asks(stack, meeting: int, *questions: str) -> None:
    for position, question in enumerate(questions):
        stack.sql(
            """INSERT INTO trajectories_meetingitem (trajectory_id, meeting_id, position, title, question, minutes, outcome)
            SELECT trajectory_id, id, %s, %s, %s, 15, '' FROM trajectories_meeting WHERE id = %s RETURNING id""",
            position, question, question, meeting,
        )  # fmt: skip


def said(stack, meeting: int) -> list[tuple[str, str, str]]:
    query = "SELECT text, question, source FROM trajectories_contribution WHERE meeting_id = %s ORDER BY id"
    return [tuple(row) for row in stack.sql(query, meeting)]


def many_say(stack, meeting: int, count: int) -> None:
    """So many answers to the question that is open, written as the phones would."""
    stack.sql(
        """INSERT INTO trajectories_contribution (trajectory_id, meeting_id, key, text, kind, addressed_name, question, source,
            made_at, hidden_reason)
        SELECT trajectory_id, id, gen_random_uuid(), 'Een bankje bij halte ' || n || repeat(', en meer licht', n %% 7),
            'opmerking', '', question, 'telefoon', now(), ''
        FROM trajectories_meeting, generate_series(1, %s) n WHERE trajectories_meeting.id = %s RETURNING id""",
        count, meeting,
    )  # fmt: skip


def rests(page: Page) -> None:
    expect(page.locator(".htmx-settling, .htmx-swapping, .htmx-request")).to_have_count(0)


def types(page: Page, *texts: str) -> None:
    for text in texts:
        page.keyboard.type(text)
        page.keyboard.press("Enter")


def test_two_note_takers_and_a_beamer_at_once(stack, window, leader_state, open_meeting):
    meeting, code = open_meeting
    asks(stack, meeting, "Waar is het donker?")
    beamer, one, other = window(state=leader_state), window(state=leader_state), window()
    Projectleider(other, stack).signs_in("adviseur@voorbeeldstad.example")
    beamer.goto(f"/bijeenkomsten/{meeting}/scherm/")
    for page in (one, other):
        page.goto(f"/bijeenkomsten/{meeting}/noteren/")
    types(one, "Wij vegen de straat.", "Wij koken samen.")
    types(other, "Een feest op het plein.")
    one.keyboard.type("Een half woo")
    expect(beamer.locator(".hall__count strong")).to_have_text("3")
    assert "Wij koken samen." not in beamer.content()

    beamer.keyboard.press("t")
    answers = beamer.get_by_role("list", name="Antwoorden")
    expect(answers.get_by_role("listitem")).to_have_count(3)
    phone = Deelnemer(window(width=360), stack)
    phone.joins(code)
    phone.says("Een bankje.")
    expect(answers.get_by_role("listitem").last).to_contain_text("Een bankje.")
    expect(one.locator("#genoteerd")).not_to_contain_text("Een feest op het plein.")
    expect(other.locator("#genoteerd")).to_contain_text("Een feest op het plein.")

    second = window(state=leader_state)
    second.goto(f"/bijeenkomsten/{meeting}/scherm/")
    beamer.keyboard.press("n")
    for page in (beamer, second):
        expect(page.get_by_role("heading", name="Waar is het donker?")).to_be_visible()
        expect(page.locator("#antwoorden")).to_have_count(0)
        expect(page.locator(".hall__count strong")).to_have_text("0")
    one.keyboard.type("rd.")
    expect(one.locator("[name=text]")).to_have_value("Een half woord.")
    one.keyboard.press("Enter")
    expect(one.locator("#genoteerd")).to_contain_text("Een half woord.")
    texts = [text for text, _, _ in said(stack, meeting)]
    assert sorted(texts) == sorted(
        ["Wij vegen de straat.", "Wij koken samen.", "Een feest op het plein.", "Een bankje.", "Een half woord."]
    )


def test_what_one_types_at_an_outcome_stays_when_an_action_is_added_or_done(stack, window, leader_state, open_meeting):
    meeting, _ = open_meeting
    asks(stack, meeting, "Waar is het donker?")
    page = window(state=leader_state)
    page.goto(f"/bijeenkomsten/{meeting}/verslag/")
    outcome = page.get_by_label("Uitkomst van")
    outcome.fill("Achter de flat. Wij lopen er samen langs.")
    page.get_by_text("Voeg een actiepunt toe").click()
    for text in ("Lampen tellen", "Een rondje plannen"):
        page.get_by_label("Wat wordt er gedaan?").fill(text)
        page.get_by_role("button", name="Voeg toe").click()
        expect(page.locator("#afspraken").get_by_role("listitem").filter(has_text=text)).to_have_count(1)
        expect(page.get_by_role("button", name="Voeg toe")).to_be_focused()
    page.get_by_role("button", name=re.compile("^Klaar.*Lampen tellen")).click()
    expect(page.get_by_role("button", name=re.compile("^Toch niet klaar.*Lampen tellen"))).to_be_visible()
    expect(outcome).to_have_value("Achter de flat. Wij lopen er samen langs.")
    page.get_by_role("button", name="Bewaar de uitkomsten").click()
    expect(page.get_by_text("De uitkomsten zijn bewaard.")).to_be_visible()
    expect(page.get_by_label("Uitkomst van")).to_have_value("Achter de flat. Wij lopen er samen langs.")


def test_without_scripts_outcomes_and_an_action_are_kept_together(stack, window, leader_state, open_meeting):
    meeting, _ = open_meeting
    asks(stack, meeting, "Waar is het donker?")
    page = window(state=leader_state, scripts=False, width=360)
    page.goto(f"/bijeenkomsten/{meeting}/verslag/")
    outcome, action = page.get_by_label("Uitkomst van"), page.get_by_label("Wat wordt er gedaan?")
    outcome.fill("Achter de flat.")
    page.get_by_text("Voeg een actiepunt toe").click()
    action.fill("Lampen tellen")
    page.get_by_role("button", name="Voeg toe").click()
    expect(page.locator("#afspraken").get_by_role("listitem").filter(has_text="Lampen tellen")).to_have_count(1)
    expect(outcome).to_have_value("Achter de flat.")
    outcome.fill("Achter de flat, en bij de school.")
    page.get_by_text("Voeg een actiepunt toe").click()
    action.fill("De school bellen")
    action.press("Enter")
    expect(page.locator("#afspraken").get_by_role("listitem").filter(has_text="De school bellen")).to_have_count(1)
    expect(outcome).to_have_value("Achter de flat, en bij de school.")


def test_who_speaks_stays_at_the_next_question(stack, window, leader_state, open_meeting):
    meeting, _ = open_meeting
    asks(stack, meeting, "Waar is het donker?", "Wie helpt er mee?")
    page = window(state=leader_state)
    page.goto(f"/bijeenkomsten/{meeting}/noteren/")
    speaker = page.get_by_label("Wie zegt het?")
    party = speaker.locator("option").nth(1).inner_text()
    speaker.select_option(label=party)
    page.get_by_role("link", name="Volgende vraag").click()
    expect(page.get_by_role("heading", name="Waar is het donker?")).to_be_visible()
    expect(page.get_by_label("Wie zegt het?").locator("option:checked")).to_have_text(party)


def test_beamer_with_a_thousand_answers_does_not_jump(stack, window, leader_state, open_meeting):
    meeting, _ = open_meeting
    many_say(stack, meeting, 1000)
    beamer = window(state=leader_state)
    beamer.add_init_script(WATCH_SHIFTS)
    sizes: list[tuple[int, int]] = []

    def weigh(answer) -> None:
        if "sinds=" in answer.url:
            sizes.append((answer.status, len(answer.body()) if answer.status == 200 else 0))

    beamer.goto(f"/bijeenkomsten/{meeting}/scherm/")
    beamer.keyboard.press("t")
    answers = beamer.locator("#antwoorden .answer")
    expect(answers).to_have_count(40)
    rests(beamer)
    beamer.on("response", weigh)
    first = answers.nth(4)
    first.scroll_into_view_if_needed()
    before = first.bounding_box()
    beamer.evaluate("window.shifts = []")
    for count in (1001, 1004, 1005):
        many_say(stack, meeting, count - len(said(stack, meeting)))
        expect(beamer.locator(".hall__count strong")).to_have_text(str(count))
    expect(answers).to_have_count(45)
    rests(beamer)
    assert first.bounding_box() == before
    assert sum(beamer.evaluate("window.shifts")) == 0
    beamer.wait_for_event("response", lambda answer: answer.status == 204)
    assert {status for status, _ in sizes} == {200, 204}
    assert max(size for _, size in sizes) < 10_000
    assert beamer.evaluate("parseFloat(getComputedStyle(document.querySelector('.answer__words')).fontSize)") >= 32


def test_beamer_after_a_swap_is_the_page_after_a_reload(stack, window, leader_state, open_meeting):
    meeting, _ = open_meeting
    beamer = window(state=leader_state)
    beamer.goto(f"/bijeenkomsten/{meeting}/scherm/")
    beamer.get_by_role("button", name="Toon antwoorden").click()
    expect(beamer.locator("#antwoorden")).to_have_count(1)
    rests(beamer)
    asked = beamer.get_by_role("heading", level=1)
    place = asked.bounding_box()
    many_say(stack, meeting, 8)
    expect(beamer.locator("#antwoorden .answer")).to_have_count(8)
    rests(beamer)
    assert asked.bounding_box() == place, "The first answers push the question away."

    def standing() -> str:
        shown = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", beamer.get_by_role("main").inner_html())
        return re.sub(r"\s*(<[^>]+>)\s*", r"\n\1", shown)

    swapped = standing()
    beamer.reload()
    assert standing() == swapped


def test_insult_leaves_the_screen_in_two_taps(stack, window, leader_state, open_meeting):
    meeting, _ = open_meeting
    many_say(stack, meeting, 3)
    beamer = window(state=leader_state)
    beamer.goto(f"/bijeenkomsten/{meeting}/scherm/")
    beamer.keyboard.press("t")
    answer = beamer.locator("#antwoorden .answer").nth(1)
    words = answer.locator(".answer__words").inner_text()
    answer.hover()
    answer.get_by_role("link", name="Verberg").click()
    expect(answer.locator(".answer__words")).to_be_hidden()
    beamer.get_by_role("button", name="Het is een belediging").click()
    expect(beamer).to_have_url(re.compile(rf"/bijeenkomsten/{meeting}/scherm/$"))
    expect(beamer.locator("#antwoorden .answer")).to_have_count(2)
    expect(beamer.get_by_text(words, exact=True)).to_have_count(0)


def test_notes_by_keyboard_alone(stack, window, leader_state, open_meeting):
    meeting, _ = open_meeting
    asks(stack, meeting, "Waar is het donker?")
    page = window(state=leader_state)
    page.goto(f"/bijeenkomsten/{meeting}/noteren/")
    expect(page.get_by_label("Wat wordt er gezegd?")).to_be_focused()
    types(page, "Eerste.", "Tweede.")
    page.keyboard.type("Derde.")
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.get_by_label("Wie zegt het?")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    for _ in range(3):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Wat wordt er gezegd?")).to_be_focused()
    types(page, "Vierde.")
    expect(page.locator("#genoteerd")).to_contain_text("Vierde.")
    dark = "Waar is het donker?"
    assert said(stack, meeting) == [
        ("Eerste.", ASKED, "genoteerd"), ("Tweede.", ASKED, "genoteerd"), ("Derde.", dark, "genoteerd"),
        ("Vierde.", dark, "genoteerd"),
    ]  # fmt: skip


def test_notes_on_a_line_that_breaks_stand_once(stack, window, leader_state, open_meeting):
    meeting, _ = open_meeting
    page = window(state=leader_state)
    page.goto(f"/bijeenkomsten/{meeting}/noteren/")
    window.listens = False  # the browser complains of a line that we cut
    page.context.set_offline(True)
    types(page, "Zonder lijn.", "En nog een.")
    expect(page.get_by_text("geen verbinding").first).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#genoteerd")).to_contain_text("En nog een.")
    expect(page.locator("[data-waiting] li")).to_have_count(0)

    # The server stores it, and its answer is lost.
    lost: list[str] = []

    def lose(route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.request.url)
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/noteren/", lose)
    types(page, "Antwoord kwijt.")
    expect(page.locator("#genoteerd")).to_contain_text("Antwoord kwijt.")
    page.reload()
    expect(page.locator("[data-waiting] li")).to_have_count(0)
    assert [text for text, _, _ in said(stack, meeting)] == ["Zonder lijn.", "En nog een.", "Antwoord kwijt."]


def test_notes_of_two_tabs_outlive_a_line_that_breaks(stack, window, leader_state, open_meeting):
    meeting, _ = open_meeting
    page = window(state=leader_state)
    other = page.context.new_page()
    window.listens = False  # the browser complains of a line that we cut
    for tab in (page, other):
        tab.goto(f"/bijeenkomsten/{meeting}/noteren/")
    page.context.set_offline(True)
    for tab, text in ((page, "Uit de een."), (other, "Uit de ander."), (page, "Weer uit de een.")):
        tab.get_by_label("Wat wordt er gezegd?").fill(text)
        tab.get_by_label("Wat wordt er gezegd?").press("Enter")
    for tab in (page, other):
        expect(tab.locator("[data-waiting] li")).to_have_count(3)
    page.close()
    other.context.set_offline(False)
    expect(other.locator("[data-waiting] li")).to_have_count(0)
    assert [text for text, _, _ in said(stack, meeting)] == ["Uit de een.", "Uit de ander.", "Weer uit de een."]


def test_refused_note_can_be_mended(stack, window, leader_state, open_meeting):
    meeting, _ = open_meeting
    page = window(state=leader_state)
    page.goto(f"/bijeenkomsten/{meeting}/noteren/")
    page.get_by_label("Kaart").fill("9")
    page.get_by_label("Wat wordt er gezegd?").fill("Een bankje.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Kaart 9 kennen wij niet.")).to_be_visible()
    page.get_by_label("Wat wordt er gezegd?").fill("Half getypt")
    page.get_by_role("button", name="Verbeter").click()
    expect(page.get_by_label("Wat wordt er gezegd?")).to_have_value("Een bankje. Half getypt")
    expect(page.locator("[data-waiting] li")).to_have_count(0)
    assert said(stack, meeting) == []
    page.reload()
    expect(page.get_by_label("Wat wordt er gezegd?")).to_have_value("Een bankje. Half getypt")
    page.get_by_label("Wat wordt er gezegd?").fill("Een bankje.")
    page.get_by_label("Kaart").fill("")
    page.get_by_label("Wat wordt er gezegd?").press("Enter")
    expect(page.locator("#genoteerd")).to_contain_text("Een bankje.")
    expect(page.locator("[data-waiting] li")).to_have_count(0)
    assert len(said(stack, meeting)) == 1


def test_hall_without_scripts(stack, window, leader_state, open_meeting):
    meeting, _ = open_meeting
    asks(stack, meeting, "Waar is het donker?")
    page = window(state=leader_state, scripts=False, width=360)
    page.goto(f"/bijeenkomsten/{meeting}/noteren/")
    page.locator("[name=text]").fill("Zonder script.")
    page.locator("[name=text]").press("Enter")
    expect(page.locator("#genoteerd")).to_contain_text("Zonder script.")
    expect(page.locator("[name=text]")).to_be_focused()
    page.goto(f"/bijeenkomsten/{meeting}/scherm/")
    page.get_by_role("button", name="Toon antwoorden").click()
    expect(page.get_by_text("Zonder script.")).to_be_visible()
    page.get_by_role("button", name="Pauze").click()
    expect(page.get_by_text("U kunt straks weer iets versturen.")).to_be_visible()
    page.get_by_role("button", name="Volgende vraag").click()
    expect(page.get_by_role("heading", name="Waar is het donker?")).to_be_visible()
    page.goto(f"/bijeenkomsten/{meeting}/aanwezig/")
    page.get_by_role("button", name="Bewoners: één meer").click()
    page.get_by_role("button", name="Bewoners: één meer").click()
    expect(page.get_by_text("2 aanwezig: 2 bewoners.")).to_be_visible()
    page.goto(f"/bijeenkomsten/{meeting}/plakken/")
    page.locator("[name=lines]").fill(f"Geplakt {uuid.uuid4()}\nEn nog een")
    page.get_by_role("button", name="Laat zien wat erin staat").click()
    page.get_by_role("button", name="Lees 2 regels in").click()
    expect(page.get_by_text("2 keer inbreng ingelezen")).to_be_visible()


def test_desk_counts_every_tap(stack, window, leader_state, open_meeting):
    meeting, _ = open_meeting
    desks = [window(state=leader_state, width=360) for _ in range(2)]
    for desk in desks:
        desk.goto(f"/bijeenkomsten/{meeting}/aanwezig/")
    for _ in range(3):
        for desk in desks:
            desk.get_by_role("button", name="Bewoners: één meer").click()
            rests(desk)
    for desk in desks:
        expect(desk.locator("#partij-0 output")).to_have_text("6")
