from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import django_filters
from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchVector
from django.db.models import BigIntegerField, DateTimeField, F, Min, Q, QuerySet, Value
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from thuiswijk.lib.text import CleanCharField
from trajectories.models import Contribution, Trajectory

DUTCH = "dutch"  # the stemmer of PostgreSQL
BEGIN, END = "\ue000", "\ue001"  # around a hit; text that is cleaned never holds them
HIT = re.compile(f"{BEGIN}(.*?){END}", re.DOTALL)


class SearchFilter(django_filters.Filter):
    """Every word, in each of its forms (boom finds bomen), or the letters as a part of a longer word."""

    field_class = CleanCharField

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        if not value:
            return qs
        words = qs.alias(words=SearchVector("text", config=DUTCH))
        return words.filter(Q(words=_query(value)) | Q(text__icontains=value))


def _query(value: str) -> SearchQuery:
    return SearchQuery(value, config=DUTCH, search_type="websearch")


def hits_in(value: str, *, of: str = "text") -> SearchHeadline:
    """The words of a column with signs around what `SearchFilter` finds in it, for `marked` to show."""
    return SearchHeadline(of, _query(value), config=DUTCH, start_sel=BEGIN, stop_sel=END, highlight_all=True)


def marked(text: str, value: str) -> SafeString:
    """The words of `hits_in`, with <mark> around what was found, safe to show."""
    pieces = HIT.split(text)
    if len(pieces) == 1:  # no word of its own, so a part of one
        pieces = re.split(f"({re.escape(value)})", text, flags=re.IGNORECASE)
    shown = (format_html("<mark>{}</mark>", piece) if i % 2 else escape(piece) for i, piece in enumerate(pieces))
    return format_html_join("", "{}", ((piece,) for piece in shown))


class ContributionFilter(django_filters.FilterSet):
    """Everything said, filtered by what stands in the address."""

    RESIDENTS, PARTIES = "null", "partijen"

    zoek = SearchFilter(label="Zoek in de tekst")
    bijeenkomst = django_filters.ChoiceFilter(field_name="meeting", label="Bijeenkomst", empty_label="Alle")
    vraag = django_filters.ChoiceFilter(field_name="question", label="Vraag", empty_label="Alle")
    soort = django_filters.ChoiceFilter(
        field_name="kind", label="Soort", choices=Contribution.Kind.choices, empty_label="Alle"
    )
    partij = django_filters.ChoiceFilter(label="Van", empty_label="Iedereen", method="said_by")
    aan = django_filters.ChoiceFilter(field_name="addressed_to", label="Aan", empty_label="Iedereen")

    class Meta:
        model = Contribution
        fields: list[str] = []

    def __init__(self, data: Any, queryset: QuerySet[Contribution], *, trajectory: Trajectory) -> None:
        super().__init__(data, queryset)
        choices: dict[str, list[tuple[Any, str]]] = {"meeting": [], "party": [], "question": []}
        for of, key, name, _ in _to_choose_from(trajectory):
            choices[of].append((key or name, name))
        self.filters["bijeenkomst"].extra["choices"] = choices["meeting"]
        self.filters["vraag"].extra["choices"] = choices["question"]
        self.filters["aan"].extra["choices"] = choices["party"]
        anybody = [(self.RESIDENTS, "Bewoners"), (self.PARTIES, "Alle partijen")]
        self.filters["partij"].extra["choices"] = [*anybody, *choices["party"]]

    def said_by(self, queryset: QuerySet[Contribution], name: str, value: str) -> QuerySet[Contribution]:
        """Those of residents, those of people who work for a party, or those of one party."""
        if value in (self.RESIDENTS, self.PARTIES):
            return queryset.filter(said_by__isnull=value == self.RESIDENTS)
        return queryset.filter(said_by=int(value))

    @property
    def sought(self) -> str:
        """The words that are looked for, cleaned, or nothing."""
        return self.form.cleaned_data.get("zoek", "") if self.is_valid() else ""

    @property
    def is_used(self) -> bool:
        """Whether anything is left out."""
        return any(self.data.get(name) for name in self.filters)


def _to_choose_from(trajectory: Trajectory) -> QuerySet[Any, tuple[str, int, str, datetime | None]]:
    """The meetings and the questions in the order in which they came, the parties by name, asked in one statement."""
    columns = ("of", "key", "name", "at")
    meetings = trajectory.meetings.order_by().annotate(
        of=Value("meeting"), key=F("pk"), name=F("title"), at=F("starts_at")
    )
    parties = trajectory.parties.order_by().annotate(of=Value("party"), key=F("pk"), at=Value(None, DateTimeField()))
    asked = trajectory.contributions.shown().exclude(question="").order_by().values("question")
    questions = asked.annotate(
        of=Value("question"), key=Value(0, BigIntegerField()), name=F("question"), at=Min("made_at")
    )
    every = meetings.values_list(*columns).union(
        parties.values_list(*columns), questions.values_list(*columns), all=True
    )
    return every.order_by("of", "at", "name", "key")
