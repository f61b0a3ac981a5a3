"""A link can be forwarded: who answers fills in a code that was mailed to who was asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from agendas import endorsing, proving, versions
from agendas.models import Endorsement, EndorsementRequest
from stakeholders.models import Mail
from tests.agendas.test_endorsing import answer, link_to, newest_code
from tests.factories import UserFactory, complete_agenda
from tests.pages import fields_of
from thuiswijk.lib.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(cast):
    agenda = complete_agenda(cast.trajectory)
    version = versions.freeze(agenda, by=cast.leader)
    return endorsing.open_round(version, deadline=agenda.ends_on, by=cast.leader)


@pytest.fixture
def form(round_):
    return {
        "digest": round_.version.digest, "answer": "voorbehoud", "voorbehoud-1.1": "Als er geld is.",
        "name": "A. “Ans” <Jansma>", "function": "directeur", "on_behalf_of": "het bestuur", "mandate": "besluit",
        "decided_on": "2026-01-02",
        "agreed": "on",
    }  # fmt: skip


@pytest.fixture
def page(round_, cast):
    """The page of the first party's request, in a browser that followed its link: (browser, address)."""
    browser = cast.client()
    return browser, browser.get(link_to(cast.parties[0]), follow=True).request["PATH_INFO"]


def test_answer_counts_when_the_code_is_filled_in(page, form, cast):
    browser, address = page
    asked = browser.post(address, form).content.decode()
    to = cast.parties[0].memberships.get().person.email
    assert to in asked and not Endorsement.objects.exists()
    mail = Mail.objects.latest("pk")
    assert mail.to == to
    sent = fields_of(asked)  # as a browser sends it: what was typed goes along
    assert browser.post(address, sent | {"code": newest_code().replace(" ", "")}).status_code == 302
    given = Endorsement.objects.get()
    assert (given.name, given.said) == (form["name"], [("Punt 1.1", "Als er geld is.")])
    assert (given.method, given.code_sent_to, str(given.decided_on)) == ("code per e-mail", to, "2026-01-02")


def test_code_is_kept_as_a_keyed_hash_only(page, form):
    browser, address = page
    browser.post(address, form)
    request = EndorsementRequest.objects.exclude(code_hash="").get()
    code = newest_code().replace(" ", "")
    assert len(code) == 8 and len(request.code_hash) == 64
    assert code not in str(EndorsementRequest.objects.values().get(pk=request.pk))


def test_two_clicks_mail_one_code_and_stand_once(page, form):
    browser, address = page
    before = Mail.objects.count()
    for _ in range(2):
        browser.post(address, form)
    assert Mail.objects.count() == before + 1
    code = newest_code()
    for _ in range(2):
        assert browser.post(address, form | {"code": code}).status_code == 302
    assert Endorsement.objects.count() == 1


def test_wrong_code_is_told_and_everything_typed_is_still_there(page, form):
    browser, address = page
    browser.post(address, form)
    told = browser.post(address, form | {"code": "12 34"}).content.decode()
    assert proving.WRONG in told
    assert fields_of(told)["voorbehoud-1.1"] == form["voorbehoud-1.1"] and fields_of(told)["name"] == form["name"]
    assert not Endorsement.objects.exists()
    back = browser.post(address, form | {"code": "", "terug": "1"}).content.decode()
    assert "Wat antwoordt uw partij?" in back
    assert fields_of(back)["voorbehoud-1.1"] == form["voorbehoud-1.1"]


def test_code_works_five_tries_and_ten_minutes(page, form):
    browser, address = page
    browser.post(address, form)
    code = newest_code()
    request = EndorsementRequest.objects.exclude(code_hash="")
    request.update(code_sent_at=timezone.now() - timedelta(minutes=proving.MINUTES, seconds=1))
    assert proving.EXPIRED in browser.post(address, form | {"code": code}).content.decode()
    request.update(code_sent_at=timezone.now())
    for _ in range(proving.TRIES):
        browser.post(address, form | {"code": "00000000" if code != "0000 0000" else "1"})
    assert proving.EXPIRED in browser.post(address, form | {"code": code}).content.decode()
    assert not Endorsement.objects.exists()


def test_new_code_makes_the_one_before_useless_and_too_many_are_refused(page, form):
    browser, address = page
    browser.post(address, form)
    old = newest_code()
    asked = EndorsementRequest.objects.exclude(code_hash="")
    minute_ago = timezone.now() - timedelta(seconds=proving.PAUSE_SECONDS + 1)
    asked.update(code_sent_at=minute_ago)
    browser.post(address, form | {"code": "", "nieuwe-code": "1"})
    assert newest_code() != old
    assert proving.WRONG in browser.post(address, form | {"code": old}).content.decode()
    asked.update(codes_sent=proving.CODES, code_sent_at=minute_ago)
    assert proving.TOO_MANY in browser.post(address, form | {"code": "", "nieuwe-code": "1"}).content.decode()


def test_code_of_one_party_is_none_of_another(page, form, round_, cast):
    browser, address = page
    browser.post(address, form)
    code, other = newest_code(), round_.requests.get(party=cast.parties[1])
    proving.send_code(other, to="ander@voorbeeldstad.example")
    with pytest.raises(Refused):
        proving.check_code(EndorsementRequest.objects.get(pk=other.pk), code)


def test_nobody_gets_a_code_for_an_answer_that_can_not_stand(page, form, round_, cast):
    browser, address = page
    before = Mail.objects.count()
    assert "Er is een nieuwe versie" in browser.post(address, form | {"digest": "0" * 64}).content.decode()
    endorsing.close_round(round_, by=cast.leader, reason="De raad vergadert morgen.")
    assert "gesloten" in browser.post(address, form).content.decode()
    assert Mail.objects.filter(subject__startswith="Uw code").count() == 0
    assert Mail.objects.count() == before


def test_account_without_second_factor_gets_a_code_as_well(round_, form, cast):
    contact = cast.parties[0].memberships.get().person
    contact.user = UserFactory(email=contact.email)
    contact.save()
    browser = cast.client(contact, second_factor=False)
    address = f"/onderschrijven/{round_.requests.get(party=cast.parties[0]).pk}/"
    assert "Bevestig uw antwoord" in browser.post(address, form).content.decode()
    assert Mail.objects.latest("pk").to == contact.email


def test_database_knows_no_code_without_its_address(round_):
    given = answer(round_.requests.first())
    columns = {
        f.name: getattr(given, f.name) for f in Endorsement._meta.fields if f.name not in ("id", "party", "request")
    }
    other = round_.requests.last()
    with pytest.raises(IntegrityError), transaction.atomic():
        Endorsement.objects.create(**columns | {"method": "code per e-mail"}, party=other.party, request=other)
