"""Two people who sign for one party, and a question that goes to a colleague."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from agendas import countersigning, endorsing, proving, reminding, sealing, versions
from agendas.answers import answers_of
from agendas.documents import document_html
from agendas.endorsing import Colleague
from agendas.models import Document, Endorsement, EndorsementRequest
from stakeholders.models import Mail, Membership
from tests.agendas.test_endorsing import answer, link_to, newest_code
from tests.factories import MembershipFactory, UserFactory, complete_agenda
from tests.pages import fields_of
from thuiswijk.demo import clock
from thuiswijk.lib.canonical import canonical
from thuiswijk.lib.errors import Refused

pytestmark = pytest.mark.django_db
RESERVED = {"answer": "voorbehoud", "reservations": [{"point": "1.1", "text": "Als er geld is."}], "text": ""}
SECOND = Colleague("penningmeester@kerk.example", "P. Wijma", "penningmeester")


@pytest.fixture
def party(cast):
    """A party for which two people sign."""
    party = cast.parties[0]
    party.signatories = 2
    party.save()
    return party


@pytest.fixture
def round_(cast, party):
    agenda = complete_agenda(cast.trajectory)
    return endorsing.open_round(versions.freeze(agenda, by=cast.leader), deadline=agenda.ends_on, by=cast.leader)


@pytest.fixture
def asked(round_, party):
    return round_.requests.get(party=party)


@pytest.fixture
def form(round_):
    return {
        "digest": round_.version.digest, "answer": "voorbehoud", "voorbehoud-1.1": "Als er geld is.",
        "name": "A. Jansma", "function": "voorzitter", "on_behalf_of": "het bestuur", "mandate": "besluit",
        "decided_on": "2026-01-02",
        "second_name": SECOND.name, "second_function": SECOND.function, "second_email": SECOND.email, "agreed": "on",
    }  # fmt: skip


def propose(asked: EndorsementRequest, **other) -> EndorsementRequest:
    given = {
        "digest": asked.round.version.digest, "answer": "volledig", "reservations": [], "text": "", "name": "A. Jansma",
        "function": "voorzitter", "on_behalf_of": "het bestuur", "decided_on": None, "method": "code per e-mail",
        "code_sent_to": asked.address, "second": SECOND,
    }  # fmt: skip
    return countersigning.propose(asked, **(given | other))


def sign(second: EndorsementRequest, **other) -> Endorsement:
    given = {"name": SECOND.name, "function": SECOND.function, "code_sent_to": SECOND.email}
    return countersigning.countersign(second, digest=second.round.version.digest, **(given | other))


def link_in(mail: Mail) -> str:
    return re.search(r"/o/\S+/", mail.text).group()


def mail_to(address: str) -> Mail:
    return Mail.objects.filter(to=address).latest("pk")


def coded(browser, address: str, form: dict) -> str:
    """Sends the form, and then the code that comes by mail; the page that follows."""
    shown = browser.post(address, form).content.decode()
    assert "Uw keuze is nog niet verstuurd" in shown
    sent = fields_of(shown) | {"code": newest_code()}
    for extra in ("terug", "nieuwe-code"):
        sent.pop(extra, None)
    done = browser.post(address, sent, follow=True)
    assert done.status_code == 200, done.content.decode()
    return done.content.decode()


# --- two people ---------------------------------------------------------------------------------------------------------
def test_answer_of_two_counts_when_the_second_one_signs(cast, round_, party, form):
    first, second = cast.client(), cast.client()
    address = first.get(link_to(party), follow=True).request["PATH_INFO"]
    page = coded(first, address, form)
    assert "Uw antwoord wacht op P. Wijma" in page
    assert not Endorsement.objects.exists() and party in endorsing.unanswered(round_)
    told = mail_to(cast.leader.email)
    assert "telt pas als P. Wijma, penningmeester, meetekent" in told.text and "Als er geld is." in told.text

    mail = mail_to(SECOND.email)
    assert "Als er geld is." in mail.text and "onderschrijft met voorbehoud" in mail.text
    opened = second.get(link_in(mail), follow=True)
    shown = opened.content.decode()
    assert (
        shown.index("Dit antwoordde A. Jansma") < shown.index("Als er geld is.") < shown.index("Wat uw partij belooft")
    )
    signs = {
        "digest": round_.version.digest,
        "signs": "ja",
        "name": "P. Wijma",
        "function": "penningmeester",
        "agreed": "on",
    }
    page = coded(second, opened.request["PATH_INFO"], signs)
    assert "heeft geantwoord" in page
    given = Endorsement.objects.get()
    assert (given.answer, given.said, given.name, str(given.decided_on)) == (
        "voorbehoud",
        [("Punt 1.1", "Als er geld is.")],
        "A. Jansma",
        "2026-01-02",
    )
    assert (given.second_name, given.second_code_sent_to, given.code_sent_to) == (
        "P. Wijma",
        SECOND.email,
        mail_of(party),
    )
    assert given.endorsed_at < given.seconded_at
    assert party not in endorsing.unanswered(round_)
    assert "Als er geld is." in mail_to(cast.leader.email).text
    leader = cast.client(cast.leader).get(reverse("version_detail", args=[round_.version_id])).content.decode()
    assert "Meegetekend door P. Wijma, penningmeester" in leader


def mail_of(party) -> str:
    return party.memberships.get().person.email


def test_second_one_reads_and_signs_with_a_code_at_the_own_address_only(cast, round_, party, form):
    browser = cast.client()
    address = browser.get(link_to(party), follow=True).request["PATH_INFO"]
    own = form | {"second_email": mail_of(party).upper()}
    told = browser.post(address, own).content.decode()
    assert countersigning.SAME_ADDRESS in told and "Als er geld is." in told
    assert not Mail.objects.filter(subject__startswith="Uw code").exists()
    assert not EndorsementRequest.objects.filter(seconds__isnull=False).exists()


def test_contact_person_who_is_signed_in_can_not_sign_as_the_second(cast, asked, party):
    second = propose(asked)
    contact = cast.client()
    contact.get(link_to(party), follow=True)  # the link of the first
    assert contact.get(reverse("countersign", args=[second.pk])).status_code == 404
    assert contact.get(reverse("endorse", args=[second.pk])).status_code == 404


def test_second_one_says_why_not_and_the_first_one_answers_again(cast, round_, asked, party):
    second = propose(asked)
    browser, link = cast.client(), link_in(mail_to(SECOND.email))
    address = browser.get(link, follow=True).request["PATH_INFO"]
    no = {
        "digest": round_.version.digest, "signs": "nee", "reason": "", "name": "P. Wijma", "function": "penningmeester",
        "agreed": "on",
    }  # fmt: skip
    assert "Schrijf op waarom u niet meetekent" in browser.post(address, no).content.decode()
    page = coded(browser, address, no | {"reason": "Punt 1.1 is te duur."})
    assert "U tekende niet mee" in page and "Punt 1.1 is te duur." in page
    again = cast.client().get(link, follow=True)
    assert "U tekende niet mee" in again.content.decode()
    assert "Punt 1.1 is te duur." in mail_to(mail_of(party)).text
    assert "Punt 1.1 is te duur." in mail_to(cast.leader.email).text
    assert not Endorsement.objects.exists()
    with pytest.raises(Refused, match="intussen veranderd"):
        sign(second)
    again = propose(asked, answer="voorbehoud", reservations=[{"point": "1.1", "text": "Als het goedkoper kan."}])
    assert sign(again).said == [("Punt 1.1", "Als het goedkoper kan.")]
    with pytest.raises(IntegrityError), transaction.atomic():
        EndorsementRequest.objects.filter(pk=second.pk).update(declined_reason="Toch niets.")


def test_new_answer_of_the_first_takes_the_place_of_the_one_before(asked):
    before = propose(asked)
    assert propose(asked).pk == before.pk  # a double click
    assert Mail.objects.filter(to=SECOND.email).count() == 1
    now = propose(asked, answer="niet", text="Wij kunnen dit niet.")
    with pytest.raises(Refused, match="intussen veranderd"):
        sign(before)
    given = sign(now)
    assert given.answer == "niet" and sign(now) == given  # a double click
    with pytest.raises(Refused, match="al beantwoord"):
        propose(asked)
    with pytest.raises(Refused, match="al meegetekend"):
        countersigning.decline(now, reason="Toch niet.")


def test_newest_answer_of_the_first_is_what_the_form_begins_with(cast, round_, asked, party, form):
    here, elsewhere = cast.client(), cast.client()
    address = here.get(link_to(party), follow=True).request["PATH_INFO"]
    elsewhere.get(link_to(party), follow=True)
    coded(here, address, form)
    coded(elsewhere, address, form | {"voorbehoud-1.1": "Als het goedkoper kan."})
    assert fields_of(here.get(address).content.decode())["voorbehoud-1.1"] == "Als het goedkoper kan."
    here.post(address, form | {"voorbehoud-1.1": "Toch niet."})  # and this one waits for its code
    assert fields_of(here.get(address).content.decode())["voorbehoud-1.1"] == "Toch niet."


def test_new_link_for_the_second_keeps_what_the_first_answered(cast, round_, asked, party):
    propose(asked, answer="niet", text="Wij kunnen dit niet.")
    old = link_in(mail_to(SECOND.email))
    leader = cast.client(cast.leader)
    leader.post(reverse("round_ask", args=[round_.version_id, party.pk]))
    assert link_in(mail_to(SECOND.email)) != old
    assert cast.client().get(old).status_code == 404
    again = EndorsementRequest.objects.with_second(of=asked).get()
    assert sign(again).text == "Wij kunnen dit niet."


def test_one_alone_is_no_answer_and_the_document_says_so(cast, round_, asked, party):
    propose(asked)
    for other in round_.requests.exclude(party=party):
        answer(other)
    leader = cast.client(cast.leader)
    shown = leader.get(reverse("version_detail", args=[round_.version_id])).content.decode()
    assert "A. Jansma tekende al. Wij wachten op P. Wijma" in shown
    assert "wacht op de tweede" in shown and ">Stuur P. Wijma een nieuwe link<" in shown
    with pytest.raises(Refused, match="1 partij heeft"):
        endorsing.close_round(round_, by=cast.leader)
    endorsing.close_round(round_, by=cast.leader, reason="De raad vergadert morgen.")
    round_.refresh_from_db()
    told = next(one for one in answers_of(round_)["answers"] if one["party"] == party.pk)
    assert told["answer"] == "geen" and told["signed_alone"] == {"name": "A. Jansma", "function": "voorzitter"}
    paper = document_html(bytes(round_.version.content), canonical(answers_of(round_)))
    assert "Alleen A. Jansma, voorzitter, tekende." in paper
    with pytest.raises(Refused, match="gesloten"):
        sign(EndorsementRequest.objects.with_second(of=asked).get())


def test_document_and_data_name_both(cast, round_, asked, party):
    sign(propose(asked))
    for other in round_.requests.of_first().exclude(party=party):
        answer(other)
    document = endorsing.close_round(round_, by=cast.leader)
    told = next(one for one in json.loads(bytes(document.answers))["answers"] if one["party"] == party.pk)
    assert told["second"]["name"] == "P. Wijma" and told["second"]["signed_at"]
    assert "P. Wijma, penningmeester, tekende mee" in document_html(
        bytes(round_.version.content), bytes(document.answers)
    )


def test_database_takes_no_answer_of_one_where_two_sign(asked, party):
    with pytest.raises(Refused, match="tekenen twee mensen"):
        answer(asked)
    given = {
        "round": asked.round, "party": party, "request": asked, "digest": asked.round.version.digest, "answer": "volledig",
        "name": "A.", "function": "b", "on_behalf_of": "c",
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="Two people"), transaction.atomic():
        Endorsement.objects.create(**given)
    with pytest.raises(IntegrityError, match="second_is_another"), transaction.atomic():
        Endorsement.objects.create(**given, second=propose(asked), second_name="B.")


# --- never one person ---------------------------------------------------------------------------------------------------
@pytest.fixture
def other_contact(party):
    """A second contact person of the party, with an account; the question goes to the first one."""
    return MembershipFactory(
        party=party, gemeente=None, role=Membership.Role.CONTACT, name="C. Smit", function="secretaris"
    ).person


@pytest.fixture
def contact(party):
    """The contact person who is asked, now with an account."""
    person = party.memberships.get().person
    person.user = UserFactory(email=person.email)
    person.save()
    return person


def test_contact_person_with_an_account_can_not_name_the_own_address_as_the_second(cast, asked, form, other_contact):
    given = endorsing.hand_over(asked, to=Colleague(**COLLEAGUE))  # who had the question before still sees it
    browser, address = cast.client(other_contact), reverse("endorse", args=[given.pk])
    told = browser.post(address, form | {"second_email": other_contact.email.upper()}).content.decode()
    assert countersigning.SAME_ADDRESS in told and fields_of(told)["voorbehoud-1.1"] == form["voorbehoud-1.1"]
    own = Colleague(other_contact.email, "Iemand anders", "penningmeester")
    with pytest.raises(Refused, match="eigen e-mailadres"):
        propose(given, second=own, method="ingelogd", code_sent_to="", signed_in_as=other_contact.email.title())
    assert not EndorsementRequest.objects.filter(seconds__isnull=False).exists()


def test_other_contact_person_answers_by_the_own_name_with_a_code_at_the_own_address(cast, asked, form, other_contact):
    browser, address = cast.client(other_contact), reverse("endorse", args=[asked.pk])
    shown = fields_of(browser.get(address).content.decode())
    assert (shown["name"], shown["function"]) == ("C. Smit", "secretaris")
    coded(browser, address, form)
    code = Mail.objects.filter(subject__startswith="Uw code").get()
    assert code.to == other_contact.email and code.text.startswith("Beste C. Smit,")
    second = EndorsementRequest.objects.with_second(of=asked).get()
    assert second.proposal["signed_in_as"] == second.proposal["code_sent_to"] == other_contact.email
    with pytest.raises(Refused, match="iemand anders"):
        sign(second, code_sent_to=other_contact.email.upper())


def test_who_is_signed_in_as_the_first_does_not_sign_as_the_second(cast, asked, form, contact):
    browser = cast.client(contact)
    assert (
        "wacht op P. Wijma" in browser.post(reverse("endorse", args=[asked.pk]), form, follow=True).content.decode()
    )  # at once: it is who was asked
    opened = browser.get(link_in(mail_to(SECOND.email)), follow=True)
    signs = fields_of(opened.content.decode()) | {"signs": "ja", "reason": "", "agreed": "on"}
    told = browser.post(opened.request["PATH_INFO"], signs).content.decode()
    assert countersigning.SAME_PERSON in told
    assert not Mail.objects.filter(to=SECOND.email, subject__startswith="Uw code").exists()
    with pytest.raises(Refused, match="iemand anders"):
        sign(EndorsementRequest.objects.with_second(of=asked).get(), signed_in_as=contact.email.upper())
    assert not Endorsement.objects.exists()


def test_one_human_with_two_addresses_is_not_two_people(cast, asked, round_, contact, form):
    """A beheerder gave the account another address than the person has: either of the two is the own one of this human."""
    contact.user.email = "thuis@kerk.example"
    contact.user.save()
    own = Colleague("Thuis@kerk.example", "P. Wijma", "penningmeester")
    with pytest.raises(Refused, match="eigen e-mailadres"):
        propose(asked, second=own)
    browser = cast.client()
    address = browser.get(link_to(asked.party), follow=True).request["PATH_INFO"]  # by the link, and not signed in
    told = browser.post(address, form | {"second_email": own.email}).content.decode()
    assert countersigning.SAME_ADDRESS in told and fields_of(told)["voorbehoud-1.1"] == form["voorbehoud-1.1"]
    # The other address was given to the account after the second one was named.
    second = propose(asked)
    contact.user.email = SECOND.email
    contact.user.save()
    with pytest.raises(Refused, match="U gaf dit antwoord zelf"):
        sign(second)
    given = {
        "round": round_, "party": asked.party, "request": asked, "digest": round_.version.digest, "answer": "volledig",
        "name": "A.", "function": "b", "on_behalf_of": "c", "method": "code per e-mail", "code_sent_to": asked.address,
        "second": second, "second_name": "P.", "second_function": "d", "seconded_at": timezone.now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="reads an address of the first"), transaction.atomic():
        Endorsement.objects.create(**given, second_code_sent_to="elders@kerk.example")
    assert not Endorsement.objects.exists()


def test_database_knows_that_the_second_is_another(asked, round_):
    second = propose(asked)
    given = {
        "round": round_, "party": asked.party, "request": asked, "digest": round_.version.digest, "answer": "volledig",
        "name": "A.", "function": "b", "on_behalf_of": "c", "method": "code per e-mail", "code_sent_to": asked.address,
        "second": second, "second_name": "P.", "second_function": "d", "seconded_at": timezone.now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="reads an address of the first"), transaction.atomic():
        Endorsement.objects.create(**given, second_code_sent_to=asked.address.upper())
    EndorsementRequest.objects.filter(pk=second.pk).update(person=asked.person)
    with pytest.raises(IntegrityError, match="is the first"), transaction.atomic():
        Endorsement.objects.create(**given, second_code_sent_to=SECOND.email)
    other = round_.requests.exclude(party=asked.party).first()
    with pytest.raises(IntegrityError, match="beside somebody else"), transaction.atomic():
        Endorsement.objects.create(**given | {"second": other}, second_code_sent_to=SECOND.email)


# --- what moves on meanwhile --------------------------------------------------------------------------------------------
def test_no_new_link_for_the_second_once_it_is_answered_closed_or_replaced(cast, round_, asked, party):
    old = propose(asked)
    now = propose(asked, answer="niet", text="Toch niet.")
    before = Mail.objects.filter(to=SECOND.email).count()
    with pytest.raises(Refused, match="wacht niet meer"):
        countersigning.ask_again(old)  # read before the first one answered otherwise
    assert EndorsementRequest.objects.with_second(of=asked).get() == now
    sign(now)
    with pytest.raises(Refused, match="al geantwoord"):
        countersigning.ask_again(now)
    assert Mail.objects.filter(to=SECOND.email).count() == before
    with pytest.raises(Refused, match="al meegetekend"):
        countersigning.decline(now, reason="Toch niet.")


def test_no_new_link_for_the_second_in_a_closed_round(cast, round_, asked):
    second = propose(asked)
    endorsing.close_round(round_, by=cast.leader, reason="De raad vergadert morgen.")
    with pytest.raises(Refused, match="ronde is gesloten"):
        countersigning.ask_again(second)
    assert not EndorsementRequest.objects.filter(pk__gt=second.pk).exists()


def test_second_reads_in_words_that_the_answer_changed(cast, asked):
    propose(asked)
    browser, link = cast.client(), link_in(mail_to(SECOND.email))
    address = browser.get(link, follow=True).request["PATH_INFO"]
    propose(asked, answer="niet", text="Toch niet.")
    for gone in (browser.get(address), browser.post(address, {"signs": "ja"}), cast.client().get(link)):
        assert gone.status_code == 404 and "is intussen veranderd" in gone.content.decode()


def test_name_of_the_second_can_be_corrected(asked):
    propose(asked)
    right = propose(asked, second=SECOND._replace(name="Pia Wijma"))
    assert right.name == "Pia Wijma" and EndorsementRequest.objects.with_second(of=asked).get() == right
    assert propose(asked, second=SECOND._replace(name="Pia Wijma")) == right  # a double click
    assert "Beste Pia Wijma," in mail_to(SECOND.email).text


def test_not_more_than_so_many_are_asked_to_sign_as_second(asked):
    for number in range(countersigning.SECONDS):
        last = propose(asked, second=SECOND._replace(name=f"P. Wijma de {number}e"))
    with pytest.raises(Refused, match="keer gevraagd om mee te tekenen"):
        propose(asked, second=Colleague("derde@kerk.example", "Derde", "lid"))
    assert propose(asked, second=SECOND._replace(name=last.name)) == last  # asks nobody


def test_second_sees_the_whole_answer_on_every_page(cast, round_, asked, party):
    reserved = RESERVED | {"mandate": "besluit", "decided_on": date(2026, 1, 2)}
    propose(asked, **reserved)
    mail = mail_to(SECOND.email)
    assert "Punt 1.1: Als er geld is." in mail.text and "besluit van 2 januari 2026" in mail.text
    browser = cast.client()
    opened = browser.get(link_in(mail), follow=True)
    page, address = opened.content.decode(), opened.request["PATH_INFO"]
    assert "Punt 1.1: Als er geld is." in page and "besluit van 2 januari 2026" in page
    signs = fields_of(page) | {
        "signs": "ja",
        "reason": "",
        "name": "P. Wijma",
        "function": "penningmeester",
        "agreed": "on",
    }
    code = browser.post(address, signs).content.decode()
    assert "Bevestig dat u meetekent" in code and "Punt 1.1: Als er geld is." in code
    assert "A. Jansma, voorzitter, namens het bestuur, besluit van 2 januari 2026" in code and "P. Wijma" in code
    assert Mail.objects.latest("pk").subject == "Uw code om mee te tekenen"
    receipt = browser.post(address, signs | {"code": newest_code()}, follow=True).content.decode()
    assert "Punt 1.1: Als er geld is." in receipt and "besluit van 2 januari 2026" in receipt


def test_second_can_not_have_the_name_of_the_first(cast, round_, asked):
    """Told at the field, with everything typed still there; the verb and the database refuse it too."""
    second = propose(asked)
    browser = cast.client()
    opened = browser.get(link_in(mail_to(SECOND.email)), follow=True)
    signs = fields_of(opened.content.decode()) | {"signs": "ja", "name": "a. jansma", "function": "lid", "agreed": "on"}
    page = browser.post(opened.request["PATH_INFO"], signs).content.decode()
    assert countersigning.SAME_NAME in page and 'value="a. jansma"' in page and 'value="lid"' in page
    with pytest.raises(Refused, match="is de naam van wie"):
        sign(second, name="A. Jansma")
    given = {
        "round": round_, "party": asked.party, "request": asked, "second": second, "digest": round_.version.digest,
        "answer": "volledig", "name": "A. Jansma", "function": "b", "on_behalf_of": "c", "second_name": "a. jansma",
        "second_function": "d", "method": "code per e-mail", "code_sent_to": asked.address,
        "second_code_sent_to": SECOND.email, "seconded_at": timezone.now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="name of the first"), transaction.atomic():
        Endorsement.objects.create(**given)


def test_own_address_to_hand_over_to_is_told_at_its_field_before_a_code_is_sent(cast, round_):
    party = cast.parties[1]
    browser = cast.client()
    address = browser.get(link_to(party), follow=True).request["PATH_INFO"] + "doorgeven/"
    before = Mail.objects.count()
    page = browser.post(address, COLLEAGUE | {"email": mail_of(party).upper()}).content.decode()
    assert endorsing.OWN_ADDRESS in page and f'value="{COLLEAGUE["name"]}"' in page
    assert "Verander uw collega" not in page and Mail.objects.count() == before


def test_no_of_the_second_stands_where_the_first_and_the_leader_look(cast, round_, asked, party):
    reserved = RESERVED | {"mandate": "besluit", "decided_on": date(2026, 1, 2)}
    countersigning.decline(propose(asked, **reserved), reason="Punt 1.1 is te duur.")
    version = reverse("version_detail", args=[round_.version_id])
    told = cast.client(cast.leader).get(version).content.decode()
    assert "P. Wijma tekent niet mee" in told and "Punt 1.1 is te duur." in told
    browser = cast.client()
    page = browser.get(link_to(party), follow=True).content.decode()
    assert "P. Wijma tekent niet mee" in page and "Punt 1.1 is te duur." in page
    typed = fields_of(page)
    assert typed["mandate"] == "besluit"
    kept = {
        "answer": "voorbehoud",
        "voorbehoud-1.1": "Als er geld is.",
        "text": "",
        "name": "A. Jansma",
        "decided_on": "2026-01-02",
    }
    assert {name: typed[name] for name in kept} == kept
    assert typed["second_email"] == SECOND.email and "agreed" not in typed
    propose(asked, answer="volledig")
    assert "tekent niet mee" not in cast.client(cast.leader).get(version).content.decode()


def test_public_page_party_page_and_document_name_both(cast, round_, asked, party, contact):
    sign(propose(asked))
    assert "A. Jansma, voorzitter, en P. Wijma, penningmeester," in " ".join(
        cast.client(contact).get(reverse("party_page", args=[party.pk])).content.decode().split()
    )
    for other in round_.requests.of_first().exclude(party=party):
        answer(other)
    document = endorsing.close_round(round_, by=cast.leader)
    both = "A. Jansma, voorzitter, en P. Wijma, penningmeester"
    chapter = document_html(bytes(round_.version.content), bytes(document.answers)).split('id="onderschrijving"')[0]
    assert both in chapter
    Document.objects.filter(pk=document.pk).update(
        state="stored", stored_at=timezone.now(), sha256="0" * 64, sealed_by="Gemeente"
    )
    assert both in cast.client().get(reverse("verify_code", args=[round_.version.code])).content.decode()


# What each schema of the answers brought, from the second on.
ADDED = [
    ("version", "digest"),
    ("registered_by", "proof"),
    ("second", "signed_alone"),
    ("mandate", "given_on", "handed_over"),
]


@pytest.mark.parametrize("schema", [1, 2, 3, 4])
def test_answers_from_before_there_were_two_are_still_drawn(cast, round_, party, schema):
    for request in round_.requests.exclude(party=party):
        answer(request)
    endorsing.close_round(round_, by=cast.leader, reason="De raad vergadert morgen.")
    round_.refresh_from_db()
    later = ADDED[schema - 1 :]
    old = answers_of(round_) | {"schema": schema}
    old["answers"] = [
        {key: value for key, value in one.items() if not any(key in keys for keys in later)} for one in old["answers"]
    ]
    chapter = document_html(bytes(round_.version.content), canonical(old)).split('id="onderschrijving"')[0]
    assert "A. Jansma, directeur" in chapter


# --- mails that fit -----------------------------------------------------------------------------------------------------
def test_reminder_and_more_time_reach_the_second_who_is_waited_for(cast, round_, asked, party):
    propose(asked)
    first = mail_of(party)
    before = Mail.objects.filter(to=first).count()
    with clock(timezone.now() + timedelta(days=4)):
        endorsing.postpone(round_, deadline=round_.deadline + timedelta(days=7))
        told = mail_to(SECOND.email)
        assert "meetekenen kan nu tot en met" in told.text.lower()
    with clock(datetime.combine(round_.deadline, time(12), tzinfo=UTC) + timedelta(days=6)):
        reminding.remind_all()
        told = mail_to(SECOND.email)
    assert told.subject == f"Herinnering: wilt u meetekenen voor {party}?"
    assert "Dat antwoord telt pas als u meetekent" in told.text
    assert Mail.objects.filter(to=first).count() == before  # the first did what was asked


def test_withdrawn_version_is_told_to_the_second_as_it_is(cast, round_, asked, party):
    propose(asked)
    endorsing.withdraw(round_.version, by=cast.leader, reason="Er staat een fout in.")
    assert "U hoeft niet meer mee te tekenen" in mail_to(SECOND.email).text


def test_who_signed_as_second_hears_that_the_answer_stands_and_is_sealed(cast, round_, asked, party):
    sign(propose(asked))
    for other in round_.requests.of_first().exclude(party=party):
        answer(other)
    endorsing.close_round(round_, by=cast.leader)
    agenda = cast.trajectory.agenda
    agenda.refresh_from_db()
    agenda.summary = "Korter gezegd."
    agenda.save()
    now = endorsing.open_round(
        versions.freeze(agenda, by=cast.leader, reason="Wij gaan door."), deadline=agenda.ends_on, by=cast.leader
    )
    assert now.carried.filter(party=party).exists()
    stands = mail_to(SECOND.email)
    assert "blijft staan" in stands.subject and stands.text.startswith("Beste P. Wijma,")
    document = endorsing.close_round(now, by=cast.leader)
    assert sealing.build(document.pk)
    assert "is vastgesteld" in mail_to(SECOND.email).subject


def test_answer_of_one_does_not_stand_for_a_next_version_where_two_sign_now(cast, round_, asked, party):
    party.signatories = 1
    party.save()
    for request in round_.requests.all():
        answer(request)
    endorsing.close_round(round_, by=cast.leader)
    party.signatories = 2
    party.save()
    agenda = cast.trajectory.agenda
    agenda.refresh_from_db()
    agenda.summary = "Korter gezegd."
    agenda.save()
    now = endorsing.open_round(
        versions.freeze(agenda, by=cast.leader, reason="Wij gaan door."), deadline=agenda.ends_on, by=cast.leader
    )
    assert [request.party for request in now.requests.all()] == [party]
    assert not now.carried.filter(party=party).exists()
    with pytest.raises(IntegrityError, match="carried over"), transaction.atomic():
        now.carried.create(party=party, endorsement=round_.endorsements.get(party=party))
    assert "Voor " + party.name + " tekenen twee mensen" in mail_to(mail_of(party)).text


def test_two_that_are_needed_since_the_page_was_shown_are_told_as_such(round_, asked, party):
    party.signatories = 1
    party.save()
    asked = EndorsementRequest.objects.select_related("party").get(pk=asked.pk)
    type(party).objects.filter(pk=party.pk).update(signatories=2)
    with pytest.raises(Refused, match="tekenen twee mensen"):
        answer(asked)


# --- to a colleague -----------------------------------------------------------------------------------------------------
COLLEAGUE = {"name": "B. Overdam", "function": "directeur", "email": "directeur@corporatie.example"}


def test_question_goes_to_a_colleague_with_a_code_and_everybody_is_told(cast, round_):
    party = cast.parties[1]
    browser = cast.client()
    old = link_to(party)
    page = browser.get(old, follow=True)
    address = page.request["PATH_INFO"]
    assert "Geef de vraag door aan een collega" in page.content.decode()
    over = address + "doorgeven/"
    page = coded(browser, over, COLLEAGUE)
    assert "U gaf de vraag door" in page and "B. Overdam" in page
    for gone in (browser.get(address), cast.client().get(old)):
        assert gone.status_code == 404 and "doorgegeven aan een collega" in gone.content.decode()
    assert mail_to(mail_of(party)).subject == f"U gaf de vraag voor {party} door"
    assert "B. Overdam, directeur" in mail_to(mail_of(party)).text
    assert "B. Overdam, directeur" in mail_to(cast.leader.email).text
    theirs = mail_to(COLLEAGUE["email"])
    assert "gaf deze vraag aan u door" in theirs.text
    colleague = cast.client()
    address = colleague.get(link_in(theirs), follow=True).request["PATH_INFO"]
    form = {
        "digest": round_.version.digest, "answer": "volledig", "text": "", "name": "B. Overdam", "function": "directeur",
        "on_behalf_of": "de directie", "mandate": "volmacht", "decided_on": "", "agreed": "on",
    }  # fmt: skip
    coded(colleague, address, form)
    given = Endorsement.objects.get()
    assert given.code_sent_to == COLLEAGUE["email"] and given.request.handed_over_by.party == party
    leader = cast.client(cast.leader).get(reverse("version_detail", args=[round_.version_id])).content.decode()
    assert "De vraag is doorgegeven door" in leader
    document = endorsing.close_round(round_, by=cast.leader, reason="De raad vergadert morgen.")
    told = next(one for one in json.loads(bytes(document.answers))["answers"] if one["party"] == party.pk)
    asked = round_.requests.get(party=party, handed_over_by=None)
    assert told["handed_over"] == {
        "by": {"name": asked.name, "function": asked.function},
        "to": {"name": "B. Overdam", "function": "directeur"},
    }
    assert "aan B. Overdam, directeur." in document_html(bytes(round_.version.content), bytes(document.answers))


def test_forwarded_link_hands_nothing_over_without_the_code(cast, round_):
    browser = cast.client()
    address = browser.get(link_to(cast.parties[1]), follow=True).request["PATH_INFO"] + "doorgeven/"
    assert "Uw keuze is nog niet verstuurd" in browser.post(address, COLLEAGUE).content.decode()
    told = browser.post(address, COLLEAGUE | {"code": "0000 0000"}).content.decode()
    assert "Deze code klopt niet" in told and fields_of(told)["email"] == COLLEAGUE["email"]
    assert not EndorsementRequest.objects.filter(handed_over_by__isnull=False).exists()
    assert not Mail.objects.filter(to=COLLEAGUE["email"]).exists()


def test_code_for_handing_over_confirms_no_answer(cast, round_):
    party = cast.parties[1]
    browser = cast.client()
    address = browser.get(link_to(party), follow=True).request["PATH_INFO"]
    shown = browser.post(address + "doorgeven/", COLLEAGUE).content.decode()
    assert "Verander uw collega" in shown
    mail = Mail.objects.latest("pk")
    assert mail.subject == "Uw code om de vraag door te geven" and "door aan een collega" in mail.text
    form = {
        "digest": round_.version.digest, "answer": "volledig", "text": "", "name": "B. Overdam", "function": "directeur",
        "on_behalf_of": "de directie", "mandate": "volmacht", "decided_on": "", "agreed": "on", "code": newest_code(),
    }  # fmt: skip
    assert proving.WRONG in browser.post(address, form).content.decode()
    assert not Endorsement.objects.exists()
    browser.post(address, {name: value for name, value in form.items() if name != "code"})  # within the minute
    assert Mail.objects.latest("pk").subject == "Uw code om te antwoorden"
    assert browser.post(address, form | {"code": newest_code()}).status_code == 302
    assert Endorsement.objects.get().party == party


def test_handing_over_twice_is_once_and_not_to_oneself_or_after_an_answer(cast, round_):
    request = round_.requests.get(party=cast.parties[1])
    with pytest.raises(Refused, match="zelf kreeg"):
        endorsing.hand_over(request, to=Colleague(request.address.upper(), "Zelf", "ik"))
    given = endorsing.hand_over(request, to=Colleague(**COLLEAGUE))
    assert endorsing.hand_over(request, to=Colleague(**COLLEAGUE)) == given
    with pytest.raises(Refused, match="vervangen"):
        endorsing.hand_over(request, to=Colleague("ander@corporatie.example", "C.", "d"))
    answer(given)
    with pytest.raises(Refused, match="al geantwoord"):
        endorsing.hand_over(given, to=Colleague("ander@corporatie.example", "C.", "d"))
