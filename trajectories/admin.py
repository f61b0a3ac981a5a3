from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from stakeholders.admin import BeheerAdmin, OrderAdmin
from trajectories.models import MeetingReport, Wijk


@admin.register(Wijk)
class WijkAdmin(BeheerAdmin):
    list_display = ("name", "code", "year", "gemeente")
    list_filter = ("gemeente", "year")
    search_fields = ("name", "code")
    exclude = ("outline", "outline_source")  # nobody types them: they are read from a file (areas.read_in)


@admin.register(MeetingReport)
class MeetingReportAdmin(OrderAdmin):
    def get_queryset(self, request: HttpRequest) -> QuerySet[MeetingReport]:
        return super().get_queryset(request).filter(withdrawn_at__isnull=True)
