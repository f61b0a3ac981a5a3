"""The second factor: who must give one, and whether this session has.

allauth writes down in the session how somebody signed in, whatever the door (a code by mail, a passkey, a gemeente's own
identity provider). Who holds a role that decides over others sees nothing before a second factor stands there too.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt, is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
WANTED = "second_factor_wanted"  # in the session: the page that somebody was on the way to
# What is open to who has signed in and has not given a second factor yet: giving one, making one, and leaving.
OPEN = frozenset(
    {
        "account_logout",
        "mfa_index",
        "mfa_list_webauthn",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)


def is_given(request: HttpRequest) -> bool:
    """Whether this session has shown a second factor. Asks the session only, never the database."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def forget(request: HttpRequest) -> None:
    """What was given counts no more: the last factor of this account is gone."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [one for one in records if one["method"] != "mfa"]


def ask(request: HttpRequest) -> HttpResponse:
    """To the page that asks for the second factor, or to the one where somebody without any chooses theirs."""
    wanted = request.get_full_path() if request.method == "GET" else reverse("home")
    if is_mfa_enabled(request.user, FACTORS):
        first = get_adapter().get_reauthentication_methods(request.user)[0]
        return redirect(f"{first['url']}?{urlencode({'next': wanted})}")
    request.session[WANTED] = wanted
    return redirect("mfa_index")


class SecondFactorMiddleware:
    """Stands behind every door: what is not public is closed until a second factor is given, where the role needs one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        is_public = not getattr(view, "login_required", True)
        if is_public or not request.user.is_authenticated:
            return None
        if is_given(request):
            if request.session.get(WANTED) == request.get_full_path():
                del request.session[WANTED]
            return None
        assert request.resolver_match is not None
        if request.resolver_match.url_name in OPEN or not request.user.needs_second_factor:
            return None
        return ask(request)


def codes_now() -> list[tuple[str, str]]:
    """(address, code) of everybody with a code app. For the demo, where nobody is real and nobody has a phone."""
    apps = Authenticator.objects.filter(type=Authenticator.Type.TOTP).order_by("user__email")
    step = int(time.time()) // 30
    return [
        (address, totp.format_hotp_value(totp.hotp_value(decrypt(data["secret"]), step)))
        for address, data in apps.values_list("user__email", "data")
    ]
