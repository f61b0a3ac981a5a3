"""A deelnemer joins a meeting with a phone or a card, and is present once."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from stakeholders.models import Party
from thuiswijk.lib.errors import Refused
from trajectories.models import Attendance, Meeting, Participant

MOST_CARDS = 500
# By hand, for each inbreng of each phone asks it: to make it of a QuerySet costs more than to answer it.
JOINED = "SELECT * FROM trajectories_participant WHERE meeting_id = %s AND device = %s"


def join(meeting: Meeting, *, device: uuid.UUID) -> Participant:
    """The deelnemer behind this phone, with a code to follow the words by; new where it had said nothing yet."""
    joined = Participant.objects.raw(JOINED, [meeting.pk, device])
    return next(iter(joined), None) or Participant.objects.get_or_create(meeting=meeting, device=device)[0]


def check_in(participant: Participant, *, party: Party | None) -> None:
    """The deelnemer is present, for a party or as a resident. Twice is once; for another party it moves."""
    participant.party, participant.checked_in_at = party, participant.checked_in_at or timezone.now()
    participant.save(update_fields=["party", "checked_in_at"])


def present_at(meetings: Iterable[int]) -> dict[int, dict[int | None, int]]:
    """How many people were at each of these meetings (ids), per party (id), with None for residents.

    Those who were counted in the hall and those who came in with a phone of their own add up.
    """
    found: dict[int, dict[int | None, int]] = {pk: defaultdict(int) for pk in meetings}
    by_hand = Attendance.objects.filter(meeting__in=found).values_list("meeting_id", "party_id", "people")
    residents = Meeting.objects.filter(pk__in=found, residents__gt=0).order_by()
    phones = Participant.objects.filter(meeting__in=found, checked_in_at__isnull=False).order_by()
    for meeting, party, people in [
        *by_hand,
        *((pk, None, people) for pk, people in residents.values_list("pk", "residents")),
        *phones.values_list("meeting_id", "party_id").annotate(people=Count("pk")),
    ]:
        found[meeting][party] += people
    return {pk: dict(present) for pk, present in found.items()}


def named_present_at(meeting: Meeting) -> list[tuple[str, int]]:
    """Who was at this meeting and how many, as a list shows it: residents first, and then the parties by name."""
    present: dict[str | None, int] = defaultdict(int, {None: meeting.residents})
    phones = meeting.participants.filter(checked_in_at__isnull=False).order_by()
    for party, people in [
        *meeting.attendances.values_list("party__name", "people"),
        *phones.values_list("party__name").annotate(people=Count("pk")),
    ]:
        present[party] += people
    residents = present.pop(None)
    return [("Bewoners", residents), *sorted((party or "", people) for party, people in present.items())]


@transaction.atomic
def make_cards(meeting: Meeting, *, count: int) -> list[Participant]:
    """Sees to it that the cards 1 to `count` exist, each with a code, and answers them in order. More are never taken away.

    Raises Refused for a number that nobody prints.
    """
    if not 1 <= count <= MOST_CARDS:
        raise Refused(f"Kies een aantal van 1 tot en met {MOST_CARDS}.")
    Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    standing = set(meeting.participants.filter(card__isnull=False).values_list("card", flat=True))
    Participant.objects.bulk_create(
        [Participant(meeting=meeting, card=number) for number in range(1, count + 1) if number not in standing]
    )
    return list(meeting.participants.filter(card__range=(1, count)).order_by("card"))
