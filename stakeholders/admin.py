from django.contrib import admin

from stakeholders import mailing, signing_in
from stakeholders.models import Gemeente, Mail, Membership, Party, Person, User


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0


@admin.register(Gemeente)
class GemeenteAdmin(admin.ModelAdmin):
    list_display = ("name", "code")


@admin.register(Party)
class PartyAdmin(admin.ModelAdmin):
    list_display = ("name", "kind", "gemeente")
    list_filter = ("gemeente", "kind")
    search_fields = ("name",)


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    list_display = ("name", "function", "email")
    search_fields = ("name", "email")
    inlines = (MembershipInline,)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ("email", "is_staff", "is_active", "last_login")
    fields = ("email", "is_staff", "is_superuser", "is_active")
    search_fields = ("email",)
    actions = ("take_away_factors",)

    @admin.action(description="Haal de tweede stap weg (telefoon en herstelcodes kwijt)")
    def take_away_factors(self, request, queryset):
        for user in queryset:
            signing_in.take_away_factors(user, by=request.user)
        self.message_user(request, f"{len(queryset)} accounts stellen bij de volgende keer inloggen alles opnieuw in.")


@admin.register(Mail)
class MailAdmin(admin.ModelAdmin):
    """What could not be sent; the texts are nobody's business."""

    list_display = ("subject", "state", "attempts", "made_at", "sent_at", "error")
    list_filter = ("state",)
    fields = readonly_fields = ("subject", "state", "attempts", "made_at", "sent_at", "error")
    actions = ("send_again",)

    @admin.action(description="Verstuur opnieuw wat mislukt is")
    def send_again(self, request, queryset):
        self.message_user(request, f"{mailing.retry(queryset)} e-mails staan weer klaar.")

    def has_add_permission(self, request):
        return False
