"""A gemeente's own identity provider, a real one on loopback: who is known here gets in, nobody else does."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from oidc_provider_mock import User as Claims
from oidc_provider_mock import run_server_in_thread

from stakeholders import second_factor
from stakeholders.models import User
from thuiswijk.settings import oidc_provider

pytestmark = [
    pytest.mark.django_db,
    # What the provider of the tests says about its own libraries.
    pytest.mark.filterwarnings("ignore:get_jwt_config", "ignore::authlib.deprecate.AuthlibDeprecationWarning"),
]
GIVEN = {
    "id": "voorbeeldstad", "name": "gemeente Voorbeeldstad", "client_id": "thuiswijk", "secret": "x" * 20,
    "domains": ["Voorbeeldstad.example"],
}  # fmt: skip
UNKNOWN = "nieuw@voorbeeldstad.example"


@pytest.fixture
def provider(cast, settings) -> Iterator[str]:
    """The address of a provider that knows everybody of the cast, by address; and some whom it may not speak for."""
    elsewhere = cast.stranger.user
    elsewhere.email = "projectleider@elders.example"
    elsewhere.save()
    people = [*User.objects.values_list("email", flat=True), UNKNOWN]
    claims = [Claims(sub=email, claims={"email": email, "email_verified": True}) for email in people]
    claims.append(Claims(sub="unchecked", claims={"email": cast.reader.user.email}))
    with run_server_in_thread(user_claims=claims) as server:
        url = f"http://localhost:{server.server_port}"
        trust(settings, url)
        yield url


def trust(settings, url: str, **more) -> None:
    apps = [oidc_provider({**GIVEN, "server_url": url, **more})]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": apps, "OAUTH_PKCE_ENABLED": True}}


def come_in(browser, subject: str, *, wanted: str = "/", **more: str):
    """From our page to the provider's, and back; answers what our server then says."""
    start = reverse("openid_connect_login", args=["voorbeeldstad"])
    there = browser.post(f"{start}?next={wanted}", more)["Location"]
    assert "code_challenge=" in there
    with requests.Session() as session:
        back = session.post(there, data={"sub": subject}, allow_redirects=False)
        back.close()
    returned = urlsplit(back.headers["Location"])
    return browser.get(f"{returned.path}?{returned.query}")


def test_known_person_comes_in_where_they_wanted_to_be(cast, provider, client):
    assert "Inloggen via gemeente Voorbeeldstad" in client.get(reverse("account_login")).content.decode()
    wanted = reverse("trajectory_detail", args=[cast.trajectory.pk])
    assert come_in(client, cast.reader.user.email, wanted=wanted)["Location"] == wanted
    assert client.get(wanted).status_code == 200
    assert not SocialAccount.objects.exists(), "nothing of the provider is kept"


def test_provider_does_not_stand_for_the_second_factor(cast, provider, client):
    TOTP.activate(cast.leader.user, generate_totp_secret())
    assert come_in(client, cast.leader.user.email)["Location"] == reverse("mfa_authenticate")
    assert client.get("/")["Location"].startswith(reverse("account_login"))
    code = dict(second_factor.codes_now())[cast.leader.user.email]
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert client.get("/").status_code == 200


def test_who_must_have_a_second_factor_sets_it_up_behind_this_door_too(cast, provider, client):
    come_in(client, cast.leader.user.email)
    assert client.get("/")["Location"] == reverse("mfa_index")


def test_unknown_and_closed_accounts_get_the_same_kind_no(cast, provider, client):
    cast.reader.user.is_active = False
    cast.reader.user.save()
    pages = []
    for email in (UNKNOWN, cast.reader.user.email):
        answer = come_in(client, email)
        assert answer.status_code == 200
        pages.append(answer.content.decode())
        assert client.get("/").status_code == 302
    assert "Wij kennen u hier nog niet" in pages[0]
    assert pages[0] == pages[1]
    assert not User.objects.filter(email=UNKNOWN).exists()


def test_provider_speaks_for_its_own_domain_only(cast, provider, client):
    answer = come_in(client, "projectleider@elders.example")
    assert "Wij kennen u hier nog niet" in answer.content.decode()
    assert client.get("/").status_code == 302


def test_address_that_was_not_checked_opens_nothing_unless_the_gemeente_vouches(cast, provider, client, settings):
    assert "Wij kennen u hier nog niet" in come_in(client, "unchecked").content.decode()
    trust(settings, provider, vouches=True)
    assert come_in(client, "unchecked")["Location"] == "/"
    assert "Wij kennen u hier nog niet" in come_in(cast.client(), "projectleider@elders.example").content.decode()


def test_other_devices_stay_signed_in(cast, provider):
    """allauth would end the other sessions of an account whose address it never saw checked."""
    here, there = cast.client(), cast.client()
    for browser in (here, there):
        come_in(browser, cast.reader.user.email)
    assert UserSession.objects.filter(user=cast.reader.user).count() == 2
    assert here.get("/").status_code == there.get("/").status_code == 200


def test_breaking_off_is_told(cast, provider, client):
    there = client.post(reverse("openid_connect_login", args=["voorbeeldstad"]))["Location"]
    back = {"error": "access_denied", "state": parse_qs(urlsplit(there).query)["state"][0]}
    answer = client.get(reverse("openid_connect_callback", args=["voorbeeldstad"]), back)
    assert answer["Location"] == reverse("socialaccount_login_cancelled")
    assert "U bent niet ingelogd." in client.get(answer["Location"]).content.decode()


def test_answer_that_nobody_asked_for_opens_nothing(cast, provider, client):
    answer = client.get(reverse("openid_connect_callback", args=["voorbeeldstad"]), {"code": "x", "state": "y"})
    assert answer.status_code == 401
    assert "Inloggen is niet gelukt" in answer.content.decode()


def test_nothing_is_connected_to_an_account(cast, provider):
    browser = cast.client(cast.reader)
    assert come_in(browser, UNKNOWN, process="connect")["Location"] == "/"
    assert not SocialAccount.objects.exists()


def test_provider_that_is_down_is_told(cast, settings, client):
    trust(settings, "http://127.0.0.1:9")
    answer = client.post(reverse("openid_connect_login", args=["voorbeeldstad"]))
    assert answer.status_code == 503
    assert "Inloggen is niet gelukt" in answer.content.decode()
    assert client.get(reverse("openid_connect_login", args=["onbekend"])).status_code == 404


def test_login_page_names_no_provider_where_there_is_none(client):
    assert "Inloggen via" not in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize("missing", ["server_url", "secret", "domains"])
def test_settings_name_what_a_provider_lacks(missing):
    with pytest.raises(ImproperlyConfigured, match=missing):
        oidc_provider({**GIVEN, "server_url": "https://login.example", missing: ""})
