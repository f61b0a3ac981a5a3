"""That who answers for a party is who was asked: a code by mail at the moment of answering, as a link can be forwarded.

Eight digits, of which only a keyed hash is kept, bound to this request, this version and what is done with it: a code that
was asked to give the question to a colleague confirms no answer (ISO/IEC 29115 calls it out of band).
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from agendas import recording
from agendas.models import EndorsementRequest, Round
from thuiswijk.lib.errors import Refused

MINUTES = 10  # that a code works
TRIES = 5  # at one code
CODES = 20  # for one link; then the projectleider sends a new link
PAUSE_SECONDS = 60  # between two codes: a double click mails one
ANSWER, COUNTERSIGN, HAND_OVER = "antwoorden", "meetekenen", "doorgeven"  # what a code is for
SUBJECTS = {
    ANSWER: "Uw code om te antwoorden",
    COUNTERSIGN: "Uw code om mee te tekenen",
    HAND_OVER: "Uw code om de vraag door te geven",
}
NO_ADDRESS = "Wij hebben geen e-mailadres van u. Vraag de projectleider om een nieuwe link."
TOO_MANY = "Er zijn te veel codes gevraagd met deze link. Vraag de projectleider om een nieuwe link."
EXPIRED = "Deze code werkt niet meer. Een code werkt tien minuten. Vraag een nieuwe code."
WRONG = "Deze code klopt niet. Kijk in de nieuwste e-mail en vul de acht cijfers in."


@transaction.atomic
def send_code(request: EndorsementRequest, *, to: str, name: str = "", act: str = ANSWER) -> None:
    """Mails a new code for this act, which makes the one before useless; for the same act not again within a minute.

    Raises Refused where there is no address, or too many codes were asked for with this link.
    """
    request = _held(request)
    now = timezone.now()
    is_fresh = request.code_sent_at and now - request.code_sent_at < timedelta(seconds=PAUSE_SECONDS)
    if is_fresh and request.code_hash and request.code_for == act:
        return
    if not to:
        raise Refused(NO_ADDRESS)
    if request.codes_sent >= CODES:
        raise Refused(TOO_MANY)
    code = f"{secrets.randbelow(10**8):08}"
    request.code_hash, request.code_for = _hash(request, act, code), act
    request.code_sent_at, request.code_tries = now, 0
    request.codes_sent += 1
    request.save(update_fields=["code_hash", "code_for", "code_sent_at", "code_tries", "codes_sent"])
    whose = "link" if to.lower() == request.address.lower() else "account"  # in which the contact person is signed in
    recording.record(request.round, "code_sent", request=request, to=whose)
    context = {
        "act": act,
        "name": name or request.name,
        "code": f"{code[:4]} {code[4:]}",
        "minutes": MINUTES,
        "party": request.party.name,
        "agenda": request.round.version.agenda,
    }
    send_mail(SUBJECTS[act], render_to_string("agendas/emails/code.txt", context), None, [to])


def _held(request: EndorsementRequest) -> EndorsementRequest:
    """The request as it stands, locked until the transaction ends; the round before it, as every verb that asks takes them."""
    Round.objects.held().get(pk=request.round_id)
    waiting = EndorsementRequest.objects.select_for_update(of=("self",)).select_related("round__version", "person")
    return waiting.get(pk=request.pk)


def has_code(request: EndorsementRequest) -> bool:
    """Whether a code was mailed that still works."""
    sent_at = request.code_sent_at
    return bool(request.code_hash and sent_at and timezone.now() - sent_at < timedelta(minutes=MINUTES))


def check_code(request: EndorsementRequest, code: str, *, act: str = ANSWER) -> None:
    """Uses up the code that was mailed for this act. Raises Refused where it is another one, is too old, or was tried too often.

    Call it inside a transaction, and let that end well after a Refused: the try counts.
    """
    request = _held(request)
    if not has_code(request) or request.code_tries >= TRIES:
        recording.record(request.round, "code_expired", request=request, once=True)
        raise Refused(EXPIRED)
    digits = "".join(sign for sign in code if sign.isdecimal())
    if not constant_time_compare(request.code_hash, _hash(request, act, digits)):
        EndorsementRequest.objects.filter(pk=request.pk).update(code_tries=request.code_tries + 1)
        recording.record(request.round, "code_wrong", request=request, tries=request.code_tries + 1)
        raise Refused(EXPIRED if request.code_tries + 1 >= TRIES else WRONG)
    EndorsementRequest.objects.filter(pk=request.pk).update(code_hash="")
    recording.record(request.round, "code_right", request=request)


def _hash(request: EndorsementRequest, act: str, code: str) -> str:
    bound = f"{request.pk}:{request.round.version.digest}:{act}:{code}"
    return salted_hmac("agendas.proving", bound, algorithm="sha256").hexdigest()
