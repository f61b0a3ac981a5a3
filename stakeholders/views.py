from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from stakeholders import account_events, invitations, perms, privacy, second_factor, signing_in
from stakeholders.forms import AcceptForm, GemeenteForm, InviteForm, InviteManyForm
from stakeholders.models import Gemeente, Invitation, Mail, Membership, User
from stakeholders.role_changes import role_changes
from thuiswijk.lib import wall
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.web import allow, not_yet

MOST_EVENTS = 200


@login_not_required
def outbox(request: HttpRequest) -> HttpResponse:
    """What would have been mailed. Only in the demo, where nobody is real and nothing is really sent."""
    if not settings.DEMO:
        raise Http404
    context = {"mails": Mail.objects.all()[:150], "codes": second_factor.codes_now()}
    return render(request, "stakeholders/outbox.html", context)


def session_list(request: HttpRequest) -> HttpResponse:
    """Where this account is signed in, this browser first."""
    sessions = sorted(UserSession.objects.purge_and_list(user_of(request)), key=lambda one: -one.created_at.timestamp())
    context = {
        "here": [(one, signing_in.device_of(one.user_agent)) for one in sessions if one.is_current()],
        "elsewhere": [(one, signing_in.device_of(one.user_agent)) for one in sessions if not one.is_current()],
    }
    return render(request, "stakeholders/session_list.html", context)


@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(UserSession.objects.filter(user=user_of(request)), pk=pk)
    if session.is_current():
        logout(request)
        return redirect("account_login")
    signing_in.end_sessions([session], by=user_of(request))
    messages.success(request, "Dat apparaat is uitgelogd.")
    return redirect("session_list")


@require_POST
def session_end_others(request: HttpRequest) -> HttpResponse:
    others = [one for one in UserSession.objects.filter(user=user_of(request)) if not one.is_current()]
    signing_in.end_sessions(others, by=user_of(request))
    messages.success(request, "U bent overal uitgelogd, behalve hier.")
    return redirect("session_list")


def account_history(request: HttpRequest) -> HttpResponse:
    """What happened with one's own account in the last year."""
    events = list(account_events.of_last_year(user_of(request))[:MOST_EVENTS])
    downloads = user_of(request).downloads.filter(at__gte=account_events.year_ago())[:MOST_EVENTS]
    context = {"events": [(event, account_events.in_words(event.method)) for event in events], "downloads": downloads}
    return render(request, "stakeholders/account_history.html", context)


def person_access(request: HttpRequest, pk: int) -> JsonResponse:
    person = get_object_or_404(perms.people_to_know(request.user), pk=pk)
    told = privacy.everything_of(person, among=perms.gemeenten_to_know(request.user, person))
    answer = JsonResponse(told, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="inzage-{person.pk}.json"'
    account_events.note_download(user_of(request), f"inzage in de gegevens van persoon {person.pk}")
    return answer


def person_erase(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(perms.people_to_staff(request.user), pk=pk)
    gemeenten = perms.gemeenten_to_staff(request.user)
    if request.method == "POST":
        try:
            privacy.ask_erasure(person, by=perms.person_of(request.user), among=gemeenten)
            messages.success(request, "Het wissen is begonnen. Binnen een paar minuten is alles weg dat weg kan.")
            return redirect("home")
        except Refused as refusal:
            messages.error(request, str(refusal))
    held = privacy.held(person, among=gemeenten)
    context = {
        "name": privacy.name_of(person, among=gemeenten),
        "person": person,
        "is_whole": gemeenten is None,
        "goes": [rule for rule, _ in held if rule.erase != "keep"],
        "stays": [rule for rule, _ in held if rule.erase == "keep"],
    }
    return render(request, "stakeholders/person_erase.html", context)


def user_of(request: HttpRequest) -> User:
    """Who is signed in; the house lets nobody else come this far."""
    assert isinstance(request.user, User)
    return request.user


def gemeente_to_staff(request: HttpRequest, pk: int) -> Gemeente:
    """The gemeente, if this user says who works there: 404 where one may not know of it, 403 where one only works there."""
    gemeente = get_object_or_404(Gemeente.objects.visible_to(request.user), pk=pk)
    allow(perms.may_staff(request.user, gemeente))
    return gemeente


def invitation_to_staff(request: HttpRequest, pk: int) -> Invitation:
    """An invitation to a gemeente, for who says who works there."""
    visible = Invitation.objects.filter(gemeente__in=Gemeente.objects.visible_to(request.user))
    invitation = get_object_or_404(visible.select_related("gemeente"), pk=pk)
    assert invitation.gemeente is not None
    allow(perms.may_staff(request.user, invitation.gemeente))
    return invitation


def gemeente_list(request: HttpRequest) -> HttpResponse:
    allow(perms.is_beheerder(request.user))
    gemeenten = Gemeente.objects.with_counts().order_by("name")
    return render(request, "stakeholders/gemeente_list.html", {"gemeenten": gemeenten})


def gemeente_new(request: HttpRequest) -> HttpResponse:
    allow(perms.is_beheerder(request.user))
    form = GemeenteForm(request.POST or None)
    if form.is_valid():
        gemeente = form.save()
        messages.success(request, f"Gemeente {gemeente} is gemaakt. Nodig nu de projectleiders uit.")
        return redirect("people", gemeente.pk)
    return render(request, "stakeholders/gemeente_new.html", {"form": form})


def people(request: HttpRequest, pk: int) -> HttpResponse:
    gemeente = gemeente_to_staff(request, pk)
    members = list(gemeente.memberships.select_related("person__user"))
    asked = gemeente.invitations.pending().select_related("invited_by")
    context = {
        "gemeente": gemeente,
        "members": members,
        "has_leader": any(member.role == Membership.Role.LEADER for member in members),
        "invitations": [(one, perms.may_appoint(request.user, one.role)) for one in asked],
        "changes": role_changes(gemeente),
    }
    return render(request, "stakeholders/people.html", context)


def invite(request: HttpRequest, pk: int) -> HttpResponse:
    gemeente = gemeente_to_staff(request, pk)
    form = InviteForm(request.POST or None, roles=perms.roles_to_give(request.user))
    if form.is_valid():
        try:
            asked = invitations.invite(gemeente, form.invitee, by=perms.person_of(request.user))
            messages.success(request, f"{asked.name} krijgt een e-mail met een link. Die werkt veertien dagen.")
            return redirect("people", pk)
        except Refused as refusal:
            form.add_error("email", str(refusal))
    return render(request, "stakeholders/invite.html", {"gemeente": gemeente, "form": form})


def invite_many(request: HttpRequest, pk: int) -> HttpResponse:
    gemeente = gemeente_to_staff(request, pk)
    form = InviteManyForm(request.POST or None, gemeente=gemeente, roles=perms.roles_to_give(request.user))
    is_read = form.is_valid()
    if is_read and "send" in request.POST and form.invitees and not form.problems:
        try:
            count = invitations.invite_all(gemeente, form.invitees, by=perms.person_of(request.user))
            messages.success(request, f"{count} uitnodiging{'' if count == 1 else 'en'} verstuurd.")
            return redirect("people", pk)
        except Refused as refusal:
            form.add_error("people", str(refusal))
    return render(request, "stakeholders/invite_many.html", {"gemeente": gemeente, "form": form, "is_read": is_read})


def invitation_resend(request: HttpRequest, pk: int) -> HttpResponse:
    asked = invitation_to_staff(request, pk)
    allow(perms.may_appoint(request.user, asked.role))
    if request.method != "POST":
        return not_yet(request, "people", asked.gemeente_id)
    try:
        invitations.resend(asked, by=perms.person_of(request.user))
        messages.success(request, f"{asked.name} krijgt een nieuwe link. De oude link werkt niet meer.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("people", asked.gemeente_id)


def invitation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    asked = invitation_to_staff(request, pk)
    if request.method != "POST":
        return not_yet(request, "people", asked.gemeente_id)
    try:
        invitations.revoke(asked)
        messages.success(request, f"De uitnodiging van {asked.name} is ingetrokken. De link werkt niet meer.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("people", asked.gemeente_id)


@login_not_required
@never_cache
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    """Changes the link for a clean address: the secret stays out of the pages that follow. Nothing is accepted yet."""
    asked = invitations.invitation_of(token)
    if asked is None:
        response = render(request, "stakeholders/invitation_link.html", status=404)
    else:
        perms.remember_link(request.session, asked)
        response = redirect("invitation", asked.pk)
    response["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@never_cache
@wall.transaction_of_request()
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    linked = Invitation.objects.filter(pk__in=perms.linked_invitations(request.session))
    asked = linked.filter(pk=pk).select_related("gemeente", "party__gemeente", "invited_by").first()
    if asked is None or not (asked.is_open or asked.accepted_at):
        return render(request, "stakeholders/invitation_link.html", status=410 if asked else 404)
    wall.enter([asked.gemeente_pk])
    is_for_another = perms.is_for_another(request.user, asked)
    form = AcceptForm(request.POST or None, initial={"name": asked.name, "function": asked.function})
    if not asked.accepted_at and not is_for_another and form.is_valid():
        try:
            invitations.accept(asked, **form.cleaned_data)
            messages.success(request, "Welkom! U hebt de uitnodiging aangenomen.")
            return redirect("home" if request.user.is_authenticated else "account_login")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"invitation": asked, "place": asked.place, "is_for_another": is_for_another, "form": form}
    return render(request, "stakeholders/invitation.html", context)


def acting_for(request: HttpRequest) -> HttpResponse:
    """For whom one works now, for who works for more than one: the overview then shows only that."""
    roles = perms.roles_of(request.user)
    if request.method == "POST":
        perms.act_for(request.session, request.POST.get("role", ""), roles)
        return redirect("home")
    context = {"roles": roles, "chosen": perms.acting_as(request.session, roles)}
    return render(request, "stakeholders/acting_for.html", context)
