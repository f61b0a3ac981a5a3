"""Leading the hall: which question is open, whether phones may send, and whether the beamer shows the answers.

Every verb says what must be so, not what must change: two laptops that press the same key at once make one change.
"""

from __future__ import annotations

from django.db import transaction

from stakeholders.models import Person
from thuiswijk.lib.errors import Refused
from trajectories.models import Meeting, MeetingItem

OWN = 0  # stands for the question of the meeting itself, where another number is that of an item


def questions_of(meeting: Meeting) -> list[tuple[int, str]]:
    """What is asked in this meeting, in order: (number of the item or OWN, question). Items without a question are passed by."""
    own = [(OWN, meeting.question)] if meeting.question else []
    return own + list(meeting.items.exclude(question="").values_list("pk", "question"))


@transaction.atomic
def show_item(meeting: Meeting, item: MeetingItem | None, *, by: Person) -> Meeting:
    """Asks the question of this item from here on, or without one that of the meeting. Its answers are covered at first."""
    meeting = _held(meeting)
    if item is not None and item.meeting_id != meeting.pk:
        raise Refused("Dit agendapunt hoort niet bij deze bijeenkomst. Kies een ander.")
    if meeting.item_id != (item and item.pk):
        meeting.item, meeting.is_revealed = item, False
        meeting.save(update_fields=["item", "is_revealed"])
    return meeting


@transaction.atomic
def pause(meeting: Meeting, *, is_paused: bool, by: Person) -> Meeting:
    """Lets phones wait, or go on."""
    meeting = _held(meeting)
    if meeting.is_paused != is_paused:
        meeting.is_paused = is_paused
        meeting.save(update_fields=["is_paused"])
    return meeting


@transaction.atomic
def reveal(meeting: Meeting, *, is_revealed: bool, by: Person) -> Meeting:
    """Shows the answers to the hall, or covers them."""
    meeting = _held(meeting)
    if meeting.is_revealed != is_revealed:
        meeting.is_revealed = is_revealed
        meeting.save(update_fields=["is_revealed"])
    return meeting


def _held(meeting: Meeting) -> Meeting:
    """The meeting, locked. Raises Refused where nothing is led any more."""
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if meeting.state in (Meeting.State.CLOSED, Meeting.State.CANCELLED):
        raise Refused(f"De bijeenkomst is {_words(meeting)}. Daarom verandert er niets meer op het scherm.")
    return meeting


def _words(meeting: Meeting) -> str:
    return "gesloten" if meeting.state == Meeting.State.CLOSED else "afgelast"
