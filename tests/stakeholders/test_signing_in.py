"""At the doors: no answer tells who is known, tries are counted, and somebody can leave everywhere at once."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.urls import NoReverseMatch, reverse

from stakeholders import signing_in
from stakeholders.models import Mail
from tests.stakeholders.test_second_factor import CODE, begin
from tests.test_access import ACCOUNT

pytestmark = pytest.mark.django_db
NOBODY = "niemand@voorbeeldstad.example"


def story(browser, email: str, *steps: dict) -> list[tuple]:
    """What the server answers, step by step, without the address itself and what differs with every request."""
    answers = [browser.post(reverse("account_login"), {"email": email})]
    answers += [browser.post(reverse("account_confirm_login_code"), step) for step in steps]
    answers.append(browser.get(reverse("account_confirm_login_code")))
    told = []
    for answer in answers:
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()).replace(email, "…")
        told.append((answer.status_code, answer.get("Location"), sorted(answer.cookies), sorted(answer.headers), page))
    return told


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [{"code": "AAAA-AAAA"}],
        [{"code": ""}, {"code": "-"}],
        [{"action": "resend"}] * 3,
        [{"code": "AAAA-AAAA"}] * 6,
    ],
    ids=["ask", "wrong", "empty", "again", "too often"],
)
@pytest.mark.parametrize("kind", ["leader", "with_app", "closed"])
def test_answers_are_the_same_for_known_and_unknown(cast, steps, kind):
    known = cast.leader.user
    if kind == "with_app":
        TOTP.activate(known, generate_totp_secret())
    if kind == "closed":
        known.is_active = False
        known.save()
    assert story(cast.client(), known.email, *steps) == story(cast.client(), NOBODY, *steps)
    assert Mail.objects.filter(to=known.email).exists() == (kind != "closed")
    assert not Mail.objects.filter(to=NOBODY).exists()


def test_too_many_codes_for_one_address_is_told_to_known_and_unknown_alike(cast):
    for email in (cast.leader.user.email, NOBODY):
        browser = cast.client()
        for _ in range(3):
            assert browser.post(reverse("account_login"), {"email": email}).status_code == 302
            browser = cast.client()
        page = browser.post(reverse("account_login"), {"email": email})
        assert page.status_code == 200
        assert "te vaak geprobeerd" in page.content.decode()
    assert Mail.objects.count() == 3


def test_tries_from_one_place_are_counted(cast):
    answers = [cast.client().post(reverse("account_login"), {"email": f"a{n}@b.example"}) for n in range(21)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [200]
    elsewhere = cast.client().post(reverse("account_login"), {"email": "c@b.example"}, REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 302


def test_second_factor_can_not_be_guessed(cast, client):
    TOTP.activate(cast.leader.user, generate_totp_secret())
    begin(client, cast.leader)
    pages = [client.post(reverse("mfa_authenticate"), {"code": f"{n:06}"}).content.decode() for n in range(6)]
    assert "te vaak geprobeerd" not in pages[4]
    assert "te vaak geprobeerd" in pages[5]


@pytest.mark.parametrize("name", ["account_login", "mfa_login_webauthn"])
def test_nobody_gets_in_while_tries_can_not_be_counted(cast, settings, name):
    """Redis is where nothing listens."""
    redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
    settings.CACHES = {"default": redis}
    answer = cast.client().post(reverse(name), {"email": cast.leader.user.email, "credential": "{}"})
    assert answer.status_code == 503
    assert "niet veilig" in answer.content.decode()
    assert not Mail.objects.exists()


def test_earlier_address_opens_nothing(cast):
    """The address of an account is the one it has now; whoever reads the mail of the one before gets no code."""
    before = cast.reader.user.email
    EmailAddress.objects.create(user=cast.reader.user, email=before, verified=True, primary=True)
    cast.reader.user.email = "nieuw@voorbeeldstad.example"
    cast.reader.user.save()
    for email in (before, "nieuw@voorbeeldstad.example"):
        cast.client().post(reverse("account_login"), {"email": email})
    assert [mail.to for mail in Mail.objects.all()] == ["nieuw@voorbeeldstad.example"]


@pytest.mark.parametrize(
    "name",
    ["account_signup", "account_email", "account_change_password", "account_reset_password", "account_reauthenticate",
     "socialaccount_signup", "socialaccount_connections", "mfa_signup_webauthn", "mfa_trust"],
)  # fmt: skip
def test_door_that_nobody_needs_is_not_there(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("name", sorted(ACCOUNT))
def test_page_of_an_account_asks_who_you_are(client, name):
    of_one = {"mfa_edit_webauthn", "mfa_remove_webauthn", "session_end", "person_access", "person_erase"}
    address = reverse(name, args=[1] if name in of_one else [])
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))


# --- devices ------------------------------------------------------------------------------------------------------------
def test_other_devices_are_out_at_once(cast):
    here, there = cast.client(), cast.client()
    for browser in (here, there):
        begin(browser, cast.reader)
    page = here.get(reverse("session_list")).content.decode()
    assert page.count("Een andere browser op een ander apparaat") == 3  # two devices, and the button of one
    assert here.post(reverse("session_end_others")).status_code == 302
    assert there.get("/")["Location"].startswith(reverse("account_login"))
    assert here.get("/").status_code == 200
    assert "U bent alleen hier ingelogd." in here.get(reverse("session_list")).content.decode()


def test_one_device_is_ended_and_only_ones_own(cast):
    here, there = cast.client(), cast.client()
    for browser in (here, there):
        begin(browser, cast.reader)
    other = UserSession.objects.get(session_key=there.session.session_key)
    assert cast.client(cast.leader).post(reverse("session_end", args=[other.pk])).status_code == 404
    assert here.get(reverse("session_end", args=[other.pk])).status_code == 405
    assert there.get("/").status_code == 200
    here.post(reverse("session_end", args=[other.pk]))
    assert there.get("/").status_code == 302
    own = UserSession.objects.get(session_key=here.session.session_key)
    assert here.post(reverse("session_end", args=[own.pk]))["Location"] == reverse("account_login")
    assert here.get("/").status_code == 302


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0", "Edge op Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox op Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari op een iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36", "Chrome op Android"),
        ("", "Een andere browser op een ander apparaat"),
    ],
)  # fmt: skip
def test_device_is_told_in_words(user_agent, words):
    assert signing_in.device_of(user_agent) == words


# --- what the log says --------------------------------------------------------------------------------------------------
def test_log_tells_what_happened_without_addresses(cast, client, caplog):
    caplog.set_level("INFO")
    user = cast.reader.user
    client.post(reverse("account_login"), {"email": user.email})
    client.post(reverse("account_confirm_login_code"), {"code": "AAAA-AAAA"})
    code = CODE.search(Mail.objects.get().text)
    assert code
    client.post(reverse("account_confirm_login_code"), {"code": code[0]})
    client.post(reverse("account_logout"))
    told = [record.msg for record in caplog.records if record.name == "stakeholders.signing_in"]
    assert [line["event"] for line in told] == ["sign_in_failed", "signed_in", "signed_out"]
    assert {line["account"] for line in told} == {user.pk}
    assert told[1]["by"] == ["code"]
    everything = json.dumps([str(record.msg) for record in caplog.records])
    assert user.email not in everything and code[0] not in everything


def test_page_that_was_open_when_the_session_ended_gets_no_page_to_sign_in(client, cast):
    board, htmx = reverse("theme_board", args=[cast.trajectory.pk]), {"HX-Request": "true"}
    asked = client.get(reverse("theme_steps", args=[cast.trajectory.pk]), headers=htmx)
    assert (asked.status_code, asked.content, "HX-Redirect" in asked) == (401, b"", False)
    open_page = {"HX-Current-URL": f"http://testserver{board}?thema=3"}
    pressed = client.post(reverse("theme_placing", args=[cast.trajectory.pk]), headers=htmx | open_page)
    assert pressed.status_code == 401
    assert pressed["HX-Redirect"] == f"{reverse('account_login')}?{urlencode({'next': f'{board}?thema=3'})}"
    foreign = client.post(board, headers=htmx | {"HX-Current-URL": "https://elders.example/x"})
    assert "elders.example" not in foreign["HX-Redirect"]
    assert client.get(board).status_code == 302
    assert (
        cast.client(cast.leader).get(reverse("theme_steps", args=[cast.trajectory.pk]), headers=htmx).status_code == 200
    )
