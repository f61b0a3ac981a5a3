from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from stakeholders.admin import BeheerAdmin, StuckAdmin
from trajectories.models import MeetingReport, Wijk


@admin.register(Wijk)
class WijkAdmin(BeheerAdmin):
    list_display = ("name", "code", "year", "gemeente")
    list_filter = ("gemeente", "year")
    search_fields = ("name", "code")


@admin.register(MeetingReport)
class MeetingReportAdmin(StuckAdmin):
    """The orders for reports that are not made yet, with what keeps failing; not of which meeting they are."""

    list_display = ("pk", "state", "step", "attempts", "asked_at", "next_try_at", "error")
    list_filter = ("state",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[MeetingReport]:
        return super().get_queryset(request).exclude(state=MeetingReport.State.STORED).filter(withdrawn_at__isnull=True)
