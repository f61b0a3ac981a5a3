from django.contrib import admin

from agendas.models import Agenda, AgendaVersion, Document


@admin.register(Agenda)
class AgendaAdmin(admin.ModelAdmin):
    list_display = ("title", "number", "trajectory")


class ReadOnlyAdmin(admin.ModelAdmin):
    """What the database would refuse to change is not offered for change."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(AgendaVersion)
class AgendaVersionAdmin(ReadOnlyAdmin):
    list_display = ("agenda", "number", "frozen_at", "digest")
    exclude = ("content",)


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    """The document orders, with what keeps failing."""

    list_display = ("version", "kind", "state", "attempts", "error", "stored_at")
    list_filter = ("state", "kind")
    exclude = ("answers",)
