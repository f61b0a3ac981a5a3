"""The phone in the hall, in a real browser of 360 px: on bad wifi, offline, in two tabs, without scripts, by keyboard."""

from __future__ import annotations

import re
import time
from collections import Counter

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.people import Deelnemer
from tests.stack import Stack

MOST_BYTES = 60_000  # the whole phone page: the promise of the product


@pytest.fixture
def phone(stack, window):
    """A phone of a deelnemer, with scripts."""
    return Deelnemer(window(width=360), stack)


def stands(stack: Stack, text: str) -> list[str]:
    """The questions under which these words stand, once for each time that they do."""
    found = stack.sql("SELECT question FROM trajectories_contribution WHERE text = %s", text)
    return [question for (question,) in found]


def is_ready_for_offline(page: Page) -> None:
    page.wait_for_selector("html[data-offline=ready]", state="attached")


def types(page: Page, text: str) -> None:
    page.locator("[name=text]").fill(text)
    page.get_by_role("button", name="Verstuur", exact=True).click()


def state_of(page: Page, text: str):
    return page.locator("#wachtrij li", has_text=text).locator(".state")


@pytest.mark.stack
def test_words_typed_offline_outlive_the_tab_and_stand_once(stack, phone, open_meeting):
    _, code = open_meeting
    phone.joins(code)
    is_ready_for_offline(phone.page)
    context = phone.page.context
    context.set_offline(True)
    types(phone.page, "Zonder verbinding gezegd.")
    phone.sees_heading("Nog niet verstuurd")
    phone.page.close()

    page = context.new_page()
    page.goto(f"/b/{code}/")
    expect(state_of(page, "Zonder verbinding gezegd.")).to_have_text("Nog niet verstuurd")
    types(page, "En nog iets, ook zonder verbinding.")
    expect(page.locator("#wachtrij li")).to_have_count(2)
    # What stands by now is not looked at: a new tab may let a try through before Chromium's "offline" reaches its worker, and
    # drop the answer. That is a lost answer, after which it stands once all the same.

    context.set_offline(False)
    for text in ("Zonder verbinding gezegd.", "En nog iets, ook zonder verbinding."):
        expect(state_of(page, text)).to_have_text("Opgeslagen", timeout=30_000)
        assert stands(stack, text) == ["Wat gaan wij doen?"]
    expect(page.get_by_role("status")).to_have_text("Opgeslagen.")


@pytest.mark.stack
def test_lost_answer_stands_once_and_is_told(stack, phone, open_meeting):
    phone.joins(open_meeting[1])
    lost = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and len(lost) < 2:
            route.fetch()  # the server handles it, and its answer never comes
            lost.append(route.request.post_data)
            return route.abort()
        return route.continue_()

    phone.page.route(re.compile(rf"/b/{open_meeting[1]}/$"), lose)
    types(phone.page, "Het antwoord ging verloren.")
    phone.sees_heading("Nog niet verstuurd")
    expect(phone.page.get_by_role("heading", name="Opgeslagen")).to_be_visible(timeout=30_000)
    assert len(lost) == 2
    assert lost[0] == lost[1]
    assert stands(stack, "Het antwoord ging verloren.") == ["Wat gaan wij doen?"]


@pytest.mark.stack
def test_two_tabs_send_once(stack, phone, open_meeting):
    _, code = open_meeting
    phone.joins(code)
    other = phone.page.context.new_page()
    other.goto(f"/b/{code}/")
    phone.page.context.set_offline(True)
    types(phone.page, "Uit twee bladen tegelijk.")
    phone.sees_heading("Nog niet verstuurd")
    expect(state_of(other, "Uit twee bladen tegelijk.")).to_have_text("Nog niet verstuurd")
    phone.page.context.set_offline(False)
    for page in (phone.page, other):
        expect(state_of(page, "Uit twee bladen tegelijk.")).to_have_text("Opgeslagen", timeout=30_000)
    assert stands(stack, "Uit twee bladen tegelijk.") == ["Wat gaan wij doen?"]


@pytest.mark.stack
def test_question_that_changes_under_a_text_leaves_the_text_with_its_own(stack, phone, open_meeting):
    meeting, code = open_meeting
    phone.joins(code)
    page = phone.page
    page.locator("[name=text]").fill("Dit gaat over de eerste vraag.")
    [(item,)] = stack.sql(
        """INSERT INTO trajectories_meetingitem (trajectory_id, meeting_id, position, title, question, minutes, outcome)
        SELECT trajectory_id, id, 1, 'Groen', 'Wat mist u aan groen?', 15, '' FROM trajectories_meeting WHERE id = %s
        RETURNING id""",
        meeting,
    )
    stack.sql("UPDATE trajectories_meeting SET item_id = %s WHERE id = %s", item, meeting)
    page.reload()
    expect(page.locator("[name=text]")).to_have_value("Dit gaat over de eerste vraag.")
    phone.sees("In de zaal is nu een andere vraag: “Wat mist u aan groen?”")
    phone.presses("Verstuur")
    phone.sees_heading("Opgeslagen")
    page.get_by_role("button", name="Nog iets zeggen").click()
    phone.sees_heading("Wat mist u aan groen?")
    types(page, "Dit gaat over de tweede.")
    phone.sees_heading("Opgeslagen")
    assert stands(stack, "Dit gaat over de eerste vraag.") == ["Wat gaan wij doen?"]
    assert stands(stack, "Dit gaat over de tweede.") == ["Wat mist u aan groen?"]


@pytest.mark.stack
def test_refused_words_stay_and_are_mended(stack, phone, open_meeting):
    phone.joins(open_meeting[1])
    types(phone.page, "Te lang. " * 300)
    phone.sees_heading("Niet opgeslagen")
    phone.sees("Er passen 2000 tekens.")
    phone.page.reload()
    phone.presses("Aanpassen")
    expect(phone.page.locator("[name=text]")).to_be_focused()
    assert len(phone.page.locator("[name=text]").input_value()) >= 2600
    types(phone.page, "Nu kort genoeg.")
    phone.sees_heading("Opgeslagen")
    expect(phone.page.locator("#wachtrij li")).to_have_count(1)
    assert len(stands(stack, "Nu kort genoeg.")) == 1


@pytest.mark.stack
@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (404, "text/html", "<h1>Niet gevonden</h1>"),
        (413, "text/html", "<h1>Te groot</h1>"),
        (404, "application/json", '{"error": "not found"}'),
    ],
)
def test_no_of_what_stands_in_between_refuses_nothing(stack, phone, window, open_meeting, status, kind, body):
    phone.joins(open_meeting[1])
    window.listens = False  # the browser complains of the answers that we make
    answered = []

    def stand_between(route: Route) -> None:
        if route.request.method == "POST" and len(answered) < 2:
            answered.append(status)
            return route.fulfill(status=status, content_type=kind, body=body)
        return route.continue_()

    phone.page.route(re.compile(rf"/b/{open_meeting[1]}/$"), stand_between)
    text = f"Langs een portaal, met {status} als {kind}."
    types(phone.page, text)
    phone.sees_heading("Nog niet verstuurd")
    expect(phone.page.get_by_role("heading", name="Opgeslagen")).to_be_visible(timeout=30_000)
    assert len(answered) == 2
    assert stands(stack, text) == ["Wat gaan wij doen?"]


@pytest.mark.stack
def test_meeting_that_is_gone_refuses_words(stack, phone, open_meeting):
    meeting, code = open_meeting
    phone.joins(code)
    is_ready_for_offline(phone.page)
    stack.sql("UPDATE trajectories_meeting SET code = 'XXXXX9' WHERE id = %s", meeting)
    types(phone.page, "Voor een zaal die er niet meer is.")
    phone.sees_heading("Niet opgeslagen")
    phone.sees("Deze code kennen wij niet.")
    stack.sql("UPDATE trajectories_meeting SET code = %s WHERE id = %s", code, meeting)


@pytest.mark.stack
def test_phone_forgets_after_half_a_day_what_it_need_not_send(stack, phone, open_meeting):
    phone.joins(open_meeting[1])
    page = phone.page
    types(page, "Te lang. " * 300)
    phone.sees_heading("Niet opgeslagen")
    page.get_by_role("button", name="Nog iets zeggen").click()
    page.locator("[name=text]").fill("Half getypt.")
    page.reload()
    expect(page.locator("[name=text]")).to_have_value("Half getypt.")
    expect(page.locator("#wachtrij li")).to_have_count(1)
    page.evaluate("""() => Object.entries(localStorage).forEach(([name, value]) => {
        const kept = JSON.parse(value);
        localStorage.setItem(name, JSON.stringify({ ...kept, at: kept.at - 13 * 3600 * 1000 }));
    })""")
    page.reload()
    expect(page.locator("[name=text]")).to_have_value("")
    expect(page.locator("#wachtrij li")).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage).length") == 0
    assert stands(stack, "Half getypt.") == []


@pytest.mark.stack
def test_token_that_is_no_longer_valid_is_renewed(stack, phone, open_meeting):
    phone.joins(open_meeting[1])
    fields = phone.page.locator("[name=csrfmiddlewaretoken]")
    fields.evaluate_all("fields => fields.forEach((field) => { field.value = 'x'.repeat(64) })")
    types(phone.page, "Met een oud bewijs.")
    phone.sees_heading("Opgeslagen")
    assert len(stands(stack, "Met een oud bewijs.")) == 1


@pytest.mark.stack
def test_phone_that_can_keep_nothing_sends_a_plain_form(stack, phone, open_meeting):
    phone.page.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('vol', 'QuotaExceededError') }"
    )
    phone.joins(open_meeting[1])
    types(phone.page, "De telefoon is vol.")
    expect(phone.page).to_have_url(re.compile("/opgeslagen/$"))
    assert len(stands(stack, "De telefoon is vol.")) == 1


@pytest.mark.stack
def test_next_person_on_a_tablet_does_not_see_what_the_one_before_said(stack, phone, open_meeting):
    meeting, code = open_meeting
    phone.joins(code)
    phone.says("Meer licht.")
    first = phone.page.locator(".receipt__code").first.inner_text()
    phone.page.get_by_role("link", name="Volgende persoon op dit toestel").click()
    phone.page.get_by_label("Bewoner", exact=True).check()
    phone.presses("Verder")
    expect(phone.page.get_by_role("heading", level=1)).to_be_visible()
    expect(phone.page.get_by_text("Meer licht.")).to_have_count(0)
    phone.says("Meer groen.")
    expect(phone.page.locator("#wachtrij li")).to_have_count(1)
    assert phone.page.locator(".receipt__code").first.inner_text() != first
    assert stack.sql(
        "SELECT count(DISTINCT participant_id) FROM trajectories_contribution WHERE meeting_id = %s", meeting
    ) == [(2,)]


def test_closed_meeting_keeps_words_that_were_typed_before(stack, phone, open_meeting):
    meeting, code = open_meeting
    phone.joins(code)
    phone.page.context.set_offline(True)
    types(phone.page, "Dit kwam te laat binnen.")
    phone.sees_heading("Nog niet verstuurd")
    stack.sql("UPDATE trajectories_meeting SET state = 'closed' WHERE id = %s", meeting)
    phone.page.context.set_offline(False)
    expect(phone.page.get_by_role("heading", name="Bewaard")).to_be_visible(timeout=30_000)
    phone.sees("De projectleider beslist of uw inbreng nog meetelt.")
    assert stands(stack, "Dit kwam te laat binnen.") == []
    late = "SELECT count(*) FROM trajectories_latecontribution WHERE words->>'text' = 'Dit kwam te laat binnen.'"
    assert stack.sql(late) == [(1,)]


@pytest.mark.stack
def test_everything_goes_without_scripts(stack, window, open_meeting):
    phone = Deelnemer(window(width=360, scripts=False), stack, scripts=False)
    phone.joins(open_meeting[1])
    phone.says("Zonder scripts gezegd.")
    code = phone.page.locator(".receipt__code").inner_text()
    assert re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}", code)
    phone.page.locator("a", has_text="Wijzig wie u bent").click()
    phone.page.get_by_label("Ik schrijf op voor een ander").check()
    phone.presses("Verder")
    phone.fills_in(text="Voor een ander opgeschreven.", said_by="Een bewoner", addressed_name="De busmaatschappij")
    phone.presses("Verstuur")
    phone.sees_heading("Opgeslagen")
    found = "SELECT source, addressed_name FROM trajectories_contribution WHERE text = 'Voor een ander opgeschreven.'"
    assert stack.sql(found) == [("genoteerd", "De busmaatschappij")]
    counted = "SELECT count(*) FROM trajectories_participant WHERE meeting_id = %s AND checked_in_at IS NOT NULL"
    assert stack.sql(counted, open_meeting[0]) == [(1,)]


@pytest.mark.stack
def test_everything_goes_by_keyboard(stack, window, open_meeting):
    page = window(width=360)
    page.goto(f"/b/{open_meeting[1]}/")
    keys = page.keyboard

    def tab_to(selector: str) -> None:
        for _ in range(40):
            if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
            keys.press("Tab")
        raise AssertionError(f"Nobody gets to {selector} by Tab.")

    tab_to("[name=party]")
    keys.press("Space")
    tab_to("button")
    keys.press("Enter")
    expect(page.locator("[name=text]")).to_be_visible()
    for text in ("Met de toetsen gezegd.", "En nog iets."):
        tab_to("[name=text]")
        keys.type(text)
        tab_to("button[type=submit]")
        keys.press("Enter")
        expect(page.get_by_role("heading", name="Opgeslagen")).to_be_focused()
        tab_to("#nog-een")
        keys.press("Enter")
        expect(page.locator("#vraag")).to_be_focused()
        assert len(stands(stack, text)) == 1


@pytest.mark.stack
def test_targets_are_large(phone, open_meeting):
    page = phone.page
    page.goto(f"/b/{open_meeting[1]}/")
    small = """() => [...document.querySelectorAll(".choice, .button, textarea, select, input[type=text], summary")]
        .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 48).map((one) => one.outerHTML)"""
    assert page.evaluate(small) == []
    phone.is_("Bewoner")
    assert page.evaluate(small) == []


@pytest.mark.stack
def test_phone_page_weighs_less_than_promised(phone, open_meeting):
    """All bytes that come over the line, head and body, from scanning the code to a page that works offline."""
    page = phone.page
    addresses: dict[str, str] = {}
    weighed: Counter[str] = Counter()
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.responseReceived", lambda told: addresses.update({told["requestId"]: told["response"]["url"]}))
    network.on(
        "Network.loadingFinished",
        lambda told: weighed.update({addresses.get(told["requestId"], "?"): int(told["encodedDataLength"])}),
    )
    page.goto(f"/b/{open_meeting[1]}/")
    phone.is_("Bewoner")
    is_ready_for_offline(page)
    worker = page.request.get("/b/sw.js")  # fetched outside the page: weighed by itself
    whole = sum(weighed.values()) + len(worker.body())
    print(f"phone page: {whole} bytes, {weighed}")
    for name in ("js/phone.js", "css/phone.css", "css/tokens.css"):
        assert any(name in address and size > 1000 for address, size in weighed.items()), weighed
    assert not any("woff" in address or "utrecht" in address or "htmx" in address for address in weighed), weighed
    assert whole < MOST_BYTES, weighed


@pytest.mark.stack
def test_first_page_is_usable_over_2g(phone, open_meeting):
    """50 kB/s and two seconds of delay: a figure to read, and a page that works at all."""
    page = phone.page
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    slow = {"offline": False, "latency": 2000, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    network.send("Network.emulateNetworkConditions", slow)
    page.set_default_timeout(60_000)
    begin = time.monotonic()
    page.goto(f"/b/{open_meeting[1]}/", wait_until="commit")
    page.get_by_label("Bewoner", exact=True).check()
    print(f"first page over 2G: {time.monotonic() - begin:.1f} s")
    begin = time.monotonic()
    page.get_by_role("button", name="Verder").click()
    page.locator("[name=text]").fill("Over een langzame lijn.")
    print(f"the question after it: {time.monotonic() - begin:.1f} s")
    page.get_by_role("button", name="Verstuur", exact=True).click()
    expect(page.get_by_role("heading", name="Opgeslagen")).to_be_visible(timeout=60_000)
