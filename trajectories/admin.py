from django.contrib import admin

from stakeholders.admin import BeheerAdmin
from trajectories.models import Wijk


@admin.register(Wijk)
class WijkAdmin(BeheerAdmin):
    list_display = ("name", "code", "year", "gemeente")
    list_filter = ("gemeente", "year")
    search_fields = ("name", "code")
