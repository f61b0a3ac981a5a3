"""The hard shell: what a browser is told and refused, and what production is started with (docs/asvs.md names these)."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stakeholders.models import Mail
from tests.pages import let_go
from tests.stakeholders.test_second_factor import CODE, begin
from tests.test_house import NEEDED, ROOT
from trajectories import phone_views

pytestmark = pytest.mark.django_db


def test_production_starts_with_https_only_and_without_debug():
    names = ("DEBUG", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS",
             "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "ALLAUTH_TRUSTED_PROXY_COUNT",
             "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME")  # fmt: skip
    code = f"import json, thuiswijk.settings as s; print(json.dumps([getattr(s, name) for name in {names}]))"
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=NEEDED, capture_output=True, text=True, check=True
    )
    assert json.loads(said.stdout) == [
        False, True, 365 * 24 * 3600, True, True, True, 1, "__Host-sessionid", "__Host-csrftoken",
    ]  # fmt: skip


def test_page_says_what_a_browser_may_do_with_it(client):
    page = client.get("/inloggen/")
    for rule in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert rule in page["Content-Security-Policy"]
    assert page["Referrer-Policy"] == "same-origin"
    assert page["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("address", ["/inloggen/", "/uitloggen/", "/b/", "/controleer/"])
def test_post_of_another_site_is_refused(cast, address):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.reader.user)
    assert browser.post(address, {"code": "ABCDEF", "email": "a@voorbeeldstad.example"}).status_code == 403


def test_cookie_is_neither_for_scripts_nor_for_other_sites(cast, client):
    page = client.get("/inloggen/")
    begin(client, cast.reader)
    for cookie in (page.cookies["csrftoken"], client.cookies["sessionid"]):
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")


def test_signing_in_makes_a_new_session(cast, client):
    client.post(reverse("account_login"), {"email": cast.reader.user.email})
    before = client.cookies["sessionid"].value
    begin(client, cast.reader)
    assert client.cookies["sessionid"].value != before
    left = Client()
    left.cookies["sessionid"] = before
    assert left.get("/").status_code == 302


def test_session_ends_twelve_hours_after_signing_in(cast, client):
    begin(client, cast.reader)
    row = Session.objects.get(session_key=client.session.session_key)
    assert row.expire_date <= timezone.now() + timedelta(hours=12)
    client.get("/")
    assert Session.objects.get(pk=row.pk).expire_date == row.expire_date, "looking does not make it longer"
    Session.objects.update(expire_date=timezone.now())
    assert client.get("/")["Location"].startswith(reverse("account_login"))


def test_code_is_for_the_browser_that_asked(cast):
    asked, other = Client(), Client()
    for browser in (asked, other):
        browser.post(reverse("account_login"), {"email": cast.reader.user.email})
    codes = [CODE.search(mail.text)[0] for mail in Mail.objects.order_by("pk")]
    other.post(reverse("account_confirm_login_code"), {"code": codes[0]})
    assert other.get("/").status_code == 302
    asked.post(reverse("account_confirm_login_code"), {"code": codes[0]})
    assert asked.get("/").status_code == 200


@pytest.mark.parametrize("wanted", ["https://kwaad.example/", "//kwaad.example/", "javascript:alert(1)"])
def test_next_page_is_one_of_ours(cast, client, wanted):
    client.post(f"{reverse('account_login')}?next={wanted}", {"email": cast.reader.user.email})
    code = CODE.search(Mail.objects.get().text)[0]
    answer = client.post(f"{reverse('account_confirm_login_code')}?next={wanted}", {"code": code})
    assert answer["Location"] == "/"


def test_closed_account_is_out_at_once(cast):
    browser = cast.client(cast.reader)
    assert browser.get("/").status_code == 200
    cast.reader.user.is_active = False
    cast.reader.user.save()
    assert browser.get("/")["Location"].startswith(reverse("account_login"))


def test_address_before_our_proxy_can_not_be_made_up(client, settings, monkeypatch):
    """Whoever writes an X-Forwarded-For of their own is counted by the address that our proxy added to it."""
    cache.clear()
    monkeypatch.setattr(phone_views, "UNKNOWN_CODES", 2)
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    tries = [client.get("/b/XXXXX9/", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}, 192.0.2.1") for n in range(3)]
    assert [answer.status_code for answer in tries] == [404, 404, 429]
    assert client.get("/b/XXXXX9/", HTTP_X_FORWARDED_FOR="192.0.2.1, 192.0.2.2").status_code == 404


def test_folder_of_static_files_is_not_listed(client):
    assert client.get("/static/").status_code in (302, 404)
    assert client.get("/static/css/").status_code in (302, 404)


def test_static_file_carries_the_policy_too(client):
    assert "frame-ancestors 'none'" in let_go(client.get("/static/css/thuiswijk.css"))["Content-Security-Policy"]


def test_signing_out_empties_the_cache_of_the_browser(cast):
    browser = cast.client(cast.reader)
    assert browser.post(reverse("account_logout"))["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in browser.get("/inloggen/")
