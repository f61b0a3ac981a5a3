from __future__ import annotations

from django.contrib import admin

from agendas.models import Document, Suggestions
from stakeholders.admin import OrderAdmin

admin.site.register(Suggestions, OrderAdmin)


@admin.register(Document)
class DocumentAdmin(OrderAdmin):
    list_display = ["pk", "kind", "state", "step", "attempts", "asked_at", "next_try_at", "error"]
    list_filter = ["state", "kind"]
