"""What a party reads before it answers, and what all of them answered, as data."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from agendas import confirming, recording
from agendas.differences import amount_in_words
from agendas.expected import asked_by, asked_of
from agendas.expecting import with_replies
from agendas.models import Commitment, Document, Endorsement, EndorsementRequest, Round, grounds_in_words, said_in_words
from agendas.renewing import standing_for
from stakeholders.explaining import frozen_glossary
from stakeholders.models import Party
from thuiswijk.lib.canonical import moment
from trajectories import phases
from trajectories.models import Contribution

MOST_EXPECTATIONS = 300  # that a party's own page shows


def answers_of(round_: Round) -> dict[str, Any]:
    """The answers as one document (schema 6, docs/agenda-schema.md), in the order of the parties in the version.

    An answer that stands from an earlier version says which one, with its digest.
    """
    version, by, (events, head) = round_.version, round_.closed_by, recording.head_of(round_)
    given = standing_for(round_)
    half = {
        request.party_id: request
        for request in round_.requests.filter(is_current=True, seconds__isnull=False).exclude(party__in=given)
    }
    return {
        "schema": 6,
        "document_number": version.agenda.number,
        "version": version.number,
        "digest": version.digest,
        "opened_at": moment(round_.opened_at),
        "deadline": round_.deadline.isoformat(),
        "closed_at": moment(round_.closed_at),
        "closed_by": {"name": by.name, "function": by.function or "projectleider"} if by else None,
        "closed_reason": round_.closed_reason,
        "events": events,
        "events_head": head,
        "answers": [
            _answer(party["id"], given.get(party["id"]), half.get(party["id"])) for party in version.data["parties"]
        ],
    }


def _answer(party_id: int, endorsement: Endorsement | None, half: EndorsementRequest | None) -> dict[str, Any]:
    if endorsement is None:
        return {
            "party": party_id,
            "answer": "geen",
            "reservations": [],
            "text": "",
            "name": "",
            "function": "",
            "on_behalf_of": "",
            "mandate": "",
            "decided_on": None,
            "method": "",
            "endorsed_at": None,
            "version": None,
            "digest": None,
            "registered_by": None,
            "proof": "",
            "scan": None,
            "given_on": None,
            "handed_over": None,
            "second": None,
            "signed_alone": half and {name: half.proposal[name] for name in ("name", "function")},
        }
    by = endorsement.registered_by
    return {
        "party": party_id,
        "answer": endorsement.answer,
        "reservations": endorsement.reservations,
        "text": endorsement.text,
        "name": endorsement.name,
        "function": endorsement.function,
        "on_behalf_of": endorsement.on_behalf_of,
        "mandate": endorsement.mandate,
        "decided_on": endorsement.decided_on.isoformat() if endorsement.decided_on else None,
        "method": endorsement.method,
        "endorsed_at": moment(endorsement.endorsed_at),
        "version": endorsement.round.version.number,
        "digest": endorsement.digest,
        "registered_by": {"name": by.name, "function": by.function or "projectleider"} if by else None,
        "proof": endorsement.proof,
        "scan": endorsement.scan and endorsement.scan.sha256,
        "given_on": endorsement.given_on.isoformat() if endorsement.given_on else None,
        "handed_over": _handed_over(endorsement.request),
        "second": {
            "name": endorsement.second_name,
            "function": endorsement.second_function,
            "signed_at": endorsement.seconded_at and moment(endorsement.seconded_at),
        }
        if endorsement.second_name
        else None,
        "signed_alone": None,
    }


def _handed_over(asked: EndorsementRequest) -> dict[str, Any] | None:
    """Who gave the question to whom, before it was answered; names and functions only."""
    by = asked.handed_over_by
    if by is None:
        return None
    return {
        "by": {"name": by.name, "function": by.function},
        "to": {"name": asked.name, "function": asked.function},
    }


def shown_to(party: Party, content: dict[str, Any]) -> dict[str, Any]:
    """A frozen version as one party reads it: `mine`, the points on which it promises or declines something; `expected`, what is
    expected of it, with its answers; `theirs` and `answered`, what others promise it; then `themes`, the whole by theme. Every
    promise gets the words that the page shows."""
    names = {p["id"]: p["name"] for p in content["parties"]}
    roles = dict(Commitment.Role.choices)
    points = [
        {"signal": "", "cause": ""}  # before schema 5 a point did not say these, nor what it takes
        | point
        | {"needs": [amount_in_words(amount) for amount in point.get("amounts", [])]}
        | {"ready_on": point["ready_on"] and date.fromisoformat(point["ready_on"])}
        | {"promises": [c | {"name": names[c["party"]], "role_label": roles[c["role"]]} for c in point["commitments"]]}
        for point in content["points"]
    ]
    return {
        "content": content,
        "glossary": frozen_glossary(content.get("terms", [])),  # from schema 5 on
        "mine": [
            point | {"promises": own}
            for point in points
            if (own := [promise for promise in point["promises"] if promise["party"] == party.pk])
        ],
        "expected": asked_of(party.pk, content, names),
        "theirs": promised_beside(party.pk, points),
        "answered": asked_by(party.pk, content, names),
        "themes": [
            theme | {"points": [p for p in points if p["theme"] == theme["number"]]} for theme in content["themes"]
        ],
    }


def promised_beside(party: int, points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The points of a frozen version in which a party takes part, with what the others say there: what they promise, and can't.

    A party takes part where it leads, helps or knows most; not where it only says what it can't. In: points with their
    `promises`. Out: the points on which others say anything, with only that."""
    joined = [
        point
        for point in points
        if any(one["party"] == party and one["role"] != Commitment.Role.UNABLE for one in point["promises"])
    ]
    return [
        point | {"promises": others}
        for point in joined
        if (others := [one for one in point["promises"] if one["party"] != party])
    ]


def seen_by(party: Party) -> list[dict[str, Any]]:
    """What a party knows of each trajectory that it takes part in: where it stands, what the party promises in the newest
    frozen version, what the draft says that it will do, and what is asked of it. Nothing of what others promise."""
    frozen = confirming.newest_versions([party])
    drafted: dict[int, list[Commitment]] = {}
    for promise in confirming.drafted_for([party], frozen):
        drafted.setdefault(promise.point.trajectory_id, []).append(promise)
    said = with_replies(Contribution.objects.filter(addressed_to=party).shown())
    expected: dict[int, list[Contribution]] = {}
    for one in said[:MOST_EXPECTATIONS]:
        expected.setdefault(one.trajectory_id, []).append(one)
    return [
        {
            "trajectory": trajectory,
            "step": phases.label_of(trajectory),
            "version": frozen.get(trajectory.pk),
            "mine": shown_to(party, frozen[trajectory.pk].data)["mine"] if trajectory.pk in frozen else [],
            "drafted": drafted.get(trajectory.pk, []),
            "expected": expected.get(trajectory.pk, []),
        }
        for trajectory in party.trajectories.with_step().select_related("gemeente").order_by("name")
    ]


def answers_of_party(party: Party) -> QuerySet[Endorsement]:
    """What a party answered, the newest first, with `is_sealed`: whether the document with all answers can be had."""
    final = Document.objects.filter(
        version=OuterRef("round__version"), kind=Document.Kind.FINAL, state=Document.State.STORED
    )
    given = party.endorsements.select_related("round__version__agenda").annotate(is_sealed=Exists(final))
    return given.order_by("-endorsed_at")


def answers_in_words(document: Document) -> list[dict[str, Any]]:
    """What each party answered, as the sealed document says it, with the name of the party."""
    names = {party["id"]: party["name"] for party in document.version.data["parties"]}
    given = json.loads(bytes(document.answers)) if document.answers else {"answers": []}
    return [
        answer
        | {"party_name": names[answer["party"]]}
        | {name: answer.get(name) for name in ("second", "registered_by", "scan")}  # what older schemas do not know
        | {"grounds": grounds_of(answer), "said": said_in_words(answer)}
        for answer in given["answers"]
    ]


def grounds_of(answer: dict[str, Any]) -> str:
    """By what right somebody answered, in words, of an answer as data; "" where nobody said so, as before schema 5."""
    day = answer["decided_on"]
    return grounds_in_words(answer.get("mandate", ""), date.fromisoformat(day) if day else None)
