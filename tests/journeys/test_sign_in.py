"""Signing in as people do it: with a passkey, with a phone that was lost, on two devices, through the gemeente's own door."""

from __future__ import annotations

import json
import re

import pytest
from oidc_provider_mock import User as Claims
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Windows
from tests.journeys.people import Projectleider, Visitor, code_of, code_of_app, newcomer
from tests.stack import Stack

pytestmark = [
    pytest.mark.stack,
    # What the provider of the tests says about its own libraries.
    pytest.mark.filterwarnings("ignore:get_jwt_config", "ignore::authlib.deprecate.AuthlibDeprecationWarning"),
]
ADVISER, READER = "adviseur@voorbeeldstad.example", "wethouder@voorbeeldstad.example"


def with_authenticator(page: Page):
    """Puts a passkey device in this browser that knows its owner; answers the line to it."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device = line.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    return line, device["authenticatorId"]


def test_passkey_from_making_to_signing_in_with_it(window, stack):
    # A passkey belongs to a name, and 127.0.0.1 is none.
    page = window(url=stack.url.replace("127.0.0.1", "localhost"))
    line, device = with_authenticator(page)
    person = Projectleider(page, stack)
    person.signs_in(ADVISER)
    page.get_by_role("banner").locator("summary").click()
    page.get_by_role("link", name="Uw account").click()
    person.follows("Maak een toegangssleutel")
    person.sees_heading("Bevestig dat u het bent")
    person.fills_in(code=code_of_app(page, ADVISER))
    person.presses("Bevestig")
    person.fills_in(name="Mijn laptop")
    person.presses("Maak de sleutel")
    person.sees("De toegangssleutel is gemaakt.")
    person.sees_heading("Uw herstelcodes")
    person.follows("Ik heb ze bewaard, ga verder")
    person.sees("Mijn laptop")
    (kept,) = line.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert kept["isResidentCredential"]

    page.goto("/uitloggen/")
    person.presses("Uitloggen")
    page.goto("/inloggen/")
    person.presses("Inloggen met een toegangssleutel")
    person.sees_heading(re.compile("^Dag"))  # a finger and a device are two factors: nothing more is asked

    page.goto("/account/")
    person.sees("het laatst gebruikt op")

    page.goto("/uitloggen/")
    person.presses("Uitloggen")
    person.gives_code_from_mail(ADVISER)
    person.sees_heading("Geef uw tweede stap")
    person.presses("Gebruik uw toegangssleutel")
    person.sees_heading(re.compile("^Dag"))


def test_passkey_of_somebody_else_opens_nothing(window, stack):
    page = window(url=stack.url.replace("127.0.0.1", "localhost"))
    line, device = with_authenticator(page)
    credential = {"credentialId": "AAAA", "isResidentCredential": True, "rpId": "localhost", "userHandle": "MQ==",
                  "privateKey": made_key(), "signCount": 1}  # fmt: skip
    line.send("WebAuthn.addCredential", {"authenticatorId": device, "credential": credential})
    page.goto("/inloggen/")
    Visitor(page, stack).presses("Inloggen met een toegangssleutel")
    Visitor(page, stack).sees("Inloggen met deze sleutel lukt niet.")


def made_key() -> str:
    from base64 import b64encode

    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = ec.generate_private_key(ec.SECP256R1())
    return b64encode(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())).decode()


def test_passkey_broken_off_is_told_in_words(window, stack):
    page = window()  # on an address without a name the browser refuses
    page.goto("/inloggen/")
    Visitor(page, stack).presses("Inloggen met een toegangssleutel")
    expect(page.get_by_role("alert")).to_contain_text("Een toegangssleutel werkt niet op dit adres.")


def test_app_is_set_up_without_scripts_and_a_recovery_code_replaces_it(window, stack):
    page = window(scripts=False, width=360)
    person, address = Visitor(page, stack, scripts=False), newcomer(stack, "meelezer")
    person.gives_code_from_mail(address)
    person.sees_heading(re.compile("^Dag"))
    page.goto("/account/")
    person.follows("Stel een app in")
    secret = page.locator(".secret").inner_text()
    person.fills_in(code=code_of(secret))
    person.presses("Stel de app in")
    person.sees_heading("Uw herstelcodes")
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    person.follows("Ik heb ze bewaard, ga verder")
    page.goto("/uitloggen/")
    person.presses("Uitloggen")
    person.gives_code_from_mail(address)
    person.sees_heading("Geef uw tweede stap")
    person.fills_in(code=codes[0])
    person.presses("Inloggen")
    person.sees_heading(re.compile("^Dag"))


def test_signing_out_everywhere_is_at_once(window, stack):
    here, there = window(), window(width=360)
    for page in (here, there):
        Visitor(page, stack).gives_code_from_mail(READER)
        Visitor(page, stack).sees_heading(re.compile("^Dag"))
    person = Visitor(here, stack)
    here.goto("/account/")
    person.follows("Waar ben ik ingelogd?")
    expect(here.get_by_role("main").get_by_text("Chrome op Linux").first).to_be_visible()
    person.presses("Log overal uit, behalve hier")
    person.sees("U bent overal uitgelogd, behalve hier.")
    there.goto("/")
    Visitor(there, stack).sees_heading("Inloggen")
    here.goto("/")
    person.sees_heading(re.compile("^Dag"))


def test_gemeente_has_a_door_of_its_own(chromium):
    """Through a real provider, in a real browser, which asks our policy whether a form may end there."""
    address, unknown = "adviseur@voorbeeldstad.example", "onbekend@voorbeeldstad.example"
    claims = [Claims(sub=email, claims={"email": email, "email_verified": True}) for email in (address, unknown)]
    with run_server_in_thread(user_claims=claims) as server:
        given = {
            "id": "voorbeeldstad", "name": "gemeente Voorbeeldstad", "client_id": "thuiswijk", "secret": "x" * 20,
            "server_url": f"http://localhost:{server.server_port}", "domains": ["voorbeeldstad.example"],
        }  # fmt: skip
        with Stack(filled=False, OIDC_PROVIDERS=json.dumps([given])) as stack:
            newcomer(stack, "adviseur", address)
            windows = Windows(chromium, stack)
            for email, answer in ((address, "Uw account"), (unknown, "Wij kennen u hier nog niet")):
                page = windows()
                page.route(
                    re.compile("^https:"), lambda route: route.fulfill(body="", content_type="text/css")
                )  # a style of the provider's own page
                page.goto("/")
                Visitor(page, stack).presses("Inloggen via gemeente Voorbeeldstad")
                page.get_by_role("button", name=email).click()
                Visitor(page, stack).sees_heading(answer)
            expect(windows.contexts[0].pages[0].get_by_text("Stel eerst een tweede stap in.")).to_be_visible()
            windows.close()
