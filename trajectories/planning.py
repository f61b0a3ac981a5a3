"""Before people come together: the draaiboek of a gemeente, meetings planned at once, and the agenda of each of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from stakeholders.models import Gemeente
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.text import in_brief
from trajectories import removing
from trajectories.models import Meeting, MeetingItem, MeetingPattern, Trajectory

CLOSED = "Deze bijeenkomst is gesloten. De agenda verandert niet meer."
WORKING_MEETINGS, WEEKS_BETWEEN = 5, 4
# What holds where a gemeente made no draaiboek of its own (product: "The road").
DEFAULT = (
    MeetingPattern(
        kind=Meeting.Kind.TALK,
        title="Gesprek",
        minutes=60,
        questions="Wat maakt de wijk fijn?\nWat is er nodig?",
    ),
    MeetingPattern(
        kind=Meeting.Kind.START,
        title="Startbijeenkomst",
        days_after=0,
        questions="Wat verwachten wij van elkaar?",
    ),
    *(
        MeetingPattern(kind=Meeting.Kind.WORK, title=f"Werkbijeenkomst {number}", days_after=7 * WEEKS_BETWEEN * number)
        for number in range(1, WORKING_MEETINGS + 1)
    ),
)


@dataclass(frozen=True)
class Planned:
    """A meeting that is about to be planned: with questions of its own, or with the agenda of a meeting that it is `like`."""

    kind: str
    title: str
    starts_at: datetime
    minutes: int
    place: str
    questions: str = ""
    like: Meeting | None = None


@dataclass(frozen=True)
class Slot:
    """An agendapunt, and when it begins if all before it keep to their minutes."""

    item: MeetingItem
    starts_at: datetime


def lines_of(text: str) -> list[str]:
    """The lines in which something stands."""
    return [line.strip() for line in text.splitlines() if line.strip()]


# --- the draaiboek ------------------------------------------------------------------------------------------------------
def patterns_of(gemeente: Gemeente) -> Sequence[MeetingPattern]:
    """The draaiboek of this gemeente, or the one that holds for everybody."""
    return list(gemeente.meeting_patterns.all()) or DEFAULT


def talk_of(gemeente: Gemeente) -> MeetingPattern:
    """What a gesprek is like in this gemeente: how long it takes, and its list of questions."""
    patterns = [*patterns_of(gemeente), *DEFAULT]
    return next(pattern for pattern in patterns if pattern.kind == Meeting.Kind.TALK)


@transaction.atomic
def adopt_default(gemeente: Gemeente) -> None:
    """Gives the gemeente the default draaiboek as rows of its own, to change. One that it has already stays as it is."""
    Gemeente.objects.select_for_update().get(pk=gemeente.pk)
    if gemeente.meeting_patterns.exists():
        return
    columns = ("kind", "title", "days_after", "minutes", "questions")
    MeetingPattern.objects.bulk_create(
        MeetingPattern(gemeente=gemeente, position=place, **{name: getattr(pattern, name) for name in columns})
        for place, pattern in enumerate(DEFAULT, start=1)
    )


def place_after(rows: QuerySet[Any, Any]) -> int:
    """The place behind all of these."""
    return int(rows.aggregate(last=Max("position"))["last"] or 0) + 1


@transaction.atomic
def shift(row: MeetingPattern | MeetingItem, rows: QuerySet[Any, Any], *, up: bool) -> None:
    """Moves a row one place up or down among these; the first stays first and the last stays last."""
    order = list(rows.select_for_update(of=("self",)))
    if row not in order:  # somebody else took it away
        return
    at = order.index(row)
    to = max(at - 1, 0) if up else min(at + 1, len(order) - 1)
    order.insert(to, order.pop(at))
    for position, one in enumerate(order, start=1):
        if one.position != position:
            one.position = position
            one.save(update_fields=["position"])


# --- meetings, planned at once ------------------------------------------------------------------------------------------
def at_the_same_time(starts_at: datetime, days: int) -> datetime:
    """So many days later by the clock on the wall: 19:30 stays 19:30, also where summer time ends in between."""
    return timezone.make_aware(timezone.localtime(starts_at).replace(tzinfo=None) + timedelta(days=days))


def proposed(gemeente: Gemeente, *, starts_at: datetime, place: str) -> list[Planned]:
    """What the draaiboek of the gemeente makes of a first day."""
    return [
        Planned(
            kind=pattern.kind,
            title=pattern.title,
            starts_at=at_the_same_time(starts_at, pattern.days_after),
            minutes=pattern.minutes,
            place=place,
            questions=pattern.questions,
        )
        for pattern in sorted(patterns_of(gemeente), key=lambda one: one.days_after or 0)
        if pattern.days_after is not None
    ]


def proposed_like(earlier: Trajectory, *, starts_at: datetime, place: str) -> list[Planned]:
    """The meetings of an earlier trajectory, as many days apart as they were there, from another first day on."""
    held = list(earlier.meetings.exclude(state=Meeting.State.CANCELLED))
    days = [timezone.localdate(meeting.starts_at) for meeting in held]
    return [
        Planned(
            kind=meeting.kind,
            title=meeting.title,
            starts_at=at_the_same_time(starts_at, (day - days[0]).days),
            minutes=meeting.minutes,
            place=place,
            like=meeting,
        )
        for meeting, day in zip(held, days, strict=True)
    ]


@transaction.atomic
def plan(trajectory: Trajectory, rows: Iterable[Planned]) -> list[Meeting]:
    """Makes all these meetings, each with its agenda, or none of them."""
    return [_plan_one(trajectory, row) for row in rows]


def _plan_one(trajectory: Trajectory, row: Planned) -> Meeting:
    questions = lines_of(row.questions)
    meeting = Meeting.objects.create(
        trajectory=trajectory,
        kind=row.kind,
        title=row.title,
        starts_at=row.starts_at,
        minutes=row.minutes,
        place=row.place,
        question=row.like.question if row.like else (questions or [""])[0],
    )
    if row.like is None:
        add_questions(meeting, questions)
        return meeting
    columns = ("position", "title", "question", "minutes")  # what came out of it stays where it was
    MeetingItem.objects.bulk_create(
        MeetingItem(trajectory=trajectory, meeting=meeting, **{name: getattr(item, name) for name in columns})
        for item in row.like.items.all()
    )
    return meeting


def add_questions(meeting: Meeting, questions: Sequence[str]) -> None:
    """An agendapunt for each of these questions, behind what stands on the agenda already."""
    first = place_after(meeting.items.all())
    MeetingItem.objects.bulk_create(
        MeetingItem(
            trajectory_id=meeting.trajectory_id,
            meeting=meeting,
            position=position,
            title=in_brief(question, 120),
            question=question,
        )
        for position, question in enumerate(questions, start=first)
    )


# --- the agenda of a meeting --------------------------------------------------------------------------------------------
def timetable(meeting: Meeting) -> list[Slot]:
    """The agenda in its order, with the time at which each point begins."""
    slots, at = [], meeting.starts_at
    for item in meeting.items.all():
        slots.append(Slot(item, at))
        at += timedelta(minutes=item.minutes)
    return slots


def backlog_of(trajectory: Trajectory) -> QuerySet[MeetingItem]:
    """What will be spoken of, and no one knows when yet."""
    return trajectory.items.filter(meeting=None)


def _neighbours(item: MeetingItem) -> QuerySet[MeetingItem]:
    """The agenda, or the backlog, on which the item stands."""
    return MeetingItem.objects.filter(trajectory=item.trajectory_id, meeting=item.meeting_id)


def _open_up(*meetings: int | None) -> None:
    """Locks the meetings whose agenda is about to change; raises Refused where one of them is closed."""
    found = Meeting.objects.select_for_update().filter(pk__in=[pk for pk in meetings if pk]).order_by("pk")
    if any(meeting.state == Meeting.State.CLOSED for meeting in found):
        raise Refused(CLOSED)


@transaction.atomic
def place(item: MeetingItem, *, on: Meeting | None) -> None:
    """Saves the item at the end of this agenda, or of the backlog; where it stands there already, at its own place.

    Raises Refused where the meeting that it leaves or joins is closed.
    """
    was = MeetingItem.objects.filter(pk=item.pk).values_list("meeting", flat=True).first() if item.pk else None
    to = on.pk if on else None
    _open_up(was, to)
    if item.pk is None or was != to:
        Meeting.objects.filter(pk=was or 0, item=item.pk).update(item=None)
        item.meeting = on
        item.position = place_after(_neighbours(item))
    if item.pk is None:
        item.save()
    else:  # an outcome that somebody writes at this moment stays
        item.save(update_fields=["meeting", "position", "title", "question", "minutes"])


@transaction.atomic
def reorder(item: MeetingItem, *, up: bool) -> None:
    """Moves the item one place up or down. Raises Refused where its meeting is closed."""
    _open_up(item.meeting_id)
    shift(item, _neighbours(item), up=up)


@transaction.atomic
def take_off(item: MeetingItem) -> None:
    """Removes the item. Raises Refused where its meeting is closed, and where something came out of it."""
    _open_up(item.meeting_id)
    item.refresh_from_db()
    if item.outcome:
        raise Refused("Bij dit agendapunt staat een uitkomst. Daarom blijft het staan. Maak eerst de uitkomst leeg.")
    removing.remove(item, stays="De uitkomst van dit agendapunt is verbeterd. Daarom blijft het staan.")


@transaction.atomic
def ask_now(meeting: Meeting, item: MeetingItem | None) -> None:
    """From now on phones and beamer ask the question of this item, or (None) that of the meeting. Its answers start hidden."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if not meeting.is_open:
        raise Refused(
            "De bijeenkomst is niet open. Open haar eerst, dan kunt u een agendapunt aan de beurt laten komen."
        )
    if meeting.item_id != (item and item.pk):
        meeting.item, meeting.is_revealed = item, False
        meeting.save(update_fields=["item", "is_revealed"])
