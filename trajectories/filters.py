from __future__ import annotations

from datetime import datetime
from typing import Any

import django_filters
from django.db.models import DateTimeField, F, QuerySet, Value

from thuiswijk.lib.text import CleanCharField
from trajectories.models import Contribution, Trajectory


class SearchFilter(django_filters.Filter):
    field_class = CleanCharField


class ContributionFilter(django_filters.FilterSet):
    """The list of everything said, filtered by its address."""

    zoek = SearchFilter(field_name="text", lookup_expr="icontains", label="Zoek in de tekst")
    bijeenkomst = django_filters.ChoiceFilter(field_name="meeting", label="Bijeenkomst", empty_label="Alle")
    soort = django_filters.ChoiceFilter(
        field_name="kind", label="Soort", choices=Contribution.Kind.choices, empty_label="Alle"
    )
    partij = django_filters.ChoiceFilter(
        field_name="said_by", label="Van", empty_label="Iedereen", null_label="Bewoners"
    )
    aan = django_filters.ChoiceFilter(field_name="addressed_to", label="Aan", empty_label="Iedereen")

    class Meta:
        model = Contribution
        fields: list[str] = []

    def __init__(self, data: Any, queryset: QuerySet[Contribution], *, trajectory: Trajectory) -> None:
        super().__init__(data, queryset)
        choices: dict[str, list[tuple[int, str]]] = {"meeting": [], "party": []}
        for of, pk, name, _ in _to_choose_from(trajectory):
            choices[of].append((pk, name))
        self.filters["bijeenkomst"].extra["choices"] = choices["meeting"]
        self.filters["partij"].extra["choices"] = self.filters["aan"].extra["choices"] = choices["party"]


def _to_choose_from(trajectory: Trajectory) -> QuerySet[Any, tuple[str, int, str, datetime | None]]:
    """The meetings in the order in which they were held and the parties by name, asked in one question."""
    meetings = trajectory.meetings.order_by().annotate(of=Value("meeting"), name=F("title"), at=F("starts_at"))
    parties = trajectory.parties.order_by().annotate(of=Value("party"), at=Value(None, DateTimeField()))
    columns = ("of", "pk", "name", "at")
    both = meetings.values_list(*columns).union(parties.values_list(*columns), all=True)
    return both.order_by("of", "at", "name", "pk")
