from __future__ import annotations

from typing import Any

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Max, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from agendas import answers, drafting, endorsing, history, perms, sealing, theming, verifying, versions
from agendas.forms import (
    AgendaForm,
    CloseForm,
    EndorseForm,
    FreezeForm,
    PlacingForm,
    PointForm,
    RoundForm,
    ThemeForm,
    VerifyForm,
)
from agendas.models import Agenda, AgendaVersion, Document, EndorsementRequest, ImprovementPoint, Round, Theme
from stakeholders import account_events
from stakeholders.views import user_of
from thuiswijk.lib import files, wall
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.forms import first_problem
from thuiswijk.lib.web import has_seen, nothing_new, number_in, posted_from, to_change
from trajectories import moderating
from trajectories.models import Trajectory
from trajectories.perms import may_lead
from trajectories.views import contribution_of, end_of_page, once, removal, rows_of, to_lead, trajectory_of

log = structlog.get_logger(__name__)
BOARD = 100


def version_of(request: HttpRequest, pk: int) -> AgendaVersion:
    """The version, if this user may know of its trajectory; 404 otherwise."""
    versions_seen = AgendaVersion.objects.filter(agenda__trajectory__in=Trajectory.objects.visible_to(request.user))
    return get_object_or_404(versions_seen.select_related("agenda__trajectory__gemeente", "round"), pk=pk)


def themes_seen(request: HttpRequest) -> QuerySet[Theme]:
    """The themes that this user may know of."""
    visible = Trajectory.objects.visible_to(request.user)
    return Theme.objects.filter(trajectory__in=visible).select_related("trajectory")


def points_seen(request: HttpRequest) -> QuerySet[ImprovementPoint]:
    """The points that this user may know of."""
    visible = Trajectory.objects.visible_to(request.user)
    return ImprovementPoint.objects.filter(trajectory__in=visible).select_related("trajectory", "theme")


def theme_board(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    themes = list(drafting.themes_of(trajectory))
    chosen = next((theme for theme in themes if str(theme.pk) == request.GET.get("thema")), None)
    said = drafting.said_under(chosen) if chosen else drafting.unplaced(trajectory)
    rows = rows_of(said.older_than(end_of_page(request, said)).order_by("-made_at", "-id"), BOARD + 1)
    context = {
        "trajectory": trajectory,
        "themes": themes,
        "chosen": chosen,
        "rows": rows[:BOARD],
        "older": rows[BOARD - 1]["id"] if len(rows) > BOARD else None,
        "unplaced": drafting.unplaced(trajectory).count(),
        "may_lead": may_lead(request.user, trajectory),
    }
    return render(request, "agendas/theme_board.html", context)


@posted_from("theme_board")
def theme_placing(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    person = to_lead(request, trajectory)
    form = PlacingForm(request.POST, trajectory=trajectory)
    chosen = trajectory.themes.filter(pk=number_in(request, "out_of")).first()
    if not form.is_valid():
        messages.error(request, first_problem(form))
    elif "take_out" in request.POST and chosen:
        count = theming.take_out(chosen, form.cleaned_data["contributions"])
        messages.success(request, f"{count} keer inbreng uit “{chosen}” gehaald.")
    elif form.cleaned_data["theme"] is None:
        messages.error(request, "Kies eerst een thema.")
    else:
        theme, out_of = form.cleaned_data["theme"], chosen if "move" in request.POST else None
        count = theming.place(theme, form.cleaned_data["contributions"], by=person, out_of=out_of)
        messages.success(request, f"{count} keer inbreng bij “{theme}” gezet.")
    return redirect(reverse("theme_board", args=[pk]) + (f"?thema={chosen.pk}" if chosen else ""))


@once
def theme_new(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    to_lead(request, trajectory)
    last = trajectory.themes.aggregate(last=Max("position"))["last"] or 0
    form = ThemeForm(request.POST or None, instance=Theme(trajectory=trajectory, position=last + 1))
    if form.is_valid():
        form.save()
        messages.success(request, f"Thema “{form.instance}” is gemaakt.")
        return redirect("theme_board", pk)
    return render(request, "agendas/theme_new.html", {"trajectory": trajectory, "form": form})


def theme_edit(request: HttpRequest, pk: int) -> HttpResponse:
    theme = get_object_or_404(to_change(request, themes_seen(request)), pk=pk)
    to_lead(request, theme.trajectory)
    form = ThemeForm(request.POST or None, instance=theme)
    if form.is_valid():
        form.save()
        messages.success(request, f"Thema “{theme}” is bewaard.")
        return redirect("theme_board", theme.trajectory_id)
    return render(request, "agendas/theme_edit.html", {"trajectory": theme.trajectory, "theme": theme, "form": form})


@once
def theme_remove(request: HttpRequest, pk: int) -> HttpResponse:
    theme = get_object_or_404(themes_seen(request), pk=pk)
    to_lead(request, theme.trajectory)
    return removal(
        request,
        lambda: theming.remove(theme),
        title="Verwijder het thema",
        goes=[f"Het thema “{theme}”, met zijn samenvatting."],
        trajectory=theme.trajectory,
        parent=theme.name,
        back=reverse("theme_edit", args=[pk]),
        then=reverse("theme_board", args=[theme.trajectory_id]),
    )


def contribution_erase(request: HttpRequest, pk: int) -> HttpResponse:
    contribution = contribution_of(request, pk)
    person = to_lead(request, contribution.trajectory)
    if request.method == "POST":
        moderating.erase(contribution, by=person)
        messages.success(request, "De inbreng is gewist. Er staat nu dat die op verzoek is gewist.")
        return redirect("contribution_list", contribution.trajectory_id)
    held_by = versions.holding(contribution)
    context = {"trajectory": contribution.trajectory, "contribution": contribution, "versions": held_by}
    return render(request, "agendas/contribution_erase.html", context)


def trajectory_history(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    return _history(request, trajectory, trajectory, "agendas/trajectory_history.html")


def point_history(request: HttpRequest, pk: int) -> HttpResponse:
    point = get_object_or_404(points_seen(request), pk=pk)
    return _history(request, point.trajectory, point, "agendas/point_history.html")


def agenda_history(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    agenda = get_object_or_404(Agenda, trajectory=trajectory)
    return _history(request, trajectory, agenda, "agendas/agenda_history.html")


def _history(
    request: HttpRequest, trajectory: Trajectory, thing: Trajectory | ImprovementPoint | Agenda, template: str
) -> HttpResponse:
    """Who changed what, newest first; `na` in the address is where the page before it ended."""
    page = history.changes_of(thing, before=history.Mark.read(request.GET.get("na", "")))
    context = {"trajectory": trajectory, "thing": thing, "changes": page.changes, "older": page.older}
    return render(request, template, context)


def point_list(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    context = {
        "trajectory": trajectory,
        "points": drafting.points_of(trajectory),
        "may_lead": may_lead(request.user, trajectory),
        "has_themes": trajectory.themes.exists(),
    }
    return render(request, "agendas/point_list.html", context)


@once
def point_new(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    to_lead(request, trajectory)
    last = trajectory.points.aggregate(last=Max("position"))["last"] or 0
    point = ImprovementPoint(trajectory=trajectory, position=last + 1)
    initial = {"theme": request.GET.get("thema")}
    return _point_form(request, point, "agendas/point_new.html", initial)


def point_edit(request: HttpRequest, pk: int) -> HttpResponse:
    point = get_object_or_404(to_change(request, points_seen(request)), pk=pk)
    to_lead(request, point.trajectory)
    return _point_form(request, point, "agendas/point_edit.html", {})


@once
def point_remove(request: HttpRequest, pk: int) -> HttpResponse:
    point = get_object_or_404(points_seen(request), pk=pk)
    to_lead(request, point.trajectory)
    promises = point.commitments.leader_first().select_related("party")
    return removal(
        request,
        lambda: drafting.remove(point),
        title="Verwijder het verbeterpunt",
        goes=[f"Het verbeterpunt “{point}”.", *(f"De toezegging van {promise}." for promise in promises)],
        trajectory=point.trajectory,
        parent=point.title,
        back=reverse("point_edit", args=[pk]),
        then=reverse("point_list", args=[point.trajectory_id]),
    )


def _point_form(request: HttpRequest, point: ImprovementPoint, template: str, initial: dict[str, Any]) -> HttpResponse:
    form = PointForm(request.POST or None, instance=point, initial=initial)
    if form.is_valid():
        form.save()
        messages.success(request, f"Verbeterpunt “{point}” is bewaard.")
        if "more" in request.POST:
            return redirect("point_edit", point.pk)
        return redirect("point_list", point.trajectory_id)
    context = {"trajectory": point.trajectory, "point": point, "form": form, "promises": form.promises}
    return render(request, template, context)


def agenda_detail(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk, "agenda")
    agenda = getattr(trajectory, "agenda", None)
    context: dict[str, Any] = {
        "trajectory": trajectory,
        "agenda": agenda,
        "may_lead": may_lead(request.user, trajectory),
    }
    if agenda is not None:
        points = list(drafting.points_of(trajectory))
        gaps = drafting.gaps(agenda, points)
        context |= {
            "points": points,
            "gaps": gaps,
            "versions": agenda.versions_made,
            "form": FreezeForm(gaps=gaps),
        }
    return render(request, "agendas/agenda_detail.html", context)


@posted_from("agenda_detail")
def agenda_start(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    drafting.start(trajectory, by=to_lead(request, trajectory))
    return redirect("agenda_detail", pk)


def agenda_edit(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    to_lead(request, trajectory)
    agenda = get_object_or_404(to_change(request, Agenda.objects.filter(trajectory=trajectory)))
    form = AgendaForm(request.POST or None, instance=agenda)
    if form.is_valid():
        form.save()
        messages.success(request, "De teksten van de agenda zijn bewaard.")
        return redirect("agenda_detail", pk)
    return render(request, "agendas/agenda_edit.html", {"trajectory": trajectory, "agenda": agenda, "form": form})


@posted_from("agenda_detail")
def agenda_freeze(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    person = to_lead(request, trajectory)
    agenda = get_object_or_404(Agenda, trajectory=trajectory)
    gaps = drafting.gaps(agenda)
    form = FreezeForm(request.POST, gaps=gaps)
    if form.is_valid():
        try:
            return redirect("version_detail", versions.freeze(agenda, by=person, reason=form.cleaned_data["reason"]).pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"trajectory": trajectory, "agenda": agenda, "gaps": gaps, "form": form}
    return render(request, "agendas/agenda_freeze.html", context)


@never_cache
def version_detail(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_of(request, pk)
    standing = _standing(version)
    if request.htmx and has_seen(request, standing["mark"]):  # type: ignore[attr-defined]
        return nothing_new()
    context = {
        "version": version,
        "agenda": version.agenda,
        "trajectory": version.agenda.trajectory,
        "may_lead": may_lead(request.user, version.agenda.trajectory),
        "round_form": RoundForm(),
        "close_form": CloseForm(missing=standing["waiting_for"]),
        **standing,
    }
    part = "#standing" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"agendas/version_detail.html{part}", context)


def _standing(version: AgendaVersion) -> dict[str, Any]:
    """Where a version stands: its round, the answers, its documents, and a mark that changes when one of them does."""
    round_ = getattr(version, "round", None)
    documents = list(version.documents.defer("answers").order_by("kind"))
    given = list(round_.endorsements.select_related("party").order_by("endorsed_at")) if round_ else []
    waiting_for = list(endorsing.unanswered(round_)) if round_ else []
    marks = [f"{d.pk}.{d.state}.{d.step}.{d.attempts}" for d in documents]
    marks += [str(int(party.asked_at.timestamp())) for party in waiting_for]  # type: ignore[attr-defined]
    return {
        "round": round_,
        "documents": documents,
        "answers": given,
        "waiting_for": waiting_for,
        "is_working": any(d.state in (Document.State.WAITING, Document.State.CLAIMED) for d in documents),
        "mark": "-".join([*marks, str(len(given)), str(bool(round_)), str(bool(round_ and round_.closed_at))]),
    }


@posted_from("version_detail")
def round_open(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_of(request, pk)
    person = to_lead(request, version.agenda.trajectory)
    form = RoundForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(first_problem(form))
        endorsing.open_round(version, deadline=form.cleaned_data["deadline"], by=person)
        messages.success(
            request, "De agenda ligt nu bij de partijen. Hun contactpersonen krijgen een e-mail met een link."
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("version_detail", pk)


@posted_from("version_detail")
def round_ask(request: HttpRequest, pk: int, party_pk: int) -> HttpResponse:
    version = version_of(request, pk)
    to_lead(request, version.agenda.trajectory)
    asked = get_object_or_404(EndorsementRequest, round__version=version, party=party_pk, is_current=True)
    try:
        endorsing.ask(asked.round, asked.party)
        messages.success(request, f"{asked.party} krijgt een nieuwe link. De oude link werkt niet meer.")
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
    document = get_object_or_404(stored.select_related("version__agenda"), pk=pk)
    file = _file(document)
    account_events.note_download(user_of(request), document.file_name)
    return file


def _file(document: Document) -> FileResponse:
    path = files.path_of(sealing.documents_folder(), document.sha256)
    if not path.exists():
        log.error("document_file_missing", document=document.pk)
        raise Http404
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=document.file_name, content_type="application/pdf"
    )


@login_not_required
@never_cache
def endorse_link(request: HttpRequest, token: str) -> HttpResponse:
    asked = endorsing.request_of(token)
    if asked is None:
        return render(request, "agendas/endorse_link.html", status=404)
    perms.remember_link(request.session, asked)
    response = redirect("endorse", asked.pk)
    response["Referrer-Policy"] = "no-referrer"
    return response


def asked_of(request: HttpRequest, pk: int) -> EndorsementRequest:
    """The request whose link this browser followed, or whose contact person is signed in, behind the wall; 404 otherwise."""
    mine = perms.requests_to_answer(request.user, request.session)
    asked = get_object_or_404(mine.select_related("party", "person", "round__version__agenda"), pk=pk)
    wall.enter([asked.party.gemeente_id])
    return asked


@never_cache
def party_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What a party promises, what is asked of it and what it answered, for its contact person."""
    party = get_object_or_404(perms.parties_of(request.user).select_related("gemeente"), pk=pk)
    asked = EndorsementRequest.objects.filter(party=party).unanswered()
    context = {
        "party": party,
        "questions": asked.select_related("round__version__agenda").order_by("round__deadline"),
        "seen": answers.seen_by(party),
        "answers": answers.answers_of_party(party),
    }
    return render(request, "agendas/party_page.html", context)


@login_not_required
@never_cache
@wall.transaction_of_request()
def endorse_document(request: HttpRequest, pk: int) -> FileResponse:
    drafts = Document.objects.filter(kind=Document.Kind.DRAFT, state=Document.State.STORED)
    version = asked_of(request, pk).round.version
    return _file(get_object_or_404(drafts.select_related("version__agenda"), version=version))


@login_not_required
@never_cache
@wall.transaction_of_request()
def endorse(request: HttpRequest, pk: int) -> HttpResponse:
    asked = asked_of(request, pk)
    version = asked.round.version
    initial = {"name": asked.name, "function": asked.function}
    form = EndorseForm(request.POST or None, version=version, initial=initial)
    if form.is_valid():
        try:
            endorsing.endorse(asked, method=perms.method_of(request.session, asked), **form.given)
            messages.success(request, "Uw antwoord is opgeslagen. Dank u wel!")
            return redirect("endorse", pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    given = asked.round.endorsements.filter(party=asked.party_id).first()
    context = {
        "asked": asked,
        "party": asked.party,
        "round": asked.round,
        "version": version,
        "form": form,
        "given": given,
        "concept": version.documents.filter(kind=Document.Kind.DRAFT).first(),
        **answers.shown_to(asked.party, version.data),
    }
    return render(request, "agendas/endorse.html", context)


@login_not_required
def verify(request: HttpRequest) -> HttpResponse:
    form = VerifyForm(request.POST or None, request.FILES or None)
    verdict = None
    if request.method == "POST" and form.is_valid():
        verdict = verifying.verify(form.cleaned_data["file"].read())
        if verdict.is_genuine:
            return _verified(request, verdict.document, form=form)
    return render(request, "agendas/verify.html", {"form": form, "verdict": verdict})


@login_not_required
@never_cache
def verify_code(request: HttpRequest, code: tuple[str, int]) -> HttpResponse:
    number, version_number = code
    final = Document.objects.filter(kind=Document.Kind.FINAL).select_related("version__agenda__trajectory__gemeente")
    document = final.filter(version__agenda__number=number, version__number=version_number).first()
    if document is None or not document.is_stored:
        known = AgendaVersion.objects.filter(agenda__number=number, number=version_number).exists()
        context = {"code": f"{number}-v{version_number}", "is_known": known}
        return render(request, "agendas/verify_code.html", context, status=200 if known else 404)
    return _verified(request, document, form=None)


def _verified(request: HttpRequest, document: Document | None, *, form: VerifyForm | None) -> HttpResponse:
    """A document from the register, in words: whose, when, sealed by whom, and what each party answered."""
    assert document is not None
    context = {
        "document": document,
        "version": document.version,
        "is_uploaded": form is not None,
        "file_address": settings.PUBLIC_URL + reverse("verify_document", args=[document.version.code]),
        "answers": answers.answers_in_words(document),
    }
    return render(request, "agendas/verified.html", context)


@login_not_required
def verify_document(request: HttpRequest, code: tuple[str, int]) -> FileResponse:
    number, version_number = code
    stored = Document.objects.filter(kind=Document.Kind.FINAL, state=Document.State.STORED).select_related(
        "version__agenda"
    )
    return _file(get_object_or_404(stored, version__agenda__number=number, version__number=version_number))
