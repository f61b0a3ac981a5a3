"""For a party: what it promises, what it is asked, and what it answers."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from agendas import answers, endorsing, perms
from agendas.endorse_forms import EndorseForm
from agendas.models import Document, EndorsementRequest
from agendas.views import file_of
from thuiswijk.lib import wall
from thuiswijk.lib.errors import Refused


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
    return file_of(get_object_or_404(drafts.select_related("version__agenda"), version=version))


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
