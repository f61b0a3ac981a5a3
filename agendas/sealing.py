"""The worker's side: a document is claimed, drawn from what was frozen, sealed where it is final, and stored.

The row is the work order and the truth (thuiswijk.lib.work): a killed worker, or a message delivered twenty times, ends in
one document.
"""

from __future__ import annotations

import uuid
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from agendas.documents import draw_document
from agendas.dossier import draw_dossier, evidence_of
from agendas.models import Document, Round, RoundEvent
from agendas.renewing import standing_for
from thuiswijk.lib import files, pdf, work
from thuiswijk.lib.canonical import canonical
from thuiswijk.lib.wake import wake
from trajectories import phases
from trajectories.models import Step

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer

    from thuiswijk.lib.seal import SealReport

log = structlog.get_logger(__name__)
BUILD = "agendas.build_document"
REASONS: dict[str, str] = {
    Document.Kind.FINAL: "Vastgestelde verbeteragenda",
    Document.Kind.EVIDENCE: "Bewijsdossier bij verbeteragenda",
}


def documents_folder() -> Path:
    """Where documents are kept, by digest."""
    return Path(settings.MEDIA_ROOT) / "documents"


def build(document_id: int) -> bool:
    """Makes one document, if it is this worker's turn. Answers whether it was stored.

    A failure puts the document back in the queue, with what went wrong; after `Document.MAX_ATTEMPTS` it is parked until
    somebody asks for it again. Where a timestamp service is set, no document is sealed without it: it waits.
    """
    from thuiswijk.lib.seal import SealError  # here: the web process never needs it
    from thuiswijk.lib.timestamps import TimestampError

    claim = work.claim(Document.objects.all(), document_id)
    if claim is None:
        return False
    document = Document.objects.select_related("version__agenda__trajectory__gemeente").get(pk=document_id)
    try:
        data, pages, report = _make(document, claim)
        work.tell(document, claim, "opslaan")
        return _finish(document, claim, data, pages, report)
    except TimestampError as error:
        log.warning("timestamp_failed", document=document_id, error=str(error))
        work.put_off(document, claim, error, step=Document.AWAITING_TIMESTAMP)
        return False
    except Exception as error:  # whatever it was: the order stands, and the page says so
        log.exception("document_failed", document=document_id)
        if isinstance(error, SealError):
            drop_signer()
        work.give_back(document, claim, error)
        return False


def _make(document: Document, claim: uuid.UUID) -> tuple[bytes, int, SealReport | None]:
    """The bytes of the document, its number of pages, and where it is sealed what the seal says."""
    work.tell(document, claim, "bladzijden opmaken")
    answers = bytes(document.answers) if document.answers else None
    if document.kind == Document.Kind.EVIDENCE:
        assert answers is not None
        data = draw_dossier(answers)
    else:
        data = draw_document(bytes(document.version.content), answers)
    data = pdf.repack(data)
    pages = pdf.page_count(data)
    if document.is_to_be_sealed:
        work.tell(document, claim, "verzegelen")
        data, report = _seal(document, data)
        return data, pages, report
    return data, pages, None


def _seal(document: Document, data: bytes) -> tuple[bytes, SealReport]:
    """The drawn document sealed, at the level that the settings ask for, and what our own check says of it.

    Raises SealError where that check does not approve: nothing of it is stored.
    """
    from thuiswijk.lib import seal, timestamps

    url = settings.SEAL_TIMESTAMP_URL
    roots = seal.load_certificates(Path(settings.SEAL_ROOTS)) if settings.SEAL_ROOTS else []
    data = seal.seal(
        data,
        signer=signer(),
        reason=f"{REASONS[document.kind]} {document.version.code}",
        location=document.version.agenda.trajectory.gemeente.name,
        timestamper=timestamps.TimestampService(url, seconds=settings.SEAL_TIMESTAMP_SECONDS) if url else None,
        roots=roots,
    )
    report = seal.check(data, trusted=roots)
    is_proved = report.is_trusted and report.is_time_trusted and report.level == "B-LTA"
    if not report.is_whole or (roots and not is_proved):
        raise seal.SealError(f"what was sealed does not hold: {report}")
    return data, report


@transaction.atomic
def _finish(document: Document, claim: uuid.UUID, data: bytes, pages: int, report: SealReport | None) -> bool:
    """Stores the file first and then the fact; only the worker that holds the claim gets to say so."""
    from thuiswijk.lib.seal import SealReport

    sha256 = files.store(documents_folder(), data)
    report = report or SealReport()
    stored = work.held(document, claim).update(
        state=Document.State.STORED,
        step="",
        sha256=sha256,
        size=len(data),
        pages=pages,
        stored_at=timezone.now(),
        sealed_by=report.organisation,
        signed_at=report.signed_at,
        timestamped_by=report.timestamped_by[:200],
        seal_level=report.level,
    )
    if stored and document.kind == Document.Kind.FINAL:
        phases.reach(document.version.agenda.trajectory, Step.FOLLOW_UP, by=document.version.round.closed_by)
        _send_copies(document)
        document.refresh_from_db(fields=["sha256", "stored_at"])
        order_evidence(document.version.round, document)
    return bool(stored)


def order_evidence(round_: Round, final: Document | None = None) -> None:
    """Orders the evidence of a closed round, beside its stored final document; a withdrawn one has none.

    What goes wrong here undoes nothing of what was stored or withdrawn: the next sweep tries again.
    """
    try:
        with transaction.atomic():
            evidence = canonical(evidence_of(round_, final))
            wake(BUILD, round_.version.documents.create(kind=Document.Kind.EVIDENCE, answers=evidence).pk)
    except Exception:
        log.exception("evidence_not_ordered", round=round_.pk)


def _send_copies(document: Document) -> None:
    """Tells every contact person who was asked, now or for a version that the party still stands by, where the sealed
    document is. In the transaction that stores the fact."""
    version = document.version
    url = settings.PUBLIC_URL + reverse("verify_code", args=[version.code])
    standing = standing_for(version.round)
    asked = list(version.round.requests.filter(is_current=True).select_related("person", "party").order_by("pk"))
    parties = {request.party_id for request in asked}
    carried = [one for party, answer in standing.items() if party not in parties for one in answer.asked_of()]
    for request in [*asked, *carried]:
        if request.address:
            context = {
                "request": request,
                "agenda": version.agenda,
                "url": url,
                "has_answered": request.party_id in standing,
            }
            text = render_to_string("agendas/emails/sealed.txt", context)
            send_mail(f"De {version.agenda.title} is vastgesteld", text, None, [request.address])


def sweep() -> None:
    """Wakes a worker for every document that waits too long, and orders the evidence that is missing."""
    work.sweep(Document.objects.all(), BUILD)
    of_version = Document.objects.filter(version=OuterRef("version"))
    stored = of_version.filter(kind=Document.Kind.FINAL, state=Document.State.STORED)
    without = Round.objects.filter(
        Q(is_withdrawn=True) | Exists(stored),
        ~Exists(of_version.filter(kind=Document.Kind.EVIDENCE)),
        Exists(RoundEvent.objects.filter(round=OuterRef("pk"))),
        closed_at__isnull=False,
    )
    for round_ in without.select_related("version__agenda").order_by("pk")[:50]:
        order_evidence(round_, round_.version.documents.filter(kind=Document.Kind.FINAL).first())


def try_again(document: Document) -> None:
    """Puts a parked document back in the queue."""
    work.try_again(document, BUILD)


def drop_signer() -> None:
    """The key is opened anew for the next document: a token may have been away."""
    from thuiswijk.lib import seal

    if signer.cache_info().currsize:
        seal.close(signer())
    signer.cache_clear()


@cache
def signer() -> Signer:
    """The key of the seal: in the token of SEAL_PKCS11, from SEAL_PKCS12, or one of our own where nothing real is at stake.

    Raises ImproperlyConfigured in production where neither is set.
    """
    from thuiswijk.lib import seal

    if settings.SEAL_PKCS11:
        token, label = settings.SEAL_PKCS11_TOKEN, settings.SEAL_PKCS11_LABEL
        return seal.open_token(Path(settings.SEAL_PKCS11), token=token, label=label, pin=settings.SEAL_PASSWORD)
    if settings.SEAL_PKCS12:
        return seal.load_signer(Path(settings.SEAL_PKCS12), settings.SEAL_PASSWORD)
    if settings.PRODUCTION:
        raise ImproperlyConfigured(
            "SEAL_PKCS12 is not set, nor SEAL_PKCS11. It is the file with the key of the seal. See docs/beheer.md."
        )
    path = Path(settings.KEYS_DIR) / "zegel.p12"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        seal.make_key(path, organisation=settings.SEAL_ORGANISATION)
    return seal.load_signer(path, "")
