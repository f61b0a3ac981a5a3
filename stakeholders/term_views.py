"""Begrippen: what abbreviations and jargon mean in a gemeente."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from stakeholders import explaining, perms
from stakeholders.filters import TermFilter
from stakeholders.forms import NewTermForm, TermForm
from stakeholders.models import Gemeente, Term
from thuiswijk.lib.web import allow, posted_from, to_change


def gemeente_to_explain(request: HttpRequest, pk: int) -> Gemeente:
    """The gemeente, if this user keeps its list: 404 where one may not know of it, 403 where one only reads."""
    gemeente = get_object_or_404(Gemeente.objects.visible_to(request.user), pk=pk)
    allow(perms.may_explain(request.user, gemeente))
    return gemeente


def term_to_change(request: HttpRequest, pk: int) -> Term:
    """A term of such a gemeente."""
    visible = Term.objects.filter(gemeente__in=Gemeente.objects.visible_to(request.user))
    term = get_object_or_404(to_change(request, visible.select_related("gemeente")), pk=pk)
    allow(perms.may_explain(request.user, term.gemeente))
    return term


def term_list(request: HttpRequest, pk: int) -> HttpResponse:
    gemeente = gemeente_to_explain(request, pk)
    form = NewTermForm(request.POST or None, gemeente=gemeente)
    if form.is_valid():
        term = explaining.explain(gemeente, form.cleaned_data["term"], form.cleaned_data["meaning"])
        messages.success(request, f"“{term}” staat in de lijst.")
        return redirect("term_list", pk)
    own = gemeente.terms.all()
    found = TermFilter(request.GET, own)
    context = {
        "gemeente": gemeente,
        "form": form,
        "filter": found,
        "own": found.qs,
        "others": found.among(explaining.others(own)),
    }
    return render(request, "stakeholders/term_list.html", context)


def term_edit(request: HttpRequest, pk: int) -> HttpResponse:
    term = term_to_change(request, pk)
    form = TermForm(request.POST or None, instance=term)
    if form.is_valid():
        form.save()
        messages.success(request, f"“{term}” is bewaard.")
        return redirect("term_list", term.gemeente_id)
    return render(request, "stakeholders/term_edit.html", {"term": term, "form": form})


@posted_from("term_edit")
def term_remove(request: HttpRequest, pk: int) -> HttpResponse:
    term = term_to_change(request, pk)
    term.delete()
    messages.success(request, f"“{term}” is uit de lijst. In versies die al zijn bevroren, verandert niets.")
    return redirect("term_list", term.gemeente_id)
