"""Who decides over others sees nothing before a second factor; whoever need not give one, is not asked."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stakeholders import second_factor, signing_in
from stakeholders.models import Mail, Membership
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")


def with_app(person) -> str:
    """Gives somebody a code app; answers its code of now."""
    TOTP.activate(person.user, generate_totp_secret())
    return dict(second_factor.codes_now())[person.user.email]


def begin(browser, person, *, wanted: str = "/") -> None:
    """Through the first step: the code by mail."""
    browser.post(f"{reverse('account_login')}?next={wanted}", {"email": person.user.email})
    code = CODE.search(Mail.objects.filter(to=person.user.email).latest("pk").text)
    assert code
    browser.post(f"{reverse('account_confirm_login_code')}?next={wanted}", {"code": code[0]})


@pytest.mark.parametrize("role", ["leader", "adviser"])
def test_page_is_closed_until_factor_is_set_up(cast, role):
    browser = cast.client(getattr(cast, role), second_factor=False)
    wanted = reverse("trajectory_detail", args=[cast.trajectory.pk])
    for address in (wanted, "/", "/beheer/", reverse("session_list")):
        assert browser.get(address)["Location"] == reverse("mfa_index"), address
    assert browser.post(reverse("trajectory_new"), {})["Location"] == reverse("mfa_index")
    page = browser.get(reverse("mfa_index")).content.decode()
    assert "Stel eerst een tweede stap in." in page
    assert cast.trajectory.name not in page


def test_beheerder_needs_one_too(cast):
    cast.outsider.user.is_staff = True
    cast.outsider.user.save()
    assert cast.client(cast.outsider, second_factor=False).get("/beheer/")["Location"] == reverse("mfa_index")
    assert cast.client(cast.outsider).get("/beheer/").status_code == 200


def test_reader_and_contact_are_not_asked(cast):
    MembershipFactory(party=cast.parties[0], gemeente=None, role=Membership.Role.CONTACT, person=cast.outsider)
    for person in (cast.reader, cast.outsider):
        assert cast.client(person, second_factor=False).get("/").status_code == 200


def test_role_given_while_signed_in_counts_at_once(cast):
    browser = cast.client(cast.reader, second_factor=False)
    assert browser.get("/").status_code == 200
    cast.reader.memberships.update(role=Membership.Role.LEADER)
    assert browser.get("/").status_code == 302


def test_public_pages_and_leaving_stay_open(cast):
    browser = cast.client(cast.leader, second_factor=False)
    for name in ("verify", "accessibility", "privacy", "mfa_index", "account_logout", "mfa_activate_totp"):
        assert browser.get(reverse(name)).status_code == 200, name


def test_app_is_set_up_and_opens_the_wanted_page(cast, client, monkeypatch):
    # A test never commits; allauth needs the request when it says, after the commit, that there is a factor.
    monkeypatch.setattr(transaction, "on_commit", lambda effect, **options: effect())
    wanted = reverse("trajectory_detail", args=[cast.trajectory.pk])
    begin(client, cast.leader)
    assert client.get(wanted)["Location"] == reverse("mfa_index")
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'class="secret">(\w+)<', page)[1]
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"}).content.decode()
    assert "Deze code klopt niet" in wrong and secret in wrong
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    codes = client.get(answer["Location"]).content.decode()
    assert len(re.findall(r"<li>\d{8}</li>", codes)) == 10
    assert f'href="{wanted}"' in codes
    assert client.get(wanted).status_code == 200
    assert f'href="{wanted}"' not in client.get(reverse("mfa_index")).content.decode()
    assert secret not in str(Authenticator.objects.get(type="totp").data), "a secret is kept encrypted"
    assert "een app ingesteld" in Mail.objects.filter(to=cast.leader.user.email).latest("pk").subject


def code_of(secret: str) -> str:
    from allauth.mfa.totp.internal import auth

    return auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time()) + 1))


def test_app_is_asked_for_at_the_door(cast, client):
    code = with_app(cast.leader)
    wanted = reverse("trajectory_detail", args=[cast.trajectory.pk])
    begin(client, cast.leader, wanted=wanted)
    assert client.get(wanted)["Location"].startswith(reverse("account_login")), "not signed in after the first step"
    assert client.post(reverse("mfa_authenticate"), {"code": "12345"}).status_code == 200
    answer = client.post(reverse("mfa_authenticate"), {"code": code})
    assert answer["Location"] == wanted
    assert client.get(wanted).status_code == 200


def test_code_works_once(cast, client):
    code = with_app(cast.leader)
    begin(client, cast.leader)
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    other = cast.client()
    begin(other, cast.leader)
    assert "al gebruikt" in other.post(reverse("mfa_authenticate"), {"code": code}).content.decode()


def test_recovery_code_works_once_instead_of_the_app(cast, client):
    with_app(cast.leader)
    code = RecoveryCodes.activate(cast.leader.user).get_unused_codes()[0]
    for browser, status in ((client, 302), (cast.client(), 200)):
        begin(browser, cast.leader)
        assert browser.post(reverse("mfa_authenticate"), {"code": code}).status_code == status


def test_session_without_factor_is_asked_for_the_one_there_is(cast):
    code = with_app(cast.leader)
    browser = cast.client(cast.leader, second_factor=False)
    wanted = reverse("trajectory_detail", args=[cast.trajectory.pk])
    asked = browser.get(wanted)["Location"]
    assert asked.startswith(reverse("mfa_reauthenticate"))
    for name in ("mfa_view_recovery_codes", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"):
        assert browser.get(reverse(name)).status_code in (302, 404), name
    assert browser.post(asked, {"code": code, "next": wanted})["Location"] == wanted
    assert browser.get(wanted).status_code == 200


def test_last_factor_taken_away_closes_again(cast):
    code = with_app(cast.leader)
    browser = cast.client(cast.leader, second_factor=False)
    browser.post(reverse("mfa_reauthenticate"), {"code": code})
    assert browser.get("/").status_code == 200
    assert browser.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert browser.get("/")["Location"] == reverse("mfa_index")
    assert not Authenticator.objects.filter(user=cast.leader.user).exists()


def test_given_factor_costs_no_question(cast):
    """The second factor stands in the session: who gave one is asked nothing more than who need not."""
    browser = cast.client(cast.leader)
    browser.get(reverse("mfa_index"))
    with CaptureQueriesContext(connection) as captured:
        browser.get(reverse("trajectory_new"))
    before_page = [query["sql"] for query in captured.captured_queries[:3]]
    assert "django_session" in before_page[0] and "stakeholders_user" in before_page[1]
    assert not any("mfa_authenticator" in query["sql"] for query in captured.captured_queries)


def test_beheerder_takes_away_what_was_lost(cast, client):
    with_app(cast.leader)
    browser = cast.client(cast.leader)
    signing_in.UserSession.objects.create(user=cast.leader.user, session_key=browser.session.session_key, ip="::1")
    cast.outsider.user.is_staff = cast.outsider.user.is_superuser = True
    cast.outsider.user.save()
    form = {"action": "take_away_factors", "_selected_action": [cast.leader.user.pk]}
    assert cast.client(cast.outsider).post("/beheer/stakeholders/user/", form).status_code == 302
    assert not Authenticator.objects.exists()
    assert browser.get("/")["Location"].startswith(reverse("account_login"))
    assert "weggehaald" in Mail.objects.get(to=cast.leader.user.email).subject


def test_ways_of_signing_in_are_not_in_the_admin(cast):
    cast.outsider.user.is_staff = cast.outsider.user.is_superuser = True
    cast.outsider.user.save()
    page = cast.client(cast.outsider).get("/beheer/").content.decode()
    assert "/beheer/stakeholders/user/" in page
    assert not re.search("/beheer/(mfa|socialaccount|usersessions|account)/", page)


@pytest.mark.parametrize("person", ["reader", "outsider"])
def test_anybody_may_take_a_second_factor(cast, client, person):
    """Then it is asked of them too."""
    someone = getattr(cast, person)
    code = with_app(someone)
    begin(client, someone)
    assert client.get("/").status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert client.get("/").status_code == 200
