"""What the abbreviations mean that people in the office write: asked while they write, and of the whole draft."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agendas import drafting, perms
from agendas.views import ASKED, trajectory_of, typed_in
from stakeholders import explaining
from stakeholders.forms import UnknownTermForm
from thuiswijk.lib.terms import Glossary
from thuiswijk.lib.web import nothing_new, posted_from
from trajectories.models import Trajectory
from trajectories.views import to_lead

MOST_ASKED = 20  # at once; the others come when these are explained
EXPLAIN = f"{ASKED}-bewaar"
AskFormSet = forms.formset_factory(UnknownTermForm, extra=0, max_num=MOST_ASKED)


def term_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Beside a form that somebody writes in, what is typed there; on its own page, the whole draft."""
    trajectory = trajectory_of(request, pk)
    to_lead(request, trajectory)
    given = AskFormSet(request.POST if f"{ASKED}-TOTAL_FORMS" in request.POST else None, prefix=ASKED)
    is_beside, is_asked = bool(request.htmx), EXPLAIN in request.POST  # type: ignore[attr-defined]
    is_saved = is_asked and given.is_valid() and _explain(trajectory, given)
    if is_saved and not is_beside:
        messages.success(request, "De uitleg is bewaard.")
        return redirect("term_ask", pk)
    words = _words(drafting.glossary_of(trajectory), typed_in(request) if is_beside else drafting.written(trajectory))
    if is_beside and not is_asked and request.POST.get("sinds") == words["mark"]:
        return nothing_new()
    asked = given if is_asked and not is_saved and given.is_bound else _asking(request, words["unknown"])
    context = {"trajectory": trajectory, "asked": asked, "is_saved": is_saved, "is_beside": is_beside, **words}
    return render(request, f"agendas/term_ask.html{'#words' if is_beside else ''}", context)


@posted_from("party_page")
def party_words(request: HttpRequest, pk: int) -> HttpResponse:
    """Beside a form of a party: what is explained in what it types there. The list itself is kept by the office."""
    party = get_object_or_404(perms.parties_of(request.user).select_related("gemeente"), pk=pk)
    words = _words(explaining.glossary_of(party.gemeente, names=[party.name]), typed_in(request))
    if request.POST.get("sinds") == words["mark"]:
        return nothing_new()
    context = {"asked": None, "is_saved": False, "is_beside": True, **words}
    return render(request, "agendas/term_ask.html#words", context)


def _words(glossary: Glossary, texts: list[str]) -> dict[str, Any]:
    """What is explained in these texts, what nobody explained yet, and a mark that changes when one of them does."""
    known, unknown = glossary.explained_in(texts), glossary.unknown_in(texts)
    return {"known": known, "unknown": unknown, "mark": " ".join([*known, "/", *unknown])}


def _explain(trajectory: Trajectory, given: forms.BaseFormSet) -> bool:
    """Keeps what was filled in; what was left open is asked again."""
    filled = [form for form in given if form.is_filled]
    for form in filled:
        meaning = "" if form.cleaned_data["is_plain"] else form.cleaned_data["meaning"]
        explaining.explain(trajectory.gemeente, form.cleaned_data["term"], meaning)
    return bool(filled)


def _asking(request: HttpRequest, unknown: list[str]) -> forms.BaseFormSet:
    """A form per word, with what was typed for it and not saved yet."""
    count = range(MOST_ASKED)
    typed = {request.POST.get(f"{ASKED}-{at}-term"): request.POST.get(f"{ASKED}-{at}-meaning", "") for at in count}
    rows = [{"term": word, "meaning": typed.get(word, "")} for word in unknown[:MOST_ASKED]]
    return AskFormSet(initial=rows, prefix=ASKED)
