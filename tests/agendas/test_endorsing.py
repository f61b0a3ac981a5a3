from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags

from agendas import endorsing, versions
from agendas.documents import document_html
from agendas.endorse_forms import NO_RESERVATION, REASON_LEFT, RESERVATION_LEFT, EndorseForm
from agendas.models import AgendaVersion, Commitment, Document, Endorsement, EndorsementRequest, said_in_words
from stakeholders.models import Mail
from tests.agendas.example_document import LINDE, example_content
from tests.factories import CommitmentFactory, PointFactory, ThemeFactory, complete_agenda
from tests.pages import fields_of
from thuiswijk.lib.canonical import canonical
from thuiswijk.lib.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(cast):
    agenda = complete_agenda(cast.trajectory)
    version = versions.freeze(agenda, by=cast.leader)
    return endorsing.open_round(version, deadline=agenda.ends_on, by=cast.leader)


def answer(request: EndorsementRequest, **other) -> Endorsement:
    given = {
        "digest": request.round.version.digest, "answer": "volledig", "reservations": [], "text": "", "name": "A. Jansma",
        "function": "directeur", "on_behalf_of": "het bestuur", "decided_on": None,
    }  # fmt: skip
    return endorsing.endorse(request, **(given | other))


def link_to(party) -> str:
    """The newest link in a mail to the party's contact person."""
    to = party.memberships.get().person.email
    return re.search(r"/o/\S+/", Mail.objects.filter(to=to, subject__contains="onderschrijven").first().text).group()


def newest_code() -> str:
    """The eight digits in the mail that was sent last."""
    return re.search(r"^\d{4} \d{4}$", Mail.objects.latest("pk").text, re.MULTILINE).group()


def confirm(browser, address, form):
    """Sends the answer, and then the code that comes by mail."""
    assert "Bevestig uw antwoord" in browser.post(address, form).content.decode()
    return browser.post(address, form | {"code": newest_code()})


def test_every_party_is_asked_by_a_link_of_which_only_the_hash_is_kept(round_, cast):
    assert round_.requests.count() == 3
    for party in cast.parties:
        token = link_to(party).split("/")[2]
        assert len(token) >= 43  # 256 bits
        assert endorsing.request_of(token).party == party
        assert not EndorsementRequest.objects.filter(token_hash=token).exists()


def test_asking_twice_gives_the_same_round(round_, cast):
    assert endorsing.open_round(round_.version, deadline=round_.deadline, by=cast.leader) == round_
    assert Mail.objects.count() == 3


def test_deadline_in_the_past_is_refused(cast):
    version = versions.freeze(complete_agenda(cast.trajectory), by=cast.leader)
    with pytest.raises(Refused, match="verleden"):
        endorsing.open_round(version, deadline=timezone.localdate() - timedelta(days=1), by=cast.leader)


def test_following_the_link_changes_nothing(round_, cast):
    before = list(EndorsementRequest.objects.values().order_by("pk"))
    for _ in range(3):  # a mail scanner, and then a person
        page = cast.client().get(link_to(cast.parties[0]))
        assert page.status_code == 302
        assert page["Referrer-Policy"] == "no-referrer"
    assert list(EndorsementRequest.objects.values().order_by("pk")) == before
    assert not Endorsement.objects.exists()


def test_party_sees_its_own_promises_first_and_answers(round_, cast):
    browser = cast.client()
    party = cast.parties[0]
    page = browser.get(link_to(party), follow=True)
    text = page.content.decode()
    assert text.index("Wat uw partij belooft") < text.index("De hele agenda") < text.index("Uw antwoord")
    assert "Wij zetten het neer." in text
    form = {
        "digest": round_.version.digest, "answer": "voorbehoud", "voorbehoud-1.1": "Als er geld is.",
        "name": "A. Jansma", "function": "wethouder", "on_behalf_of": "het college", "mandate": "functie",
        "decided_on": "", "agreed": "on",
    }  # fmt: skip
    posted = confirm(browser, page.request["PATH_INFO"], form)
    assert posted.status_code == 302
    given = Endorsement.objects.get()
    assert (given.party, given.answer, given.text) == (party, "voorbehoud", "")
    assert given.reservations == [{"point": "1.1", "text": "Als er geld is."}]
    told = Mail.objects.filter(to=cast.leader.email).get()
    assert "Als er geld is." in told.text


def test_answer_that_waits_for_its_code_is_found_again_at_the_link(round_, cast):
    browser = cast.client()
    page = browser.get(link_to(cast.parties[0]), follow=True)
    form = {
        "digest": round_.version.digest, "answer": "voorbehoud", "voorbehoud-1.1": "Als er geld is.", "name": "A. Jansma",
        "function": "wethouder", "on_behalf_of": "het college", "mandate": "besluit", "decided_on": "2026-01-05",
        "agreed": "on",
    }  # fmt: skip
    browser.post(page.request["PATH_INFO"], form)
    again = browser.get(link_to(cast.parties[0]), follow=True)
    shown = fields_of(again.content.decode())
    assert {name: shown.get(name) for name in form} == form | {"agreed": None}
    assert "Als er geld is." not in cast.client().get(link_to(cast.parties[0]), follow=True).content.decode()
    confirm(browser, page.request["PATH_INFO"], form)
    browser.get(page.request["PATH_INFO"])
    assert not any(name.startswith("antwoord-") for name, _ in browser.session.items())


def test_role_has_the_same_words_on_every_page_and_in_the_document(cast):
    agenda = complete_agenda(cast.trajectory)
    point, roles = cast.trajectory.points.get(), list(Commitment.Role)
    point.commitments.all().delete()
    for role in roles:
        CommitmentFactory(point=point, party=cast.parties[0], role=role, text=f"Onze woorden bij {role}.")
    version = versions.freeze(agenda, by=cast.leader, reason="Wij gaan door.")
    endorsing.open_round(version, deadline=agenda.ends_on, by=cast.leader)
    shown = {
        "screen": cast.client(cast.leader).get(reverse("point_list", args=[cast.trajectory.pk])).content.decode(),
        "party": cast.client().get(link_to(cast.parties[0]), follow=True).content.decode(),
        "paper": document_html(bytes(version.content), None),
    }
    for place, page in shown.items():
        text = " ".join(strip_tags(page).split())
        for role in roles:
            assert f"{role.label} Onze woorden bij {role}." in text.replace(": Onze", " Onze"), (place, role)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"answer": ""}, "Kies één van de drie antwoorden."),
        ({"answer": "niet"}, "waarom de partij niet onderschrijft"),
        ({"answer": "volledig", "text": "Maar niet nu."}, "Dit vak is voor een nee."),
        ({"agreed": ""}, "Kruis dit aan als het klopt."),
        ({"digest": "0" * 64}, "Er is een nieuwe versie"),
        ({"decided_on": f"{timezone.localdate().year + 1}-01-01"}, "ligt in de toekomst"),
        ({"decided_on": "1924-01-01"}, "ligt te ver weg"),
    ],
)
def test_incomplete_answer_is_told_and_kept(round_, cast, change, sentence):
    browser = cast.client()
    page = browser.get(link_to(cast.parties[0]), follow=True)
    form = {
        "digest": round_.version.digest, "answer": "volledig", "text": "", "name": "Anna Jansma-de Wilde",
        "function": "directeur", "on_behalf_of": "het bestuur", "mandate": "functie", "agreed": "on",
    }  # fmt: skip
    answered = browser.post(page.request["PATH_INFO"], form | change)
    text = answered.content.decode()
    assert sentence in text
    assert 'value="Anna Jansma-de Wilde"' in text
    assert not Endorsement.objects.exists()


def test_page_of_a_request_needs_its_link(round_, cast):
    request = round_.requests.first()
    assert cast.client().get(f"/onderschrijven/{request.pk}/").status_code == 404
    assert cast.client(cast.leader).get(f"/onderschrijven/{request.pk}/").status_code == 404
    assert cast.client().get(f"/onderschrijven/{request.pk}/document/").status_code == 404


def test_party_reads_every_text_before_it_answers(cast):
    agenda = complete_agenda(cast.trajectory)
    texts = {name: f"Dit is de tekst van {name}." for name in ("summary", "motivation", "story", "rules", "follow_up")}
    for name, text in texts.items():
        setattr(agenda, name, text)
    agenda.save()
    cast.trajectory.points.update(noticed_by="Er zitten mensen op het bankje.", means="Hout en een avond werk.")
    version = versions.freeze(agenda, by=cast.leader)
    endorsing.open_round(version, deadline=agenda.ends_on, by=cast.leader)
    page = cast.client().get(link_to(cast.parties[0]), follow=True).content.decode()
    for text in (*texts.values(), "Er zitten mensen op het bankje.", "Hout en een avond werk."):
        assert text in page, text


def test_new_link_makes_the_old_one_useless(round_, cast):
    party = cast.parties[0]
    old = link_to(party)
    browser = cast.client()
    page = browser.get(old, follow=True)
    endorsing.ask(round_, party)
    assert link_to(party) != old
    assert browser.get(old).status_code == 404
    assert browser.get(page.request["PATH_INFO"]).status_code == 404
    assert cast.client().get(link_to(party)).status_code == 302


def test_double_click_endorses_once(round_):
    request = round_.requests.first()
    assert answer(request) == answer(request)
    assert Endorsement.objects.count() == 1
    assert Mail.objects.filter(subject__contains="onderschrijft volledig").count() == 1


def test_second_answer_with_other_words_is_told(round_):
    request = round_.requests.first()
    answer(request)
    with pytest.raises(Refused, match="al beantwoord"):
        answer(request, answer="niet", text="Toch niet.")


def test_sign_that_can_not_be_printed_is_told(round_):
    with pytest.raises(Refused, match="\U000131f0"):
        answer(round_.requests.first(), name="A. \U000131f0")
    assert not Endorsement.objects.exists()


def test_answer_after_closing_is_told(round_, cast):
    endorsing.close_round(round_, by=cast.leader, reason="De raad vergadert morgen.")
    with pytest.raises(Refused, match="gesloten"):
        answer(round_.requests.first())


def test_closing_without_all_answers_asks_for_a_reason(round_, cast):
    with pytest.raises(Refused, match="3 partij"):
        endorsing.close_round(round_, by=cast.leader)
    for request in round_.requests.all():
        answer(request)
    document = endorsing.close_round(round_, by=cast.leader)
    assert endorsing.close_round(round_, by=cast.leader) == document
    assert Document.objects.filter(kind=Document.Kind.FINAL).count() == 1


def test_reason_to_close_is_asked_while_parties_are_missing(round_, cast):
    browser, page = cast.client(cast.leader), reverse("version_detail", args=[round_.version_id])
    close = reverse("round_close", args=[round_.version_id])
    shown = browser.get(page).content.decode()
    assert "Waarom sluit u de ronde nu?" in shown
    assert "niet verplicht" not in shown
    first, second, third = round_.requests.order_by("pk")
    assert "3 partijen hebben nog niet geantwoord." in browser.post(close, follow=True).content.decode()
    answer(first)
    answer(second)
    assert "1 partij heeft nog niet geantwoord." in browser.post(close, follow=True).content.decode()
    answer(third)
    assert "Waarom sluit u" not in browser.get(page).content.decode()
    assert "De ronde is gesloten." in browser.post(close, follow=True).content.decode()


def test_waiting_list_says_who_was_asked_and_when(round_, cast):
    browser, page = cast.client(cast.leader), reverse("version_detail", args=[round_.version_id])
    contact = cast.parties[1].memberships.get().person
    day = date_format(timezone.localdate(), "j F Y")
    assert f"Link gestuurd aan {contact.name} op {day}, " in browser.get(page).content.decode()
    cast.parties[1].memberships.all().delete()
    endorsing.ask(round_, cast.parties[1])
    assert "Er was geen contactpersoon om een link aan te sturen." in browser.get(page).content.decode()


def test_answer_form_says_when_the_reason_is_needed(round_, cast):
    page = cast.client().get(link_to(cast.parties[0]), follow=True).content.decode()
    assert "(verplicht bij een voorbehoud)" in page and "(verplicht bij een nee)" in page


@pytest.mark.parametrize("day", ["2126-01-01", "1999-12-31"])
def test_deadline_far_off_is_refused(cast, day):
    version = versions.freeze(complete_agenda(cast.trajectory), by=cast.leader)
    form = {"deadline": day}
    page = cast.client(cast.leader).post(reverse("round_open", args=[version.pk]), form, follow=True).content.decode()
    assert "Deze datum ligt te ver weg." in page
    assert not hasattr(version, "round")


def test_answers_are_frozen_as_they_stood_at_closing(round_, cast):
    first, second, third = round_.requests.order_by("pk")
    answer(first)
    answer(second, answer="niet", text="Wij hebben er de mensen niet voor.")
    document = endorsing.close_round(round_, by=cast.leader, reason="De raad vergadert morgen.")
    data = json.loads(bytes(document.answers))
    assert data["digest"] == round_.version.digest
    assert data["closed_reason"] == "De raad vergadert morgen."
    by_party = {given["party"]: given["answer"] for given in data["answers"]}
    assert by_party == {first.party_id: "volledig", second.party_id: "niet", third.party_id: "geen"}
    assert "@" not in bytes(document.answers).decode()


def test_superseded_request_records_nothing(round_, cast):
    """The page of an old link may still be open in a browser."""
    old = round_.requests.first()
    endorsing.ask(round_, old.party)
    with pytest.raises(Refused, match="vervangen door een nieuwe"):
        answer(old)


def test_no_new_link_after_an_answer_or_the_closing(round_, cast):
    request = round_.requests.first()
    answer(request)
    with pytest.raises(Refused, match="heeft al geantwoord"):
        endorsing.ask(round_, request.party)
    endorsing.close_round(round_, by=cast.leader, reason="De raad vergadert morgen.")
    with pytest.raises(Refused, match="gesloten"):
        endorsing.ask(round_, round_.requests.last().party)


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({}, "answer", NO_RESERVATION),
        ({"text": "Te duur."}, "text", REASON_LEFT),
        ({"answer": "niet", "text": "Te duur.", "voorbehoud-1.1": "Te hoog."}, "answer", RESERVATION_LEFT),
        ({"answer": "volledig", "voorbehoud-1.1": "Te hoog."}, "answer", RESERVATION_LEFT),
        ({"voorbehoud-1.1": "Te hoog." * 300}, "voorbehoud-1.1", "2000"),
    ],
)
def test_reservation_stands_with_its_point_and_a_mistake_at_its_field(round_, cast, change, field, sentence):
    """Everything typed is still there, and a theme is unfolded where something stands in it."""
    theme = ThemeFactory(trajectory=cast.trajectory, name="Groen")
    PointFactory(theme=theme, trajectory=cast.trajectory)
    content = versions.content_of(cast.trajectory.agenda, number=2, at=timezone.now(), by=cast.leader)
    given = {
        "digest": "0" * 64, "answer": "voorbehoud", "text": "", "name": "A", "function": "B", "on_behalf_of": "C",
        "mandate": "functie", "agreed": "on",
    }  # fmt: skip
    version = AgendaVersion(content=canonical(content), frozen_at=timezone.now())
    form = EndorseForm(given | change, version=version, party=0)
    assert any(sentence in told for told in form.errors[field])
    page = form.render()
    assert all(words in page for words in change.values())
    first, second = re.findall(r'<details class="disclosure"( open)?>', page)
    assert (bool(first), bool(second)) == ("voorbehoud-1.1" in change, False)


def test_party_first_finds_the_points_in_which_it_promises_something():
    """Also where it comes later in the agenda; what it can't do is no promise, and without any promise nothing is parted."""
    content = example_content()
    version = AgendaVersion(content=canonical(content), frozen_at=timezone.now())

    def shown(party: int) -> list[str]:
        page = EndorseForm(version=version, party=party).render()
        return re.findall(
            r"<legend>([^<]+)</legend>|name=\"voorbehoud-([^\"]+)|<details class=\"disclosure\"( open)?>", page
        )

    titles = [title for title, _, _ in shown(LINDE) if title]
    assert titles == ["Punten waarin u iets belooft", "Andere punten"]
    own = [
        point["number"]
        for point in content["points"]
        if any(made["party"] == LINDE and made["role"] != "kan_niet" for made in point["commitments"])
    ]
    numbers = [number for _, number, _ in shown(LINDE) if number]
    assert own and numbers[: len(own)] == own
    assert sorted(numbers) == sorted(point["number"] for point in content["points"])
    parted = [row for row in shown(LINDE) if not row[1]]
    assert all(is_open for _, _, is_open in parted[1 : parted.index(("Andere punten", "", ""))])
    assert not any(title for title, _, _ in shown(party=0))


def test_reservations_on_more_points_stand_in_their_order_and_the_same_words_once():
    said = [
        {"point": "1.1", "text": "Te hoog."},
        {"point": "1.2", "text": "Te laag."},
        {"point": "2.1", "text": "Te hoog."},
    ]
    told = [("Punten 1.1 en 2.1", "Te hoog."), ("Punt 1.2", "Te laag.")]
    assert said_in_words({"reservations": said, "text": ""}) == told
    assert said_in_words({"reservations": [], "text": "Te duur."}) == [("", "Te duur.")]
    before_schema_6 = {"points": ["1.1", "2.1"], "text": "Te hoog."}
    assert said_in_words(before_schema_6) == told[:1]


@pytest.mark.parametrize(
    ("answer", "reservations", "text"),
    [
        ("voorbehoud", [], ""),
        ("voorbehoud", [], "Te hoog."),
        ("voorbehoud", [{"point": "1.1", "text": ""}], ""),
        ("voorbehoud", [{"point": "", "text": "Te hoog."}], ""),
        ("voorbehoud", [{"text": "Te hoog."}], ""),
        ("voorbehoud", [{"point": "1.1", "text": "Te hoog."}] * 2, ""),
        ("volledig", [{"point": "1.1", "text": "Te hoog."}], ""),
        ("niet", [{"point": "1.1", "text": "Te hoog."}], "Te duur."),
    ],
)
def test_database_takes_no_reservation_without_its_point_or_its_words(round_, answer, reservations, text):
    asked = round_.requests.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Endorsement.objects.create(
            round=round_, party=asked.party, request=asked, digest=round_.version.digest, answer=answer, text=text,
            reservations=reservations, name="A", function="b", on_behalf_of="c",
        )  # fmt: skip
    assert not Endorsement.objects.exists()


def test_round_that_does_not_exist_can_not_be_closed(cast):
    version = versions.freeze(complete_agenda(cast.trajectory), by=cast.leader)
    assert cast.client(cast.leader).post(f"/versies/{version.pk}/sluiten/").status_code == 404


# --- on paper, aloud, and later ------------------------------------------------------------------------------------------
TODAY = timezone.localdate()
ON_PAPER = {
    "method": "op papier", "proof": "Brief van 3 november, zaak Z-12.", "answer": "voorbehoud",
    "voorbehoud-1.1": "Als er geld is.", "name": "J. Smit", "function": "voorzitter", "on_behalf_of": "de groep",
    "mandate": "groep", "given_on": TODAY.isoformat(), "agreed": "on",
}  # fmt: skip


def register(cast, round_, party, **other):
    address = reverse("answer_register", args=[round_.version_id, party.pk])
    form = {"digest": round_.version.digest, **ON_PAPER, **other}
    return cast.client(cast.leader).post(address, form, follow=True).content.decode()


def test_answer_on_paper_is_written_down_marked_and_told_to_the_party(round_, cast):
    party = cast.parties[1]
    page = register(cast, round_, party)
    assert f"Het antwoord van {party} is genoteerd." in page
    assert (
        f"Op papier op {date_format(TODAY, 'j F Y')}, genoteerd door {cast.leader.name}: Brief van 3 november, zaak Z-12."
        in page
    )
    given = Endorsement.objects.get()
    assert (given.method, given.registered_by, given.code_sent_to) == ("op papier", cast.leader, "")
    mail = Mail.objects.get(to=party.memberships.get().person.email, subject__contains="genoteerd")
    for words in (
        f"{party} onderschrijft met voorbehoud",
        "Punt 1.1: Als er geld is.",
        "J. Smit, voorzitter",
        "Klopt dit niet?",
    ):
        assert words in mail.text
    assert Mail.objects.filter(to=cast.leader.email, subject=f"{party} onderschrijft met voorbehoud").exists()


def test_sealed_document_says_who_wrote_an_answer_down_and_where_it_can_be_seen(round_, cast):
    register(cast, round_, cast.parties[1])
    order = endorsing.close_round(round_, by=cast.leader, reason="Het duurt te lang.")
    answers = json.loads(bytes(order.answers))
    (given,) = [one for one in answers["answers"] if one["method"]]
    assert answers["schema"] == 6
    assert given["registered_by"]["name"] == cast.leader.name
    assert given["proof"] == "Brief van 3 november, zaak Z-12."
    assert (given["given_on"], given["mandate"]) == (TODAY.isoformat(), "groep")
    html = document_html(bytes(round_.version.content), bytes(order.answers))
    assert f"Genoteerd door {cast.leader.name}" in html
    assert "Brief van 3 november, zaak Z-12." in html
    assert (
        f"Gegeven op {date_format(TODAY, 'j F Y')}. Genoteerd door" in html
        and "namens de groep (groep zonder rechtspersoon)" in html
    )


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("", "Vul de dag van de brief of het gesprek in."),
        ("2126-01-02", "ligt"),
        ("2 januari", "datum"),
        ("2026-01-02", "Een antwoord van daarvoor gaat over een andere tekst."),
    ],
)
def test_day_of_an_answer_on_paper_is_asked_for(round_, cast, day, says):
    page = register(cast, round_, cast.parties[1], given_on=day)
    assert says in page and ON_PAPER["proof"] in page
    assert not Endorsement.objects.exists()


def test_by_what_right_is_asked_said_and_frozen(round_, cast):
    party, browser = cast.parties[0], cast.client()
    address = browser.get(link_to(party), follow=True).request["PATH_INFO"]
    form = {
        "digest": round_.version.digest, "answer": "volledig", "text": "", "name": "A. Jansma", "function": "wethouder",
        "on_behalf_of": "het college", "mandate": "", "decided_on": "", "agreed": "on",
    }  # fmt: skip
    assert "Kies op grond waarvan u dit antwoord mag geven." in browser.post(address, form).content.decode()
    told = browser.post(address, form | {"mandate": "besluit"}).content.decode()
    assert "Vul de dag in waarop het besluit is genomen." in told
    by_proxy = form | {"mandate": "volmacht", "decided_on": "2026-01-02"}
    assert "met een volmacht, besluit van 2 januari 2026" in browser.post(address, by_proxy).content.decode()
    browser.post(address, by_proxy | {"code": newest_code()})
    assert Endorsement.objects.get().grounds == "met een volmacht, besluit van 2 januari 2026"
    order = endorsing.close_round(round_, by=cast.leader, reason="De raad vergadert morgen.")
    says = "namens het college (met een volmacht, besluit van 2 januari 2026)"
    assert says in document_html(bytes(round_.version.content), bytes(order.answers))
    stored = {"state": "stored", "stored_at": timezone.now(), "sha256": "0" * 64, "sealed_by": "Gemeente"}
    Document.objects.filter(pk=order.pk).update(**stored)
    assert says in cast.client().get(reverse("verify_code", args=[round_.version.code])).content.decode()


def test_database_takes_no_decision_without_its_day(round_):
    with pytest.raises(Refused, match="niet opgeslagen"):
        answer(round_.requests.first(), mandate="besluit")
    assert not Endorsement.objects.exists()


def test_answer_without_proof_keeps_what_was_typed(round_, cast):
    page = register(cast, round_, cast.parties[1], proof="", answer="")
    assert "Kies een scan, of schrijf op waaruit dit antwoord blijkt." in page
    assert "Kies één van de drie antwoorden." in page
    assert "Als er geld is." in page
    assert not Endorsement.objects.exists()


def test_answer_of_the_party_itself_stays_when_somebody_writes_one_down(round_, cast):
    asked = round_.requests.get(party=cast.parties[1], is_current=True)
    own = answer(asked)
    assert "al beantwoord" in register(cast, round_, cast.parties[1])
    assert Endorsement.objects.get() == own


def test_other_proof_for_the_same_words_is_told_and_not_lost_silently(round_, cast):
    register(cast, round_, cast.parties[1])
    page = register(cast, round_, cast.parties[1], proof="Een andere brief.")
    assert "Dat eerste antwoord blijft staan." in page
    assert Endorsement.objects.get().proof == ON_PAPER["proof"]


def test_party_reads_who_wrote_its_answer_down(round_, cast):
    register(cast, round_, cast.parties[1])
    page = cast.client().get(link_to(cast.parties[1]), follow=True).content.decode()
    assert f"{cast.leader.name} heeft dit antwoord genoteerd. Op papier op {date_format(TODAY, 'j F Y')}: Brief" in page


def test_written_down_twice_is_once_and_the_link_says_so(round_, cast):
    for _ in range(2):
        register(cast, round_, cast.parties[1])
    assert Endorsement.objects.count() == 1
    assert Mail.objects.filter(subject__contains="genoteerd").count() == 1
    browser = cast.client()
    page = browser.get(link_to(cast.parties[1]), follow=True).content.decode()
    assert "Verstuur ons antwoord" not in page


@pytest.mark.parametrize(
    "columns",
    [
        {"method": "op papier", "proof": "Brief"},
        {"method": "mondeling", "registered": True},
        {"method": "ingelogd", "registered": True, "proof": "Brief"},
    ],
)
def test_database_refuses_an_answer_that_nobody_wrote_down_or_without_proof(round_, cast, columns):
    registered = {"registered_by": cast.leader} if columns.pop("registered", False) else {}
    asked = round_.requests.get(party=cast.parties[1], is_current=True)
    with pytest.raises(Refused):
        answer(asked, **registered, **columns)
    assert not Endorsement.objects.exists()


def test_more_time_is_told_to_who_did_not_answer_and_they_are_reminded_again(round_, cast):
    answer(round_.requests.get(party=cast.parties[0], is_current=True))
    EndorsementRequest.objects.update(reminders=2)
    later = round_.deadline + timedelta(days=10)
    address = reverse("round_postpone", args=[round_.version_id])
    for _ in range(2):
        page = cast.client(cast.leader).post(address, {"later-deadline": later}, follow=True).content.decode()
    assert f"Antwoorden kan tot en met {date_format(later, 'j F Y')}." in page
    told = Mail.objects.filter(subject__startswith="U hebt langer de tijd")
    assert {mail.to for mail in told} == {party.memberships.get().person.email for party in cast.parties[1:]}
    assert told.count() == 2
    waiting = EndorsementRequest.objects.unanswered()
    assert set(waiting.values_list("reminders", flat=True)) == {0}


def test_less_time_or_a_closed_round_is_refused(round_, cast):
    for days in (1, 900):
        with pytest.raises(Refused, match=f"Kies een latere dag dan {date_format(round_.deadline, 'j F Y')}"):
            endorsing.postpone(round_, deadline=round_.deadline - timedelta(days=days))
    yesterday = timezone.localdate() - timedelta(days=1)
    type(round_).objects.update(deadline=yesterday - timedelta(days=7))
    for day in (yesterday, yesterday - timedelta(days=7)):
        with pytest.raises(Refused, match=f"Kies een latere dag dan {date_format(yesterday, 'j F Y')}"):
            endorsing.postpone(round_, deadline=day)
    endorsing.close_round(round_, by=cast.leader, reason="Het duurt te lang.")
    with pytest.raises(Refused, match="gesloten"):
        endorsing.postpone(round_, deadline=round_.deadline + timedelta(days=1))
