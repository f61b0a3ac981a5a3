from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from agendas.models import Document, Suggestions
from stakeholders.admin import StuckAdmin


@admin.register(Document)
class DocumentAdmin(StuckAdmin):
    """The orders for documents that are not made yet, with what keeps failing; not of whom they are."""

    list_display = ("pk", "kind", "state", "step", "attempts", "asked_at", "next_try_at", "error")
    list_filter = ("state", "kind")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return super().get_queryset(request).exclude(state=Document.State.STORED)


@admin.register(Suggestions)
class SuggestionsAdmin(StuckAdmin):
    """The orders for suggestions that are not made yet, with what keeps failing; not what is suggested."""

    list_display = ("pk", "state", "step", "attempts", "asked_at", "next_try_at", "error")
    list_filter = ("state",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Suggestions]:
        return super().get_queryset(request).exclude(state=Suggestions.State.STORED)
