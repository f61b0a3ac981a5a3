"""For a party: what it promises, what it is asked, and what it answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from agendas import answers, endorsing, perms, proving
from agendas.endorse_forms import EndorseForm, ProofForm
from agendas.models import Document, Endorsement, EndorsementRequest
from agendas.views import file_of
from thuiswijk.lib import wall
from thuiswijk.lib.errors import Refused

BACK, ANOTHER = "terug", "nieuwe-code"  # buttons on the page that asks for the code


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
    initial = {"name": asked.name, "function": asked.function}
    form = EndorseForm(request.POST or None, version=asked.round.version, initial=initial)
    if form.is_valid() and BACK not in request.POST:
        try:
            endorsing.check(asked, **form.given)
            if _needs_code(request, asked):
                return _with_code(request, asked, form)
            endorsing.endorse(asked, method=Endorsement.Method.ACCOUNT, **form.given)
            return _thanked(request, pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "agendas/endorse.html", _shown(asked, form))


def _shown(asked: EndorsementRequest, form: EndorseForm) -> dict[str, Any]:
    """What a party reads before it answers, and the answer that stands already."""
    version = asked.round.version
    return {
        "asked": asked,
        "party": asked.party,
        "round": asked.round,
        "version": version,
        "form": form,
        "given": asked.round.endorsements.filter(party=asked.party_id).select_related("registered_by").first(),
        "concept": version.documents.filter(kind=Document.Kind.DRAFT).first(),
        **answers.shown_to(asked.party, version.data),
    }


def _thanked(request: HttpRequest, pk: int) -> HttpResponse:
    messages.success(request, "Uw antwoord is opgeslagen. Dank u wel!")
    return redirect("endorse", pk)


def _needs_code(request: HttpRequest, asked: EndorsementRequest) -> bool:
    """Whether a code is asked before the answer counts; not where `endorse` says no anyway, or has the answer already."""
    is_answered = asked.round.endorsements.filter(party=asked.party_id).exists()
    return asked.round.is_open and not is_answered and not perms.may_answer_at_once(request, asked)


def _with_code(request: HttpRequest, asked: EndorsementRequest, form: EndorseForm) -> HttpResponse:
    """Asks for the code that is mailed now, with the answer as it was typed; and takes both."""
    address = perms.address_of(request.user, request.session, asked)
    is_asking = "code" not in request.POST or ANOTHER in request.POST
    proof = ProofForm(None if is_asking else request.POST)
    try:
        if is_asking:
            proving.send_code(asked, to=address)
        elif proof.is_valid():
            proving.check_code(asked, proof.cleaned_data["code"])
            endorsing.endorse(asked, method=Endorsement.Method.CODE, code_sent_to=address, **form.given)
            return _thanked(request, asked.pk)
    except Refused as refusal:
        if asked.round.endorsements.filter(party=asked.party_id).exists():  # the other click of two
            return redirect("endorse", asked.pk)
        proof = ProofForm.refused(str(refusal))
    context = {
        "asked": asked,
        "form": form,
        "proof": proof,
        "address": address,
        "answer": dict(Endorsement.Answer.choices)[form.cleaned_data["answer"]],
    }
    return render(request, "agendas/endorse_code.html", context)
