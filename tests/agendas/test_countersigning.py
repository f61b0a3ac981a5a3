"""Two people who sign for one party, and a question that goes to a colleague."""

from __future__ import annotations

import json
import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from agendas import countersigning, endorsing, versions
from agendas.answers import answers_of
from agendas.documents import document_html
from agendas.endorsing import Colleague
from agendas.models import Endorsement, EndorsementRequest
from stakeholders.models import Mail
from tests.agendas.test_endorsing import answer, link_to, newest_code
from tests.factories import complete_agenda
from tests.pages import fields_of
from thuiswijk.lib.canonical import canonical
from thuiswijk.lib.errors import Refused

pytestmark = pytest.mark.django_db
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
        "digest": round_.version.digest, "answer": "voorbehoud", "points": ["1.1"], "text": "Als er geld is.",
        "name": "A. Jansma", "function": "voorzitter", "on_behalf_of": "het bestuur", "decided_on": "2026-01-02",
        "second_name": SECOND.name, "second_function": SECOND.function, "second_email": SECOND.email, "agreed": "on",
    }  # fmt: skip


def propose(asked: EndorsementRequest, **other) -> EndorsementRequest:
    given = {
        "digest": asked.round.version.digest, "answer": "volledig", "points": [], "text": "", "name": "A. Jansma",
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
    assert "Er is nog niets verstuurd" in shown
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
    assert (given.answer, given.points, given.name, str(given.decided_on)) == (
        "voorbehoud",
        ["1.1"],
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
    shown = browser.post(address, own).content.decode()
    sent = fields_of(shown) | {"code": newest_code()}
    told = browser.post(address, {k: v for k, v in sent.items() if k not in ("terug", "nieuwe-code")}).content.decode()
    assert countersigning.SAME_ADDRESS in told and "Als er geld is." in told
    assert not EndorsementRequest.objects.filter(seconds__isnull=False).exists()


def test_contact_person_who_is_signed_in_can_not_sign_as_the_second(cast, asked, party):
    second = propose(asked)
    contact = cast.client()
    contact.get(link_to(party), follow=True)  # the link of the first
    assert contact.get(reverse("countersign", args=[second.pk])).status_code == 404
    assert contact.get(reverse("endorse", args=[second.pk])).status_code == 404


def test_second_one_says_why_not_and_the_first_one_answers_again(cast, round_, asked, party):
    second = propose(asked)
    browser = cast.client()
    address = browser.get(link_in(mail_to(SECOND.email)), follow=True).request["PATH_INFO"]
    no = {
        "digest": round_.version.digest, "signs": "nee", "reason": "", "name": "P. Wijma", "function": "penningmeester",
        "agreed": "on",
    }  # fmt: skip
    assert "Schrijf op waarom u niet meetekent" in browser.post(address, no).content.decode()
    page = coded(browser, address, no | {"reason": "Punt 1.1 is te duur."})
    assert "U tekende niet mee" in page and "Punt 1.1 is te duur." in page
    assert "Punt 1.1 is te duur." in mail_to(mail_of(party)).text
    assert "Punt 1.1 is te duur." in mail_to(cast.leader.email).text
    assert not Endorsement.objects.exists()
    with pytest.raises(Refused, match="intussen veranderd"):
        sign(second)
    again = propose(asked, answer="voorbehoud", points=["1.1"], text="Als het goedkoper kan.")
    assert sign(again).text == "Als het goedkoper kan."
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
        Endorsement.objects.create(**given, second=propose(asked))


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
    assert browser.get(address).status_code == 404 and cast.client().get(old).status_code == 404
    assert "B. Overdam, directeur" in mail_to(mail_of(party)).text
    assert "B. Overdam, directeur" in mail_to(cast.leader.email).text
    theirs = mail_to(COLLEAGUE["email"])
    assert "gaf deze vraag aan u door" in theirs.text
    colleague = cast.client()
    address = colleague.get(link_in(theirs), follow=True).request["PATH_INFO"]
    form = {
        "digest": round_.version.digest, "answer": "volledig", "text": "", "name": "B. Overdam", "function": "directeur",
        "on_behalf_of": "de directie", "decided_on": "", "agreed": "on",
    }  # fmt: skip
    coded(colleague, address, form)
    given = Endorsement.objects.get()
    assert given.code_sent_to == COLLEAGUE["email"] and given.request.handed_over_by.party == party
    leader = cast.client(cast.leader).get(reverse("version_detail", args=[round_.version_id])).content.decode()
    assert "De vraag is doorgegeven door" in leader


def test_forwarded_link_hands_nothing_over_without_the_code(cast, round_):
    browser = cast.client()
    address = browser.get(link_to(cast.parties[1]), follow=True).request["PATH_INFO"] + "doorgeven/"
    assert "Er is nog niets verstuurd" in browser.post(address, COLLEAGUE).content.decode()
    told = browser.post(address, COLLEAGUE | {"code": "0000 0000"}).content.decode()
    assert "Deze code klopt niet" in told and fields_of(told)["email"] == COLLEAGUE["email"]
    assert not EndorsementRequest.objects.filter(handed_over_by__isnull=False).exists()
    assert not Mail.objects.filter(to=COLLEAGUE["email"]).exists()


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
