"""A frozen version: its documents, and the round in which parties answer."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from agendas import countersigning, endorsing, renditions, renewing, sealing
from agendas.endorse_forms import CloseForm, RegisterForm, RoundForm, WithdrawForm
from agendas.models import AgendaVersion, Document, Endorsement, EndorsementRequest, Round, Scan
from agendas.views import file_of, version_of
from stakeholders import account_events, explaining
from stakeholders.models import Party
from stakeholders.views import user_of
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.forms import first_problem
from thuiswijk.lib.web import has_seen, nothing_new, posted_from
from trajectories.models import Trajectory
from trajectories.perms import may_lead, may_staff
from trajectories.views import allow, to_lead

LAID_BEFORE = "De agenda ligt nu bij de partijen. Hun contactpersonen krijgen een e-mail met een link."
NOBODY_ASKED = "Geen partij hoeft opnieuw te antwoorden: er is niets veranderd wat een partij raakt."
SHEETS = {
    "csv": (renditions.points_csv, "text/csv; charset=utf-8"),
    "xlsx": (renditions.points_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
COPIES = {
    "odt": (renditions.document_odt, "application/vnd.oasis.opendocument.text"),
    "docx": (renditions.document_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


@never_cache
def version_detail(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_of(request, pk)
    standing = _standing(version, with_evidence=may_staff(request.user, version.agenda.trajectory))
    if request.htmx and has_seen(request, standing["mark"]):  # type: ignore[attr-defined]
        return nothing_new()
    context = {
        "version": version,
        "agenda": version.agenda,
        "trajectory": version.agenda.trajectory,
        "may_lead": may_lead(request.user, version.agenda.trajectory),
        "may_staff": may_staff(request.user, version.agenda.trajectory),
        "close_form": CloseForm(missing=standing["waiting_for"]),
        "withdraw_form": WithdrawForm(prefix="intrekken"),
        "later_form": RoundForm(prefix="later", initial=_two_weeks_more(standing["round"])),
        "changes": version.data["changes"],
        "glossary": explaining.frozen_glossary(version.data.get("terms", [])),  # from schema 5 on
        "changed_since": version.data.get("changed_since"),  # from schema 3 on
        **standing,
    }
    part = "#standing" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"agendas/version_detail.html{part}", context)


def _two_weeks_more(round_: Round | None) -> dict[str, Any]:
    return {"deadline": max(round_.deadline, timezone.localdate()) + timedelta(weeks=2)} if round_ else {}


def _given(round_: Round) -> QuerySet[Endorsement]:
    named = round_.endorsements.select_related("party", "registered_by", "request__handed_over_by", "scan")
    return named.defer("scan__content").order_by("endorsed_at")


def _standing(version: AgendaVersion, *, with_evidence: bool) -> dict[str, Any]:
    """Where a version stands: its round, the answers, its documents, and a mark that changes when one of them does."""
    round_ = getattr(version, "round", None)
    documents = list(version.documents.defer("answers").order_by("pk"))  # draft, final, evidence
    documents = [one for one in documents if with_evidence or one.kind != Document.Kind.EVIDENCE]
    given = list(_given(round_)) if round_ else []
    waiting_for = list(endorsing.unanswered(round_)) if round_ else []
    answered = {answer.party_id for answer in given}
    carried = round_.carried.select_related("party", "endorsement__round__version").order_by("pk") if round_ else []
    return {
        "round": round_,
        "documents": documents,
        "answers": given,
        "carried": [one for one in carried if one.party_id not in answered],
        "waiting_for": waiting_for,
        "is_working": any(d.state in (Document.State.WAITING, Document.State.CLAIMED) for d in documents),
        "mark": _mark(documents, waiting_for, len(given), round_),
    }


def _mark(documents: list[Document], waiting_for: list[Party], given: int, round_: Round | None) -> str:
    """What is different as soon as the page would say something else."""
    marks = [f"{d.pk}.{d.state}.{d.step}.{d.attempts}" for d in documents]
    marks += [
        f"{int((party.second_asked_at or party.asked_at).timestamp())}{'.niet' if party.declined_name else ''}"  # type: ignore[attr-defined]
        for party in waiting_for
    ]
    return "-".join([*marks, str(given), str(round_ and round_.deadline), str(bool(round_ and round_.closed_at))])


def round_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Who will be asked and mailed, and then the round: a press that mails everybody is not the first one."""
    version = version_of(request, pk)
    person = to_lead(request, version.agenda.trajectory)
    if request.method != "POST" and Round.objects.filter(version=version).exists():
        return redirect("version_detail", pk)
    form = RoundForm(request.POST or None)
    if form.is_valid():
        try:
            round_ = endorsing.open_round(version, deadline=form.cleaned_data["deadline"], by=person)
            messages.success(request, LAID_BEFORE if round_.requests.exists() else NOBODY_ASKED)
            return redirect("version_detail", pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"trajectory": version.agenda.trajectory, "version": version, "form": form, **_foretold(version)}
    return render(request, "agendas/round_open.html", context)


def _foretold(version: AgendaVersion) -> dict[str, Any]:
    """Who will be asked when this version is laid before the parties, by how many mails, and whose answer will stand."""
    names = {party["id"]: party["name"] for party in version.data["parties"]}
    stand = renewing.will_stand(version)
    will_ask = list(Party.objects.filter(pk__in=names.keys() - stand.keys()).gemeente_first().with_contact())
    return {
        "will_ask": will_ask,
        "mails": sum(bool(party.contact_email) for party in will_ask),  # type: ignore[attr-defined]
        "will_stand": [(names[party], stand[party]) for party in names if party in stand],
        "changed_since": version.data.get("changed_since"),  # from schema 3 on
    }


@posted_from("version_detail")
def round_ask(request: HttpRequest, pk: int, party_pk: int) -> HttpResponse:
    version = version_of(request, pk)
    person = to_lead(request, version.agenda.trajectory)
    round_ = get_object_or_404(Round, version=version)
    of_version = [party["id"] for party in version.data["parties"]]
    party = get_object_or_404(Party.objects.filter(pk__in=of_version), pk=party_pk)
    half = round_.requests.filter(party=party, is_current=True, seconds__isnull=False).first()
    try:
        asked = countersigning.ask_again(half, by=person) if half else endorsing.ask(round_, party, by=person)
        messages.success(request, f"{asked.name or party} krijgt een nieuwe link. De oude link werkt niet meer.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("version_detail", pk)


def answer_register(request: HttpRequest, pk: int, party_pk: int) -> HttpResponse:
    version = version_of(request, pk)
    person = to_lead(request, version.agenda.trajectory)
    asked = EndorsementRequest.objects.of_first().filter(round__version=version, party=party_pk, is_current=True)
    asked_one = get_object_or_404(asked.select_related("party__gemeente", "person", "round__version__agenda"))
    needs_two = asked_one.party.signatories == 2
    if request.method != "POST" and asked_one.round.endorsements.filter(party=party_pk).exists():
        messages.info(request, f"{asked_one.party} heeft deze versie al beantwoord. Dat antwoord blijft staan.")
        return redirect("version_detail", pk)
    data = (request.POST or None, request.FILES or None)
    form = RegisterForm(*data, version=version, party=party_pk, needs_two=needs_two)
    if form.is_valid():
        try:
            endorsing.endorse(asked_one, registered_by=person, **form.given)
            messages.success(request, f"Het antwoord van {asked_one.party} is genoteerd.")
            return redirect("version_detail", pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"trajectory": version.agenda.trajectory, "version": version, "asked": asked_one, "form": form}
    return render(request, "agendas/answer_register.html", context)


def scan_download(request: HttpRequest, pk: int) -> FileResponse:
    """The paper on which a party answered, for who staffs the trajectory."""
    visible = Trajectory.objects.visible_to(request.user)
    seen = Scan.objects.filter(endorsement__round__version__agenda__trajectory__in=visible)
    scan = get_object_or_404(seen.select_related("endorsement__round__version__agenda__trajectory"), pk=pk)
    allow(may_staff(request.user, scan.endorsement.round.version.agenda.trajectory))
    account_events.note_download(user_of(request), scan.name)
    return FileResponse(BytesIO(scan.content), as_attachment=True, filename=scan.name, content_type=scan.kind)


@posted_from("version_detail")
def round_postpone(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_of(request, pk)
    person = to_lead(request, version.agenda.trajectory)
    round_ = get_object_or_404(Round, version=version)
    form = RoundForm(request.POST, prefix="later")
    try:
        if not form.is_valid():
            raise Refused(first_problem(form))
        endorsing.postpone(round_, deadline=form.cleaned_data["deadline"], by=person)
        messages.success(request, "De partijen hebben langer de tijd. Wie nog niet antwoordde, krijgt een e-mail.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("version_detail", pk)


@posted_from("version_detail")
def round_close(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_of(request, pk)
    person = to_lead(request, version.agenda.trajectory)
    round_ = get_object_or_404(Round, version=version)
    form = CloseForm(request.POST, missing=list(endorsing.unanswered(round_)))
    try:
        if not form.is_valid():
            raise Refused(first_problem(form))
        endorsing.close_round(round_, by=person, reason=form.cleaned_data.get("reason", ""))
        messages.success(request, "De ronde is gesloten. Het definitieve document wordt nu gemaakt en verzegeld.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("version_detail", pk)


@posted_from("version_detail")
def round_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_of(request, pk)
    person = to_lead(request, version.agenda.trajectory)
    get_object_or_404(Round, version=version)
    form = WithdrawForm(request.POST, prefix="intrekken")
    try:
        if not form.is_valid():
            raise Refused(first_problem(form))
        endorsing.withdraw(version, by=person, reason=form.cleaned_data["reason"])
        messages.success(request, "De versie is ingetrokken. De partijen krijgen een e-mail met de reden.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("version_detail", pk)


def document_retry(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Trajectory.objects.visible_to(request.user)
    document = get_object_or_404(
        Document.objects.select_related("version__agenda__trajectory"), pk=pk, version__agenda__trajectory__in=visible
    )
    to_lead(request, document.version.agenda.trajectory)
    if request.method == "POST":
        sealing.try_again(document)
    return redirect("version_detail", document.version_id)


def document_download(request: HttpRequest, pk: int) -> FileResponse:
    visible = Trajectory.objects.visible_to(request.user)
    stored = Document.objects.filter(state=Document.State.STORED, version__agenda__trajectory__in=visible)
    document = get_object_or_404(stored.select_related("version__agenda__trajectory"), pk=pk)
    of_all = document.kind != Document.Kind.EVIDENCE  # that one holds addresses
    allow(of_all or may_staff(request.user, document.version.agenda.trajectory))
    file = file_of(document)
    account_events.note_download(user_of(request), document.file_name)
    return file


def version_points(request: HttpRequest, pk: int, kind: str) -> FileResponse:
    """The points of a version as a sheet, for who wants to count or plan with them."""
    version = version_of(request, pk)
    make, content_type = SHEETS[kind]
    name = f"{version.code}-verbeterpunten.{kind}"
    account_events.note_download(user_of(request), name)
    return FileResponse(BytesIO(make(version.data)), as_attachment=True, filename=name, content_type=content_type)


def version_copy(request: HttpRequest, pk: int, kind: str) -> FileResponse:
    """The document of a version to edit, with the answers once they are final."""
    version = version_of(request, pk)
    final = version.documents.filter(kind=Document.Kind.FINAL, state=Document.State.STORED).first()
    make, content_type = COPIES[kind]
    name = f"{version.code}-kopie-om-te-bewerken.{kind}"
    data = make(bytes(version.content), bytes(final.answers) if final and final.answers else None)
    account_events.note_download(user_of(request), name)
    return FileResponse(BytesIO(data), as_attachment=True, filename=name, content_type=content_type)
