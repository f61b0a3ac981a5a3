"""A party confirms its own part of the draft; what others write for it stays unconfirmed."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from agendas import confirming, endorsing, versions
from agendas.models import Commitment
from tests.factories import CommitmentFactory, PartyFactory, as_of_schema_2, complete_agenda
from tests.pages import fields_of, fill_in, hidden_in, words
from thuiswijk.lib.errors import Refused

pytestmark = pytest.mark.django_db
CHANGED = "Iemand anders heeft dit intussen veranderd."


@pytest.fixture
def agenda(cast):
    return complete_agenda(cast.trajectory)


@pytest.fixture
def promise(agenda, party):
    promise = party.commitments.get()
    promise.text = "Wij knappen de portieken op."
    promise.save()
    return promise


@pytest.fixture
def address(promise):
    return reverse("commitment_confirm", args=[promise.pk])


def test_commitment_confirm_keeps_the_words_and_says_who(cast, party, contact, promise, address):
    browser = cast.client(contact)
    page = words(browser.get(reverse("party_page", args=[party.pk])))
    assert "Ingevuld namens" in page and "nog niet bevestigd" in page and address in page
    assert "wacht op uw bevestiging" in words(browser.get("/"))
    answer = fill_in(browser, address, {"answer": "klopt", "text": "Wij knappen de portieken op."})
    assert answer.status_code == 302
    promise.refresh_from_db()
    assert (promise.confirmed_by, promise.role, promise.text) == (contact, "meewerkend", "Wij knappen de portieken op.")
    assert "Bevestigd door" in words(browser.get(answer["Location"]))
    assert "wacht op uw bevestiging" not in words(browser.get("/"))


def test_party_changes_its_words_and_says_what_it_cannot(cast, contact, promise, address):
    browser = cast.client(contact)
    fill_in(browser, address, {"answer": "klopt", "text": "Wij doen drie portieken."})
    promise.refresh_from_db()
    assert (promise.role, promise.text, promise.confirmed_by) == ("meewerkend", "Wij doen drie portieken.", contact)
    page = words(fill_in(browser, address, {"answer": "kan_niet", "text": ""}))
    assert "Schrijf op waarom uw partij dit niet kan." in page
    fill_in(browser, address, {"answer": "kan_niet", "text": "Er is geen geld."})
    promise.refresh_from_db()
    assert (promise.role, promise.text, promise.confirmed_by) == ("kan_niet", "Er is geen geld.", contact)
    assert "wij kunnen dit niet, om deze reden" in words(browser.get(address))


def test_form_without_an_answer_keeps_what_was_typed(cast, contact, promise, address):
    page = words(fill_in(cast.client(contact), address, {"text": "Wij schrijven 😀 שלום"}))
    assert "Kies of dit klopt" in page and "Wij schrijven 😀 שלום" in page
    promise.refresh_from_db()
    assert promise.confirmed_at is None


def test_sent_twice_is_confirmed_once(contact, promise):
    first = confirming.confirm(promise, is_able=True, text=promise.text, by=contact)
    again = confirming.confirm(promise, is_able=True, text=promise.text, by=contact)
    assert first.confirmed_at == again.confirmed_at
    assert promise.events.filter(confirmed_at__isnull=False).count() == 1


@pytest.mark.parametrize("change", [{"text": "Anders."}, {"role": "deskundig"}])
def test_change_by_another_makes_it_unconfirmed(contact, promise, change):
    """Also where nobody thought of it: in plain SQL."""
    confirming.confirm(promise, is_able=True, text=promise.text, by=contact)
    Commitment.objects.filter(pk=promise.pk).update(**change)
    promise.refresh_from_db()
    assert (promise.confirmed_at, promise.confirmed_by) == (None, None)


def test_point_edit_unconfirms_only_what_it_changes(cast, contact, promise):
    confirming.confirm(promise, is_able=True, text=promise.text, by=contact)
    browser, page = cast.client(cast.leader), reverse("point_edit", args=[promise.point_id])
    assert "De partij heeft dit zelf bevestigd." in words(browser.get(page))
    form = fields_of(browser.get(page).content.decode())
    assert browser.post(page, form | {"title": "Een ander punt"}).status_code == 302
    promise.refresh_from_db()
    assert promise.is_confirmed
    form = fields_of(browser.get(page).content.decode())
    name = next(name for name, value in form.items() if value == promise.text)
    browser.post(page, form | {name: "Wij doen meer."})
    promise.refresh_from_db()
    assert not promise.is_confirmed
    shown = words(cast.client(contact).get(reverse("party_page", args=[promise.party_id])))
    assert f"door {cast.leader.name}, nog niet bevestigd" in shown


def test_confirmed_at_and_by_come_together(promise):
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.filter(pk=promise.pk).update(confirmed_at=timezone.now())


def test_second_to_save_is_told_and_sees_both_texts(cast, contact, promise, address):
    """Whoever is the second: the party, or who leads the trajectory."""
    ours, theirs = cast.client(contact), cast.client(cast.leader)
    point = reverse("point_edit", args=[promise.point_id])
    seen = hidden_in(ours, address)
    form = fields_of(theirs.get(point).content.decode())
    name = next(name for name, value in form.items() if value == promise.text)
    theirs.post(point, form | {name: "Van de projectleider."})
    page = ours.post(address, seen | {"answer": "klopt", "text": "Van de partij."}).content.decode()
    assert CHANGED in page and "Van de partij." in page and "Nu staat er: Van de projectleider." in page
    promise.refresh_from_db()
    assert (promise.text, promise.is_confirmed) == ("Van de projectleider.", False)

    form = fields_of(theirs.get(point).content.decode())
    assert ours.post(address, fields_of(page)).status_code == 302
    page = theirs.post(point, form | {name: "Nog eens van de projectleider."}).content.decode()
    assert CHANGED in page and "Nu staat er: Van de partij." in page and "Nog eens van de projectleider." in page
    promise.refresh_from_db()
    assert (promise.text, promise.is_confirmed) == ("Van de partij.", True)


def test_point_that_changed_is_read_again_before_it_is_confirmed(cast, contact, promise, address):
    browser = cast.client(contact)
    seen = hidden_in(browser, address)
    type(promise.point).objects.filter(pk=promise.point_id).update(title="Iets heel anders")
    page = browser.post(address, seen | {"answer": "klopt", "text": promise.text}).content.decode()
    assert CHANGED in page and "Iets heel anders" in page
    promise.refresh_from_db()
    assert not promise.is_confirmed


def test_promise_that_was_taken_away_does_not_take_the_words_along(cast, contact, promise, address):
    browser = cast.client(contact)
    seen = hidden_in(browser, address)
    promise.delete()
    answer = browser.post(address, seen | {"answer": "klopt", "text": "Wij doen drie portieken."}, follow=True)
    assert "intussen weggehaald" in words(answer) and "Wij doen drie portieken." in words(answer)
    assert browser.get(address).status_code == 404
    assert cast.client(cast.leader).post(address, {"text": "Wij"}).status_code == 404


def test_commitment_of_another_party_or_gemeente_is_not_found(cast, contact, promise):
    theirs = cast.parties[2].commitments.get()
    elsewhere = complete_agenda(cast.elsewhere)
    party = PartyFactory(gemeente=cast.there)
    cast.elsewhere.participations.create(party=party)
    far = CommitmentFactory(point=elsewhere.trajectory.points.get(), party=party)
    for other in (theirs, far):
        address = reverse("commitment_confirm", args=[other.pk])
        form = {"answer": "klopt", "text": "Gekaapt."}
        assert cast.client(contact).get(address).status_code == 404
        assert cast.client(contact).post(address, form).status_code == 404
        other.refresh_from_db()
        assert other.text != "Gekaapt."
        assert not other.is_confirmed


def test_while_a_version_lies_with_the_parties_the_draft_waits(cast, agenda, contact, promise, address):
    version = versions.freeze(agenda, by=cast.leader)
    endorsing.open_round(version, deadline=agenda.ends_on, by=cast.leader)
    browser = cast.client(contact)
    assert "ligt bij de partijen" in words(browser.get(address))
    with pytest.raises(Refused, match="ligt bij de partijen"):
        confirming.confirm(promise, is_able=True, text="Anders.", by=contact)
    assert "Wat het concept over uw partij zegt" not in words(
        browser.get(reverse("party_page", args=[promise.party_id]))
    )


def lay(version, leader):
    """Lays it before the parties and closes the round, so that the draft can move on."""
    round_ = endorsing.open_round(version, deadline=timezone.localdate(), by=leader)
    endorsing.close_round(round_, by=leader, reason="Het is tijd.")


def test_what_stands_in_a_version_is_not_asked_again(cast, agenda, contact, promise):
    lay(versions.freeze(agenda, by=cast.leader), cast.leader)
    page, ours = reverse("party_page", args=[promise.party_id]), cast.client(contact)
    assert "Wat het concept over uw partij zegt" not in words(ours.get(page))
    assert "Wat de partijen zelf bevestigden" not in words(
        cast.client(cast.leader).get(reverse("agenda_detail", args=[cast.trajectory.pk]))
    )
    Commitment.objects.filter(pk=promise.pk).update(text="Wij doen het anders.")
    assert "Wij doen het anders." in words(ours.get(page))


def test_what_stands_in_a_version_without_ids_is_not_asked_again(cast, agenda, contact, promise):
    content = versions.content_of(agenda, number=1, at=timezone.now(), by=cast.leader)
    lay(as_of_schema_2(agenda, content), cast.leader)
    page = words(cast.client(contact).get(reverse("party_page", args=[promise.party_id])))
    assert "Wat het concept over uw partij zegt" not in page


def test_version_that_was_never_laid_or_was_withdrawn_asked_nobody(cast, agenda, promise):
    version = versions.freeze(agenda, by=cast.leader)
    assert not confirming.newest_versions([promise.party]) and confirming.newest_of(cast.trajectory) is None
    endorsing.open_round(version, deadline=timezone.localdate(), by=cast.leader)
    assert confirming.newest_versions([promise.party]) == {cast.trajectory.pk: version}
    assert confirming.newest_of(cast.trajectory) == version
    endorsing.withdraw(version, by=cast.leader, reason="Er staat een fout in.")
    assert not confirming.newest_versions([promise.party]) and confirming.newest_of(cast.trajectory) is None


def test_party_that_says_twice_that_it_cannot_is_told(cast, contact, promise, address):
    CommitmentFactory(point=promise.point, party=promise.party, role="kan_niet", text="Geen geld.")
    page = words(fill_in(cast.client(contact), address, {"answer": "kan_niet", "text": "Geen mensen."}))
    assert "Zet alles bij elkaar." in page and "Geen mensen." in page


def test_draft_pages_count_and_say_what_is_confirmed(cast, contact, promise):
    browser = cast.client(cast.leader)
    agenda, points = (reverse(name, args=[cast.trajectory.pk]) for name in ("agenda_detail", "point_list"))
    assert "zelf heeft bevestigd: 0 van de 3." in words(browser.get(agenda))
    confirming.confirm(promise, is_able=True, text=promise.text, by=contact)
    page = words(browser.get(agenda))
    assert "zelf heeft bevestigd: 1 van de 3." in page
    assert f"{promise.party.name} (1)" not in page and f"{cast.parties[2].name} (1)" in page
    page = words(browser.get(points))
    assert f"Bevestigd door {contact.name}" in page
    assert f"Ingevuld namens {cast.parties[2].name}, nog niet bevestigd" in page
    history = words(browser.get(reverse("point_history", args=[promise.point_id])))
    assert "de bevestiging door de partij" in history
