"""Counting who is in the hall, by hand at the door: one more, one less."""

from __future__ import annotations

from django.db import transaction

from stakeholders.models import Party, Person
from thuiswijk.lib.errors import Refused
from trajectories.models import Meeting

MOST = 9999


@transaction.atomic
def count(meeting: Meeting, *, party: Party | None, step: int, by: Person) -> int:
    """Counts so many people more for a party, or residents without one; with a step below zero, less. Answers how many are counted.

    Two desks that count at once both count. Nobody is fewer than none. Raises Refused once the meeting is closed: its report
    tells the number.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if meeting.state == Meeting.State.CLOSED:
        raise Refused("De bijeenkomst is gesloten. Open haar weer als het aantal niet klopt.")
    if party is None:
        meeting.residents = _within(meeting.residents + step)
        meeting.save(update_fields=["residents"])
        return meeting.residents
    standing = meeting.attendances.filter(party=party).first()
    people = _within((standing.people if standing else 0) + step)
    if people:
        meeting.attendances.update_or_create(party=party, defaults={"people": people})
    elif standing:
        standing.delete()
    return people


def _within(people: int) -> int:
    return min(max(people, 0), MOST)
