"""For a party: what it promises, what it is asked, and what it answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Exists, OuterRef
from django.forms import Form
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from agendas import answers, countersigning, endorsing, perms, proving
from agendas.endorse_forms import ColleagueForm, CountersignForm, EndorseForm, ProofForm
from agendas.models import Document, Endorsement, EndorsementRequest, grounds_in_words, said_in_words
from agendas.views import file_of
from stakeholders import contacts
from thuiswijk.lib import wall
from thuiswijk.lib.errors import Refused

DRAFT = "antwoord-%s"  # in the session, until the code is there: who opens the link again finds what was typed
BACK, ANOTHER = "terug", "nieuwe-code"  # buttons on the page that asks for the code


@login_not_required
@never_cache
def endorse_link(request: HttpRequest, token: str) -> HttpResponse:
    asked = endorsing.request_of(token)
    if asked is None:
        return _replaced(request, None)
    if not (asked.is_current or asked.declined_reason):
        endorsing.note_old_link(asked)
        return _replaced(request, asked)
    perms.remember_link(request.session, asked)
    response = redirect("countersign" if asked.seconds_id else "endorse", asked.pk)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _replaced(request: HttpRequest, asked: EndorsementRequest | None) -> HttpResponse:
    """That this link does not work any more, and why, where it was one of ours."""
    return render(request, "agendas/endorse_link.html", {"asked": asked}, status=404)


def asked_of(request: HttpRequest, pk: int, **kind: Any) -> EndorsementRequest:
    """The request whose link this browser followed, or whose contact person is signed in, behind the wall; 404 otherwise.

    `kind` narrows what is looked for, say to the requests that were not replaced.
    """
    given = Endorsement.objects.filter(round=OuterRef("round"), party=OuterRef("party"))
    mine = perms.requests_to_answer(request.user, request.session).filter(**kind).annotate(is_answered=Exists(given))
    asked = get_object_or_404(mine.select_related("party", "person", "round__version__agenda", "seconds"), pk=pk)
    wall.enter([asked.party.gemeente_id])
    return asked


@never_cache
def party_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What a party promises, what is asked of it and what it answered, for its contact person."""
    party = get_object_or_404(perms.parties_of(request.user).select_related("gemeente"), pk=pk)
    asked = EndorsementRequest.objects.filter(party=party).of_first().unanswered()
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
    version = asked_of(request, pk, is_current=True).round.version
    return file_of(get_object_or_404(drafts.select_related("version__agenda"), version=version))


@login_not_required
@never_cache
@wall.transaction_of_request()
def endorse(request: HttpRequest, pk: int) -> HttpResponse:
    asked = asked_of(request, pk, seconds__isnull=True)
    if not asked.is_current:
        return _replaced(request, asked)
    form = _endorse_form(request, asked)
    if form.is_valid() and BACK not in request.POST:
        try:
            endorsing.check(asked, **form.given)
            proof = _proof(request, asked)
            if isinstance(proof, ProofForm):
                if form.second and countersigning.proposed(asked, second=form.second, **form.given):
                    return redirect("endorse", pk)  # the other click of two
                request.session[DRAFT % pk] = form.typed
                return _ask_code(request, asked, form, proof, _answered(asked, form))
            return _answer(request, asked, form, proof)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "agendas/endorse.html", _shown(asked, form))


def _endorse_form(request: HttpRequest, asked: EndorsementRequest) -> EndorseForm:
    """The form, with who answers; and with the answer that waits for a code, or for a second person, or that this one did
    not sign."""
    initial: dict[str, Any] = {"name": asked.name, "function": asked.function}
    if asked.is_answered:  # type: ignore[attr-defined]
        request.session.pop(DRAFT % asked.pk, None)
    draft = request.session.get(DRAFT % asked.pk, {})
    before = None if request.POST or draft else countersigning.newest_proposal(asked)
    if before is not None:
        second = {"second_name": before.name, "second_function": before.function, "second_email": before.address}
        initial = before.proposal | {"decided_on": countersigning.decided_on(before)} | second
    who = perms.who_acts(request.user, request.session, asked)
    if who != asked:
        initial |= {"name": who.name, "function": who.function}
    needs_two = asked.party.signatories == 2
    return EndorseForm(
        request.POST or None,
        version=asked.round.version,
        party=asked.party_id,
        needs_two=needs_two,
        own=contacts.addresses_of(asked.address, perms.signed_in_as(request.user)) if needs_two else (),
        initial=initial | draft,
    )


def _answer(request: HttpRequest, asked: EndorsementRequest, form: EndorseForm, proof: dict[str, Any]) -> HttpResponse:
    """The answer is the party's, or waits for the second person who signs."""
    if form.second is None:
        endorsing.endorse(asked, **proof, **form.given)
        messages.success(request, "Uw antwoord is opgeslagen. Dank u wel!")
    else:
        signed_in_as = perms.signed_in_as(request.user)
        countersigning.propose(asked, second=form.second, signed_in_as=signed_in_as, **proof, **form.given)
        request.session.pop(DRAFT % asked.pk, None)  # from now on the proposal holds the words
        messages.success(request, f"Uw antwoord is opgeslagen. Het telt als {form.second.name} meetekent.")
    return redirect("endorse", asked.pk)


def _shown(asked: EndorsementRequest, form: EndorseForm | CountersignForm) -> dict[str, Any]:
    """What a party reads before it answers, and the answer that stands already."""
    version = asked.round.version
    return {
        "asked": asked,
        "party": asked.party,
        "round": asked.round,
        "version": version,
        "form": form,
        "given": asked.round.endorsements.filter(party=asked.party_id).select_related("registered_by").first(),
        "second": countersigning.newest_proposal(asked),
        "concept": version.documents.filter(kind=Document.Kind.DRAFT).first(),
        **answers.shown_to(asked.party, version.data),
    }


def _answered(asked: EndorsementRequest, form: EndorseForm) -> dict[str, Any]:
    """What is confirmed with the code, in words."""
    data = form.cleaned_data
    return {
        "title": "Bevestig uw antwoord",
        "heading": "Dit antwoordt u",
        "says": f"{asked.party} {Endorsement.Answer(data['answer']).label}.",
        "said": said_in_words(data),
        "by": data | {"grounds": grounds_in_words(data["mandate"], data["decided_on"])},
        "button": "Bevestig ons antwoord",
        "back": "Verander het antwoord",
        "action": reverse("endorse", args=[asked.pk]),
    }


@login_not_required
@never_cache
@wall.transaction_of_request()
def endorse_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    asked = asked_of(request, pk, seconds__isnull=True)
    given_to = asked.handed_over.order_by("pk").last()
    if not (asked.is_current or given_to):
        return _replaced(request, asked)
    form = ColleagueForm(request.POST or None, own=contacts.addresses_of(asked.address))
    if form.is_valid() and BACK not in request.POST:
        try:
            proof = _proof(request, asked, act=proving.HAND_OVER)
            if isinstance(proof, ProofForm):
                return _ask_code(request, asked, form, proof, _handed_over(asked, form))
            endorsing.hand_over(asked, to=form.colleague)
            return redirect("endorse_hand_over", pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "agendas/endorse_hand_over.html", {"asked": asked, "form": form, "given_to": given_to})


def _handed_over(asked: EndorsementRequest, form: ColleagueForm) -> dict[str, Any]:
    """What is confirmed with the code, in words."""
    data = form.cleaned_data
    return {
        "title": "Bevestig dat u dit doorgeeft",
        "heading": "Dit geeft u door",
        "says": f"{data['name']}, {data['function']}, antwoordt namens {asked.party}.",
        "said": [("", f"De link gaat naar {data['email']}.")],
        "by": None,
        "button": "Bevestig dat u dit doorgeeft",
        "back": "Verander uw collega",
        "action": reverse("endorse_hand_over", args=[asked.pk]),
    }


@login_not_required
@never_cache
@wall.transaction_of_request()
def countersign(request: HttpRequest, pk: int) -> HttpResponse:
    asked = asked_of(request, pk, seconds__isnull=False)
    if not (asked.is_current or asked.declined_reason):
        return _replaced(request, asked)
    initial = {"name": asked.name, "function": asked.function}
    first = asked.proposal["name"]
    form = CountersignForm(request.POST or None, version=asked.round.version, first=first, initial=initial)
    if form.is_valid() and BACK not in request.POST:
        try:
            countersigning.check_second(asked, reads=[perms.signed_in_as(request.user)])
            proof = _proof(request, asked, act=proving.COUNTERSIGN)
            if isinstance(proof, ProofForm):
                return _ask_code(request, asked, form, proof, _signed(asked, form))
            return _sign(request, asked, form, proof)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    proposed = {
        "answer": countersigning.answer_in_words(asked),
        "said": said_in_words(asked.proposal),
        "grounds": countersigning.grounds(asked),
        "answered_at": datetime.fromisoformat(asked.proposal["answered_at"]),
    }
    return render(request, "agendas/countersign.html", _shown(asked, form) | proposed)


def _sign(
    request: HttpRequest, asked: EndorsementRequest, form: CountersignForm, proof: dict[str, str]
) -> HttpResponse:
    data = form.cleaned_data
    if data["signs"] == "nee":
        countersigning.decline(asked, reason=data["reason"])
        messages.success(request, "Uw collega en de projectleider horen waarom u niet meetekent.")
    else:
        given = {name: data[name] for name in ("digest", "name", "function")}
        given |= {"code_sent_to": proof["code_sent_to"], "signed_in_as": perms.signed_in_as(request.user)}
        countersigning.countersign(asked, **given)
        messages.success(request, f"U hebt meegetekend. {asked.party} heeft nu geantwoord. Dank u wel!")
    return redirect("countersign", asked.pk)


def _signed(asked: EndorsementRequest, form: CountersignForm) -> dict[str, Any]:
    """What is confirmed with the code, in words."""
    data, first = form.cleaned_data, asked.proposal
    answer = f"{asked.party} {countersigning.answer_in_words(asked)}."
    does = "meetekent" if data["signs"] == "ja" else "niet meetekent"
    return {
        "title": f"Bevestig dat u {does}",
        "heading": "Dit tekent u mee" if data["signs"] == "ja" else "U tekent niet mee",
        "says": answer if data["signs"] == "ja" else f"U tekent niet mee met: {answer}",
        "said": said_in_words(first) if data["signs"] == "ja" else [("", data["reason"])],
        "by": first | {"grounds": countersigning.grounds(asked)},
        "beside": data,
        "button": f"Bevestig dat u {does}",
        "back": "Ga terug",
        "action": reverse("countersign", args=[asked.pk]),
    }


# --- who acts here ------------------------------------------------------------------------------------------------------
def _proof(request: HttpRequest, asked: EndorsementRequest, act: str = proving.ANSWER) -> dict[str, Any] | ProofForm:
    """How it is sure who acts, as `endorsing.endorse` takes it; or the form for the code that is mailed for it now.

    No code is asked where the verb says no anyway, or has the answer already.
    """
    given = asked.round.endorsements.filter(party=asked.party_id)
    if perms.may_answer_at_once(request, asked):
        return {"method": Endorsement.Method.ACCOUNT}
    address = perms.address_of(request.user, request.session, asked)
    coded = {"method": Endorsement.Method.CODE, "code_sent_to": address}
    is_asking = "code" not in request.POST or ANOTHER in request.POST
    if not asked.round.is_open or not asked.is_current or asked.is_answered:  # type: ignore[attr-defined]
        return coded
    proof = ProofForm(None if is_asking else request.POST)
    name = perms.who_acts(request.user, request.session, asked).name
    try:
        if is_asking:
            proving.send_code(asked, to=address, name=name, act=act)
        elif proof.is_valid():
            proving.check_code(asked, proof.cleaned_data["code"], act=act)
            return coded
    except Refused as refusal:
        return coded if given.exists() else ProofForm.refused(str(refusal))  # the other click of two has answered
    return proof


def _ask_code(
    request: HttpRequest, asked: EndorsementRequest, form: Form, proof: ProofForm, act: dict[str, Any]
) -> HttpResponse:
    """The page that asks for the code, with what is confirmed, and the form as it was typed."""
    address = perms.address_of(request.user, request.session, asked)
    context = {"asked": asked, "form": form, "proof": proof, "address": address, "act": act}
    return render(request, "agendas/endorse_code.html", context)
