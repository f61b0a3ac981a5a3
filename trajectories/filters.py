from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet

from thuiswijk.lib.text import CleanCharField
from trajectories.models import Contribution, Trajectory


class SearchFilter(django_filters.Filter):
    field_class = CleanCharField


class ContributionFilter(django_filters.FilterSet):
    """The list of everything said, filtered by its address."""

    zoek = SearchFilter(field_name="text", lookup_expr="icontains", label="Zoek in de tekst")
    bijeenkomst = django_filters.ModelChoiceFilter(field_name="meeting", label="Bijeenkomst", empty_label="Alle")
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
        self.filters["bijeenkomst"].queryset = trajectory.meetings.all()
        parties = list(trajectory.parties.order_by("name").values_list("pk", "name"))  # asked once, for both
        self.filters["partij"].extra["choices"] = self.filters["aan"].extra["choices"] = parties
