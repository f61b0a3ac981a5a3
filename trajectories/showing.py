"""Leading the hall: which questions there are, whether phones may send, and whether the beamer shows the answers.

Which question is open is planning.ask_now. Every verb says what must be so, not what must change: two laptops that press the
same key at once make one change.
"""

from __future__ import annotations

from django.db import transaction

from stakeholders.models import Person
from thuiswijk.lib.errors import Refused
from trajectories.models import Meeting

OWN = 0  # stands for the question of the meeting itself, where another number is that of an item


def questions_of(meeting: Meeting) -> list[tuple[int, str]]:
    """What is asked in this meeting, in order: (number of the item or OWN, question). Items without a question are passed by."""
    own = [(OWN, meeting.question)] if meeting.question else []
    return own + list(meeting.items.exclude(question="").values_list("pk", "question"))


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
