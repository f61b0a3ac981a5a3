"""What a report of a meeting says, from the rows as they stand at closing. From then on only this is drawn.

Parties by name, residents by number, words without who said them but for the party: no name of a person is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils import timezone

from stakeholders.models import Party
from trajectories.models import Action, Contribution, Meeting, MeetingItem
from trajectories.participants import present_at

SCHEMA = 2  # 1 had no `room`
# What parties said in the room of what is to be decided. Who knows that puts it here when it starts (agendas.apps); in each row
# stand `subject`, `theme` and `parties`: [{party, answer, words, before, reply, is_earlier}], `before` as [{answer, words, reply}].
ROOM: list[Callable[[Meeting], list[dict[str, Any]]]] = []


def content_of(meeting: Meeting, *, number: int, made_at: datetime) -> dict[str, Any]:
    """The content of report `number` of this meeting, to be written as canonical JSON."""
    trajectory = meeting.trajectory
    present = present_at([meeting.pk])[meeting.pk]
    parties = Party.objects.filter(pk__in=[pk for pk in present if pk]).order_by("name", "pk")
    items = list(meeting.items.prefetch_related("corrections"))
    said = list(meeting.contributions.select_related("said_by", "addressed_to").order_by("made_at", "pk"))
    return {
        "schema": SCHEMA,
        "number": number,
        "made_at": _moment(made_at),
        "gemeente": {"code": trajectory.gemeente.code, "name": trajectory.gemeente.name},
        "trajectory": trajectory.name,
        "meeting": {
            "kind": meeting.kind,
            "kind_label": meeting.get_kind_display(),
            "title": meeting.title,
            "starts_at": _moment(meeting.starts_at),
            "minutes": meeting.minutes,
            "place": meeting.place,
        },
        "residents": present.get(None, 0),
        "parties": [
            {"name": party.name, "kind_label": party.get_kind_display(), "people": present[party.pk]}
            for party in parties
        ],
        "items": [_item(item, place) for place, item in enumerate(items, start=1)],
        "actions": [_action(action) for action in meeting.actions.select_related("party")],
        "earlier_actions": [
            {**_action(action), "meeting": action.meeting.title}
            for action in Action.objects.open_before(meeting).select_related("party", "meeting")
        ],
        "room": [row for heard in ROOM for row in heard(meeting)],
        "questions": _questions(said, items),
        "contributions": len(said),
        "hidden": sum(one.hidden_at is not None for one in said),
    }


def _item(item: MeetingItem, place: int) -> dict[str, Any]:
    return {
        "number": place,
        "title": item.title,
        "question": item.question,
        "outcome": item.outcome,
        "corrections": [
            {"text": correction.text, "corrected_at": _moment(correction.corrected_at)}
            for correction in item.corrections.all()
        ],
    }


def _action(action: Action) -> dict[str, Any]:
    return {
        "text": action.text,
        "party": action.party.name if action.party else None,
        "due_on": action.due_on.isoformat() if action.due_on else None,
        "is_done": action.done_at is not None,
    }


def _questions(said: Iterable[Contribution], items: list[MeetingItem]) -> list[dict[str, Any]]:
    """What was said to each question: those of the agenda in its order, then those asked besides, then what answers none."""
    asked = {item.question: place for place, item in enumerate(items) if item.question}
    for one in said:
        if one.question:
            asked.setdefault(one.question, len(asked) + len(items))
    by_question = sorted(said, key=lambda one: asked.get(one.question, len(asked) + len(items)))
    found = []
    for question, answers in groupby(by_question, key=lambda one: one.question):
        given = list(answers)
        shown = [one for one in given if one.hidden_at is None]
        found.append({"question": question, "said": [_said(one) for one in shown], "hidden": len(given) - len(shown)})
    return found


def _said(one: Contribution) -> dict[str, Any]:
    return {
        "text": one.words,
        "kind": one.kind,
        "said_by": one.said_by.name if one.said_by else None,
        "addressed_to": one.addressed_to.name if one.addressed_to else (one.addressed_name or None),
    }


def _moment(at: datetime) -> str:
    """As a clock in the Netherlands shows it, with its distance to UTC."""
    return timezone.localtime(at).isoformat(timespec="seconds")
