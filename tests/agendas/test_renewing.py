"""A second version: who is asked again, whose answer stands, and what the document says of that."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from agendas import endorsing, renewing, version_views, versions
from agendas.answers import answers_of
from agendas.documents import document_html
from agendas.models import CarriedEndorsement, Commitment, EndorsementRequest, Round
from stakeholders.models import Mail, Party
from tests.factories import CommitmentFactory, MembershipFactory, PartyFactory, PointFactory, complete_agenda
from tests.pages import words
from thuiswijk.lib.errors import Refused

pytestmark = pytest.mark.django_db


def answer(request: EndorsementRequest, **other):
    given = {
        "digest": request.round.version.digest, "answer": "volledig", "reservations": [], "text": "", "name": "A. Jansma",
        "function": "directeur", "on_behalf_of": "het bestuur", "decided_on": None,
    }  # fmt: skip
    return endorsing.endorse(request, **(given | other))


@pytest.fixture
def first(cast):
    """Version 1 lies with the three parties of the trajectory, which each promise something on point 1.1."""
    agenda = complete_agenda(cast.trajectory)
    return endorsing.open_round(versions.freeze(agenda, by=cast.leader), deadline=agenda.ends_on, by=cast.leader)


def put_again(agenda, leader):
    """The next version, put before the parties; its page told beforehand who would be asked, and whose answer would stand."""
    agenda.refresh_from_db()
    version = versions.freeze(agenda, by=leader, reason="Wij gaan door.")
    foretold = version_views._foretold(version)
    will_ask, will_stand = (
        {party.pk for party in foretold["will_ask"]},
        [answer for _, answer in foretold["will_stand"]],
    )
    round_ = endorsing.open_round(version, deadline=agenda.ends_on, by=leader)
    assert asked(round_) == will_ask
    assert {one.endorsement for one in round_.carried.all()} == set(will_stand)
    return round_


def close(round_, leader):
    return endorsing.close_round(round_, by=leader, reason="Het is klaar.")


def asked(round_) -> set[int]:
    return set(round_.requests.values_list("party", flat=True))


def test_only_the_parties_that_a_change_touches_are_asked_again(first, cast):
    gemeente, housing, welfare = cast.parties
    for request in first.requests.all():
        answer(request)
    close(first, cast.leader)
    before = Mail.objects.count()
    point = PointFactory(theme=cast.trajectory.themes.get(), trajectory=cast.trajectory, title="Licht bij de kerk")
    CommitmentFactory(point=point, party=housing, text="Wij betalen de lamp.")
    second = put_again(cast.trajectory.agenda, cast.leader)
    assert asked(second) == {housing.pk}
    assert set(second.carried.values_list("party", flat=True)) == {gemeente.pk, welfare.pk}
    told = Mail.objects.order_by("pk")[before:]
    assert sorted(mail.subject.split(" ")[0] for mail in told) == ["Uw", "Uw", "Wilt"]
    assert "blijft staan" in next(mail.text for mail in told if mail.subject.startswith("Uw"))
    assert second.version.data["changed_since"] == 1
    assert {"sentence": "Nieuw: punt 1.2 “Licht bij de kerk”.", "parties": [housing.pk]} in second.version.data[
        "changes"
    ]


def test_page_says_who_will_be_asked_and_whose_answer_stands(first, cast):
    gemeente, housing, welfare = cast.parties
    Party.objects.filter(pk=housing.pk).update(signatories=2)
    answer(first.requests.get(party=gemeente))
    answer(
        first.requests.get(party=welfare),
        answer="voorbehoud",
        reservations=[{"point": "1.1", "text": "Als er geld is."}],
    )
    close(first, cast.leader)
    point = PointFactory(theme=cast.trajectory.themes.get(), trajectory=cast.trajectory, title="Licht bij de kerk")
    CommitmentFactory(point=point, party=housing, text="Wij betalen de lamp.")
    version = versions.freeze(cast.trajectory.agenda, by=cast.leader, reason="Wij gaan door.")
    browser, address = cast.client(cast.leader), reverse("round_open", args=[version.pk])
    asking, standing = words(browser.get(address)).split("Wiens antwoord blijft staan")
    assert "Leg voor en stuur 1 e-mail<" in asking and "Van 2 partijen blijft het antwoord staan" in asking
    assert housing.name in asking and "twee mensen tekenen" in asking and "krijgt een e-mail met een link" in asking
    assert gemeente.name in standing and "volledig, blijft staan" in standing and "op versie 1" in standing
    assert welfare.name in standing and "met voorbehoud, blijft staan" in standing and "Als er geld is." in standing
    endorsing.open_round(version, deadline=cast.trajectory.agenda.ends_on, by=cast.leader)
    laid = words(browser.get(address, follow=True))
    assert "volledig, blijft staan" in laid and "met voorbehoud, blijft staan" in laid
    assert "Wie een vraag krijgt" not in laid


def test_abbreviation_in_what_changed_is_explained(first, cast):
    cast.here.terms.create(term="QRX", meaning="een kruising")
    close(first, cast.leader)
    point = PointFactory(theme=cast.trajectory.themes.get(), trajectory=cast.trajectory, title="Licht bij de QRX")
    CommitmentFactory(point=point, party=cast.parties[0])
    second = put_again(cast.trajectory.agenda, cast.leader)
    page = words(cast.client(cast.leader).get(reverse("version_detail", args=[second.version_id])))
    changed = page.split("Wat er is veranderd")[1].split("</section>")[0]
    assert "een kruising" in changed
    contact = MembershipFactory(party=cast.parties[0], gemeente=None, role="contactpersoon").person
    asked = second.requests.get(party=cast.parties[0])
    read = words(cast.client(contact).get(reverse("endorse", args=[asked.pk])))
    assert "een kruising" in read.split("Wat er is veranderd")[1].split("</section>")[0]


def test_page_of_a_first_version_says_who_will_be_asked(cast):
    version = versions.freeze(complete_agenda(cast.trajectory), by=cast.leader)
    browser, address = cast.client(cast.leader), reverse("round_open", args=[version.pk])
    page = words(browser.get(address))
    asking = page.split("Wie een vraag krijgt")[1]
    assert all(party.name in asking for party in cast.parties) and "blijft staan" not in asking
    assert f'href="{address}"' in words(browser.get(reverse("version_detail", args=[version.pk])))
    assert not Mail.objects.exists() and not Round.objects.exists()
    wrong = words(browser.post(address, {"deadline": "1999-12-31"}))
    assert "error-summary" in wrong and all(party.name in wrong for party in cast.parties)
    assert not Round.objects.exists()
    laid = words(browser.post(address, {"deadline": cast.trajectory.agenda.ends_on.isoformat()}, follow=True))
    assert "De agenda ligt nu bij de partijen." in laid and Round.objects.get().requests.count() == 3


def test_freezing_is_not_offered_while_a_version_lies_with_the_parties(first, cast):
    browser, address = cast.client(cast.leader), reverse("agenda_detail", args=[cast.trajectory.pk])
    page = words(browser.get(address))
    assert "Versie 1 ligt nu bij de partijen" in page and "Bevries de agenda" not in page
    version = reverse("version_detail", args=[first.version_id])
    assert f"{version}#sluiten" in page and f"{version}#intrekken" in page
    there = words(browser.get(version))
    assert 'id="sluiten"' in there and 'id="intrekken"' in there
    close(first, cast.leader)
    assert "Bevries de agenda" in words(browser.get(address))


def test_what_everybody_shares_asks_everybody(first, cast):
    for request in first.requests.all():
        answer(request)
    close(first, cast.leader)
    agenda = cast.trajectory.agenda
    agenda.rules = "Wij bellen elkaar eerst."
    agenda.save()
    assert asked(put_again(agenda, cast.leader)) == {party.pk for party in cast.parties}


def test_a_no_and_a_silence_are_asked_again(first, cast):
    gemeente, housing, welfare = cast.parties
    answer(first.requests.get(party=gemeente))
    answer(first.requests.get(party=housing), answer="niet", text="Wij hebben geen geld.")
    close(first, cast.leader)
    agenda = cast.trajectory.agenda
    agenda.summary = "Korter gezegd."
    agenda.save()
    second = put_again(agenda, cast.leader)
    assert asked(second) == {housing.pk, welfare.pk}
    assert set(second.carried.values_list("party", flat=True)) == {gemeente.pk}


@pytest.mark.parametrize("changes_point", [True, False])
def test_a_reservation_stands_while_its_point_says_the_same(first, cast, changes_point):
    gemeente, housing, _ = cast.parties
    other = PointFactory(theme=cast.trajectory.themes.get(), trajectory=cast.trajectory, title="Een heg")
    CommitmentFactory(point=other, party=housing)
    close(first, cast.leader)
    second = put_again(cast.trajectory.agenda, cast.leader)  # now there is a point 1.2, of housing alone
    for request in second.requests.all():
        reserved = {"answer": "voorbehoud", "reservations": [{"point": "1.2", "text": "Niet te hoog."}]}
        answer(request, **(reserved if request.party == gemeente else {}))
    close(second, cast.leader)
    agenda = cast.trajectory.agenda
    agenda.summary = "Korter gezegd."
    agenda.save()
    if changes_point:
        other.first_step = "Meten hoe hoog de heg is"
        other.save()
    third = put_again(agenda, cast.leader)
    assert (gemeente.pk in asked(third)) is changes_point
    assert (housing.pk in asked(third)) is changes_point


def test_an_answer_stands_through_two_versions_dated_by_the_one_it_was_given_on(first, cast):
    for request in first.requests.all():
        answer(request)
    close(first, cast.leader)
    for summary in ("Nieuwe samenvatting.", "Nog een samenvatting."):
        agenda = cast.trajectory.agenda
        agenda.summary = summary
        agenda.save()
        round_ = put_again(agenda, cast.leader)
        assert asked(round_) == set()
        document = close(round_, cast.leader)
    given = json.loads(bytes(document.answers))["answers"]
    assert {(one["version"], one["digest"]) for one in given} == {(1, first.version.digest)}
    html = document_html(bytes(round_.version.content), bytes(document.answers))
    assert html.count("Gegeven op versie 1.") == 3
    assert "Korter" not in html
    assert "De samenvatting" in html  # among what changed


def test_party_that_is_asked_all_the_same_answers_anew(first, cast):
    gemeente = cast.parties[0]
    for request in first.requests.all():
        answer(request)
    close(first, cast.leader)
    agenda = cast.trajectory.agenda
    agenda.summary = "Korter gezegd."
    agenda.save()
    second = put_again(agenda, cast.leader)
    browser = cast.client(cast.leader)
    browser.post(reverse("round_ask", args=[second.version_id, gemeente.pk]))
    assert asked(second) == {gemeente.pk}
    answer(second.requests.get(), answer="niet", text="Nu toch niet.")
    given = {one["party"]: one for one in answers_of(second)["answers"]}
    assert (given[gemeente.pk]["answer"], given[gemeente.pk]["version"]) == ("niet", 2)
    assert renewing.standing_for(second)[gemeente.pk].text == "Nu toch niet."


def test_party_that_does_not_stand_in_the_version_is_not_asked(first, cast):
    """Its answer would stand nowhere: it joined after the version was frozen."""
    late = PartyFactory(gemeente=cast.here)
    cast.trajectory.participations.create(party=late)
    asking = reverse("round_ask", args=[first.version_id, late.pk])
    assert cast.client(cast.leader).post(asking).status_code == 404
    assert not first.requests.filter(party=late).exists()


def test_database_carries_over_only_a_yes_of_the_same_party_to_an_earlier_version(first, cast):
    gemeente, housing, welfare = cast.parties
    yes = answer(first.requests.get(party=gemeente))
    no = answer(first.requests.get(party=housing), answer="niet", text="Nee.")
    close(first, cast.leader)
    agenda = cast.trajectory.agenda
    agenda.rules = "Alles anders."
    agenda.save()
    second = put_again(agenda, cast.leader)
    for party, given in ((welfare, yes), (housing, no)):
        with pytest.raises(IntegrityError), transaction.atomic():
            CarriedEndorsement.objects.create(round=second, party=party, endorsement=given)
    with pytest.raises(IntegrityError), transaction.atomic():
        CarriedEndorsement.objects.create(round=first, party=gemeente, endorsement=yes)  # its own version, and closed


def test_withdrawn_version_takes_no_answers_and_gives_no_document(first, cast):
    gemeente, housing, _ = cast.parties
    answer(first.requests.get(party=gemeente))
    before = Mail.objects.count()
    browser = cast.client(cast.leader)
    address = reverse("round_withdraw", args=[first.version_id])
    browser.post(address, {"intrekken-reason": ""})
    first.refresh_from_db()
    assert first.is_open
    for _ in range(2):  # a double click tells everybody once
        browser.post(address, {"intrekken-reason": "Het bedrag op punt 1.1 klopt niet."})
    first.refresh_from_db()
    assert first.is_withdrawn and not first.is_open
    told = Mail.objects.order_by("pk")[before:]
    assert len(told) == 3
    assert all("Het bedrag op punt 1.1 klopt niet." in mail.text for mail in told)
    with pytest.raises(Refused, match="ingetrokken"):
        answer(first.requests.get(party=housing))
    with pytest.raises(Refused, match="ingetrokken"):
        close(first, cast.leader)
    public = cast.client().get(reverse("verify_code", args=[first.version.code])).content.decode()
    assert "is ingetrokken" in public and "Het bedrag op punt 1.1 klopt niet." in public


def test_answer_to_a_withdrawn_version_counts_where_nothing_changed(first, cast):
    gemeente, housing, welfare = cast.parties
    answer(first.requests.get(party=gemeente))
    endorsing.withdraw(first.version, by=cast.leader, reason="Een tikfout.")
    point = PointFactory(theme=cast.trajectory.themes.get(), trajectory=cast.trajectory, title="Een heg")
    CommitmentFactory(point=point, party=housing, role=Commitment.Role.LEADER)
    second = put_again(cast.trajectory.agenda, cast.leader)
    assert asked(second) == {housing.pk, welfare.pk}


def test_party_whose_answer_stood_is_told_of_a_withdrawal_once(first, cast):
    gemeente, housing, welfare = cast.parties
    for request in first.requests.all():
        answer(request)
    close(first, cast.leader)
    point = PointFactory(theme=cast.trajectory.themes.get(), trajectory=cast.trajectory, title="Licht bij de kerk")
    CommitmentFactory(point=point, party=housing, text="Wij betalen de lamp.")
    second = put_again(cast.trajectory.agenda, cast.leader)
    assert asked(second) == {housing.pk}
    endorsing.ask(second, welfare)  # its answer stood, and it is asked after all
    before = Mail.objects.count()
    endorsing.withdraw(second.version, by=cast.leader, reason="De lamp komt er niet.")
    told = {mail.to: mail.text for mail in Mail.objects.order_by("pk")[before:]}
    assert len(told) == 3 == Mail.objects.count() - before
    assert all("De lamp komt er niet." in text for text in told.values())
    bewaard = f"Het antwoord van {gemeente} is bewaard."
    assert [bewaard in text for to, text in told.items() if to == gemeente.contact.person.email] == [True]


def test_what_a_withdrawn_version_had_changed_is_told_in_the_next(first, cast):
    for request in first.requests.all():
        answer(request)
    close(first, cast.leader)
    theme, agenda = cast.trajectory.themes.get(), cast.trajectory.agenda
    CommitmentFactory(point=PointFactory(theme=theme, title="Licht bij de kerk"), party=cast.parties[1])
    second = put_again(agenda, cast.leader)
    endorsing.withdraw(second.version, by=cast.leader, reason="Een tikfout.")
    CommitmentFactory(point=PointFactory(theme=theme, title="Een bank bij de school"), party=cast.parties[2])
    third = put_again(agenda, cast.leader)
    told = " ".join(change["sentence"] for change in third.version.data["changes"])
    assert third.version.data["changed_since"] == 1
    assert "Licht bij de kerk" in told and "Een bank bij de school" in told
    assert asked(third) == {cast.parties[1].pk, cast.parties[2].pk}


def test_closed_round_is_not_withdrawn(first, cast):
    close(first, cast.leader)
    with pytest.raises(Refused, match="al gesloten"):
        endorsing.withdraw(first.version, by=cast.leader, reason="Te laat.")
