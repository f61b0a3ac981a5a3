"""Every page of the chain, wide and narrow: nothing that axe objects to, and nothing that scrolls sideways.

`PICTURES=1` leaves a picture of each in screenshots/; what something is wrong with is always pictured.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Windows
from tests.journeys.people import (
    OFFICE,
    RESERVED,
    Contactpersoon,
    Projectleider,
    Visitor,
    code_of,
    gemeente_door,
    newcomer,
    with_authenticator,
)
from tests.stack import ROOT

FENNA = "fenna@welzijn.voorbeeldstad.example"  # a contact person with an account
UNKNOWN = "onbekend@voorbeeldstad.example"  # whom the provider of a gemeente knows, and we don't
PICTURES = ROOT / "screenshots"
# Of what it found only what is wrong. The styles that axe would fetch anew serve one rule, which is off (css-orientation-lock).
RUN_AXE = "axe.run({resultTypes: ['violations'], preload: false}).then(({violations}) => ({violations}))"
WIDTHS = (1280, 360)
Visit = Callable[[Page, SimpleNamespace], object]


def offered(board: str):
    """A board of which the worker offered something, as it is looked at."""

    def opens(page: Page, here: SimpleNamespace) -> None:
        page.goto(board.format(**vars(here)))
        button = page.get_by_role("button", name=re.compile("^Zoek (wat bij elkaar hoort|opnieuw)$"))
        button.click()
        page.locator("a[id^=voorstel-]").first.click(timeout=45_000)
        page.get_by_text("Dit is een voorstel van de computer").wait_for()

    return opens


def at(path: str) -> Visit:
    """Visits a page by its address, filled in with what the example holds."""
    return lambda page, here: page.goto(path.format(**vars(here)))


def wrong(path: str, *, button: str, **fields: str) -> Visit:
    """Visits the same page after a form on it was sent with too little in it."""

    def visit(page: Page, here: SimpleNamespace) -> None:
        at(path)(page, here)
        for name, value in fields.items():
            page.get_by_role("main").locator(f'[name="{name}"]').fill(value)
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("alert").first).to_be_visible()

    return visit


def upload(path: str, button: str, file: Callable[[SimpleNamespace], Path], heading: str) -> Visit:
    def visit(page: Page, here: SimpleNamespace) -> None:
        at(path)(page, here)
        page.locator("[name=file]").set_input_files(file(here))
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("heading", name=heading)).to_be_visible()

    return visit


def said_something(page: Page, here: SimpleNamespace) -> None:
    on_the_phone()(page, here)
    page.locator("[name=text]").fill("Er mag wel een bankje bij de bushalte.")
    page.get_by_role("button", name="Verstuur", exact=True).click()
    expect(page.get_by_role("heading", name="Opgeslagen")).to_be_visible()


def on_the_phone(code: str = "open_code", who: str = "Bewoner", *, helps: bool = False) -> Visit:
    """As somebody who told who they are."""

    def visit(page: Page, here: SimpleNamespace) -> None:
        page.goto(f"/b/{getattr(here, code)}/")
        page.get_by_label(who, exact=True).check()
        if helps:
            page.get_by_label("Ik schrijf op voor een ander").check()
        page.get_by_role("button", name="Verder").click()
        expect(page.get_by_role("button", name="Verstuur", exact=True)).to_be_visible()
        page.wait_for_load_state()  # and its script runs: before that, the form is a plain one

    return visit


def said_without_network(page: Page, here: SimpleNamespace) -> None:
    on_the_phone()(page, here)
    page.route("**/b/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.locator("[name=text]").fill("Er mag wel een bankje bij de bushalte.")
    page.get_by_role("button", name="Verstuur", exact=True).click()
    expect(page.get_by_role("heading", name="Nog niet verstuurd")).to_be_visible()


def said_too_much(page: Page, here: SimpleNamespace) -> None:
    on_the_phone()(page, here)
    page.locator("[name=text]").fill("lang " * 500)
    page.get_by_role("button", name="Verstuur", exact=True).click()
    expect(page.get_by_role("button", name="Aanpassen")).to_be_visible()


def in_a_pause(page: Page, here: SimpleNamespace) -> None:
    on_the_phone()(page, here)
    pause = "UPDATE trajectories_meeting SET is_paused = %s WHERE code = %s"
    here.stack.sql(pause, True, here.open_code)
    page.reload()
    here.stack.sql(pause, False, here.open_code)
    expect(page.get_by_role("heading", name="Even pauze")).to_be_visible()
    page.get_by_text("Was u nog iets aan het opschrijven?").click()


def with_late_words(page: Page, here: SimpleNamespace) -> None:
    insert = """
        INSERT INTO trajectories_latecontribution (meeting_id, key, words, arrived_at)
        VALUES (%s, gen_random_uuid(), %s, now())"""
    words = {
        "text": "Er moet ook een bankje bij de kerk.",
        "said_by_id": None,
        "addressed_to_id": None,
        "question": "Wat mist u?",
    }
    here.stack.sql(insert, here.meeting, json.dumps(words))
    page.goto(f"/bijeenkomsten/{here.meeting}/")
    expect(page.get_by_role("button", name="Laat toe").first).to_be_visible()


def revealed(page: Page, here: SimpleNamespace) -> None:
    """The open meeting with its answers shown to the hall; a projector is wider than a laptop."""
    said_something(page, here)
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"/bijeenkomsten/{here.open_meeting}/scherm/")
    if page.get_by_role("button", name="Toon antwoorden").is_visible():
        page.get_by_role("button", name="Toon antwoorden").click()
    expect(page.get_by_role("list", name="Antwoorden")).to_be_visible()
    expect(page.locator(".htmx-settling, .htmx-swapping, .htmx-request")).to_have_count(0)


def hiding_on_the_screen(page: Page, here: SimpleNamespace) -> None:
    revealed(page, here)
    page.locator(".answer__hide").last.click()
    expect(page.get_by_role("dialog", name="Waarom verbergt u dit?")).to_be_visible()


def said_in_the_room(page: Page, here: SimpleNamespace) -> None:
    """One party agrees, another can't."""
    page.goto(f"/bijeenkomsten/{here.worked}/werk/{here.point}/")
    parties = page.locator(".room__party")
    parties.nth(0).get_by_role("button", name=re.compile("^Akkoord")).click()
    expect(parties.nth(0).get_by_text("akkoord", exact=True)).to_be_visible()
    parties.nth(1).get_by_placeholder("Opmerking of bezwaar").fill("Het is te duur.")
    parties.nth(1).get_by_role("button", name="Niet akkoord").click()
    expect(parties.nth(1).get_by_text("kan niet akkoord gaan", exact=True)).to_be_visible()
    expect(page.locator(".htmx-settling, .htmx-swapping, .htmx-request")).to_have_count(0)


def objected_without_words(page: Page, here: SimpleNamespace) -> None:
    page.goto(f"/bijeenkomsten/{here.worked}/werk/{here.point}/")
    page.locator(".room__party").nth(2).get_by_role("button", name="Niet akkoord").click()
    expect(page.locator("#zaal .utrecht-form-field-error-message")).to_be_visible()
    expect(page.locator(".htmx-settling, .htmx-swapping, .htmx-request")).to_have_count(0)


def on_the_work_screen(page: Page, here: SimpleNamespace) -> None:
    said_in_the_room(page, here)
    page.set_viewport_size({"width": 1920, "height": 1080})
    show = page.get_by_role("button", name="Zet op de beamer")
    if show.is_visible():
        show.click()
    page.goto(f"/bijeenkomsten/{here.worked}/werk/scherm/")
    expect(page.get_by_text("“Het is te duur.”")).to_be_visible()


def objection_to_answer(page: Page, here: SimpleNamespace) -> None:
    said_in_the_room(page, here)
    page.goto(f"/verbeterpunten/{here.point}/zaal/")
    expect(page.get_by_role("button", name="Bewaar het antwoord").first).to_be_visible()


def objection_without_an_answer(page: Page, here: SimpleNamespace) -> None:
    objection_to_answer(page, here)
    page.get_by_role("button", name="Bewaar het antwoord").first.click()
    expect(page.get_by_role("alert").first).to_be_visible()


def noted_wrong(page: Page, here: SimpleNamespace) -> None:
    page.goto(f"/bijeenkomsten/{here.open_meeting}/noteren/")
    page.get_by_label("Kaart").fill("999")
    page.get_by_label("Wat wordt er gezegd?").fill("Een bankje.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Kaart 999 kennen wij niet.")).to_be_visible()


def code_page(page: Page, here: SimpleNamespace) -> None:
    page.goto("/inloggen/")
    page.locator("[name=email]").fill("niemand@voorbeeldstad.example")
    page.get_by_role("button", name="Stuur mij een code").click()
    expect(page.get_by_role("heading", name="Vul de code in")).to_be_visible()


def wrong_code(page: Page, here: SimpleNamespace) -> None:
    code_page(page, here)
    page.locator("[name=code]").fill("AAAA-AAAA")
    page.get_by_role("button", name="Inloggen", exact=True).click()
    expect(page.get_by_role("alert").first).to_be_visible()


def changed_meanwhile(page: Page, here: SimpleNamespace) -> None:
    """As if somebody else saved the point after this page was shown."""
    page.goto(f"/verbeterpunten/{here.point}/")
    page.locator("[name=seen]").evaluate("field => { field.value = 'een eerdere stand' }")
    for name in ("title", "why", "commitments-0-text"):
        page.locator(f"[name={name}]").fill("Anders gezegd.")
    page.get_by_role("button", name="Bewaar", exact=True).click()
    expect(page.get_by_text("Nu staat er:").first).to_be_visible()


def with_words_asked(page: Page, here: SimpleNamespace) -> None:
    """As somebody who types abbreviations: one that a list explains, and two that none does."""
    page.goto(f"/verbeterpunten/{here.point}/")
    page.locator("[name=why]").fill("De GGZ praat met de QRX en de WBV.")
    expect(page.get_by_label("Wat betekent QRX?")).to_be_visible()
    page.get_by_text("Met uitleg:").click()


def with_word_explained(page: Page, here: SimpleNamespace) -> None:
    """A word whose meaning was asked for, by keyboard."""
    page.goto(f"/trajecten/{here.sealed}/verbeterpunten/")
    term = page.get_by_role("button", name="EHBO")
    term.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("eerste hulp bij ongelukken.").first).to_be_visible()


def a_word(page: Page, here: SimpleNamespace) -> None:
    page.goto(f"/gemeenten/{here.gemeente}/begrippen/")
    page.get_by_role("link", name=re.compile("Bewerk.*EHBO")).click()


def action_without_words(page: Page, here: SimpleNamespace) -> None:
    page.goto(f"/bijeenkomsten/{here.opened}/verslag/")
    page.get_by_text("Voeg een actiepunt toe").click()
    page.get_by_role("button", name="Voeg toe", exact=True).click()
    expect(page.get_by_role("alert").first).to_be_visible()


def app_set_up(page: Page, here: SimpleNamespace) -> None:
    page.goto("/account/app/")
    page.locator("[name=code]").fill(code_of(page.locator(".secret").inner_text()))
    page.get_by_role("button", name="Stel de app in").click()
    expect(page.get_by_role("heading", name="Uw herstelcodes")).to_be_visible()


def key_made(page: Page, here: SimpleNamespace) -> None:
    with_authenticator(page)
    page.goto("/account/sleutels/nieuw/")
    page.locator("[name=name]").fill("Kantoortelefoonvandegemeentevoorbeeldsta")  # as long as may be, and one word
    page.get_by_role("button", name="Maak de sleutel").click()
    expect(page.get_by_text("De toegangssleutel is gemaakt.")).to_be_visible()


def of_key(link: str) -> Visit:
    """Visits a page of the passkey that was made."""

    def visit(page: Page, here: SimpleNamespace) -> None:
        page.goto("/account/")
        page.get_by_role("link", name=re.compile(f"^{link}")).click()
        expect(page.get_by_role("link", name="Terug naar uw account")).to_be_visible()

    return visit


def key_without_name(page: Page, here: SimpleNamespace) -> None:
    of_key("Verander de naam")(page, here)
    page.locator("[name=name]").fill("")
    page.get_by_role("button", name="Bewaar", exact=True).click()
    expect(page.get_by_role("alert").first).to_be_visible()


def too_often(page: Page, here: SimpleNamespace) -> None:
    """Ten times wrong, for each process of the web server that counts by itself."""
    page.goto("/account/bevestigen/")
    for _ in range(30):
        with page.expect_navigation():
            page.get_by_role("button", name="Bevestig", exact=True).click()
        if page.get_by_role("heading", name="U hebt het te vaak geprobeerd").is_visible():
            return
    raise AssertionError("Nobody counts.")


def opened(path: str, summary: str) -> Visit:
    """Visits a page and opens what is folded there."""

    def visit(page: Page, here: SimpleNamespace) -> None:
        at(path)(page, here)
        page.get_by_text(summary, exact=True).click()
        expect(page.locator("details[open] li").first).to_be_visible()

    return visit


def unknown_to_us(page: Page, here: SimpleNamespace) -> None:
    Visitor(page, here.stack).comes_in_by_gemeente(UNKNOWN)
    expect(page.get_by_role("heading", name="Wij kennen u hier nog niet")).to_be_visible()


def provider_down(page: Page, here: SimpleNamespace) -> None:
    page.goto("/inloggen/")
    page.get_by_role("button", name="Inloggen via gemeente Elders").click()
    expect(page.get_by_role("heading", name="Inloggen is niet gelukt")).to_be_visible()


def tries_not_counted(page: Page, here: SimpleNamespace) -> None:
    page.goto("/inloggen/")
    page.locator("[name=email]").fill("niemand@voorbeeldstad.example")
    page.get_by_role("button", name="Stuur mij een code").click()
    expect(page.get_by_role("heading", name="Inloggen lukt nu even niet")).to_be_visible()


def second_step(page: Page, here: SimpleNamespace) -> None:
    Visitor(page, here.stack).gives_code_from_mail("beheerder@voorbeeldstad.example")
    expect(page.get_by_role("heading", name="Geef uw tweede stap")).to_be_visible()


def wrong_second_step(page: Page, here: SimpleNamespace) -> None:
    second_step(page, here)
    page.locator("[name=code]").fill("12")
    page.get_by_role("button", name="Inloggen", exact=True).click()
    expect(page.get_by_role("alert").first).to_be_visible()


def code_of_the_answer(page: Page, here: SimpleNamespace) -> None:
    page.goto(here.link)
    contact = Contactpersoon(page, here.stack)
    contact.fills_in(answer=RESERVED, name="Noor Bakker", function="bestuurder")
    contact.reserves("1.1", "Als er geld voor is.")
    contact.fills_in(on_behalf_of="het bestuur", mandate=OFFICE, agreed=True)
    contact.presses("Verstuur ons antwoord")
    contact.sees_heading("Bevestig uw antwoord")


def give_to_a_colleague(page: Page, here: SimpleNamespace) -> None:
    page.goto(here.link)
    page.get_by_role("link", name="Geef de vraag door aan een collega").click()


def two_who_sign(here: SimpleNamespace, then: str = "") -> list[str]:
    """The links of the first and the second person of a party for which two sign; the first one has answered."""
    script = TWO_WHO_SIGN % {"version": here.asked_version} + then
    made = here.stack.manage("shell", "--no-imports", "-c", script)
    assert made.returncode == 0, made.stderr
    return made.stdout.split()[-2:]


WILL_NOT = """
countersigning.decline(asked_second, reason="Punt 1.1 is te duur voor ons. " * 20)
"""
ANSWERS_OTHERWISE = """
otherwise = [{"point": "1.1", "text": "Alleen als er mensen voor zijn."}]
countersigning.propose(first, second=second, **(given | {"reservations": otherwise}))
"""
# The first one's answer is as long as it gets; what axe sees is what a board with a long name sees.
TWO_WHO_SIGN = """
import re
from agendas import countersigning, endorsing
from agendas.models import EndorsementRequest
from stakeholders.models import Mail
waiting = EndorsementRequest.objects.of_first().filter(round__version=%(version)s, is_current=True)
asked = waiting.exclude(party__endorsements__round__version=%(version)s).exclude(person__isnull=True).order_by("pk").last()
asked.party.signatories = 2
asked.party.save()
first = endorsing.ask(asked.round, asked.party)
link = lambda: print(re.search(r"/o/\\S+/", Mail.objects.latest("pk").text).group())
link()
second = endorsing.Colleague("tweede@partij.example", "P. Wijma-van Steenbergen", "penningmeester van het wijkbestuur")
given = dict(digest=asked.round.version.digest, answer="voorbehoud", text="",
             reservations=[{"point": "1.1", "text": "Alleen als er geld voor is. " * 20}],
             name="Noor Bakker", function="voorzitter", on_behalf_of="het bestuur", decided_on=None, method="code per e-mail",
             code_sent_to=first.address)
asked_second = countersigning.propose(first, second=second, **given)
found = Mail.objects.filter(to="tweede@partij.example").latest("pk")
print(re.search(r"/o/\\S+/", found.text).group())
"""


FROZEN = """
from agendas import versions
from agendas.models import AgendaVersion
version = AgendaVersion.objects.get(pk=%s)
newest = version.agenda.versions.first()
if hasattr(newest, "round"):
    version.agenda.summary += " En dat houden wij vol."
    version.agenda.save()
    newest = versions.freeze(version.agenda, by=version.frozen_by, reason="Het mag.")
print(newest.pk)
"""


def before_it_is_laid(page: Page, here: SimpleNamespace) -> None:
    """The page that says who will be mailed, of a version that nobody was asked about yet."""
    made = here.stack.manage("shell", "--no-imports", "-c", FROZEN % here.sealed_version)
    assert made.returncode == 0, made.stderr
    page.goto(f"/versies/{made.stdout.split()[-1]}/voorleggen/")


def laid_without_a_day(page: Page, here: SimpleNamespace) -> None:
    before_it_is_laid(page, here)
    page.locator("[name=deadline]").fill("")
    page.get_by_role("button", name=re.compile("^Leg voor")).click()
    expect(page.get_by_role("alert").first).to_be_visible()


def wrong_code_of_the_answer(page: Page, here: SimpleNamespace) -> None:
    code_of_the_answer(page, here)
    page.locator("[name=code]").fill("1234")
    page.get_by_role("button", name="Bevestig ons antwoord", exact=True).click()
    expect(page.get_by_role("alert").first).to_be_visible()


def cannot_without_a_reason(page: Page, here: SimpleNamespace) -> None:
    page.goto(f"/toezeggingen/{here.own_promise}/")
    page.get_by_role("radio", name="Dit kunnen wij niet").check()
    page.get_by_label("In de woorden van uw partij").fill("")
    page.get_by_role("button", name="Bevestig", exact=True).click()
    expect(page.get_by_role("alert").first).to_be_visible()


def cards(page: Page, here: SimpleNamespace) -> None:
    page.goto(f"/bijeenkomsten/{here.planned}/druk/kaarten/")
    page.locator("[name=count]").fill("9")
    page.get_by_role("button", name="Maak de kaarten").click()
    expect(page.locator(".card")).to_have_count(9)


def own_draaiboek(page: Page, here: SimpleNamespace) -> None:
    page.goto(f"/gemeenten/{here.gemeente}/draaiboek/")
    page.get_by_role("button", name="Pas het draaiboek aan").click()
    expect(page.get_by_role("link", name="Voeg een bijeenkomst toe")).to_be_visible()


def invitation_shown(page: Page, here: SimpleNamespace) -> None:
    page.goto(f"/bijeenkomsten/{here.coming}/uitnodigen/")
    page.get_by_role("button", name="Bekijk de e-mail").click()
    expect(page.get_by_role("heading", name="Verstuur de uitnodiging")).to_be_visible()


def meeting_moved(page: Page, here: SimpleNamespace) -> None:
    """As if the place changed after the mail, and a party came in of which nobody knows an address."""
    party = (
        "INSERT INTO stakeholders_party (gemeente_id, name, kind, signatories) "
        "VALUES (%s, 'Volkstuinen', 'vereniging', 1) RETURNING id"
    )
    (newcomer,) = here.stack.sql(party, here.gemeente)[0]
    here.stack.sql(
        """INSERT INTO trajectories_participation (trajectory_id, party_id, joined_at)
        SELECT trajectory_id, %s, now() FROM trajectories_meeting WHERE id = %s RETURNING id""",
        newcomer,
        here.coming,
    )
    here.stack.sql("UPDATE trajectories_meeting SET place = 'De Kap' WHERE id = %s RETURNING id", here.coming)
    page.goto(f"/bijeenkomsten/{here.coming}/uitnodigen/")
    expect(page.get_by_text("Deze uitnodigingen zijn nog van vóór de wijziging")).to_be_visible()
    expect(page.get_by_role("link", name="vul een contactpersoon in")).to_be_visible()


def calendar_address(page: Page, here: SimpleNamespace) -> None:
    page.goto("/account/agenda/")
    page.get_by_role("button", name="Maak een").click()
    expect(page.get_by_role("heading", name="Uw adres")).to_be_visible()


def sheet(name: str) -> Callable[[SimpleNamespace], Path]:
    return lambda here: here.folder / name


PUBLIC: dict[str, Visit] = {
    "inloggen": at("/inloggen/"),
    "inloggen-fout": wrong("/inloggen/", button="Stuur mij een code"),
    "inloggen-code": code_page,
    "inloggen-code-fout": wrong_code,
    "inloggen-tweede-stap": second_step,
    "inloggen-tweede-stap-fout": wrong_second_step,
    "inloggen-afgebroken": at("/inloggen/afgebroken/"),
    "meedoen": at("/b/"),
    "meedoen-fout": wrong("/b/", button="Doe mee", code="XXXXXX"),
    "meedoen-code-onbekend": at("/b/XXXXXX/"),
    "inbreng-wie": at("/b/{open_code}/"),
    "inbreng-wie-fout": wrong("/b/{open_code}/", button="Verder"),
    "inbreng-open": on_the_phone(),
    "inbreng-voor-een-ander": on_the_phone(helps=True),
    "inbreng-te-lang": said_too_much,
    "inbreng-zonder-verbinding": said_without_network,
    "inbreng-pauze": in_a_pause,
    "inbreng-verstuurd": said_something,
    "inbreng-gepland": at("/b/{planned_code}/"),
    "inbreng-gesloten": at("/b/{closed_code}/"),
    "onderschrijven": lambda page, here: page.goto(here.link),
    "onderschrijven-fout": lambda page, here: wrong(here.link, button="Verstuur ons antwoord")(page, here),
    "onderschrijven-code": code_of_the_answer,
    "onderschrijven-code-fout": wrong_code_of_the_answer,
    "onderschrijven-gegeven": lambda page, here: page.goto(here.given_link),
    "onderschrijven-doorgeven": give_to_a_colleague,
    "onderschrijven-doorgeven-fout": lambda page, here: (
        give_to_a_colleague(page, here),
        page.get_by_role("button", name="Geef door").click(),
    ),
    "onderschrijven-wacht-op-de-tweede": lambda page, here: page.goto(two_who_sign(here)[0]),
    "meetekenen": lambda page, here: page.goto(two_who_sign(here)[1]),
    "meetekenen-fout": lambda page, here: wrong(two_who_sign(here)[1], button="Verstuur")(page, here),
    "onderschrijven-tweede-tekent-niet": lambda page, here: page.goto(two_who_sign(here, WILL_NOT)[0]),
    "meetekenen-niet": lambda page, here: page.goto(two_who_sign(here, WILL_NOT)[1]),
    "meetekenen-oude-link": lambda page, here: page.goto(two_who_sign(here, ANSWERS_OTHERWISE)[1]),
    "onderschrijven-oude-link": at("/o/deze-link-is-er-niet/"),
    "volg": at("/volg/"),
    "volg-fout": wrong("/volg/", button="Bekijk", code="AAAA-AAAA"),
    "volg-inbreng": at("/volg/{receipt}/"),
    "volg-adres-fout": wrong("/volg/{receipt}/", button="Houd mij op de hoogte", email="geen adres"),
    "volg-nog-niets": at("/volg/{empty_receipt}/"),
    "komt-u": lambda page, here: page.goto(here.rsvp),
    "komt-u-fout": lambda page, here: wrong(here.rsvp, button="Verstuur ons antwoord")(page, here),
    "komt-u-gegeven": lambda page, here: page.goto(here.given_rsvp),
    "komt-u-oude-link": at("/uitnodiging-bijeenkomst/deze-link-is-er-niet/"),
    "controleer": at("/controleer/"),
    "controleer-fout": wrong("/controleer/", button="Controleer"),
    "controleer-echt": upload("/controleer/", "Controleer", sheet("echt.pdf"), "Dit document is echt"),
    "controleer-veranderd": upload(
        "/controleer/", "Controleer", sheet("veranderd.pdf"), "Dit is niet het document dat wij bewaren"
    ),
    "controleer-onbekend": upload("/controleer/", "Controleer", sheet("goed.csv"), "Wij kennen dit document niet"),
    "controleer-code": at("/controleer/{sealed_code}/"),
    "controleer-lezen": at("/controleer/{sealed_code}/lezen/"),
    "controleer-code-nog-niet": at("/controleer/{asked_code}/"),
    "controleer-code-onbekend": at("/controleer/VA-2020-9999-v1/"),
    "postvak": at("/postvak/"),
    "toegankelijkheid": at("/toegankelijkheid/"),
    "privacy": at("/privacy/"),
    "niet-gevonden": at("/deze-bladzijde-is-er-niet/"),
}
# Somebody who has just come in for the first time, by mail alone, and makes themselves at home: in this order.
NEWCOMER: dict[str, Visit] = {
    "account-zonder-tweede-stap": at("/"),
    "account-app": at("/account/app/"),
    "account-app-fout": wrong("/account/app/", button="Stel de app in", code="12"),
    "account-sleutel": at("/account/sleutels/nieuw/"),
    "account-app-ingesteld": app_set_up,
    "account-met-app": at("/account/"),
    "account-sleutel-gemaakt": key_made,
    "account-sleutel-naam": of_key("Verander de naam"),
    "account-sleutel-naam-fout": key_without_name,
    "account-sleutel-weghalen": of_key("Haal weg"),
    "account-app-weghalen": at("/account/app/weghalen/"),
    "account-herstelcodes-nieuw": at("/account/herstelcodes/nieuw/"),
    "te-vaak-geprobeerd": too_often,
}
LEADER: dict[str, Visit] = {
    "overzicht": at("/"),
    "traject-nieuw": at("/trajecten/nieuw/"),
    "traject-nieuw-fout": wrong("/trajecten/nieuw/", button="Begin het traject"),
    "traject": at("/trajecten/{sealed}/"),
    "partij-nieuw": at("/trajecten/{sealed}/partijen/nieuw/"),
    "partij-nieuw-fout": wrong(
        "/trajecten/{sealed}/partijen/nieuw/",
        button="Voeg de partij toe",
        contact_name="Jan",
        contact_email="geen adres",
    ),
    "partij": at("/trajecten/{sealed}/partijen/{party}/"),
    "inbreng": at("/trajecten/{sealed}/inbreng/"),
    "inbreng-niets-gevonden": at("/trajecten/{sealed}/inbreng/?zoek=zzzzqq"),
    "bijeenkomst-nieuw": at("/trajecten/{sealed}/bijeenkomsten/nieuw/"),
    "bijeenkomst-nieuw-fout": wrong("/trajecten/{sealed}/bijeenkomsten/nieuw/", button="Bewaar de bijeenkomst"),
    "bijeenkomst": at("/bijeenkomsten/{meeting}/"),
    "verslag-open": at("/bijeenkomsten/{opened}/verslag/"),
    "verslag-actiepunt-fout": action_without_words,
    "verslag-gesloten": at("/bijeenkomsten/{reported}/verslag/"),
    "uitkomst-verbeteren": at("/agendapunten/{closed_item}/verbeteren/"),
    "uitkomst-verbeteren-fout": wrong("/agendapunten/{closed_item}/verbeteren/", button="Bewaar de verbetering"),
    "bijeenkomst-uitnodigen": at("/bijeenkomsten/{coming}/uitnodigen/"),
    "bijeenkomst-uitnodigen-e-mail": invitation_shown,
    "bijeenkomst-uitnodigen-veranderd": meeting_moved,
    "bijeenkomst-niemand-uitgenodigd": at("/bijeenkomsten/{meeting}/uitnodigen/"),
    "eigen-agenda": at("/account/agenda/"),
    "eigen-agenda-adres": calendar_address,
    "scherm": at("/bijeenkomsten/{open_meeting}/scherm/"),
    "scherm-antwoorden": revealed,
    "scherm-verbergen": hiding_on_the_screen,
    "scherm-gesloten": at("/bijeenkomsten/{closed_meeting}/scherm/"),
    "zaal-punten": at("/bijeenkomsten/{worked}/werk/"),
    "zaal-punt": at("/bijeenkomsten/{worked}/werk/{point}/"),
    "zaal-punt-genoteerd": said_in_the_room,
    "zaal-punt-fout": objected_without_words,
    "zaal-punt-niemand": at("/bijeenkomsten/{open_meeting}/werk/{point}/"),
    "zaal-scherm": on_the_work_screen,
    "zaal-verwachtingen": at("/bijeenkomsten/{expecting}/verwachtingen/"),
    "zaal-scherm-begin": at("/bijeenkomsten/{open_meeting}/werk/scherm/"),
    "zaal-gezegd": objection_to_answer,
    "zaal-gezegd-fout": objection_without_an_answer,
    "noteren": at("/bijeenkomsten/{open_meeting}/noteren/"),
    "noteren-fout": noted_wrong,
    "aanwezig": at("/bijeenkomsten/{open_meeting}/aanwezig/"),
    "aanwezig-gesloten": at("/bijeenkomsten/{closed_meeting}/aanwezig/"),
    "plakken": at("/bijeenkomsten/{open_meeting}/plakken/"),
    "plakken-fout": wrong(
        "/bijeenkomsten/{open_meeting}/plakken/", button="Laat zien wat erin staat", lines="inbreng\n"
    ),
    "bijeenkomst-inbreng-na-sluiten": with_late_words,
    "bijeenkomst-bewerken": at("/bijeenkomsten/{meeting}/bewerken/"),
    "bijeenkomsten-plannen": at("/trajecten/{sealed}/bijeenkomsten/plannen/"),
    "bijeenkomsten-plannen-fout": wrong(
        "/trajecten/{sealed}/bijeenkomsten/plannen/", button="Laat de dagen zien", begin=""
    ),
    "bijeenkomsten-plannen-lijst": at(
        "/trajecten/{sealed}/bijeenkomsten/plannen/?begin=2026-11-27T19:30&plaats=De+Kap"
    ),
    "bijeenkomsten-plannen-lijst-fout": wrong(
        "/trajecten/{sealed}/bijeenkomsten/plannen/?begin=2026-11-27T19:30",
        button="Plan deze bijeenkomsten",
        **{"form-0-title": "", "form-1-starts_at": "2026-12-26T19:30"},
    ),
    "gesprek-nieuw": at("/trajecten/{sealed}/gesprekken/nieuw/"),
    "bijeenkomst-afzeggen-fout": wrong("/bijeenkomsten/{planned}/afzeggen/", button="Zeg de bijeenkomst af"),
    "bijeenkomst-agenda": at("/bijeenkomsten/{planned}/agenda/"),
    "bijeenkomst-agenda-open": at("/bijeenkomsten/{opened}/agenda/"),
    "bijeenkomst-agenda-gesloten": at("/bijeenkomsten/{meeting}/agenda/"),
    "bijeenkomst-afgezegd": at("/bijeenkomsten/{cancelled}/"),
    "agendapunt-nieuw-fout": wrong("/bijeenkomsten/{planned}/agenda/nieuw/", button="Voeg het agendapunt toe"),
    "agendapunt": at("/agendapunten/{item}/"),
    "druk-agenda": at("/bijeenkomsten/{planned}/druk/agenda/"),
    "druk-presentielijst": at("/bijeenkomsten/{planned}/druk/presentielijst/"),
    "druk-affiche": at("/bijeenkomsten/{planned}/druk/affiche/"),
    "druk-kaarten-vraag": at("/bijeenkomsten/{planned}/druk/kaarten/"),
    "druk-kaarten": cards,
    "draaiboek": at("/gemeenten/{gemeente}/draaiboek/"),
    "draaiboek-nieuw-fout": wrong("/gemeenten/{gemeente}/draaiboek/nieuw/", button="Voeg de bijeenkomst toe"),
    "draaiboek-eigen": own_draaiboek,
    "inlezen": at("/bijeenkomsten/{meeting}/inlezen/"),
    "inlezen-fout": upload(
        "/bijeenkomsten/{meeting}/inlezen/", "Laat zien wat erin staat", sheet("leeg.csv"), "Er klopt iets niet"
    ),
    "inlezen-regels-fout": upload(
        "/bijeenkomsten/{meeting}/inlezen/", "Laat zien wat erin staat", sheet("fout.csv"), "Er is nog niets ingelezen"
    ),
    "inlezen-goed": upload(
        "/bijeenkomsten/{meeting}/inlezen/", "Laat zien wat erin staat", sheet("goed.csv"), "Klopt dit?"
    ),
    "verwachtingen": at("/trajecten/{sealed}/verwachtingen/"),
    "verwachtingen-gekozen": at("/trajecten/{sealed}/verwachtingen/?van=bewoners&stand=open"),
    "verwachtingen-toen": at("/trajecten/{sealed}/verwachtingen/?toen={expecting}"),
    "verwachtingen-leeg": at("/trajecten/{gaps}/verwachtingen/"),
    "verwachting-antwoord": at("/verwachtingen/{expected}/"),
    "verwachting-fout": wrong("/verwachtingen/{waiting}/", button="Bewaar het antwoord"),
    "themas": at("/trajecten/{sealed}/themas/"),
    "themas-gekozen": at("/trajecten/{sealed}/themas/?thema={theme}"),
    "themas-te-plaatsen": at("/trajecten/{unplaced}/themas/"),
    "themas-gezocht": at("/trajecten/{unplaced}/themas/?zoek=wijk"),
    "themas-voorstel": offered("/trajecten/{unplaced}/themas/"),
    "themas-groepen": at("/trajecten/{sealed}/themas/?thema={theme}"),
    "themas-groep": at("/trajecten/{sealed}/themas/?thema={theme}&groep={group}"),
    "groep": at("/groepen/{group}/"),
    "groep-fout": wrong("/groepen/{group}/", button="Bewaar", wording=""),
    "themas-stappen": at("/trajecten/{sealed}/themas/stappen/"),
    "thema-nieuw": at("/trajecten/{sealed}/themas/nieuw/"),
    "thema-nieuw-fout": wrong("/trajecten/{sealed}/themas/nieuw/", button="Maak het thema"),
    "thema": at("/themas/{theme}/"),
    "thema-blijft-staan": wrong("/themas/{theme}/verwijderen/", button="Verwijder het thema"),
    "verbeterpunten": at("/trajecten/{sealed}/verbeterpunten/"),
    "verbeterpunt-nieuw": at("/trajecten/{sealed}/verbeterpunten/nieuw/"),
    "verbeterpunt-nieuw-fout": wrong("/trajecten/{sealed}/verbeterpunten/nieuw/", button="Bewaar"),
    "verbeterpunt": at("/verbeterpunten/{point}/"),
    "verbeterpunt-intussen-veranderd": changed_meanwhile,
    "verbeterpunt-afkortingen": with_words_asked,
    "verbeterpunten-uitleg": with_word_explained,
    "afkortingen": at("/trajecten/{sealed}/begrippen/"),
    "gebied": at("/trajecten/{sealed}/gebied/"),
    "kaart-inlezen": at("/trajecten/{sealed}/gebied/inlezen/"),
    "kaart-inlezen-fout": wrong("/trajecten/{sealed}/gebied/inlezen/", button="Lees de kaart in", year="1900"),
    "begrippen": at("/gemeenten/{gemeente}/begrippen/"),
    "begrippen-fout": wrong("/gemeenten/{gemeente}/begrippen/", button="Voeg toe"),
    "begrip": a_word,
    "verbeterpunt-herkomst": at("/verbeterpunten/{point}/herkomst/"),
    "verbeterpunt-herkomst-niets-gevonden": at("/verbeterpunten/{point}/herkomst/?alles=1&zoek=zzzzqq"),
    "verbeterpunt-verwijderen": at("/verbeterpunten/{point}/verwijderen/"),
    "agenda": at("/trajecten/{sealed}/agenda/"),
    "agenda-open-punten": at("/trajecten/{gaps}/agenda/"),
    "agenda-bevriezen-fout": wrong("/trajecten/{gaps}/agenda/", button="Bevries de agenda"),
    "agenda-nog-niet-begonnen": at("/trajecten/{unplaced}/agenda/"),
    "agenda-teksten": at("/trajecten/{sealed}/agenda/bewerken/"),
    "versie-bij-de-partijen": at("/versies/{asked_version}/"),
    "versie-verzegeld": at("/versies/{sealed_version}/"),
    "geen-toegang": at("/gemeenten/"),
    "uitloggen": at("/uitloggen/"),
    "account": at("/account/"),
    "account-bevestigen": at("/account/bevestigen/"),
    "account-bevestigen-fout": wrong("/account/bevestigen/", button="Bevestig", code="12"),
    "apparaten": at("/account/apparaten/"),
    "account-geschiedenis": at("/account/geschiedenis/"),
    "mensen-van-traject": at("/trajecten/{sealed}/mensen/"),
    "mensen": at("/gemeenten/{gemeente}/mensen/"),
    "mensen-rollen": opened("/gemeenten/{gemeente}/mensen/", "Wie kreeg welke rol, en wanneer"),
    "uitnodigen": at("/gemeenten/{gemeente}/mensen/uitnodigen/"),
    "uitnodigen-fout": wrong("/gemeenten/{gemeente}/mensen/uitnodigen/", button="Verstuur de uitnodiging"),
    "uitnodigen-lijst": at("/gemeenten/{gemeente}/mensen/lijst/"),
    "overdragen": at("/gemeenten/{gemeente}/mensen/overdragen/"),
    "persoon-wissen": at("/personen/{person}/wissen/"),
    "inbreng-gevolgd": at("/inbreng/{said}/"),
    "inbreng-in-delen": at("/inbreng/{split}/"),
    "inbreng-splitsen": at("/inbreng/{whole}/splitsen/?thema={whole_theme}"),
    "inbreng-splitsen-fout": wrong("/inbreng/{whole}/splitsen/?thema={whole_theme}", button="Splits", words="zzzz"),
    "themas-deel": at("/trajecten/{sealed}/themas/?thema={split_theme}"),
    "inbreng-verbergen": at("/inbreng/{said}/verbergen/"),
    "inbreng-wissen": at("/inbreng/{said}/wissen/"),
    "inbreng-verborgen": at("/trajecten/{sealed}/verborgen/"),
    "traject-geschiedenis": at("/trajecten/{sealed}/geschiedenis/"),
    "versie-voorleggen": before_it_is_laid,
    "versie-voorleggen-fout": laid_without_a_day,
    "antwoord-noteren": at("/versies/{asked_version}/antwoord/{asked_party}/"),
    "antwoord-noteren-fout": wrong("/versies/{asked_version}/antwoord/{asked_party}/", button="Noteer dit antwoord"),
    "verbeterpunt-geschiedenis": at("/verbeterpunten/{point}/geschiedenis/"),
    "agenda-geschiedenis": at("/trajecten/{sealed}/agenda/geschiedenis/"),
}
BEHEERDER: dict[str, Visit] = {
    "beheerder": at("/"),
    "gemeenten": at("/gemeenten/"),
    "gemeente-nieuw": at("/gemeenten/nieuw/"),
    "gemeente-nieuw-fout": wrong("/gemeenten/nieuw/", button="Maak de gemeente", name="X", code="12"),
}
CONTACT: dict[str, Visit] = {
    "contactpersoon": at("/"),
    "partij-eigen": at("/partijen/{own_party}/"),
    "mijn-afspraken": at("/mijn-afspraken/"),
    "afspraak-bevestigen": at("/toezeggingen/{own_promise}/"),
    "afspraak-bevestigen-fout": cannot_without_a_reason,
}
# The doors of a web server that knows two gemeenten, of which one answers; and of one that can't count who tries.
GEMEENTE_DOOR: dict[str, Visit] = {
    "inloggen-gemeente": at("/inloggen/"),
    "inloggen-gemeente-onbekend": unknown_to_us,
    "inloggen-gemeente-mislukt": provider_down,
}
CLOSED_DOOR: dict[str, Visit] = {
    "inloggen-dicht": at("/inloggen/"),
    "inloggen-storing": tries_not_counted,
    "onderschrijven-bij-storing": lambda page, here: page.goto(here.link),
}


@pytest.fixture(scope="module")
def here(stack, chromium, tmp_path_factory) -> SimpleNamespace:
    """Where things stand in the example, with an open and a planned meeting and some files beside it."""

    def one(query: str, *values: object):
        return stack.sql(query, *values)[0]

    final = """
        SELECT v.id, a.trajectory_id, a.number || '-v' || v.number, d.sha256
        FROM agendas_document d JOIN agendas_agendaversion v ON v.id = d.version_id JOIN agendas_agenda a ON a.id = v.agenda_id
        WHERE d.kind = 'vastgesteld' AND d.state = 'stored' ORDER BY d.id LIMIT 1"""
    stack.wait_until(lambda: stack.sql(final))
    sealed_version, sealed, sealed_code, sha256 = one(final)
    asked_version, asked_code = one(
        """SELECT v.id, a.number || '-v' || v.number FROM agendas_round r JOIN agendas_agendaversion v ON v.id = r.version_id
        JOIN agendas_agenda a ON a.id = v.agenda_id WHERE r.closed_at IS NULL ORDER BY v.id LIMIT 1"""
    )
    (meeting, trajectory) = one(
        """SELECT m.id, m.trajectory_id FROM trajectories_meeting m JOIN trajectories_contribution c ON c.meeting_id = m.id
        WHERE m.trajectory_id = %s GROUP BY m.id ORDER BY count(*) DESC LIMIT 1""",
        sealed,
    )
    copy = """
        INSERT INTO trajectories_meeting (trajectory_id, kind, title, starts_at, place, question, residents, state, code,
            minutes, cancelled_reason, is_paused, is_revealed, revision)
        VALUES (%s, 'werk', 'Werkbijeenkomst', now(), 'Buurthuis', 'Wat gaan wij doen?', 0, %s,
                substr(translate(upper(md5(random()::text)), '015', 'XYZ'), 1, 6), 120, '', false, false, 0) RETURNING code"""
    (open_code,), (planned_code,), (off_code,) = (
        one(copy, trajectory, state) for state in ("opened", "planned", "cancelled")
    )
    put = """
        INSERT INTO trajectories_meetingitem (trajectory_id, meeting_id, position, title, question, minutes, outcome)
        SELECT trajectory_id, CASE WHEN %s THEN id END, 1, 'Het plein', 'Wat kan op het plein?', 30, ''
        FROM trajectories_meeting WHERE code = %s RETURNING id"""
    (item,), (on_now,), _ = one(put, True, planned_code), one(put, True, open_code), one(put, False, planned_code)
    stack.sql("UPDATE trajectories_meeting SET item_id = %s WHERE code = %s RETURNING id", on_now, open_code)
    opened, planned, cancelled = (
        one("SELECT id FROM trajectories_meeting WHERE code = %s", code)[0]
        for code in (open_code, planned_code, off_code)
    )
    (work_code,) = one(copy, sealed, "opened")
    (worked,) = one("SELECT id FROM trajectories_meeting WHERE code = %s", work_code)
    there = """INSERT INTO trajectories_attendance (meeting_id, party_id, people)
        SELECT %s, party_id, 1 FROM trajectories_participation WHERE trajectory_id = %s RETURNING id"""
    stack.sql(there, worked, sealed)
    drawn = "SELECT meeting_id FROM trajectories_meetingreport WHERE state = 'stored' ORDER BY id LIMIT 1"
    stack.wait_until(lambda: stack.sql(drawn))
    (reported,) = one(drawn)
    receipts = """
        SELECT p.code FROM trajectories_participant p JOIN trajectories_meeting m ON m.id = p.meeting_id
        LEFT JOIN trajectories_contribution c ON c.participant_id = p.id WHERE m.trajectory_id = %s
        GROUP BY p.id ORDER BY count(c.id) DESC, p.id"""
    (receipt,), *_, (empty_receipt,) = stack.sql(receipts, sealed)
    (unplaced,) = one(
        """SELECT t.id FROM trajectories_trajectory t JOIN trajectories_contribution c ON c.trajectory_id = t.id
        LEFT JOIN agendas_placement p ON p.contribution_id = c.id LEFT JOIN agendas_agenda a ON a.trajectory_id = t.id
        WHERE p.id IS NULL AND a.id IS NULL GROUP BY t.id ORDER BY count(*) DESC LIMIT 1"""
    )
    (gaps,) = one(
        """INSERT INTO agendas_agenda (trajectory_id, title, number, summary, motivation, story, rules, follow_up)
        SELECT t.id, 'Verbeteragenda ' || t.name, 'VA-2020-' || lpad(t.id::text, 4, '0'), '', '', '', '', ''
        FROM trajectories_trajectory t LEFT JOIN agendas_agenda a ON a.trajectory_id = t.id
        WHERE a.id IS NULL AND t.id <> %s LIMIT 1 RETURNING trajectory_id""",
        unplaced,
    )
    asked = """
        SELECT substring(m.text from '/o/[A-Za-z0-9_-]+/') FROM agendas_endorsementrequest q
        JOIN agendas_round r ON r.id = q.round_id JOIN stakeholders_person p ON p.id = q.person_id
        JOIN stakeholders_mail m ON m."to" = p.email AND m.subject LIKE 'Wilt u %%'
            AND m.subject LIKE (SELECT '%%' || a.title || '%%' FROM agendas_agendaversion v
                                JOIN agendas_agenda a ON a.id = v.agenda_id WHERE v.id = r.version_id)
        LEFT JOIN agendas_endorsement e ON e.round_id = r.id AND e.party_id = q.party_id
        WHERE r.closed_at IS NULL AND q.is_current AND r.version_id = %s AND (e.id IS NULL) = %s ORDER BY q.id LIMIT 1"""
    rsvp = """
        SELECT substring(m.text from '/uitnodiging-bijeenkomst/[A-Za-z0-9_-]+/'), i.meeting_id
        FROM trajectories_meetinginvitation i JOIN stakeholders_membership c ON c.party_id = i.party_id
        JOIN stakeholders_person p ON p.id = c.person_id
        JOIN stakeholders_mail m ON m."to" = p.email AND m.subject LIKE 'Uitnodiging voor %%'
        WHERE (i.answer <> '') = %s ORDER BY i.id LIMIT 1"""
    folder = tmp_path_factory.mktemp("files")
    data = (stack.data_dir / "media" / "documents" / sha256[:2] / sha256).read_bytes()
    (folder / "echt.pdf").write_bytes(data)
    (folder / "veranderd.pdf").write_bytes(data + b"\n")
    (folder / "leeg.csv").write_text("")
    (folder / "fout.csv").write_text("inbreng;partij\nMeer licht;Niemand\n")
    (folder / "goed.csv").write_text("inbreng\nMeer licht\nMeer groen\n")
    placed = """
        SELECT p.id, p.contribution_id, p.theme_id, position(' ' in c.text) AS stop FROM agendas_placement p
        JOIN trajectories_contribution c ON c.id = p.contribution_id
        WHERE p.trajectory_id = %s AND c.text ~ '[.,] .* ' AND c.hidden_at IS NULL AND p.start IS NULL ORDER BY p.id DESC"""
    split, split_theme = one(
        f"""UPDATE agendas_placement SET start = 0, stop = found.stop FROM ({placed} LIMIT 1) found
        WHERE agendas_placement.id = found.id RETURNING found.contribution_id, found.theme_id""",
        sealed,
    )
    _, whole, whole_theme, _ = one(f"{placed} OFFSET 1 LIMIT 1", sealed)
    return SimpleNamespace(
        stack=stack,
        folder=folder,
        split=split,
        split_theme=split_theme,
        whole=whole,
        whole_theme=whole_theme,
        sealed=sealed,
        sealed_version=sealed_version,
        sealed_code=sealed_code,
        asked_version=asked_version,
        asked_code=asked_code,
        asked_party=one(
            """SELECT q.party_id FROM agendas_endorsementrequest q JOIN agendas_round r ON r.id = q.round_id
            LEFT JOIN agendas_endorsement e ON e.round_id = r.id AND e.party_id = q.party_id
            WHERE r.version_id = %s AND q.is_current AND e.id IS NULL ORDER BY q.party_id LIMIT 1""",
            asked_version,
        )[0],
        meeting=meeting,
        open_code=open_code,
        opened=opened,
        planned=planned,
        worked=worked,
        cancelled=cancelled,
        item=item,
        reported=reported,
        closed_item=one("SELECT id FROM trajectories_meetingitem WHERE meeting_id = %s ORDER BY id LIMIT 1", reported)[
            0
        ],
        open_meeting=one("SELECT id FROM trajectories_meeting WHERE code = %s", open_code)[0],
        closed_meeting=one("SELECT id FROM trajectories_meeting WHERE state = 'closed' LIMIT 1")[0],
        planned_code=planned_code,
        closed_code=one("SELECT code FROM trajectories_meeting WHERE state = 'closed' LIMIT 1")[0],
        unplaced=unplaced,
        receipt=receipt,
        empty_receipt=empty_receipt,
        gaps=gaps,
        gemeente=one("SELECT gemeente_id FROM trajectories_trajectory WHERE id = %s", sealed)[0],
        said=one("SELECT id FROM trajectories_contribution WHERE trajectory_id = %s ORDER BY id LIMIT 1", sealed)[0],
        person=one("SELECT person_id FROM stakeholders_membership WHERE role = 'meelezer' ORDER BY id LIMIT 1")[0],
        own_party=one(
            """SELECT m.party_id FROM stakeholders_membership m JOIN stakeholders_person p ON p.id = m.person_id
            WHERE p.email = %s""",
            FENNA,
        )[0],
        party=one("SELECT party_id FROM trajectories_participation WHERE trajectory_id = %s LIMIT 1", sealed)[0],
        expected=one("SELECT contribution_id FROM agendas_expectationanswer ORDER BY id LIMIT 1")[0],
        expecting=one(
            "SELECT max(id) FROM trajectories_meeting WHERE kind = 'werk' AND state = 'closed' AND trajectory_id = %s",
            sealed,
        )[0],
        waiting=one(
            """SELECT c.id FROM trajectories_contribution c LEFT JOIN agendas_expectationanswer a ON a.contribution_id = c.id
            WHERE c.addressed_to_id IS NOT NULL AND a.id IS NULL AND c.hidden_at IS NULL ORDER BY c.id LIMIT 1"""
        )[0],
        theme=one("SELECT id FROM agendas_theme WHERE trajectory_id = %s ORDER BY position LIMIT 1", sealed)[0],
        group=one(
            """WITH made AS (INSERT INTO agendas_group (trajectory_id, theme_id, wording)
                SELECT trajectory_id, id, 'Samen eten, dan zit niemand alleen' FROM agendas_theme
                WHERE trajectory_id = %s ORDER BY position LIMIT 1 RETURNING id, theme_id)
            UPDATE agendas_placement SET group_id = made.id FROM made WHERE agendas_placement.id IN
                (SELECT p.id FROM agendas_placement p WHERE p.theme_id = made.theme_id ORDER BY p.id LIMIT 3)
            RETURNING made.id""",
            sealed,
        )[0],
        own_promise=one(
            """SELECT c.id FROM agendas_commitment c JOIN agendas_improvementpoint p ON p.id = c.point_id
            JOIN stakeholders_membership m ON m.party_id = c.party_id JOIN stakeholders_person h ON h.id = m.person_id
            WHERE p.trajectory_id = %s AND h.email = %s ORDER BY c.id LIMIT 1""",
            sealed,
            FENNA,
        )[0],
        point=one("SELECT id FROM agendas_improvementpoint WHERE trajectory_id = %s ORDER BY id LIMIT 1", sealed)[0],
        coming=one(rsvp, False)[1],
        rsvp=one(rsvp, False)[0],
        given_rsvp=one(rsvp, True)[0],
        link=one(asked, asked_version, True)[0],
        given_link=one(asked, asked_version, False)[0],
    )


@pytest.fixture(scope="module")
def one_window(chromium, stack) -> Iterator[tuple[Windows, Page]]:
    """A window for many pages, which spares a browser process and the loading of every style and script for each of them."""
    windows = Windows(chromium, stack)
    yield windows, windows()
    windows.close()


@pytest.fixture
def same_window(one_window, stack) -> Iterator[Callable[..., tuple[Windows, Page]]]:
    """That window as if it were new: `same_window(state=…)`. Fails afterwards on any error in its console."""
    windows, page = one_window

    def emptied(state: str | None = None) -> tuple[Windows, Page]:
        page.goto("about:blank")
        page.unroute_all()
        page.set_viewport_size({"width": 1280, "height": 800})
        session = page.context.new_cdp_session(page)
        session.send("Storage.clearDataForOrigin", {"origin": stack.url, "storageTypes": "all"})
        session.detach()
        page.context.clear_cookies()
        if state:
            page.context.add_cookies(json.loads(Path(state).read_text())["cookies"])
        windows.listens = True
        return windows, page

    yield emptied
    complaints, windows.complaints = windows.complaints, []
    assert complaints == []


def look_at(page: Page, name: str, window: Windows) -> list[str]:
    """Everything that is wrong with the page as it stands, wide and narrow; leaves a picture of what is, or of all (PICTURES=1)."""
    window.listens = False  # axe and the camera set styles in the page, which our policy rightly complains of
    found: list[str] = []
    page.evaluate(AXE_SCRIPT)
    for width in sorted({*WIDTHS, page.viewport_size["width"] if page.viewport_size else 1280}, reverse=True):
        page.set_viewport_size({"width": width, "height": 800})
        before = len(found)
        result = AxeResults(page.evaluate(RUN_AXE))
        if result.violations_count:
            found.append(f"{width} px: {result.generate_report()}")
        needed = page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            found.append(f"{width} px: the page is {needed} px wide.")
        if len(found) > before or os.environ.get("PICTURES"):
            page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
    return found


@pytest.mark.stack
@pytest.mark.parametrize("name", PUBLIC)
def test_public_page_has_nothing_that_axe_objects_to(same_window, here, name):
    window, page = same_window()
    PUBLIC[name](page, here)
    assert look_at(page, name, window) == []


@pytest.mark.stack
@pytest.mark.parametrize("name", LEADER)
def test_page_of_projectleider_has_nothing_that_axe_objects_to(same_window, leader_state, here, name):
    window, page = same_window(state=leader_state)
    LEADER[name](page, here)
    assert look_at(page, name, window) == []


@pytest.mark.stack
def test_page_of_newcomer_has_nothing_that_axe_objects_to(window, here):
    # A passkey belongs to a name, and 127.0.0.1 is none.
    page = window(url=here.stack.url.replace("127.0.0.1", "localhost"))
    Visitor(page, here.stack).gives_code_from_mail(newcomer(here.stack, "projectleider"))
    assert looked_at(page, NEWCOMER, window, here) == dict.fromkeys(NEWCOMER, [])


@pytest.mark.stack
def test_page_of_beheerder_has_nothing_that_axe_objects_to(window, here):
    page = window()
    Projectleider(page, here.stack).signs_in("beheerder@voorbeeldstad.example")
    assert looked_at(page, BEHEERDER, window, here) == dict.fromkeys(BEHEERDER, [])


@pytest.mark.stack
def test_page_of_contact_person_has_nothing_that_axe_objects_to(window, here):
    page = window()
    Visitor(page, here.stack).gives_code_from_mail(FENNA)
    assert looked_at(page, CONTACT, window, here) == dict.fromkeys(CONTACT, [])


# What the provider of the tests says about its own libraries.
@pytest.mark.filterwarnings("ignore:get_jwt_config", "ignore::authlib.deprecate.AuthlibDeprecationWarning")
@pytest.mark.stack
def test_door_of_a_gemeente_has_nothing_that_axe_objects_to(window, here):
    with gemeente_door(here.stack, UNKNOWN) as url:
        assert looked_at(window(url=url), GEMEENTE_DOOR, window, here) == dict.fromkeys(GEMEENTE_DOOR, [])


@pytest.mark.stack
def test_door_that_stays_shut_has_nothing_that_axe_objects_to(window, here):
    """Redis is where nothing listens. Who needs not sign in, still gets in."""
    with here.stack.another_web(CELERY_BROKER_URL="redis://127.0.0.1:1") as url:
        assert looked_at(window(url=url), CLOSED_DOOR, window, here) == dict.fromkeys(CLOSED_DOOR, [])


def looked_at(page: Page, visits: dict[str, Visit], window: Windows, here: SimpleNamespace) -> dict[str, list[str]]:
    """What is wrong with each of these pages, visited one after the other in one window."""
    found = {}
    for name, visit in visits.items():
        visit(page, here)
        found[name] = look_at(page, name, window)
    return found
