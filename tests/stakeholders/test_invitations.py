"""Asking people in by mail: one link, one time, one membership."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from stakeholders import invitations
from stakeholders.invitations import Invitee
from stakeholders.models import Invitation, Mail, Membership, Person, User
from tests.factories import PersonFactory
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.logs import without_secrets

pytestmark = pytest.mark.django_db
Role = Membership.Role
NOOR = Invitee("Noor de Wit", "noor@elders.example", Role.READER, "wethouder")
LINK = re.compile(r"/u/([\w-]{43})/")


def link_to(email: str) -> str:
    """The newest link that was mailed to this address."""
    return LINK.search(Mail.objects.filter(to=email, text__contains="/u/").first().text).group()


def follow(browser, email: str = NOOR.email):
    """Opens the newest link, as a browser does: to the page with a clean address."""
    return browser.get(link_to(email), follow=True)


def accept(browser, page, **typed):
    return browser.post(page.request["PATH_INFO"], {"name": "Noor de Wit", "function": "wethouder", **typed})


def test_link_is_mailed_and_only_its_hash_is_kept(cast):
    asked = invitations.invite(cast.here, NOOR, by=cast.leader)
    mail = Mail.objects.get(to=NOOR.email)
    token = LINK.search(mail.text).group(1)
    assert asked.token_hash not in mail.text
    assert not Invitation.objects.filter(token_hash=token).exists()
    assert invitations.invitation_of(token) == asked
    assert timedelta(days=13, hours=23) < asked.expires_at - timezone.now() <= timedelta(days=14)
    for words in ("Beste Noor de Wit", "gemeente Voorbeeldstad", "meelezer", cast.leader.name):
        assert words.lower() in f"{mail.subject} {mail.text}".lower()


def test_link_becomes_a_clean_address_and_changes_nothing(cast):
    asked = invitations.invite(cast.here, NOOR, by=cast.leader)
    browser = cast.client()
    first = browser.get(link_to(NOOR.email))
    assert first["Referrer-Policy"] == "no-referrer"
    assert "no-store" in first["Cache-Control"]
    assert first["Location"] == reverse("invitation", args=[asked.pk])
    assert "U bent uitgenodigd" in browser.get(first["Location"]).content.decode()
    asked.refresh_from_db()
    assert asked.is_open
    assert not Person.objects.filter(email=NOOR.email).exists()


def test_clean_address_is_nothing_without_the_link(cast):
    asked = invitations.invite(cast.here, NOOR, by=cast.leader)
    for person in (None, cast.outsider, cast.leader):
        assert cast.client(person).get(reverse("invitation", args=[asked.pk])).status_code == 404


def test_accepting_makes_a_member_with_an_account_that_signs_in_by_code(cast):
    invitations.invite(cast.here, NOOR, by=cast.leader)
    browser = cast.client()
    answer = accept(browser, follow(browser), name="Noor W.", function="wethouder wonen")
    assert answer["Location"] == reverse("account_login")
    member = cast.here.memberships.get(person__email=NOOR.email)
    assert (member.name, member.function, member.role, member.is_limited) == (
        "Noor W.", "wethouder wonen", Role.READER, False,
    )  # fmt: skip
    assert not member.person.user.has_usable_password()
    browser.post(reverse("account_login"), {"email": NOOR.email})
    code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", Mail.objects.filter(to=NOOR.email).first().text).group()
    browser.post(reverse("account_confirm_login_code"), {"code": code})
    assert "Lindenkwartier" in browser.get("/").content.decode()


def test_twice_accepted_is_a_friendly_page_and_nothing_double(cast):
    invitations.invite(cast.here, NOOR, by=cast.leader)
    browser = cast.client()
    page = follow(browser)
    assert accept(browser, page).status_code == 302
    again = accept(browser, page, name="Iemand anders")
    assert again.status_code == 200
    assert "al aangenomen" in again.content.decode()
    assert "al aangenomen" in follow(cast.client()).content.decode()
    assert cast.here.memberships.get(person__email=NOOR.email).name == "Noor de Wit"
    assert Person.objects.filter(email=NOOR.email).count() == 1


def test_accept_by_two_clicks_gives_the_same_person(cast):
    asked = invitations.invite(cast.here, NOOR, by=cast.leader)
    typed = {"name": "Noor", "function": ""}
    assert invitations.accept(asked, **typed) == invitations.accept(asked, **typed)
    assert cast.here.memberships.filter(person__email=NOOR.email).count() == 1


@pytest.mark.parametrize("name", ["", "x" * 101, "\u202e"])
def test_bad_name_is_told_and_nothing_is_accepted(cast, name):
    asked = invitations.invite(cast.here, NOOR, by=cast.leader)
    browser = cast.client()
    page = accept(browser, follow(browser), name=name)
    assert page.status_code == 200
    assert page.context["form"].errors["name"]
    asked.refresh_from_db()
    assert asked.is_open


def test_links_that_do_not_work_give_one_page(cast):
    expired = invitations.invite(cast.here, NOOR, by=cast.leader)
    opened_before = cast.client()
    page = follow(opened_before)
    Invitation.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    other = Invitee("Bo", "bo@elders.example", Role.READER)
    invitations.revoke(invitations.invite(cast.here, other, by=cast.leader))
    gone = [follow(cast.client()), follow(cast.client(), other.email), cast.client().get(f"/u/{'x' * 43}/")]
    assert [answer.status_code for answer in gone] == [410, 410, 404]
    assert len({answer.content for answer in gone}) == 1
    assert "Vraag de gemeente" in gone[0].content.decode()
    assert accept(opened_before, page).status_code == 410
    assert not Person.objects.filter(email__in=[NOOR.email, other.email]).exists()


def test_expired_while_accepting_is_refused(cast):
    asked = invitations.invite(cast.here, NOOR, by=cast.leader)
    Invitation.objects.filter(pk=asked.pk).update(expires_at=timezone.now())
    with pytest.raises(Refused, match="geldt niet meer"):
        invitations.accept(asked, name="Noor", function="")


def test_somebody_else_is_told_for_whom_it_is(cast):
    invitations.invite(cast.here, NOOR, by=cast.leader)
    browser = cast.client(cast.outsider)
    page = follow(browser)
    assert NOOR.email in page.content.decode()
    assert "voor een ander" in page.content.decode()
    assert "al aangenomen" not in accept(browser, page).content.decode()
    assert not cast.here.memberships.filter(person=cast.outsider).exists()
    assert Invitation.objects.open().count() == 1


def test_who_has_an_account_keeps_it_and_goes_on_at_once(cast):
    who = Invitee("Sam", cast.outsider.user.email.upper(), Role.LEADER)
    invitations.invite(cast.here, who, by=cast.leader)
    browser = cast.client(cast.outsider)
    answer = accept(browser, follow(browser, cast.outsider.user.email), name="Sam")
    assert answer["Location"] == reverse("home")
    assert cast.here.memberships.get(person=cast.outsider).role == Role.LEADER
    assert User.objects.filter(email__iexact=who.email).count() == 1


def test_person_without_account_gets_one_and_keeps_the_other_names(cast):
    contact = cast.parties[1].memberships.get().person
    invitations.accept(
        invitations.invite(cast.there, Invitee("K", contact.email, Role.READER), by=None), name="Kim", function=""
    )
    contact.refresh_from_db()
    assert contact.user.email == contact.email
    assert {one.name for one in contact.memberships.all()} == {contact.name, "Kim"}


def test_closed_account_is_not_opened_by_an_invitation(cast):
    User.objects.filter(pk=cast.outsider.user.pk).update(is_active=False)
    asked = invitations.invite(cast.here, Invitee("Sam", cast.outsider.email, Role.READER), by=cast.leader)
    with pytest.raises(Refused, match="gesloten"):
        invitations.accept(asked, name="Sam", function="")
    assert not cast.here.memberships.filter(person=cast.outsider).exists()


def test_inviting_again_replaces_the_open_invitation(cast):
    first = invitations.invite(cast.here, NOOR, by=cast.leader)
    old = link_to(NOOR.email)
    second = invitations.invite(cast.here, Invitee("Noor", "Noor@Elders.example", Role.LEADER), by=cast.leader)
    first.refresh_from_db()
    assert first.revoked_at
    assert list(Invitation.objects.open()) == [second]
    assert cast.client().get(old, follow=True).status_code == 410
    assert "projectleider" in follow(cast.client()).content.decode()


def test_one_open_invitation_per_address_by_the_databases_own_rule(cast):
    invitations.invite(cast.here, NOOR, by=cast.leader)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            gemeente=cast.here, email=NOOR.email.upper(), name="N", role=Role.READER, token_hash="x",
            expires_at=timezone.now(),
        )  # fmt: skip


def test_same_address_is_invited_to_two_gemeenten(cast):
    for gemeente, by in ((cast.here, cast.leader), (cast.there, cast.stranger)):
        invitations.accept(invitations.invite(gemeente, NOOR, by=by), name="Noor", function="")
    assert Person.objects.get(email=NOOR.email).memberships.count() == 2


def test_member_is_not_invited_again(cast):
    with pytest.raises(Refused, match="werkt al bij gemeente Voorbeeldstad, als meelezer"):
        invitations.invite(cast.here, Invitee("R", cast.reader.email, Role.LEADER), by=cast.leader)


def test_no_answer_tells_whether_an_address_has_an_account(cast):
    """An account elsewhere, a person without one, and an unknown address: the page says the same of each."""
    browser, answers = cast.client(cast.leader), []
    known = [cast.stranger.email, PersonFactory(user=None).email, "onbekend@elders.example"]
    for email in known:
        form = {"name": "Iemand", "email": email, "role": Role.READER, "scope": "gemeente"}
        page = browser.post(reverse("invite", args=[cast.here.pk]), form, follow=True)
        answers.append(re.search(r'role="status">(.*?)</div>', page.content.decode(), re.DOTALL).group(1))
    assert len(set(answers)) == 1
    assert "krijgt een e-mail" in answers[0]


def test_resend_makes_the_old_link_useless(cast):
    asked = invitations.invite(cast.here, NOOR, by=cast.leader)
    Invitation.objects.filter(pk=asked.pk).update(expires_at=timezone.now())
    old = link_to(NOOR.email)
    again = invitations.resend(asked, by=cast.leader)
    assert again.is_open
    assert cast.client().get(old, follow=True).status_code == 410
    assert follow(cast.client()).status_code == 200
    with pytest.raises(Refused, match="vervangen"):
        invitations.resend(asked, by=cast.leader)


def test_revoked_after_accepting_is_refused(cast):
    asked = invitations.invite(cast.here, NOOR, by=cast.leader)
    invitations.accept(asked, name="Noor", function="")
    with pytest.raises(Refused, match="nam de uitnodiging al aan"):
        invitations.revoke(asked)


def test_contact_person_who_is_replaced_can_no_longer_accept(cast):
    party = cast.parties[1]
    address = reverse("party_edit", args=[cast.trajectory.pk, party.pk])
    contact = party.memberships.get()
    browser = cast.client(cast.leader)
    browser.post(reverse("party_invite", args=[cast.trajectory.pk, party.pk]))
    form = {"name": party.name, "kind": party.kind, "contact_name": "Ander", "contact_email": "ander@elders.example"}
    seen = browser.get(address).context["form"]["seen"].value()
    browser.post(address, {**form, "contact_function": "", "seen": seen})
    assert follow(cast.client(), contact.person.email).status_code == 410
    assert party.memberships.get().name == "Ander"


def test_log_line_holds_no_link():
    event = {"event": "request_started", "request": f"GET /u/{'x' * 43}/"}
    assert without_secrets(None, "info", event)["request"] == "GET /u/…/"


def test_double_click_on_inviting_is_one_mail(cast):
    browser = cast.client(cast.leader)
    form = {"name": "Noor", "email": NOOR.email, "role": Role.READER, "scope": "gemeente"}
    for _ in range(2):
        assert browser.post(reverse("invite", args=[cast.here.pk]), form).status_code == 302
    assert Mail.objects.filter(to=NOOR.email).count() == 1
    assert follow(cast.client()).status_code == 200
