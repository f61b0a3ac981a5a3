"""What a party promises, for its contact person: read it, and confirm it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from agendas import confirming, perms, promising
from agendas.models import Commitment
from agendas.promise_forms import ConfirmForm
from stakeholders.perms import person_of
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.text import clean


@never_cache
def commitment_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request.user)
    if request.method == "POST":
        confirming.hold(pk)
    promise = confirming.promises_of(perms.parties_of(request.user)).filter(pk=pk).first()
    if promise is None or person is None:
        return _gone(request, pk)
    form = ConfirmForm(request.POST or None, instance=promise)
    if form.is_valid():
        try:
            confirming.confirm(promise, **form.given, by=person)
            messages.success(request, "Uw afspraak is bevestigd. De projectleider ziet dat.")
            return redirect("party_page", promise.party_id)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    others = promise.point.commitments.exclude(party=promise.party_id).leader_first().select_related("party")
    context = {"promise": promise, "point": promise.point, "party": promise.party, "others": others, "form": form}
    return render(request, "agendas/commitment_confirm.html", context)


@never_cache
def my_promises(request: HttpRequest) -> HttpResponse:
    parties = perms.parties_of(request.user).order_by("name")
    context = {"parties": parties, "promises": promising.made_by(parties)}
    return render(request, "agendas/my_promises.html", context)


def _gone(request: HttpRequest, pk: int) -> HttpResponse:
    """What was taken away while the party wrote: it is told, with what it typed. 404 for what never was its own."""
    events = Commitment.events.rel.related_model.objects.filter(pgh_obj=pk)  # type: ignore[attr-defined]
    last = events.filter(party__in=perms.parties_of(request.user)).order_by("-pgh_id").first()
    typed = clean(request.POST.get("text", ""))[:1000]
    if last is None or not typed:
        raise Http404
    messages.error(
        request,
        f"Iemand anders heeft deze afspraak intussen weggehaald. Vraag de projectleider ernaar. U schreef: “{typed}”",
    )
    return redirect("party_page", last.party_id)
