from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from stakeholders import account_events, perms, privacy, second_factor, signing_in
from stakeholders.models import Mail, User
from thuiswijk.lib.errors import Refused

MOST_EVENTS = 200


@login_not_required
def outbox(request: HttpRequest) -> HttpResponse:
    """What would have been mailed. Only in the demo, where nobody is real and nothing is really sent."""
    if not settings.DEMO:
        raise Http404
    context = {"mails": Mail.objects.all()[:30], "codes": second_factor.codes_now()}
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
    person = get_object_or_404(perms.people_to_staff(request.user), pk=pk)
    answer = JsonResponse(privacy.everything_of(person), json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="inzage-{person.pk}.json"'
    account_events.note_download(user_of(request), f"inzage in de gegevens van persoon {person.pk}")
    return answer


def person_erase(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(perms.people_to_staff(request.user), pk=pk)
    if request.method == "POST":
        try:
            privacy.ask_erasure(person, by=perms.person_of(request.user))
            messages.success(request, "Het wissen is begonnen. Binnen een paar minuten is alles weg dat weg kan.")
            return redirect("home")
        except Refused as refusal:
            messages.error(request, str(refusal))
    held = privacy.held(person)
    context = {
        "person": person,
        "goes": [rule for rule, _ in held if rule.erase != "keep"],
        "stays": [rule for rule, _ in held if rule.erase == "keep"],
    }
    return render(request, "stakeholders/person_erase.html", context)


def user_of(request: HttpRequest) -> User:
    """Who is signed in; the house lets nobody else come this far."""
    assert isinstance(request.user, User)
    return request.user
