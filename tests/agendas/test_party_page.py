"""What the contact person of a party sees and does with an account."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from agendas import endorsing, versions
from agendas.models import Commitment, Document, Endorsement
from stakeholders.models import Mail
from tests.factories import ContributionFactory, MeetingFactory, complete_agenda
from tests.pages import words
from thuiswijk.lib.canonical import canonical

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(cast, party):
    agenda = complete_agenda(cast.trajectory)
    Commitment.objects.filter(party=party).update(text="Wij knappen de portieken op.")
    Commitment.objects.exclude(party=party).update(text="Alleen voor anderen bestemd.")
    return endorsing.open_round(versions.freeze(agenda, by=cast.leader), deadline=agenda.ends_on, by=cast.leader)


def page_of(party) -> str:
    return reverse("party_page", args=[party.pk])


def test_party_page_shows_own_promises_and_nothing_of_others(cast, party, contact, round_):
    meeting = MeetingFactory(trajectory=cast.trajectory)
    for to, text in ((party, "Wij verwachten licht."), (cast.parties[2], "Voor de kerk.")):
        ContributionFactory(meeting=meeting, text=text, kind="verwachting", addressed_to=to)
    hidden = ContributionFactory(meeting=meeting, text="Verborgen.", kind="verwachting", addressed_to=party)
    type(hidden).objects.filter(pk=hidden.pk).update(
        hidden_at=timezone.now(), hidden_by=cast.leader, hidden_reason="Een naam."
    )
    page = words(cast.client(contact).get(page_of(party)))
    for said in ("Lindenkwartier", "Wij knappen de portieken op.", "Wij verwachten licht.", "U antwoordt namens"):
        assert said in page
    for said in ("Alleen voor anderen", "Voor de kerk.", "Verborgen.", "Elderswijk"):
        assert said not in page


def test_party_page_shows_the_newest_version_only(cast, party, contact, round_):
    endorsing.close_round(round_, by=cast.leader, reason="De tijd is om.")
    Commitment.objects.filter(party=party).update(text="Wij doen het nu beter.")
    newer = versions.freeze(cast.trajectory.agenda, by=cast.leader)
    assert "portieken" in words(cast.client(contact).get(page_of(party))), "nobody was asked about the newer one yet"
    endorsing.open_round(newer, deadline=timezone.localdate(), by=cast.leader)
    page = words(cast.client(contact).get(page_of(party)))
    assert "Wij doen het nu beter." in page
    assert "portieken" not in page


def test_party_page_says_when_the_party_did_not_answer(cast, party, contact, round_):
    browser = cast.client(contact)
    assert "Uw partij heeft nog niet geantwoord. Dat kan tot en met" in words(browser.get(page_of(party)))
    endorsing.close_round(round_, by=cast.leader, reason="De tijd is om.")
    page = words(browser.get(page_of(party)))
    assert "De ronde is gesloten op" in page and "Uw partij heeft niet geantwoord." in page


@pytest.mark.parametrize("stands", [False, True])
def test_party_page_does_not_say_so_of_a_party_that_answered(cast, party, contact, round_, stands):
    endorsing.endorse(
        round_.requests.get(party=party), digest=round_.version.digest, answer="volledig", reservations=[], text="", name="A",
        function="B", on_behalf_of="C", decided_on=None,
    )  # fmt: skip
    endorsing.close_round(round_, by=cast.leader, reason="De tijd is om.")
    if stands:  # for a next version as well
        agenda = cast.trajectory.agenda
        agenda.summary = "Anders."
        agenda.save()
        again = endorsing.open_round(versions.freeze(agenda, by=cast.leader), deadline=agenda.ends_on, by=cast.leader)
        assert again.carried.filter(party=party).exists()
    page = words(cast.client(contact).get(page_of(party)))
    assert f"In versie {2 if stands else 1}" in page and "niet geantwoord" not in page


def test_party_page_says_that_an_answered_version_was_withdrawn(cast, party, contact, round_):
    endorsing.endorse(
        round_.requests.get(party=party), digest=round_.version.digest, answer="volledig", reservations=[], text="", name="A",
        function="B", on_behalf_of="C", decided_on=None,
    )  # fmt: skip
    endorsing.withdraw(round_.version, by=cast.leader, reason="Er staat een fout in.")
    page = words(cast.client(contact).get(page_of(party)))
    assert "Deze versie is ingetrokken." in page and "nog niet vastgesteld" not in page
    assert "Er is nog geen verbeteragenda aan uw partij voorgelegd." in page


def test_party_page_is_for_its_contact_person_only(cast, party, contact):
    for person in (cast.leader, cast.adviser, cast.reader, cast.stranger, cast.outsider):
        assert cast.client(person).get(page_of(party)).status_code == 404
    assert cast.client(contact).get(page_of(cast.parties[2])).status_code == 404
    assert cast.client(contact).get(reverse("trajectory_detail", args=[cast.trajectory.pk])).status_code == 404
    party.memberships.filter(person=contact).delete()
    assert cast.client(contact).get(page_of(party)).status_code == 404


def test_account_of_the_contact_person_counts_as_the_link(cast, party, contact, round_):
    round_.requests.filter(party=party).update(person=contact)  # it is who was asked
    browser = cast.client(contact)
    home = words(browser.get("/"))
    assert party.name in home and "wacht op uw antwoord" in home
    asked = round_.requests.get(party=party)
    address = reverse("endorse", args=[asked.pk])
    assert address in words(browser.get(page_of(party)))
    form = {
        "digest": round_.version.digest, "answer": "volledig", "text": "", "name": "Kim", "function": "manager",
        "on_behalf_of": "het bestuur", "mandate": "functie", "decided_on": "", "agreed": "on",
    }  # fmt: skip
    assert browser.post(address, form).status_code == 302
    given = Endorsement.objects.get()
    assert (given.party, given.method) == (party, "ingelogd")
    assert "Er ligt nu niets bij u." in words(browser.get(page_of(party)))
    others = round_.requests.get(party=cast.parties[2])
    assert browser.get(reverse("endorse", args=[others.pk])).status_code == 404
    assert cast.client(cast.leader).get(address).status_code == 404


def test_answer_by_link_is_recorded_as_such(cast, party, round_):
    given = {"answer": "volledig", "reservations": [], "text": "", "name": "A", "function": "B", "on_behalf_of": "C"}
    endorsing.endorse(round_.requests.get(party=party), digest=round_.version.digest, decided_on=None, **given)
    answers = endorsing.answers_of(round_)["answers"]
    assert [one["method"] for one in answers if one["party"] == party.pk] == ["link per e-mail"]


def test_answer_stands_with_the_sealed_document(cast, party, contact, round_):
    given = {"answer": "volledig", "reservations": [], "text": "", "name": "Kim", "function": "B", "on_behalf_of": "C"}
    endorsing.endorse(round_.requests.get(party=party), digest=round_.version.digest, decided_on=None, **given)
    browser = cast.client(contact)
    address = reverse("verify_document", args=[round_.version.code])
    page = words(browser.get(page_of(party)))
    assert "onderschrijft volledig" in page and "Kim" in page
    assert address not in page
    Document.objects.create(
        version=round_.version, kind="vastgesteld", answers=canonical({}), state="stored", stored_at=timezone.now(),
        sha256="0" * 64, sealed_by="Gemeente",
    )  # fmt: skip
    assert address in words(browser.get(page_of(party)))


def test_contact_person_is_invited_from_the_partys_page(cast, party):
    browser, known = cast.client(cast.leader), party.memberships.get()
    edit = reverse("party_edit", args=[cast.trajectory.pk, party.pk])
    assert "Nodig uit om in te loggen" in words(browser.get(edit))
    browser.post(reverse("party_invite", args=[cast.trajectory.pk, party.pk]))
    assert "Stuur een nieuwe link" in words(browser.get(edit))
    link = re.search(r"/u/[\w-]{43}/", Mail.objects.get(to=known.person.email).text).group()
    visitor = cast.client()
    page = visitor.get(link, follow=True)
    visitor.post(page.request["PATH_INFO"], {"name": "Kim Nieuw", "function": "manager"})
    known.refresh_from_db()
    assert (known.name, known.person.user.email) == ("Kim Nieuw", known.person.email)
    assert party.memberships.count() == 1
    assert cast.client(known.person).get(page_of(party)).status_code == 200
    assert "nam de uitnodiging aan" in words(browser.get(edit))
    browser.post(reverse("party_invite", args=[cast.trajectory.pk, party.pk]))
    assert Mail.objects.filter(to=known.person.email).count() == 1


def test_party_without_contact_person_cannot_be_invited(cast, party):
    party.memberships.all().delete()
    page = cast.client(cast.leader).post(
        reverse("party_invite", args=[cast.trajectory.pk, party.pk]), follow=True
    )  # fmt: skip
    assert "Vul eerst een contactpersoon" in words(page)
