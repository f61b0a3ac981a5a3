"""A werkbijeenkomst speaks of one point at a time: the four questions of it, and what each party in the room thinks of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from agendas.models import Commitment, Consent, ImprovementPoint, PointOnScreen
from stakeholders.models import Party, Person
from thuiswijk.lib.canonical import canonical, digest
from thuiswijk.lib.errors import Refused
from trajectories import participants
from trajectories.models import Meeting, Trajectory

WORDS = ("title", "signal", "cause", "why", "first_step", "noticed_by", "means", "serves")
CLOSED = "Deze bijeenkomst is gesloten. Open de bijeenkomst weer als u nog iets wilt noteren."
CANCELLED = "Deze bijeenkomst gaat niet door. Er is niets te noteren."
PLANNED = "Deze bijeenkomst is nog niet open. Open eerst de bijeenkomst bij “De zaal”."
Role = Commitment.Role
Event: Any = Consent.events.rel.related_model  # type: ignore[attr-defined]


def digest_of(point: ImprovementPoint) -> str:
    """Says whether the words of a point, with its promises and its money, are still the same; prefetch them for many points."""
    promises = sorted((one.party_id, one.role, one.text) for one in point.commitments.all())
    amounts = [(one.what, one.amount, one.unit, one.source) for one in point.amounts.all()]
    words = {name: getattr(point, name) for name in WORDS} | {"ready_on": point.ready_on and point.ready_on.isoformat()}
    return digest(canonical(words | {"promises": [[*row] for row in promises], "amounts": [[*row] for row in amounts]}))


def points_of(trajectory: Trajectory) -> QuerySet[ImprovementPoint]:
    """The points in order, each with its theme and all that its digest is of."""
    return trajectory.points.select_related("theme").prefetch_related("commitments__party", "amounts")


# --- what is on the screen ----------------------------------------------------------------------------------------------
@transaction.atomic
def show(meeting: Meeting, point: ImprovementPoint) -> None:
    """From now on the beamer of this meeting shows this point. Raises Refused where the meeting is not open."""
    _check_open(Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk))
    PointOnScreen.objects.update_or_create(meeting=meeting, defaults={"point": point})


def shown_in(meeting: Meeting) -> ImprovementPoint | None:
    """The point that the beamer of this meeting shows, or None where nobody chose one yet."""
    return (
        points_of(meeting.trajectory)
        .filter(pk__in=PointOnScreen.objects.filter(meeting=meeting).values("point"))
        .first()
    )


@dataclass(frozen=True)
class Place:
    """Where a point stands among those of the trajectory: the one before it, the one after it, and which of how many it is."""

    number: int
    count: int
    previous: int | None
    next: int | None


def place_of(point: ImprovementPoint) -> Place:
    order = list(ImprovementPoint.objects.filter(trajectory=point.trajectory_id).values_list("pk", flat=True))
    at = order.index(point.pk)
    return Place(at + 1, len(order), order[at - 1] if at else None, order[at + 1] if at + 1 < len(order) else None)


@dataclass(frozen=True)
class Question:
    """One of the four questions of a werkbijeenkomst, with what the point answers to it: who, and in which words."""

    asked: str
    answers: list[tuple[str, str]]


def questions_of(point: ImprovementPoint) -> list[Question]:
    """The four things that must be clear of every point (product: "Werkbijeenkomsten")."""
    of_role: dict[str, list[tuple[str, str]]] = {role: [] for role in Role.values}
    for one in sorted(point.commitments.all(), key=lambda one: one.party.name):
        of_role[one.role].append((one.party.name, one.text))
    unable = [(f"{name} kan dit niet", text) for name, text in of_role[Role.UNABLE]]
    tasks = [("Eerste stap", point.first_step), ("Klaar op", _day(point.ready_on))]
    return [
        Question("Wie is verantwoordelijk?", of_role[Role.LEADER]),
        Question("Wat kan iedere partij, en wat niet?", of_role[Role.CONTRIBUTOR] + unable),
        Question("Wie weet er het meest van?", of_role[Role.EXPERT]),
        Question("Hoe zijn de taken verdeeld?", [(name, text) for name, text in tasks if text]),
    ]


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""


# --- what the room thinks of it -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Earlier:
    """What a party said before in the same meeting, and what was done with it if it was an objection."""

    label: str
    words: str
    reply: str


@dataclass(frozen=True)
class Voice:
    """A party in the room: what it is in this point, and what it said of it in this meeting."""

    party: int
    name: str
    roles: list[str] = field(default_factory=list)
    answer: str = ""
    label: str = ""
    words: str = ""
    is_earlier: bool = False  # said of a text that was changed since
    before: list[Earlier] = field(default_factory=list)


def room_of(meeting: Meeting, point: ImprovementPoint) -> list[Voice]:
    """The parties that are there, and those of which something was noted, by name."""
    said = {consent.party_id: consent for consent in meeting.consents.filter(point=point)}
    there = {party for party in participants.present_at([meeting.pk])[meeting.pk] if party} | set(said)
    roles: dict[int, list[str]] = {}
    for role, label in Role.choices:
        for one in point.commitments.all():
            if one.role == role:
                roles.setdefault(one.party_id, []).append(label)
    now, before = digest_of(point), said_before(said.values())
    return [
        Voice(pk, name, roles.get(pk, []), **_said(said.get(pk), now, before))
        for pk, name in Party.objects.filter(pk__in=there).order_by("name").values_list("pk", "name")
    ]


def _said(consent: Consent | None, now: str, before: dict[int, list[Earlier]]) -> dict[str, Any]:
    if consent is None:
        return {}
    return {
        "answer": consent.answer,
        "label": consent.get_answer_display(),
        "words": consent.words,
        "is_earlier": consent.digest != now,
        "before": before[consent.pk],
    }


def said_before(consents: Iterable[Consent]) -> dict[int, list[Earlier]]:
    """What was said before each of these, the first thing first, as the history keeps it; what was said again is said once."""
    said: dict[int, list[Earlier]] = {consent.pk: [] for consent in consents}
    told: dict[int, tuple[str, str]] = {}
    for event in Event.objects.filter(pgh_obj__in=said).order_by("pgh_id"):
        one = Earlier(event.get_answer_display(), event.words, event.reply)
        if told.get(event.pgh_obj_id) == (event.answer, event.words):
            said[event.pgh_obj_id].pop()
        told[event.pgh_obj_id] = (event.answer, event.words)
        said[event.pgh_obj_id].append(one)
    return {pk: earlier[:-1] for pk, earlier in said.items()}  # the last is what stands


def heard_in(meeting: Meeting) -> list[dict[str, Any]]:
    """What was said in this meeting of each point, as its report says it (trajectories.report_content)."""
    consents = list(meeting.consents.select_related("party").order_by("party__name", "pk"))
    of_point, before = defaultdict(list), said_before(consents)
    for consent in consents:
        of_point[consent.point_id].append(consent)
    return [
        {
            "subject": point.title,
            "theme": point.theme.name,
            "parties": [_heard(one, digest_of(point), before[one.pk]) for one in of_point[point.pk]],
        }
        for point in points_of(meeting.trajectory).filter(pk__in=of_point)
    ]


def _heard(consent: Consent, now: str, before: list[Earlier]) -> dict[str, Any]:
    return {
        "party": consent.party.name,
        "answer": consent.get_answer_display(),
        "words": consent.words,
        "reply": consent.reply,
        "is_earlier": consent.digest != now,
        "before": [{"answer": one.label, "words": one.words, "reply": one.reply} for one in before],
    }


@transaction.atomic
def note(
    point: ImprovementPoint, *, party: Party, meeting: Meeting, answer: str, words: str, seen: str, by: Person
) -> Consent:
    """Writes down what a party in the room says of a point, in place of what it said before in this meeting.

    `seen` is the digest of the words that were on the page. Raises Refused where they are others now, where the meeting is
    not open, and where the party is not there.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    point = ImprovementPoint.objects.select_for_update(of=("self",), no_key=True).get(pk=point.pk)
    _check_open(meeting)
    if not participants.present_at([meeting.pk])[meeting.pk].get(party.pk):
        raise Refused(f"{party} is er niet volgens de lijst. Tel de partij eerst mee bij “Aanwezig”.")
    if seen != digest_of(point):
        raise Refused(
            "De tekst van dit punt is net veranderd. Ververs de pagina, lees het punt voor en vraag het opnieuw."
        )
    said = {"answer": answer, "words": words, "digest": seen, "noted_at": timezone.now(), "noted_by": by}
    # What was done with an objection was of other words.
    open_again = {"reply": "", "replied_at": None, "replied_by": None}
    return Consent.objects.update_or_create(point=point, party=party, meeting=meeting, defaults=said | open_again)[0]


@transaction.atomic
def take_back(point: ImprovementPoint, *, party: Party, meeting: Meeting) -> bool:
    """A slip of the finger: as if nothing was noted yet. The history keeps it. Answers whether there was something."""
    _check_open(Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk))
    return bool(Consent.objects.filter(point=point, party=party, meeting=meeting).delete()[0])


def why_not(meeting: Meeting) -> str:
    """Why nothing can be shown or noted in this meeting now; nothing where it can."""
    State = Meeting.State
    return {State.CLOSED: CLOSED, State.CANCELLED: CANCELLED, State.PLANNED: PLANNED}.get(State(meeting.state), "")


def _check_open(meeting: Meeting) -> None:
    if why := why_not(meeting):
        raise Refused(why)


@transaction.atomic
def reply(consent: Consent, *, text: str, by: Person) -> None:
    """Says what was done with an objection; from then on it is no gap of the draft. Raises Refused where it is none any more."""
    consent = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    if not consent.is_objection:
        raise Refused(f"{consent.party} heeft geen bezwaar meer. Een antwoord is niet nodig.")
    consent.reply, consent.replied_at, consent.replied_by = text, timezone.now(), by
    consent.save(update_fields=["reply", "replied_at", "replied_by"])


def said_of(point: ImprovementPoint) -> list[Consent]:
    """Everything that parties said of a point, the last first; each knows as `is_earlier` whether the text is another one
    now, and as `before` what the party said before it in that meeting.
    """
    consents = list(
        point.consents.select_related("party", "meeting", "noted_by", "replied_by").order_by("-noted_at", "-pk")
    )
    now, before = digest_of(point), said_before(consents)
    for consent in consents:
        consent.before = before[consent.pk]  # type: ignore[attr-defined]
        consent.is_earlier = consent.digest != now  # type: ignore[attr-defined]
    return consents


def open_objections(trajectory: Trajectory) -> Iterable[Consent]:
    """The objections to which nobody replied, of parties that did not agree since, in whatever meeting."""
    consents = Consent.objects.filter(point__trajectory=trajectory).select_related("party", "point")
    last = consents.order_by("point_id", "party_id", "-noted_at", "-pk").distinct("point_id", "party_id")
    return (consent for consent in last if consent.is_objection and not consent.reply)
