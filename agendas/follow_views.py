"""For a deelnemer, without an account: what became of my words?"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from agendas import following
from agendas.forms import NewsForm, ReceiptForm
from stakeholders import explaining
from thuiswijk.lib import limits, wall
from trajectories.models import Participant

UNKNOWN_RECEIPTS = 30  # in ten minutes from one address, of 500 billion codes
ADDRESSES = 20  # that one address of the internet may leave for news, in ten minutes


@login_not_required
def follow_code(request: HttpRequest) -> HttpResponse:
    if limits.is_over(request, "unknown_receipt", UNKNOWN_RECEIPTS):
        return render(request, "429.html", status=429)
    form = ReceiptForm(request.POST or None)
    if form.is_valid():
        return redirect("follow", form.cleaned_data["code"])
    if form.is_bound:
        limits.count(request, "unknown_receipt")
    return render(request, "agendas/follow_code.html", {"form": form})


@login_not_required
@never_cache
@wall.transaction_of_request()
def follow(request: HttpRequest, code: str) -> HttpResponse:
    if limits.is_over(request, "unknown_receipt", UNKNOWN_RECEIPTS):
        return render(request, "429.html", status=429)
    participant = Participant.objects.select_related("meeting__trajectory__gemeente").filter(code=code).first()
    if participant is None:
        limits.count(request, "unknown_receipt")
        return render(request, "agendas/follow_code.html", {"form": ReceiptForm({"code": code})}, status=404)
    wall.enter([participant.meeting.trajectory.gemeente_id])
    form = NewsForm(request.POST or None)
    if "stop" in request.POST:
        following.stop_news(participant)
        messages.success(request, "Uw e-mailadres is gewist. U krijgt geen berichten meer.")
        return redirect("follow", participant.code)
    if form.is_bound and limits.is_over(request, "news", ADDRESSES):
        form.add_error(None, "Er zijn nu te veel adressen achtergelaten. Probeer het over tien minuten opnieuw.")
    if form.is_valid():
        limits.count(request, "news")
        following.ask_for_news(participant, email=form.cleaned_data["email"])
        messages.success(request, "Gelukt. U krijgt een e-mail als er iets met uw inbreng gebeurt.")
        return redirect("follow", participant.code)
    return render(request, "agendas/follow.html", _shown(participant, form))


def _shown(participant: Participant, form: NewsForm) -> dict[str, Any]:
    """What became of each of their words, with the abbreviations in it explained."""
    glossary = explaining.glossary_of(participant.meeting.trajectory.gemeente)
    return {"participant": participant, "said": following.followed(participant), "form": form, "glossary": glossary}
