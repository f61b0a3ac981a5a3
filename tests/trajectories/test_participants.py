from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories import ContributionFactory, MeetingFactory
from thuiswijk.lib.errors import Refused
from trajectories import participants
from trajectories.models import Meeting, Participant

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(cast) -> Meeting:
    return MeetingFactory(trajectory=cast.trajectory, residents=3)


def test_phone_joins_once_and_keeps_its_code(meeting):
    device = uuid.uuid4()
    first = participants.join(meeting, device=device)
    assert participants.join(meeting, device=device) == first
    assert participants.join(MeetingFactory(), device=device) != first
    assert len(first.code) == 8


def test_present_are_those_counted_by_hand_and_those_with_a_phone(meeting, cast):
    meeting.attendances.create(party=cast.parties[1], people=4)
    phones = [participants.join(meeting, device=uuid.uuid4()) for _ in range(3)]
    for phone, party in zip(phones, [None, cast.parties[1], cast.parties[2]], strict=True):
        for _ in range(2):
            participants.check_in(phone, party=party)
    other = MeetingFactory()
    assert participants.present_at([meeting.pk, other.pk]) == {
        meeting.pk: {None: 4, cast.parties[1].pk: 5, cast.parties[2].pk: 1},
        other.pk: {},
    }
    participants.check_in(phones[2], party=None)
    assert participants.present_at([meeting.pk])[meeting.pk] == {None: 5, cast.parties[1].pk: 5}


def test_cards_are_numbered_once(meeting):
    first = participants.make_cards(meeting, count=3)
    again = participants.make_cards(meeting, count=5)
    assert [card.card for card in again] == [1, 2, 3, 4, 5]
    assert [card.code for card in again[:3]] == [card.code for card in first]
    assert participants.make_cards(meeting, count=2) == again[:2]
    assert Participant.objects.count() == 5


@pytest.mark.parametrize("count", [0, -1, 501])
def test_number_of_cards_that_nobody_prints_is_refused(meeting, count):
    with pytest.raises(Refused, match="van 1 tot en met 500"):
        participants.make_cards(meeting, count=count)


def test_words_belong_to_a_participant_of_the_same_meeting(meeting, cast):
    elsewhere = participants.join(MeetingFactory(trajectory=cast.trajectory), device=uuid.uuid4())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        ContributionFactory(meeting=meeting, participant=elsewhere)
