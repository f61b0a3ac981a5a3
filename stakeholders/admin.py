"""What a beheerder keeps: gemeenten, accounts, and what got stuck. Nothing of what is said or promised.

Every admin of the product is a BeheerAdmin, and the ones that are named here and in the other apps are all there are: those of
libraries are not looked for (`SimpleAdminConfig`), for an account's addresses could be changed there.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from stakeholders import mailing, signing_in
from stakeholders.models import Gemeente, Mail, User
from stakeholders.perms import is_beheerder
from thuiswijk.lib.work import WorkOrder


class BeheerAdmin(admin.ModelAdmin):
    """For every beheerder, superuser or not; nothing is deleted here."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_beheerder(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_beheerder(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_beheerder(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_beheerder(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Gemeente)
class GemeenteAdmin(BeheerAdmin):
    list_display = ("name", "code")


@admin.register(User)
class UserAdmin(BeheerAdmin):
    """Who can sign in. An address never changes: who could change it would sign in as somebody else."""

    list_display = ("email", "is_staff", "is_active", "last_login")
    fields = ("email", "is_staff", "is_active")
    search_fields = ("email",)
    actions = ("take_away_factors",)

    @admin.action(description="Haal de tweede stap weg (telefoon en herstelcodes kwijt)")
    def take_away_factors(self, request, queryset):
        for user in queryset:
            signing_in.take_away_factors(user, by=request.user)
        self.message_user(request, f"{len(queryset)} accounts stellen bij de volgende keer inloggen alles opnieuw in.")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("email",) if obj else ()


class StuckAdmin(BeheerAdmin):
    """A list of work that may be stuck, and no page for one of it: its title would tell what it is about."""

    list_display_links = None

    def action_checkbox(self, obj: Any) -> SafeString:
        """Django's own, which would say what it is about in its label."""
        attrs = {"class": "action-select", "aria-label": f"Kies nummer {obj.pk}"}
        return forms.CheckboxInput(attrs, lambda value: False).render(ACTION_CHECKBOX_NAME, str(obj.pk))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and is_beheerder(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and is_beheerder(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class OrderAdmin(StuckAdmin):
    """The work orders (thuiswijk.lib.work) that are not done yet, with what keeps failing; not what they are about."""

    list_display = ["pk", "state", "step", "attempts", "asked_at", "next_try_at", "error"]
    list_filter = ["state"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).exclude(state=WorkOrder.State.STORED)


@admin.register(Mail)
class MailAdmin(StuckAdmin):
    """What could not be sent; to whom, and what it says, is nobody's business."""

    list_display = ("pk", "state", "attempts", "made_at", "sent_at", "error")
    list_filter = ("state",)
    actions = ("send_again",)

    @admin.action(description="Verstuur opnieuw wat mislukt is")
    def send_again(self, request, queryset):
        self.message_user(request, f"{mailing.retry(queryset)} e-mails staan weer klaar.")
