"""Looking for a word in the list of a gemeente."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from stakeholders.models import Term
from thuiswijk.lib.text import CleanCharField


class WordFilter(django_filters.Filter):
    """The letters anywhere in a term or in its meaning."""

    field_class = CleanCharField

    def filter(self, qs: QuerySet[Term], value: str) -> QuerySet[Term]:
        return qs.filter(Q(term__icontains=value) | Q(meaning__icontains=value)) if value else qs


class TermFilter(django_filters.FilterSet):
    """The terms of a gemeente, and with `among` those that every gemeente has, by what stands in the address."""

    zoek = WordFilter(label="Zoek een begrip")

    class Meta:
        model = Term
        fields: list[str] = []

    @property
    def sought(self) -> str:
        """What is looked for, cleaned, or nothing."""
        return self.form.cleaned_data.get("zoek", "") if self.is_valid() else ""

    def among(self, meanings: dict[str, str]) -> dict[str, str]:
        """Those of which the term or the meaning holds what is looked for."""
        small = self.sought.lower()
        return {term: meaning for term, meaning in meanings.items() if small in f"{term}\n{meaning}".lower()}
