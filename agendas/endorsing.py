"""Asking the parties to put their name under a version, taking their answers, and closing the round."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Subquery
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from agendas import recording, renewing, sealing, versions
from agendas.answers import answers_of
from agendas.documents import unprintable_texts
from agendas.models import AgendaVersion, Document, Endorsement, EndorsementRequest, Round, Scan
from stakeholders.contacts import addresses_of, reading
from stakeholders.models import Membership, Party, PartyQuerySet, Person
from thuiswijk.lib.canonical import canonical
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.links import hash_of, new_token
from thuiswijk.lib.scans import Scanned
from thuiswijk.lib.wake import wake
from trajectories import phases
from trajectories.models import Step

NEW_VERSION = (
    "Er is een nieuwe versie van deze agenda. Lees die eerst; uw antwoord op de oude versie is niet opgeslagen."
)
NOT_OPEN = "De ronde is gesloten of ingetrokken. Er kan geen antwoord meer worden genoteerd."
OWN_ADDRESS = "Dit is het adres waarop u de vraag zelf kreeg. Vul het e-mailadres van uw collega in."
NEEDS_TWO = "Voor deze partij tekenen twee mensen. Vul in wie er meetekent."
REPLACED = "Deze link is vervangen door een nieuwe. Gebruik de link in de nieuwste e-mail."
WITHDRAWN = "Deze versie is ingetrokken. Uw antwoord is niet opgeslagen. U hoeft niets te doen."
NOT_SAVED = (
    "Uw antwoord is niet opgeslagen. Probeer het opnieuw. Lukt het niet? Neem dan contact op met de projectleider."
)
CLOSED = "De ronde is gesloten. Uw antwoord is niet opgeslagen. Neem contact op met de projectleider."


class Colleague(NamedTuple):
    """Who is asked for a party beside, or in the place of, its contact person."""

    email: str
    name: str
    function: str

    def reads_at(self, address: str) -> bool:
        return self.email.lower() == address.lower()

    def known(self) -> dict[str, Any]:
        """Who it is, as a request keeps that."""
        return {"person": reading(self.email, name=self.name), "name": self.name, "function": self.function}


def known_as(somebody: Membership | EndorsementRequest | None) -> dict[str, Any]:
    """Who somebody is, as a request keeps that: as the contact person of the party, or as another request has it."""
    if somebody is None:
        return {}
    return {"person": somebody.person, "name": somebody.name, "function": somebody.function}


@transaction.atomic
def open_round(version: AgendaVersion, *, deadline: date, by: Person) -> Round:
    """Lays a version before every party of its content and mails each contact person a link.

    Of a second version only the parties are asked that a change touches (agendas.renewing). Asking twice gives the same
    round. Raises Refused where the deadline is past, a newer version exists, or the round of an older version is still open.
    """
    if deadline < timezone.localdate():
        raise Refused("De einddatum ligt in het verleden. Kies vandaag of een latere dag.")
    agenda = version.agenda
    type(agenda).objects.select_for_update().get(pk=agenda.pk)  # one round at a time
    standing = Round.objects.filter(version=version).first()
    if standing is not None:
        return standing
    if agenda.versions.filter(number__gt=version.number).exists():
        raise Refused("Er is een nieuwere versie. Leg die aan de partijen voor.")
    round_ = Round.objects.create(version=version, deadline=deadline, opened_by=by)
    recording.record(round_, "opened", by=by, digest=version.digest, deadline=deadline.isoformat())
    asked = {party["id"] for party in version.data["parties"]} - renewing.carry_over(round_)
    for party in Party.objects.filter(pk__in=asked).order_by("pk"):
        ask(round_, party)
    phases.reach(agenda.trajectory, Step.ENDORSING, by=by)
    return round_


@transaction.atomic
def ask(
    round_: Round,
    party: Party,
    *,
    to: Colleague | None = None,
    handed_over_by: EndorsementRequest | None = None,
    by: Person | None = None,
) -> EndorsementRequest:
    """Makes a link of 256 bits for a party, of which only the hash is kept, and mails it to the contact person, or `to` another.

    `by` is who leads the trajectory and sends a new link. A link from before no longer works, nor does that of a second
    person who was to sign what was answered by it. A party without contact person gets a request without a mail. Raises
    Refused where the round is closed or the party answered already.
    """
    round_ = Round.objects.held().get(pk=round_.pk)
    if not round_.is_open:
        raise Refused("De ronde is gesloten. Er kan geen nieuwe link meer worden gestuurd.")
    if round_.endorsements.filter(party=party).exists():
        raise Refused(f"{party} heeft al geantwoord.")
    round_.requests.filter(party=party, is_current=True).update(is_current=False)
    token = new_token()
    known = to.known() if to else known_as(party.contact)
    request = round_.requests.create(party=party, token_hash=hash_of(token), handed_over_by=handed_over_by, **known)
    kind = "handed_over" if handed_over_by else "asked"
    recording.record(round_, kind, request=request, by=by, is_mailed=bool(request.address))
    if request.address:
        context = {
            "version": round_.version,
            "agenda": round_.version.agenda,
            "gemeente": round_.version.data["gemeente"]["name"],
            "party": party,
            "promises": any(
                made["party"] == party.pk for point in round_.version.data["points"] for made in point["commitments"]
            ),
            "needs_two": party.signatories == 2,
            "request": request,
            "handed_over_by": handed_over_by,
            "leader": round_.opened_by,
            "deadline": date_format(round_.deadline, "j F Y"),
            "url": settings.PUBLIC_URL + reverse("endorse_link", args=[token]),
        }
        subject = f"Wilt u de {round_.version.agenda.title} onderschrijven?"
        send_mail(subject, render_to_string("agendas/emails/endorse.txt", context), None, [request.address])
    return request


def request_of(token: str) -> EndorsementRequest | None:
    """The request that this link was sent for; no longer current where a newer link took its place."""
    return EndorsementRequest.objects.filter(token_hash=hash_of(token)).first()


@transaction.atomic
def note_old_link(request: EndorsementRequest) -> None:
    """Records that somebody followed a link that was replaced by a newer one, while the round is open."""
    if not request.round.is_open:
        return  # without holding the round: anybody may follow an old link for ever
    recording.record(Round.objects.held().get(pk=request.round_id), "link_old", request=request, once=True)


def check(request: EndorsementRequest, **given: Any) -> None:
    """Raises Refused where an answer can't be taken whatever stands: to another version, or with signs that can't be printed."""
    if given["digest"] != request.round.version.digest:
        raise Refused(NEW_VERSION)
    for text, signs in unprintable_texts(given):
        raise Refused(versions.unprintable_sentence(text, signs))


def endorse(
    request: EndorsementRequest,
    *,
    digest: str,
    answer: str,
    reservations: list[dict[str, str]],
    text: str,
    name: str,
    function: str,
    on_behalf_of: str,
    decided_on: date | None,
    mandate: str = "",
    method: str = Endorsement.Method.LINK,
    code_sent_to: str = "",
    registered_by: Person | None = None,
    proof: str = "",
    scan: Scanned | None = None,
    given_on: date | None = None,
    answered_at: datetime | None = None,
    **seconded: Any,
) -> Endorsement:
    """Records one party's answer to the version that was shown to it, once; `reservations` say of which point, and what.

    The deadline is soft: an answer counts until the projectleider closes the round, for a late yes is a yes. An answer that was
    given on paper or aloud is `registered_by` who leads the trajectory, with the day, and the `proof` of it in words or as a
    `scan`; the party is told. Where two sign for the party, `seconded` says who the second was (of an answer on paper: by
    name and function), and `answered_at` when the first answered (agendas.countersigning). `digest` is the one that stood on
    the page. A second click gives the answer that stands.
    Raises Refused where another version or other words are endorsed, or the round is closed; the database refuses the same,
    for whoever comes around.
    """
    round_ = request.round
    given: dict[str, Any] = {
        "digest": digest,
        "answer": answer,
        "reservations": reservations,
        "text": text,
        "name": name,
        "function": function,
        "on_behalf_of": on_behalf_of,
        "decided_on": decided_on,
        "mandate": mandate,
    }
    check(request, **given, proof=proof, **seconded if registered_by else {})
    try:
        with transaction.atomic():
            # A lock that the closing of the round waits for: this answer is in the document, or is told that it is too late.
            round_ = Round.objects.held().get(pk=round_.pk)
            standing = round_.endorsements.filter(party=request.party_id)
            asked = EndorsementRequest.objects.filter(pk=request.pk).annotate(is_answered=Exists(standing))
            is_answered, is_current, signatories = asked.values_list(
                "is_answered", "is_current", "party__signatories"
            ).get()
            if is_answered:
                noted = {"method": method, "proof": proof, "given_on": given_on} | seconded
                return _standing(standing.get(), given | (noted if registered_by else {}), scan=scan)
            if not is_current:
                raise Refused(REPLACED)
            if not round_.is_open:
                raise Refused(NOT_OPEN if registered_by else closed_sentence(round_))
            if signatories == 2 and not seconded:
                raise Refused(NEEDS_TWO)
            endorsement = Endorsement.objects.create(
                round=round_,
                party=request.party,
                request=request,
                method=method,
                code_sent_to=code_sent_to,
                registered_by=registered_by,
                proof=proof,
                scan=scan and _keep(scan, request),
                given_on=given_on,
                endorsed_at=answered_at or timezone.now(),
                **given,
                **seconded,
            )
            kind = "registered" if registered_by else "answered"
            recording.record(round_, kind, request=request, by=registered_by, **recording.answer_of(endorsement))
            _tell(endorsement)
            if registered_by is not None:
                _tell_registered(endorsement)
    except IntegrityError as error:  # the database knows better than we did: not the round, that we held
        raise Refused(NEEDS_TWO if not seconded and needs_two(request) else NOT_SAVED) from error
    return endorsement


def _standing(standing: Endorsement, words: dict[str, Any], *, scan: Scanned | None) -> Endorsement:
    """The answer that stands, for a second click; raises Refused where that click says something else, or has another scan."""
    kept = Scan.objects.filter(endorsement=standing).values_list("sha256", flat=True).first() if scan else None
    is_other_scan = scan is not None and scan.sha256 != kept
    if is_other_scan or any(getattr(standing, field) != value for field, value in words.items()):
        raise Refused(f"{standing.party} heeft deze versie al beantwoord. Dat eerste antwoord blijft staan.")
    return standing


def _keep(scan: Scanned, request: EndorsementRequest) -> Scan:
    """Keeps a scan in the database, where it is as safe, as private and as whole as the answer that it belongs to."""
    return request.scans.create(
        name=scan.name, kind=scan.kind, size=len(scan.data), sha256=scan.sha256, content=scan.data
    )


def needs_two(request: EndorsementRequest) -> bool:
    """Whether two sign for the party now: that can change while a version lies with it."""
    return Party.objects.filter(pk=request.party_id, signatories=2).exists()


def closed_sentence(round_: Round) -> str:
    """Why a party can't answer any more."""
    return WITHDRAWN if round_.is_withdrawn else CLOSED


def _tell(endorsement: Endorsement) -> None:
    """Tells every projectleider at once what a party answered, with the reason; and whether it was the last one."""
    round_ = endorsement.round
    context = {"endorsement": endorsement, "is_complete": not unanswered(round_).exists()}
    subject = f"{endorsement.party} {endorsement.get_answer_display()}"
    tell_leaders(round_, subject, render_to_string("agendas/emails/answered.txt", context))


def tell_leaders(round_: Round, subject: str, text: str) -> None:
    """Mails every projectleider of the trajectory, with the address of the page where the answers stand."""
    url = settings.PUBLIC_URL + reverse("version_detail", args=[round_.version_id])
    leaders = round_.version.agenda.trajectory.leaders.exclude(person__email="")
    for address in leaders.order_by("pk").values_list("person__email", flat=True):
        send_mail(subject, f"{text.strip()}\n\n{url}", None, [address])


def _tell_registered(endorsement: Endorsement) -> None:
    """Tells the party what was written down for it: who did not say that, says so."""
    address = endorsement.request.address
    if not address:
        return
    context = {"endorsement": endorsement, "agenda": endorsement.round.version.agenda, "request": endorsement.request}
    subject = f"Het antwoord van {endorsement.party} is genoteerd"
    send_mail(subject, render_to_string("agendas/emails/registered.txt", context), None, [address])


@transaction.atomic
def hand_over(request: EndorsementRequest, *, to: Colleague) -> EndorsementRequest:
    """Gives the question to a colleague, who gets a link; who gives it is told at the own address, and the projectleider too.

    Twice to the same colleague is once. Raises Refused where the party answered, the link was replaced, the round is
    closed, or the colleague is who was asked already.
    """
    round_ = Round.objects.held().get(pk=request.round_id)
    given = request.handed_over.filter(person__email__iexact=to.email, is_current=True).first()
    if given is not None:
        return given
    if not round_.is_open:
        raise Refused(closed_sentence(round_))
    if not EndorsementRequest.objects.filter(pk=request.pk, is_current=True).exists():
        raise Refused(REPLACED)
    if to.email.lower() in addresses_of(request.address):
        raise Refused(OWN_ADDRESS)
    asked = ask(round_, request.party, to=to, handed_over_by=request)
    context = {"request": request, "asked": asked, "agenda": round_.version.agenda}
    text = render_to_string("agendas/emails/handed_over.txt", context)
    if request.address:
        send_mail(f"U gaf de vraag voor {request.party} door", text, None, [request.address])
    tell_leaders(
        round_, f"{request.party} gaf de vraag door", render_to_string("agendas/emails/passed_on.txt", context)
    )
    return asked


@transaction.atomic
def postpone(round_: Round, *, deadline: date, by: Person | None = None) -> Round:
    """Gives the parties more time, and tells those that did not answer yet. The same day twice is once.

    Raises Refused for a day that is not later than the one that stands, or where the round is closed.
    """
    round_ = Round.objects.held().get(pk=round_.pk)
    if not round_.is_open:
        raise Refused("De ronde is gesloten. De partijen kunnen niet meer antwoorden.")
    today = timezone.localdate()
    if deadline == round_.deadline >= today:
        return round_
    if deadline <= round_.deadline or deadline < today:
        last = max(round_.deadline, today - timedelta(days=1))
        raise Refused(f"Kies een latere dag dan {date_format(last, 'j F Y')}.")
    days: dict[str, Any] = {"deadline": deadline.isoformat(), "before": round_.deadline.isoformat()}
    recording.record(round_, "postponed", by=by, **days)
    round_.deadline = deadline
    round_.save(update_fields=["deadline"])
    waiting = EndorsementRequest.objects.unanswered().filter(round=round_)
    waiting.update(reminders=0)  # of the day before
    for request in waiting.select_related("person", "party__gemeente").order_by("pk"):
        if request.address:
            context = {
                "request": request,
                "agenda": round_.version.agenda,
                "leader": round_.opened_by,
                "deadline": date_format(deadline, "l j F Y"),
            }
            subject = f"U hebt langer de tijd: {round_.version.agenda.title}"
            send_mail(subject, render_to_string("agendas/emails/postponed.txt", context), None, [request.address])
    return round_


def unanswered(round_: Round) -> PartyQuerySet:
    """The parties that were asked and did not answer yet, the gemeente first; with whom was asked (`asked_name`), and when.

    Where two sign and only one did: `first_name` answered, and `second_name` was asked to sign with them; or, where that one
    will not sign, `declined_name` and `declined_reason`."""
    current = round_.requests.of_first().filter(party=OuterRef("pk"), is_current=True)
    declined = round_.requests.filter(party=OuterRef("pk"), seconds__is_current=True).order_by("-pk")
    waits_for = round_.requests.filter(party=OuterRef("pk"), is_current=True, seconds__isnull=False)
    asked = Party.objects.filter(pk__in=round_.requests.values("party")).annotate(
        asked_name=Subquery(current.values("name")[:1]),
        asked_at=Subquery(current.values("asked_at")[:1]),
        handed_over_by=Subquery(current.values("handed_over_by__name")[:1]),
        first_name=Subquery(waits_for.values("proposal__name")[:1]),
        second_name=Subquery(waits_for.values("name")[:1]),
        second_asked_at=Subquery(waits_for.values("asked_at")[:1]),
        declined_name=Subquery(declined.values("name")[:1]),
        declined_reason=Subquery(declined.values("declined_reason")[:1]),
    )
    return asked.exclude(pk__in=round_.endorsements.values("party")).gemeente_first()


def how_many_are_missing(count: int) -> str:
    """The sentence that asks for a reason to close the round all the same."""
    parties = "1 partij heeft" if count == 1 else f"{count} partijen hebben"
    return f"{parties} nog niet geantwoord. Schrijf op waarom u de ronde toch sluit."


@transaction.atomic
def close_round(round_: Round, *, by: Person, reason: str = "") -> Document:
    """Closes the round and orders the final document, with every answer as it stands in this moment.

    Closing twice gives the same document. Raises Refused where parties did not answer and no `reason` says why we close all
    the same; the document then says who did not answer.
    """
    round_ = Round.objects.held().get(pk=round_.pk)
    if round_.is_withdrawn:
        raise Refused("Deze versie is ingetrokken. Er komt geen vastgesteld document van.")
    if not round_.is_open:
        return round_.version.documents.get(kind=Document.Kind.FINAL)
    missing = list(unanswered(round_))
    if missing and not reason:
        raise Refused(how_many_are_missing(len(missing)))
    silent = [party.pk for party in missing]
    recording.record(round_, "closed", by=by, reason=reason if missing else "", missing=silent)
    round_.closed_at, round_.closed_by, round_.closed_reason = timezone.now(), by, reason if missing else ""
    round_.save(update_fields=["closed_at", "closed_by", "closed_reason"])
    document = Document.objects.create(
        version=round_.version, kind=Document.Kind.FINAL, answers=canonical(answers_of(round_))
    )
    phases.reach(round_.version.agenda.trajectory, Step.SEALING, by=by)
    wake("agendas.build_document", document.pk)
    return document


@transaction.atomic
def withdraw(version: AgendaVersion, *, by: Person, reason: str) -> Round:
    """Takes a version back that lies with the parties, and mails the reason to all who were asked or whose answer stood.

    What was answered stays on record and counts for a next version as any answer does, so the evidence of it is ordered.
    Withdrawing twice changes nothing. Raises Refused where the round was closed already: what is
    sealed stays, and is followed by a new version.
    """
    round_ = Round.objects.held().get(version=version)
    if round_.is_withdrawn:
        return round_
    if not round_.is_open:
        raise Refused("De ronde is al gesloten. Maak een nieuwe versie als er iets moet veranderen.")
    recording.record(round_, "withdrawn", by=by, reason=reason)
    round_.closed_at, round_.closed_by, round_.closed_reason = timezone.now(), by, reason
    round_.is_withdrawn = True
    round_.save(update_fields=["closed_at", "closed_by", "closed_reason", "is_withdrawn"])
    sealing.order_evidence(round_)
    answered = set(round_.endorsements.values_list("party", flat=True))
    asked = list(round_.requests.filter(is_current=True).select_related("person", "party__gemeente").order_by("pk"))
    for request in asked:
        _tell_withdrawn(round_, request, has_answered=request.party_id in answered)
    stood = round_.carried.exclude(party__in=[request.party_id for request in asked])
    for carried in stood.select_related("endorsement").order_by("party"):
        for request in carried.endorsement.asked_of():
            _tell_withdrawn(round_, request, has_answered=True)
    return round_


def _tell_withdrawn(round_: Round, request: EndorsementRequest, *, has_answered: bool) -> None:
    """Tells who was asked, in this round or in the one of the answer that stood, where there is an address."""
    if not request.address:
        return
    context = {
        "is_second": request.seconds_id is not None and not has_answered,
        "name": request.name,
        "party": request.party.name,
        "version": round_.version,
        "agenda": round_.version.agenda,
        "reason": round_.closed_reason,
        "has_answered": has_answered,
        "leader": round_.closed_by,
        "gemeente": request.party.gemeente.name,
    }
    subject = f"Versie {round_.version.number} van de {round_.version.agenda.title} is ingetrokken"
    send_mail(subject, render_to_string("agendas/emails/withdrawn.txt", context), None, [request.address])
