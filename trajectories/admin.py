from django.contrib import admin

from trajectories.models import Figure, Meeting, Participation, Trajectory, Wijk


class ParticipationInline(admin.TabularInline):
    model = Participation
    extra = 0


class FigureInline(admin.TabularInline):
    model = Figure
    extra = 0


@admin.register(Wijk)
class WijkAdmin(admin.ModelAdmin):
    list_display = ("name", "code", "year", "gemeente")
    list_filter = ("gemeente", "year")
    search_fields = ("name", "code")


@admin.register(Trajectory)
class TrajectoryAdmin(admin.ModelAdmin):
    list_display = ("name", "gemeente")
    list_filter = ("gemeente",)
    inlines = (ParticipationInline, FigureInline)


@admin.register(Meeting)
class MeetingAdmin(admin.ModelAdmin):
    list_display = ("title", "trajectory", "kind", "starts_at", "state")
    list_filter = ("state", "kind")
