"""The record of a round: what happened, in which order, as a chain that nobody can mend afterwards (models.RoundEvent).

The head of the chain, which is the hash of its last event, is sealed in the public document; the events themselves are sealed
in the evidence for the gemeente (agendas.dossier). What went wrong is recorded too: a wrong code, a link that no longer works.
Of rounds from before there was a record nothing is made up: they have no events, or only the later ones.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from agendas.models import Endorsement, EndorsementRequest, Round, RoundEvent
from stakeholders.models import Person
from thuiswijk.lib import chain
from thuiswijk.lib.canonical import canonical, moment

# The words beside the box that is ticked by who answers, signs as the second, or writes down an answer on paper.
AGREED = "Ik heb de agenda gelezen en mag dit antwoord namens mijn partij geven."
AGREED_SECOND = "Ik heb de agenda gelezen en mag dit namens mijn partij doen."
AGREED_REGISTERED = "Dit is wat de partij mij heeft geschreven of gezegd, over precies deze versie."


def record(
    round_: Round,
    kind: str,
    *,
    request: EndorsementRequest | None = None,
    party: int | None = None,
    by: Person | None = None,
    once: bool = False,
    **facts: Any,
) -> None:
    """Adds an event to the chain of a round, as it happens: call it in the transaction of what it tells, with the round held.

    kind: one of those that agendas.dossier has words for. request: through which it happened; its party is the event's. by:
    who leads the trajectory. once: not where the last event of the request says the same, so that who clicks on and on adds
    nothing. The chain ends when the round closes: what comes later is not in it.
    """
    if not round_.is_open:
        return
    body = {"kind": kind, "party": request.party_id if request else party, **facts}
    if request is not None:
        body["request"] = request.pk
    if by is not None:
        body["by"] = by.pk
    if once and _last_of(round_, request) == body:
        return
    number, head = head_of(round_)
    previous, text = head or round_.version.digest, canonical(body | {"at": moment(timezone.now())}).decode()
    RoundEvent.objects.create(
        round=round_, number=number + 1, body=text, previous=previous, hash=chain.link(previous, text)
    )


def head_of(round_: Round) -> tuple[int, str]:
    """How many events were recorded of a round, and the hash of the last one; 0 and "" where nothing was."""
    last = round_.events.last()
    return (last.number, last.hash) if last else (0, "")


def _last_of(round_: Round, request: EndorsementRequest | None) -> dict[str, Any] | None:
    """What the last event of a request says, but for its moment."""
    pk = request.pk if request else None
    told = (event.data for event in round_.events.order_by("-number").iterator() if event.data.get("request") == pk)
    return next(({key: value for key, value in one.items() if key != "at"} for one in told), None)


def answer_of(endorsement: Endorsement) -> dict[str, Any]:
    """What is recorded of an answer: all that was said, by whom, and how it is sure who that was."""
    by, day, given_on = endorsement.registered_by_id, endorsement.decided_on, endorsement.given_on
    told: dict[str, Any] = {
        "digest": endorsement.digest,
        "agreed": AGREED_REGISTERED if by else AGREED,
        "answer": endorsement.answer,
        "reservations": endorsement.reservations,
        "text": endorsement.text,
        "name": endorsement.name,
        "function": endorsement.function,
        "on_behalf_of": endorsement.on_behalf_of,
        "mandate": endorsement.mandate,
        "decided_on": day.isoformat() if day else None,
        "method": endorsement.method,
        "code_sent_to": endorsement.code_sent_to,
        "proof": endorsement.proof,
        "given_on": given_on.isoformat() if given_on else None,
        "scan": (scan := endorsement.scan) and {"name": scan.name, "size": scan.size, "sha256": scan.sha256},
    }
    if endorsement.second_id:
        told["second"] = {
            "agreed": AGREED_SECOND,
            "request": endorsement.second_id,
            "name": endorsement.second_name,
            "function": endorsement.second_function,
            "code_sent_to": endorsement.second_code_sent_to,
        }
    elif endorsement.second_name:  # on paper, or aloud
        told["second"] = {"name": endorsement.second_name, "function": endorsement.second_function}
    return told
