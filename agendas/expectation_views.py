"""Who expects what of whom, and what a party says to it: by itself, or written down by who leads the trajectory."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from agendas import expecting, perms
from agendas.expectation_forms import ExpectationForm
from stakeholders.models import Person
from stakeholders.perms import person_of
from thuiswijk.lib.canonical import digest
from thuiswijk.lib.web import has_seen, nothing_new, number_in
from trajectories.models import Contribution, ContributionQuerySet, Trajectory
from trajectories.perms import may_lead
from trajectories.views import contribution_of, meeting_of, to_lead, trajectory_of

MOST = 100  # on one page


def expectation_list(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    columns, rows = expecting.matrix(trajectory)
    found = _chosen(request, expecting.expectations_of(trajectory)).order_by("-made_at", "-pk")
    shown = list(expecting.with_replies(found)[: MOST + 1])
    context = {
        "trajectory": trajectory,
        "columns": columns,
        "rows": rows,
        "shown": shown[:MOST],
        "has_more": len(shown) > MOST,
        "is_chosen": bool(request.GET.keys() & {"van", "aan", "stand"}),
        "may_lead": may_lead(request.user, trajectory),
    }
    return render(request, "agendas/expectation_list.html", context | _before_and_after(request, trajectory))


def _before_and_after(request: HttpRequest, trajectory: Trajectory) -> dict[str, Any]:
    """How far it stood when each bijeenkomst began, and the table of the one that was chosen (`?toen=`)."""
    meetings = list(expecting.moments_of(trajectory))
    *before, now = expecting.standings(trajectory, [*(one.starts_at for one in meetings), timezone.now()])
    then = next((one for one in meetings if one.pk == number_in(request, "toen")), None)
    return {
        "before": [(meeting, tally) for meeting, tally in zip(meetings, before, strict=True) if tally.count],
        "now": now,
        "then": then,
        "then_rows": expecting.matrix(trajectory, at=then.starts_at)[1] if then else [],
    }


def expectation_screen(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    then, now = (expecting.by_party(meeting.trajectory, at=at) for at in (meeting.starts_at, None))
    parties = [(name, then.get(name, expecting.Tally()), tally) for name, tally in now.items()]
    mark = digest(repr([meeting.title, parties]).encode())[:16]
    if request.htmx and has_seen(request, mark):  # type: ignore[attr-defined]
        return nothing_new()
    whole = {"then": expecting.Tally.of(then.values()), "now": expecting.Tally.of(now.values())}
    context = {"meeting": meeting, "parties": parties, "mark": mark, **whole}
    part = "#screen" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"agendas/expectation_screen.html{part}", context)


def _chosen(request: HttpRequest, said: ContributionQuerySet) -> ContributionQuerySet:
    """Those of one cell of the matrix, of one party, or that still wait: as the address says."""
    if request.GET.get("van") == expecting.RESIDENTS:
        said = said.filter(said_by__isnull=True)
    elif "van" in request.GET:
        said = said.filter(said_by=number_in(request, "van"))
    if "aan" in request.GET:
        said = said.filter(addressed_to=number_in(request, "aan"))
    return expecting.waiting_in(said) if request.GET.get("stand") == "open" else said


def expectation_answer(request: HttpRequest, pk: int) -> HttpResponse:
    said, person, is_own = _to_answer(request, pk)
    last = said.replies.select_related("other_party").first()
    initial = {"kind": last.kind, "text": last.text, "other_party": last.other_party} if last else {}
    form = ExpectationForm(request.POST or None, said=said, initial=initial)
    if form.is_valid():
        expecting.answer(said, **form.cleaned_data, by=person, is_on_behalf=not is_own)
        messages.success(request, "Het antwoord is opgeslagen. Wie dit verwachtte, kan het nu lezen.")
        if is_own:
            return redirect("party_page", said.addressed_to_id)
        return redirect(reverse("expectation_list", args=[said.trajectory_id]) + f"?aan={said.addressed_to_id}")
    context = {"said": said, "last": last, "form": form, "is_own": is_own, "trajectory": said.trajectory}
    return render(request, "agendas/expectation_answer.html", context)


def _to_answer(request: HttpRequest, pk: int) -> tuple[Contribution, Person, bool]:
    """The expectation, who answers it, and whether that is the party itself; 404 or 403 for who may not."""
    waiting = Contribution.objects.filter(addressed_to__isnull=False).shown()
    own = waiting.filter(pk=pk, addressed_to__in=perms.parties_of(request.user))
    said = own.select_related("trajectory__gemeente", "addressed_to", "said_by", "meeting").first()
    person = person_of(request.user)
    if said is not None and person is not None:
        return said, person, True
    said = get_object_or_404(waiting, pk=contribution_of(request, pk).pk)
    return said, to_lead(request, said.trajectory), False
