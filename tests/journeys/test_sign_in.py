"""Signing in as people do it: with a passkey, with a phone that was lost, on two devices, through the gemeente's own door."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import generate_totp_secret
from playwright.sync_api import expect

from tests.journeys.people import (
    Visitor,
    code_of,
    gemeente_door,
    newcomer,
    with_authenticator,
)

pytestmark = [
    pytest.mark.stack,
    # What the provider of the tests says about its own libraries.
    pytest.mark.filterwarnings("ignore:get_jwt_config", "ignore::authlib.deprecate.AuthlibDeprecationWarning"),
]
READER = "wethouder@voorbeeldstad.example"


def test_passkey_from_making_to_signing_in_with_it(window, stack):
    # A passkey belongs to a name, and 127.0.0.1 is none.
    page = window(url=stack.url.replace("127.0.0.1", "localhost"))
    line, device = with_authenticator(page)
    person, secret = Visitor(page, stack), generate_totp_secret()
    address = newcomer(stack, "adviseur", secret=secret)
    person.gives_code_from_mail(address)
    person.sees_heading("Geef uw tweede stap")
    person.fills_in(code=code_of(secret))
    person.presses("Inloggen")
    person.sees_heading(re.compile("^Dag"))
    page.get_by_role("banner").locator("summary").click()
    page.get_by_role("link", name="Uw account").click()
    person.follows("Maak een toegangssleutel")
    person.sees_heading("Bevestig dat u het bent")
    person.fills_in(code=code_of(secret, ahead=1))  # a code works once, and the next one comes only in half a minute
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
    person.gives_code_from_mail(address)
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


def test_gemeente_has_a_door_of_its_own(window, stack):
    """Through a real provider, in a real browser, which asks our policy whether a form may end there."""
    known, unknown = newcomer(stack, "adviseur"), "onbekend@voorbeeldstad.example"
    with gemeente_door(stack, known, unknown) as url:
        for email, answer in ((known, "Uw account"), (unknown, "Wij kennen u hier nog niet")):
            page = window(url=url)
            person = Visitor(page, stack)
            person.comes_in_by_gemeente(email)
            person.sees_heading(answer)
        page = window.contexts[0].pages[0]
        expect(page.get_by_text("Stel eerst een tweede stap in.")).to_be_visible()
