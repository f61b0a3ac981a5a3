"""The people of the journeys, by what they do. They see what stands on the page, and know no address that they were not given."""

from __future__ import annotations

import html
import json
import re
import secrets
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path

from allauth.mfa.totp.internal import auth as totp
from oidc_provider_mock import User as Claims
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import CDPSession, Locator, Page, TimeoutError, expect

from tests.stack import Stack

OFFICE = "Mijn functie geeft mij die bevoegdheid"
FULL, RESERVED, REFUSED = (
    "Ja, wij onderschrijven de hele agenda",
    "Ja, maar met een voorbehoud",
    "Nee, wij onderschrijven de agenda niet",
)
USED: set[tuple[str, str]] = set()  # codes of the second factor
NOBODY_LISTENS = "http://127.0.0.1:9"
SECONDS = 45  # how long something that happens by itself may take on a busy machine


def newest_in_mail(page: Page, address: str, pattern: str) -> str:
    """What stands in the newest mail to this address in which such a thing stands, as the demo's outbox shows it: another
    mail may have come since. In a tab of its own."""
    outbox = page.context.new_page()
    outbox.goto("/postvak/")
    mails = outbox.get_by_role("main").locator("details", has_text=f"aan {address},").all()  # the newest first
    texts = [html.unescape(re.sub("<[^>]+>", "\n", mail.inner_html())) for mail in mails]
    outbox.close()
    found = next(filter(None, (re.search(pattern, text) for text in texts)), None)
    assert found, f"Of {len(texts)} mails to {address} none has {pattern}."
    return found[0]


def link_of_a_party_that_has_yet_to_answer(stack: Stack, version: int, *, place: int = 0) -> tuple[str, str]:
    """The name of a party and the path of its newest link, out of the mail; `place` counts the parties by name."""
    query = """
        SELECT DISTINCT ON (y.name) y.name, substring(m.text from '/o/[A-Za-z0-9_-]+/') FROM agendas_endorsementrequest q
        JOIN agendas_round r ON r.id = q.round_id JOIN stakeholders_person p ON p.id = q.person_id
        JOIN stakeholders_party y ON y.id = q.party_id
        JOIN agendas_agendaversion v ON v.id = r.version_id JOIN agendas_agenda a ON a.id = v.agenda_id
        JOIN stakeholders_mail m ON m."to" = p.email AND m.subject = 'Wilt u de ' || a.title || ' onderschrijven?'
        LEFT JOIN agendas_endorsement e ON e.round_id = r.id AND e.party_id = q.party_id
        WHERE r.version_id = %s AND q.is_current AND e.id IS NULL ORDER BY y.name, m.id DESC"""
    party, link = stack.sql(query, version)[place]
    return party, link


def newcomer(stack: Stack, role: str, address: str = "", *, secret: str = "") -> str:
    """The address of a new account with this role in a gemeente; nobody else uses it, so no count of tries does either.

    With a `secret` it has a code app.
    """
    address = address or f"{uuid.uuid4().hex[:10]}@voorbeeldstad.example"
    gemeente = f"name='{address}', code='GM{secrets.randbelow(10_000):04}'"
    who = f"role='{role}', person__email='{address}', gemeente=G({gemeente})"
    make = f"from tests.factories import MembershipFactory as M, GemeenteFactory as G; made = M({who})"
    app = f"from allauth.mfa.totp.internal.auth import TOTP; TOTP.activate(made.person.user, '{secret}')"
    made = stack.manage("shell", "--no-imports", "-c", f"{make}\n{app if secret else ''}")
    assert made.returncode == 0, made.stderr
    return address


def with_authenticator(page: Page) -> tuple[CDPSession, str]:
    """Puts a passkey device in this browser that knows its owner; answers the line to it."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device = line.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    return line, device["authenticatorId"]


@contextmanager
def gemeente_door(stack: Stack, *addresses: str) -> Iterator[str]:
    """The address of a web server with the button of gemeente Voorbeeldstad, whose provider knows these people.

    The provider of gemeente Elders, on the same page, is down.
    """
    claims = [Claims(sub=email, claims={"email": email, "email_verified": True}) for email in addresses]
    with run_server_in_thread(user_claims=claims) as server:
        providers = [
            {
                "id": name.lower(), "name": f"gemeente {name}", "client_id": "thuiswijk", "secret": "x" * 20,
                "server_url": address, "domains": ["voorbeeldstad.example"],
            }
            for name, address in (("Voorbeeldstad", f"http://localhost:{server.server_port}"), ("Elders", NOBODY_LISTENS))
        ]  # fmt: skip
        with stack.another_web(OIDC_PROVIDERS=json.dumps(providers)) as url:
            yield url


def code_of(secret: str, *, ahead: int = 0) -> str:
    """What a code app makes of a secret now; or one whose clock is so many half minutes `ahead`, of which we allow one."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + ahead))


def code_of_app(page: Page, address: str) -> str:
    """The code that the phone of an example person shows now. It waits for the next one after one that was used: it works once."""
    outbox = page.context.new_page()
    deadline = time.monotonic() + SECONDS
    while True:
        outbox.goto("/postvak/")
        codes = outbox.get_by_role("region", name="Het codeapparaat van de voorbeeldmensen")
        code = codes.get_by_role("listitem").filter(has_text=address).locator(".mail__code").inner_text()
        if (address, code) not in USED:
            break
        assert time.monotonic() < deadline, "The code does not change."
        time.sleep(1)
    outbox.close()
    USED.add((address, code))
    return code


class Visitor:
    """Somebody at a browser, with scripts or without."""

    def __init__(self, page: Page, stack: Stack, *, scripts: bool = True) -> None:
        self.page, self.stack, self.scripts = page, stack, scripts

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follows(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()

    def fills_in(self, **fields: str | bool) -> None:
        """Fills in fields by their names; a choice by the words that stand there."""
        for name, value in fields.items():
            field = self.page.get_by_role("main").locator(f'[name="{name}"]')
            if isinstance(value, bool):
                field.set_checked(value)
            elif field.first.get_attribute("type") == "radio":
                self.page.get_by_role("main").get_by_label(value, exact=True).check()
            elif field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)

    def sees(self, text: str) -> Locator:
        found = self.page.get_by_role("main").get_by_text(text).first
        expect(found).to_be_visible()
        return found

    def sees_heading(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("main").get_by_role("heading", name=text).first).to_be_visible()

    def gives_code_from_mail(self, address: str) -> None:
        """The first step of signing in; for who reads only, the last one too."""
        self.page.goto("/")
        self.fills_in(email=address)
        self.presses("Stuur mij een code")
        self.sees_heading("Vul de code in")
        self.fills_in(code=newest_in_mail(self.page, address, r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b"))
        self.presses("Inloggen")

    def comes_in_by_gemeente(self, address: str) -> None:
        """Through the identity provider of Voorbeeldstad, as somebody whom it knows."""
        style = lambda route: route.fulfill(body="", content_type="text/css")  # noqa: E731
        self.page.route(re.compile("^https:"), style)  # of the provider's own page
        self.page.goto("/inloggen/")
        self.presses("Inloggen via gemeente Voorbeeldstad")
        self.presses(address)

    def sees_by_itself(self, found: Locator) -> None:
        """Waits until something appears: with scripts without any reload; without scripts by the link that the page offers."""
        if not self.scripts:
            refresh = self.page.get_by_role("main").get_by_role("link", name=re.compile("^Ververs"))
            deadline = time.monotonic() + SECONDS
            while not found.is_visible() and time.monotonic() < deadline:
                # A page that looks by itself as well may have nothing to wait for any more.
                with suppress(TimeoutError):
                    refresh.click(timeout=2_000)
            expect(found).to_be_visible()
            return
        self.page.evaluate("window.hasStayed = true")
        expect(found).to_be_visible(timeout=SECONDS * 1000)
        assert self.page.evaluate("window.hasStayed"), "The page was loaded anew."


class Projectleider(Visitor):
    def signs_in(self, address: str) -> None:
        self.gives_code_from_mail(address)
        self.sees_heading("Geef uw tweede stap")
        self.fills_in(code=code_of_app(self.page, address))
        self.presses("Inloggen")
        self.sees_heading(re.compile("^Dag"))

    def begins_trajectory(self, name: str) -> None:
        self.follows("Begin een traject")
        self.fills_in(name=name)
        self.presses("Begin het traject")
        self.sees_heading(name)
        self.overview = self.page.url

    def adds_party(self, name: str, kind: str, contact: str, address: str) -> None:
        self.page.goto(self.overview)
        self.follows("Voeg een partij toe")
        self.fills_in(name=name, kind=kind, contact_name=contact, contact_function="medewerker", contact_email=address)
        self.presses("Voeg de partij toe")
        self.sees(f"{name} doet nu mee.")

    def opens_start_meeting(self, question: str) -> str:
        """Plans and opens a meeting; answers its short code, as it stands on the beamer."""
        self.page.goto(self.overview)
        self.follows("Plan een bijeenkomst")
        self.fills_in(
            kind="startbijeenkomst",
            title="Startbijeenkomst",
            starts_at=f"{date.today()}T19:30",
            place="Buurthuis",
            question=question,
        )
        self.presses("Bewaar de bijeenkomst")
        self.presses("Open de bijeenkomst")
        expect(self.page.get_by_role("button", name="Sluit de bijeenkomst")).to_be_visible()
        self.meeting = self.page.url
        address = (
            self.page.get_by_role("main").get_by_role("link", name=re.compile(r"\b[A-Z2-9]{6}\W?$")).text_content()
        )
        assert address
        return address.rstrip("/")[-6:]

    def uploads(self, file: Path) -> None:
        self.page.goto(self.meeting)
        self.follows("Lees een bestand in")
        self.page.locator("[name=file]").set_input_files(file)
        self.presses("Laat zien wat erin staat")

    def goes_to(self, tab: str) -> None:
        """One of the places of the trajectory: Overzicht, Inbreng, Thema’s, Verbeterpunten, Verbeteragenda."""
        self.page.goto(self.overview)
        places = self.page.get_by_role("navigation", name="Onderdelen van dit traject")
        places.get_by_role("link", name=tab, exact=True).click()

    def makes_theme(self, name: str) -> None:
        self.goes_to("Thema’s")
        self.follows("Maak een thema")
        self.fills_in(name=name)
        self.presses("Maak het thema")
        self.sees(f"Thema “{name}” is gemaakt.")

    def looks_at_theme(self, name: str) -> None:
        self.goes_to("Thema’s")
        self.page.get_by_role("navigation", name="Thema’s", exact=True).get_by_role("link", name=name).click()
        self.sees_heading(name)

    def ticks(self, *texts: str) -> None:
        for text in texts:
            self.page.get_by_role("main").get_by_role("checkbox", name=text).check()

    def moves_to(self, theme: str, button: str) -> None:
        """Sends what is ticked to a theme, by the button Plaats, Verplaats or Zet ook daar."""
        self.fills_in(theme=theme)
        self.presses(button)

    def takes_out(self) -> None:
        """Takes what is ticked out of the theme that is shown."""
        self.page.locator("button[name=take_out]").click()

    def makes_point(self, theme: str, title: str, ready_on: date | None, promises: list[tuple[str, str, str]]) -> None:
        """A point with (party, role, words) each; two fit on the new page, the others come one by one."""
        self.goes_to("Verbeterpunten")
        self.follows("Maak een verbeterpunt")
        self.fills_in(theme=theme, title=title, why="Voor iedereen in de wijk.", first_step="Samen een rondje lopen")
        if ready_on:
            self.fills_in(ready_on=ready_on.isoformat())
        for place, (party, role, words) in enumerate(promises):
            prefix = f"commitments-{place}"
            if not self.page.locator(f'[name="{prefix}-party"]').count():
                self.presses("Bewaar en voeg nog een partij toe")
                self.sees(f"Verbeterpunt “{title}” is bewaard.")
            self.fills_in(**{f"{prefix}-party": party, f"{prefix}-role": role, f"{prefix}-text": words})
        self.presses("Bewaar")
        self.sees(f"Verbeterpunt “{title}” is bewaard.")

    def gives_point_its_date(self, title: str, day: date) -> None:
        self.goes_to("Verbeterpunten")
        self.follows(title)
        self.fills_in(ready_on=day.isoformat())
        self.presses("Bewaar")
        self.sees(f"Verbeterpunt “{title}” is bewaard.")

    def says_where_it_comes_from(self, title: str, *words: str) -> None:
        """Ticks the inbreng that led to a point."""
        self.goes_to("Verbeterpunten")
        point = self.page.get_by_role("listitem").filter(has=self.page.get_by_role("link", name=title, exact=True))
        point.get_by_role("link", name="Kies waar dit uit komt").click()
        self.ticks(*words)
        self.presses("Bewaar")
        self.sees(f"Bewaard: {len(words)} keer inbreng erbij, 0 eraf.")

    def writes_the_texts(self, summary: str) -> None:
        self.goes_to("Verbeteragenda")
        self.presses("Begin de agenda")
        self.follows("Schrijf de teksten")
        today = date.today()
        self.fills_in(
            starts_on=today.isoformat(), ends_on=(today + timedelta(days=5 * 365)).isoformat(), summary=summary
        )
        self.presses("Bewaar de teksten")
        self.sees("De teksten van de agenda zijn bewaard.")

    def answers_expectation(self, said: str, answer: str, words: str) -> None:
        """Writes down what a party says to an expectation."""
        self.goes_to("Verwachtingen")
        row = self.page.get_by_role("main").get_by_role("listitem").filter(has_text=said)
        row.get_by_role("link", name=re.compile("^Schrijf het antwoord op")).click()
        self.fills_in(kind=answer, text=words)
        self.presses("Bewaar het antwoord")
        self.sees("Het antwoord is opgeslagen.")

    def freezes(self) -> None:
        self.goes_to("Verbeteragenda")
        self.presses("Bevries de agenda")

    def lays_before_the_parties(self) -> None:
        self.follows("Leg voor aan de partijen")
        self.page.get_by_role("button", name=re.compile("^Leg voor")).click()
        self.sees("De agenda ligt nu bij de partijen.")
        self.version = self.page.url

    def closes_the_round(self) -> None:
        self.presses("Sluit de ronde")
        self.sees("De ronde is gesloten.")

    def downloads(self, link: Locator, folder: Path) -> Path:
        with self.page.expect_download() as download:
            link.click()
        file = folder / download.value.suggested_filename
        download.value.save_as(file)
        return file


class Deelnemer(Visitor):
    """In the hall, on a phone, without an account."""

    def joins(self, code: str, *, as_: str = "Bewoner") -> None:
        self.page.goto("/b/")
        self.fills_in(code=f" {code[:3].lower()} {code[3:]}")
        self.presses("Doe mee")
        self.is_(as_)

    def is_(self, who: str) -> None:
        """Says who holds the phone."""
        self.fills_in(party=who)
        self.presses("Verder")
        expect(self.page.get_by_role("button", name="Verstuur", exact=True)).to_be_visible()
        self.page.wait_for_load_state()  # with its script: only then may the network go away

    def says(self, text: str, *, for_party: str = "", expects_of: str = "Nee, voor iedereen") -> None:
        again = self.page.locator("a, button", has_text="Nog iets zeggen")
        if again.is_visible():
            again.click()
        if for_party:
            self.page.locator("a:visible", has_text="Wijzig wie u bent").click()
            self.is_(for_party)
        self.fills_in(text=text, addressed_to=expects_of)
        self.presses("Verstuur")
        self.sees_heading("Opgeslagen")


class Contactpersoon(Visitor):
    """Answers for a party, from a link in a mail, without an account."""

    def opens_link_of(self, address: str, *, sees: str = "U handelt namens") -> None:
        self.page.goto(newest_in_mail(self.page, address, r"https?://\S+/o/[\w-]+/"))
        self.sees(sees)

    def answers(self, answer: str, *, points: list[str] | None = None, words: str = "") -> None:
        self.fills_in(answer=answer, name="Noor Bakker", function="bestuurder", on_behalf_of="het bestuur")
        self.fills_in(mandate=OFFICE)
        for point in points or []:
            self.reserves(point, words)
        if words and not points:
            self.fills_in(text=words)
        self.fills_in(agreed=True)
        self.presses("Verstuur ons antwoord")
        self.fills_in(code=self.code())
        self.presses("Bevestig ons antwoord")
        self.sees_heading("Uw antwoord staat")

    def reserves(self, point: str, words: str) -> None:
        """Writes a reservation with a point, under the theme where it is folded away."""
        field = self.page.locator("textarea").and_(self.page.get_by_label(point)).first
        if not field.is_visible():
            self.page.locator("details").filter(has=field).locator("summary").click()
        field.fill(words)

    def code(self, heading: str = "Bevestig uw antwoord") -> str:
        """What stands in the mail that was sent just now to the address that the page names."""
        self.sees_heading(heading)
        address = self.page.locator(".lede strong").inner_text()
        return newest_in_mail(self.page, address, r"\b\d{4} \d{4}\b")
