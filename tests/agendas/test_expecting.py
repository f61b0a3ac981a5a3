"""Mutual expectations: the matrix, what a party answers, and who gets to read it."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from agendas import drafting, expecting, versions
from agendas.models import ExpectationAnswer
from stakeholders.models import Membership
from tests.factories import ContributionFactory, MeetingFactory, MembershipFactory, PartyFactory, complete_agenda
from tests.pages import fields_of
from trajectories import participants

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(cast):
    """A resident expects light of the housing corporation."""
    meeting = MeetingFactory(trajectory=cast.trajectory)
    who = participants.join(meeting, device=uuid.uuid4())
    return ContributionFactory(
        meeting=meeting, kind="verwachting", addressed_to=cast.parties[1], text="Licht bij de flats.", participant=who
    )


@pytest.fixture
def contact(cast):
    """The contact person of the corporation, with an account."""
    return MembershipFactory(party=cast.parties[1], gemeente=None, role=Membership.Role.CONTACT).person


def says(said, by, **other):
    given = {"kind": "doen", "text": "In mei hangt het er.", "other_party": None, "is_on_behalf": False}
    return expecting.answer(said, by=by, **(given | other))


def test_party_answers_from_its_own_page_and_who_said_it_reads_that(cast, said, contact):
    browser = cast.client(contact)
    page = browser.get(reverse("party_page", args=[cast.parties[1].pk])).content.decode()
    address = reverse("expectation_answer", args=[said.pk])
    assert address in page and "nog geen antwoord" in page
    posted = browser.post(address, {"kind": "doen", "text": "In mei hangt het er."})
    assert posted.url == reverse("party_page", args=[cast.parties[1].pk])
    given = ExpectationAnswer.objects.get()
    assert (given.answered_by, given.is_on_behalf) == (contact, False)
    followed = cast.client().get(reverse("follow", args=[said.participant.code])).content.decode()
    assert "Dat doen wij: In mei hangt het er." in followed


def test_projectleider_writes_it_down_marked_so(cast, said):
    browser = cast.client(cast.leader)
    other = {"kind": "deskundiger", "text": "", "other_party": cast.parties[0].pk}
    page = browser.post(reverse("expectation_answer", args=[said.pk]), other, follow=True).content.decode()
    assert f"Daarvan weet {cast.parties[0].name} meer" in page
    assert "opgeschreven door de projectleider" in page


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"text": "Tekst zonder keuze"}, "Kies één van de drie antwoorden."),
        ({"kind": "kan_niet", "text": ""}, "Schrijf op waarom de partij dit niet kan."),
        ({"kind": "deskundiger", "text": "Tekst zonder partij"}, "Kies de partij die er meer van weet."),
    ],
)
def test_half_an_answer_is_told_and_kept(cast, said, form, sentence):
    page = cast.client(cast.leader).post(reverse("expectation_answer", args=[said.pk]), form).content.decode()
    assert sentence in page
    assert fields_of(page)["text"] == form["text"]
    assert not ExpectationAnswer.objects.exists()


def test_another_party_and_another_gemeente_do_not_answer(cast, said):
    other = MembershipFactory(party=cast.parties[2], gemeente=None, role=Membership.Role.CONTACT).person
    for person in (other, cast.stranger):
        answered = cast.client(person).post(reverse("expectation_answer", args=[said.pk]), {"kind": "doen"})
        assert answered.status_code == 404
    assert not ExpectationAnswer.objects.exists()


def test_twice_the_same_stands_once_and_a_change_keeps_what_was_said(cast, said):
    assert says(said, cast.leader) == says(said, cast.leader)
    says(said, cast.leader, kind="kan_niet", text="Er is geen geld.")
    assert [one.kind for one in said.replies.all()] == ["kan_niet", "doen"]
    with pytest.raises(DatabaseError), transaction.atomic():
        said.replies.update(text="Iets anders.")


def test_database_takes_only_answers_to_expectations_and_parties_that_take_part(cast, said):
    remark = ContributionFactory(meeting=said.meeting)
    elsewhere = PartyFactory(gemeente=cast.here)
    for contribution, more in (
        (remark, {}),
        (said, {"kind": "deskundiger", "other_party": elsewhere}),
        (said, {"kind": "deskundiger", "other_party": said.addressed_to}),
        (said, {"kind": "kan_niet", "text": ""}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            says(contribution, cast.leader, **more)


def test_matrix_counts_what_is_expected_answered_and_agreed(cast, said):
    gemeente, housing, _ = cast.parties
    more = ContributionFactory(meeting=said.meeting, kind="verwachting", addressed_to=housing)
    ContributionFactory(meeting=said.meeting, kind="verwachting", addressed_to=gemeente, said_by=housing)
    says(said, cast.leader)
    says(more, cast.leader, kind="kan_niet", text="Nee.")
    says(more, cast.leader, kind="kan_niet", text="Nee, er is geen geld.")  # the newest counts, once
    columns, rows = expecting.matrix(cast.trajectory)
    assert columns == sorted([gemeente.name, housing.name])
    counts = {
        (name, cell.to): (cell.count, cell.answered, cell.agreed, cell.shade) for name, cells in rows for cell in cells
    }
    assert counts["Bewoners", housing.name] == (2, 2, 1, "all")
    assert counts[housing.name, gemeente.name] == (1, 0, 0, "none")
    assert counts[housing.name, housing.name] == (0, 0, 0, "")


def test_cell_opens_its_list(cast, said):
    ContributionFactory(
        meeting=said.meeting,
        kind="verwachting",
        addressed_to=cast.parties[0],
        said_by=cast.parties[1],
        text="Schone straten.",
    )
    browser, page = cast.client(cast.leader), reverse("expectation_list", args=[cast.trajectory.pk])
    one = browser.get(f"{page}?van=bewoners&aan={cast.parties[1].pk}").content.decode()
    assert "Licht bij de flats." in one and "Schone straten." not in one
    says(said, cast.leader)
    still_open = browser.get(f"{page}?stand=open").content.decode()
    assert "Schone straten." in still_open and "Licht bij de flats." not in still_open
    assert "Hier staat niets." in browser.get(f"{page}?aan=x").content.decode()


def test_unanswered_expectation_is_a_gap(cast, said):
    agenda = complete_agenda(cast.trajectory)
    sentence = f"{cast.parties[1].name} heeft nog niet geantwoord op 1 verwachting."
    assert sentence in [gap.sentence for gap in drafting.gaps(agenda)]
    says(said, cast.leader)
    assert sentence not in [gap.sentence for gap in drafting.gaps(agenda)]


def hours(count: int) -> timedelta:
    return timedelta(hours=count)


def test_gap_closes_from_meeting_to_meeting(cast, contact):
    now = timezone.now()
    start, work = (
        MeetingFactory(trajectory=cast.trajectory, kind=kind, state="closed", title=title, starts_at=now - hours(ago))
        for kind, title, ago in (("start", "De start", 48), ("werk", "Het werk", 24))
    )
    talk = MeetingFactory(trajectory=cast.trajectory, kind="gesprek", state="closed", starts_at=now - hours(30))
    expected = [
        ContributionFactory(
            meeting=meeting, kind="verwachting", addressed_to=cast.parties[1], text=text, made_at=now - hours(ago)
        )
        for meeting, text, ago in ((start, "Licht.", 47), (start, "Een bank.", 47), (talk, "Een boom.", 20))
    ]
    for of, kind, text, ago in ((0, "kan_niet", "Nog geen geld.", 40), (0, "doen", "", 10), (1, "doen", "", 1)):
        ExpectationAnswer.objects.create(
            contribution=expected[of], kind=kind, text=text, answered_by=contact, answered_at=now - hours(ago)
        )
    assert list(expecting.moments_of(cast.trajectory)) == [start, work]
    stood = expecting.standings(cast.trajectory, [start.starts_at, work.starts_at, now])
    assert [(one.count, one.answered, one.agreed) for one in stood] == [(0, 0, 0), (2, 1, 0), (3, 2, 2)]

    browser = cast.client(cast.reader)
    page = browser.get(reverse("expectation_list", args=[cast.trajectory.pk])).content.decode()
    assert (
        "De start" not in page[page.index('id="toen-en-nu"') : page.index('id="wie-van-wie"')]
    )  # nothing was expected yet
    compared = browser.get(reverse("expectation_list", args=[cast.trajectory.pk]), {"toen": work.pk}).content.decode()
    then = compared[compared.index("Toen: aan het begin van Het werk") : compared.index("<h3>Nu</h3>")]
    assert 'matrix__count">2<' in then and "1 beantwoord</span>" in then and "?van=" not in then
    assert 'matrix__count">3<' in compared and "2 beantwoord, 2 ja" in compared

    screen = reverse("expectation_screen", args=[work.pk])
    seen = browser.get(screen).content.decode()
    assert "<strong>1</strong> van 2 beantwoord, <strong>0</strong> keer" in seen
    assert "<strong>2</strong> van 3 beantwoord, <strong>2</strong> keer" in seen and "eerst 1" in seen
    poll = {"path": re.search(r'hx-get="([^"]+)"', seen)[1], "headers": {"HX-Request": "true"}}
    assert browser.get(**poll).status_code == 204
    says(expected[2], contact)
    assert "<strong>3</strong> van 3 beantwoord" in browser.get(**poll).content.decode()


def test_before_stands_in_the_document(cast, contact, said):
    said.meeting.starts_at = timezone.now() - hours(30)
    said.meeting.state = "closed"
    said.meeting.save()
    MeetingFactory(trajectory=cast.trajectory, kind="werk", state="closed", title="Het werk", starts_at=timezone.now())
    says(said, contact)
    version = versions.freeze(complete_agenda(cast.trajectory), by=cast.leader, reason="Zo is het.")
    assert version.data["meetings"][-1]["expectations"] == {"count": 1, "answered": 0, "agreed": 0}
