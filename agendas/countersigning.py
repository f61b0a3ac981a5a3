"""Two people who sign for one party: the first one answers, the second one sees that answer and signs it, or says why not.

Until the second one signs there is no answer: what the first one answered stands with the request to the second. The second
one gets a link and a code of their own, at another address than the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from agendas import endorsing, recording
from agendas.endorsing import Colleague
from agendas.models import Endorsement, EndorsementRequest, Round, grounds_in_words, said_in_words
from stakeholders import contacts
from stakeholders.models import Person
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.links import hash_of, new_token

SECONDS = 20  # that are asked for one party in one round; each time somebody gets a mail
SAME_ADDRESS = (
    "Dit is uw eigen e-mailadres, of dat waarop de vraag kwam. Vul het adres in van iemand anders: die tekent mee."
)
SAME_NAME = "Dit is de naam van wie het antwoord gaf. Wie meetekent, is iemand anders."
SAME_PERSON = "U gaf dit antwoord zelf. Wie meetekent, is iemand anders. Log uit als u dat bent."
TOO_MANY = f"Voor uw partij is al {SECONDS} keer gevraagd om mee te tekenen. Neem contact op met de projectleider."
NOT_WAITING = "Dit antwoord wacht niet meer op iemand die meetekent. Kijk hieronder hoe het nu staat."
NO_LONGER = "Dit antwoord is intussen veranderd. Kijk in de nieuwste e-mail, of vraag het aan uw collega."


@transaction.atomic
def propose(
    request: EndorsementRequest, *, second: Colleague, code_sent_to: str = "", signed_in_as: str = "", **given: Any
) -> EndorsementRequest:
    """Keeps what the first person answered (as `endorsing.endorse` takes it), and asks the second one to sign it.

    `signed_in_as` is the address of the account by which the first one answers, "" without one. A new answer of the first
    one takes the place of the one before, while the second did not sign. The same answer twice is once. Raises Refused
    where `endorse` would, the second person reads an address of the first (also of the account), or too many were asked.
    """
    endorsing.check(request, **given)
    round_ = _open(request)
    if not EndorsementRequest.objects.filter(pk=request.pk, is_current=True).exists():
        raise Refused(endorsing.REPLACED)
    if second.email.lower() in contacts.addresses_of(request.address, code_sent_to, signed_in_as):
        raise Refused(SAME_ADDRESS)
    standing = proposed(request, second=second, **given)
    if standing is not None:
        return standing
    if round_.requests.filter(party=request.party_id, seconds__isnull=False).count() >= SECONDS:
        raise Refused(TOO_MANY)
    proposal = _kept(given) | {
        "code_sent_to": code_sent_to,
        "signed_in_as": signed_in_as,
        "answered_at": timezone.now().isoformat(),
    }
    said = {key: value for key, value in proposal.items() if key not in ("answered_at", "signed_in_as")}
    recording.record(round_, "proposed", request=request, agreed=recording.AGREED, **said)
    asked = _ask_second(round_, request, proposal=proposal, **second.known())
    told = render_to_string("agendas/emails/half.txt", _context(asked))
    endorsing.tell_leaders(round_, f"{request.party} heeft getekend, de tweede nog niet", told)
    return asked


@transaction.atomic
def ask_again(asked: EndorsementRequest, *, by: Person | None = None) -> EndorsementRequest:
    """Mails the second person a new link to the same answer of the first; the one before no longer works.

    Raises Refused where the party answered meanwhile, the round is closed, or the first one answered otherwise since.
    """
    round_ = Round.objects.held().get(pk=asked.round_id)
    if round_.endorsements.filter(party=asked.party_id).exists():
        raise Refused(f"{asked.party} heeft al geantwoord.")
    if not round_.is_open:
        raise Refused("De ronde is gesloten. Er kan geen nieuwe link meer worden gestuurd.")
    waiting = EndorsementRequest.objects.filter(pk=asked.pk, is_current=True, seconds__is_current=True)
    current = waiting.select_related("person", "seconds__party").first()
    if current is None or current.seconds is None:
        raise Refused(NOT_WAITING)
    return _ask_second(round_, current.seconds, proposal=current.proposal, by=by, **endorsing.known_as(current))


def _ask_second(
    round_: Round, first: EndorsementRequest, *, proposal: dict[str, Any], by: Person | None = None, **known: Any
) -> EndorsementRequest:
    EndorsementRequest.objects.with_second(of=first).update(is_current=False)
    token = new_token()
    asked = round_.requests.create(
        party=first.party, token_hash=hash_of(token), seconds=first, proposal=proposal, **known
    )
    recording.record(round_, "second_asked", request=asked, by=by, is_mailed=bool(asked.address))
    context = _context(asked) | {
        "grounds": grounds(asked),
        "deadline": date_format(round_.deadline, "j F Y"),
        "leader": round_.opened_by,
        "url": settings.PUBLIC_URL + reverse("endorse_link", args=[token]),
    }
    text = render_to_string("agendas/emails/countersign.txt", context)
    send_mail(f"Wilt u meetekenen voor {first.party}?", text, None, [asked.address])
    return asked


def _context(asked: EndorsementRequest) -> dict[str, Any]:
    said = said_in_words(asked.proposal)
    return {"request": asked, "agenda": asked.round.version.agenda, "answer": answer_in_words(asked), "said": said}


def proposed(request: EndorsementRequest, *, second: Colleague, **given: Any) -> EndorsementRequest | None:
    """The request by which exactly this answer waits for exactly this second person; None where there is none."""
    standing = EndorsementRequest.objects.with_second(of=request).select_related("person").first()
    if standing is None or not _kept(given).items() <= standing.proposal.items():
        return None
    is_same = second.reads_at(standing.address) and (second.name, second.function) == (standing.name, standing.function)
    return standing if is_same else None


def newest_proposal(request: EndorsementRequest) -> EndorsementRequest | None:
    """The second person who was asked last beside this request, who is to sign or would not; None where nobody was."""
    newest = request.seconded.select_related("person").order_by("-pk").first()
    return newest if newest and (newest.is_current or newest.declined_reason) else None


def _kept(given: dict[str, Any]) -> dict[str, Any]:
    return given | {"decided_on": given["decided_on"] and given["decided_on"].isoformat()}


def answer_in_words(asked: EndorsementRequest) -> str:
    """What the first person answered, as "onderschrijft volledig"."""
    return str(Endorsement.Answer(asked.proposal["answer"]).label)


def decided_on(asked: EndorsementRequest) -> date | None:
    """When was decided what the first person answered, where that was said."""
    day = asked.proposal["decided_on"]
    return date.fromisoformat(day) if day else None


def grounds(asked: EndorsementRequest) -> str:
    """By what right the first person answered, in words."""
    return grounds_in_words(asked.proposal.get("mandate", ""), decided_on(asked))


def check_second(asked: EndorsementRequest, *, reads: Iterable[str]) -> None:
    """Raises Refused where who signs reads an address of the first person: where the code came, or of the account."""
    first = asked.seconds
    assert first is not None
    by = (first.address, asked.proposal["code_sent_to"], asked.proposal.get("signed_in_as", ""))
    if contacts.addresses_of(*by) & {address.lower() for address in reads}:
        raise Refused(SAME_PERSON)


def countersign(
    asked: EndorsementRequest, *, digest: str, name: str, function: str, code_sent_to: str, signed_in_as: str = ""
) -> Endorsement:
    """Signs what the first person answered; with that it is the answer of the party. A second click gives what stands.

    Raises Refused where it is the first one who signs (by address or by name), or answered otherwise since, another version
    was shown, or the round is closed.
    """
    endorsing.check(asked, digest=digest, name=name, function=function)
    check_second(asked, reads=[code_sent_to, signed_in_as])
    if name.casefold() == asked.proposal["name"].casefold():
        raise Refused(SAME_NAME)
    with transaction.atomic():
        _open(asked)
        first = asked.seconds
        assert first is not None
        standing = Endorsement.objects.filter(second=asked).first()
        if standing is not None:
            return standing
        if not EndorsementRequest.objects.filter(pk=asked.pk, is_current=True).exists():
            raise Refused(NO_LONGER)
        proposal = {key: value for key, value in asked.proposal.items() if key != "signed_in_as"}
        answered_at = proposal.pop("answered_at")
        return endorsing.endorse(
            first,
            **proposal | {"decided_on": decided_on(asked)},
            answered_at=datetime.fromisoformat(answered_at),
            second=asked,
            second_name=name,
            second_function=function,
            second_code_sent_to=code_sent_to,
            seconded_at=timezone.now(),
        )


@transaction.atomic
def decline(asked: EndorsementRequest, *, reason: str) -> None:
    """The second person does not sign what the first one answered, and says why; the first one can answer again.

    Twice is once. Raises Refused where the second one signed already, the first one answered otherwise since, or the round
    is closed.
    """
    round_ = _open(asked)
    if EndorsementRequest.objects.filter(pk=asked.pk, declined_reason=reason).exists():
        return
    if Endorsement.objects.filter(second=asked).exists():
        raise Refused("U hebt al meegetekend. Dat antwoord blijft staan.")
    if not round_.requests.filter(pk=asked.pk, is_current=True).update(is_current=False, declined_reason=reason):
        raise Refused(NO_LONGER)
    recording.record(round_, "second_declined", request=asked, reason=reason)
    context = _context(asked) | {"reason": reason}
    if asked.seconds and asked.seconds.address:
        text = render_to_string("agendas/emails/declined.txt", context)
        send_mail(f"{asked.name} tekent niet mee", text, None, [asked.seconds.address])
    told = render_to_string("agendas/emails/declined_too.txt", context)
    endorsing.tell_leaders(round_, f"{asked.party}: de tweede tekent niet mee", told)


def _open(request: EndorsementRequest) -> Round:
    """The round of the request, locked; raises Refused where nobody can answer any more, or the party has."""
    round_ = Round.objects.held().get(pk=request.round_id)
    standing = round_.endorsements.filter(party=request.party_id).first()
    if standing is not None and standing.second_id != request.pk:
        raise Refused(f"{request.party} heeft deze versie al beantwoord. Dat eerste antwoord blijft staan.")
    if standing is None and not round_.is_open:
        raise Refused(endorsing.closed_sentence(round_))
    return round_
