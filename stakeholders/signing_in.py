"""Signing in, as this house does it: nobody signs up by themselves, and no answer tells whether an address is known.

allauth holds the doors; here stands what is our own about them: the words, which address is whose, what a second factor
must be, and a line in the log for whatever happens there. A log line holds the number of the account, never its address.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import structlog
from allauth.account import signals as account_signals
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import RequestLoginCodeForm
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa import signals as mfa_signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm, LoginWebAuthnForm
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet, MultiFernet
from django import forms
from django.conf import settings
from django.contrib.auth import user_logged_out
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from stakeholders import account_events, second_factor
from stakeholders.account_events import Kind
from stakeholders.models import User
from thuiswijk.lib.text import CleanCharField

log = structlog.get_logger(__name__)
CODE_LIVES = 90  # seconds: its own half minute, and the ones before and after it (MFA_TOTP_TOLERANCE)
BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {
    "iPhone": "een iPhone", "iPad": "een iPad", "Android": "Android", "Windows": "Windows", "Mac OS": "een Mac",
    "Linux": "Linux",
}  # fmt: skip


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves, and mail is plain text."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": "Deze code klopt niet. Kijk nog eens in de e-mail, of vraag een nieuwe code.",
        "too_many_login_attempts": "U hebt het te vaak geprobeerd. Wacht een paar minuten en probeer het opnieuw.",
        "rate_limited": "U hebt het te vaak geprobeerd. Wacht een paar minuten en probeer het opnieuw.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """An account that was closed gets the answer of one that never was."""
        return render(request, "account/signup_closed.html")

    def render_mail(self, template_prefix: str, email: str, context: dict, headers: dict | None = None) -> EmailMessage:
        subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", context).split())
        body = render_to_string(f"{template_prefix}_message.txt", context, self.request).strip()
        return EmailMessage(subject, body, self.get_from_email(), [email], headers=headers)

    def send_notification_mail(self, template_prefix: str, user: Any, context: Any = None, email: Any = None) -> None:
        device = device_of(self.request.headers.get("User-Agent", ""))
        super().send_notification_mail(template_prefix, user, {**(context or {}), "device": device}, user.email)

    def get_reauthentication_methods(self, user: Any) -> list[dict]:
        """The best way first: recovery codes are for who has nothing else at hand."""
        names = {
            "mfa_reauthenticate": "Met een code uit uw app, of een herstelcode",
            "mfa_reauthenticate:webauthn": "Met een toegangssleutel",
        }
        methods = [{**one, "description": names[one["id"]]} for one in super().get_reauthentication_methods(user)]
        has_app = is_mfa_enabled(user, [Authenticator.Type.TOTP])
        return methods if has_app else methods[::-1]


class AddressForm(RequestLoginCodeForm):
    """Asks for the address that gets a code. The address of an account is the one it has now, and no earlier one."""

    _user: User | None

    def clean_email(self) -> str:
        email = super().clean_email()
        user: User | None = self._user
        self._user = user if user and user.email.lower() == email.lower() else None
        if self._user is None:
            log.warning("sign_in_failed", step="address")  # nobody's: no row
        return email


# --- the second factor --------------------------------------------------------------------------------------------------
class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are kept encrypted, so that who has only the database can't make codes."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Deze code klopt niet, of is al gebruikt. Wacht op een nieuwe code en vul die in.",
        "cannot_generate_recovery_codes": "Stel eerst een app of een toegangssleutel in. Daarna krijgt u herstelcodes.",
        "unverified_email": "Log eerst in met een code per e-mail.",
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return f"Sleutel {Authenticator.objects.filter(user=user, type=type).count() + 1}"


def _cipher() -> MultiFernet:
    """Of SECRET_KEY. A key that was replaced still opens what it closed, while it stands in SECRET_KEY_FALLBACKS."""
    secrets = [str(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    digests = [hashlib.sha256(f"second factor:{secret}".encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def _code_field(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


def _use_once(user: User, code: str) -> None:
    """A code opens one door, as long as it lives. (allauth remembers it for its own half minute only.)"""
    if not cache.add(f"second-factor:{user.pk}:{hashlib.sha256(code.encode()).hexdigest()}", True, timeout=CODE_LIVES):
        raise SecondFactorAdapter().validation_error("incorrect_code")


class SecondFactorForm(AuthenticateForm):
    code = _code_field("Code")

    def clean_code(self) -> str:
        code = super().clean_code()
        _use_once(self.user, code)
        return code


class SecondFactorAgainForm(ReauthenticateForm):
    code = _code_field("Code")

    def clean_code(self) -> str:
        code = super().clean_code()
        _use_once(self.user, code)
        return code


class NewAppForm(ActivateTOTPForm):
    code = _code_field("Code uit de app")


class NewPasskeyForm(AddWebAuthnForm):
    """Every passkey can sign in by itself: the browser asks for a finger, a face or a PIN."""

    name = CleanCharField(label="Naam", max_length=40, required=False)
    passwordless = None


class PasskeyNameForm(EditWebAuthnForm):
    name = CleanCharField(label="Naam", max_length=40)


class PasskeySignInForm(LoginWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except ValidationError:
            log.warning("sign_in_failed", step="passkey")
            raise ValidationError("Inloggen met deze sleutel lukt niet. Log in met een code per e-mail.") from None


# --- the identity provider of a gemeente --------------------------------------------------------------------------------
class ProviderAdapter(DefaultSocialAccountAdapter):
    """Lets in who is known here already, by an address that the provider checked and may speak for.

    Nothing of the provider is kept: who it no longer knows does not come in through it any more.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        log.info("sign_in_failed", step="provider", provider=sociallogin.provider.app.provider_id)
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[Any, str] | None:
        domains = sociallogin.provider.app.settings["domains"]
        for address in sociallogin.email_addresses:
            email = address.email.lower()
            user = User.objects.filter(email=email, is_active=True).first()
            if user and address.verified and email.rpartition("@")[2] in domains:
                return user, email
        return None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.state.get("process") != "login":
            raise ImmediateHttpResponse(redirect("home"))  # nothing is connected to an account
        if sociallogin.is_existing:
            # allauth ends other sessions of an account whose address was never seen as checked.
            EmailAddress.objects.update_or_create(
                user=sociallogin.user, email=sociallogin.user.email, defaults={"verified": True}
            )


# --- where somebody is signed in ----------------------------------------------------------------------------------------
def device_of(user_agent: str) -> str:
    """A browser and its system in words: “Firefox op Windows”."""
    browser = next((name for sign, name in BROWSERS.items() if sign in user_agent), "Een andere browser")
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), "een ander apparaat")
    return f"{browser} op {system}"


def end_sessions(sessions: list[UserSession], *, by: User) -> None:
    """Signs out elsewhere, at once: a browser is as good as its row."""
    for session in sessions:
        session.end()
    if sessions:
        account_events.note(by, Kind.SESSIONS_ENDED)
    log.info("sessions_ended", account=by.pk, sessions=len(sessions))


def take_away_factors(user: User, *, by: User) -> None:
    """For who lost phone and recovery codes: a beheerder takes all away, and the next sign-in sets up a new one."""
    gone = Authenticator.objects.filter(user=user).delete()[0]
    for session in UserSession.objects.filter(user=user):
        session.end()
    account_events.note(user, Kind.FACTOR_REMOVED)
    get_adapter().send_notification_mail("account/email/factors_taken_away", user)
    log.info("factors_taken_away", account=user.pk, factors=gone, taken_by=by.pk)


class OutOfOrderMiddleware:
    """A door that does not work stays shut, and says so.

    Tries are counted in the cache: where that does not answer, nobody can try. A provider may be down too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        pages = {"redis.exceptions": "503.html", "requests.exceptions": "socialaccount/authentication_error.html"}
        # By where its kinds come from: the client of Redis costs a worker 15 MB, which one without a Redis never needs.
        page = next((pages[kind.__module__] for kind in type(exception).__mro__ if kind.__module__ in pages), None)
        if page is None:
            return None
        log.error("sign_in_closed", reason=type(exception).__name__)
        return render(request, page, status=503)


class SignedOutMiddleware:
    """Whose session ended while a page was open gets no page to sign in put into the middle of it.

    What a page asks by itself (htmx) is refused, and what stands there stays; who presses a button goes and signs in, and
    comes back to the page that was open.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        door = reverse(settings.LOGIN_URL)
        if "HX-Request" not in request.headers or urlsplit(response.get("Location", "")).path != door:
            return response
        refusal = HttpResponse(status=401)
        if request.method == "POST":
            open_page = urlsplit(request.headers.get("HX-Current-URL", ""))
            back = urlunsplit(("", "", open_page.path, open_page.query, ""))
            refusal.headers["HX-Redirect"] = f"{door}?{urlencode({'next': back or '/'})}"
        return refusal


# --- what happens at the doors ------------------------------------------------------------------------------------------
@receiver(account_signals.user_logged_in)
def _signed_in(request: HttpRequest, user: User, **more: Any) -> None:
    by = [record.get("type", record["method"]) for record in get_authentication_records(request, user)]
    account_events.note(user, Kind.SIGNED_IN, ", ".join(by))
    log.info("signed_in", account=user.pk, by=by)


@receiver(user_logged_out)
def _signed_out(request: HttpRequest, user: User | None, **more: Any) -> None:
    if user:
        account_events.note(user, Kind.SIGNED_OUT)
        log.info("signed_out", account=user.pk)


@receiver(account_signals.login_code_rejected)
def _code_rejected(user: User, **more: Any) -> None:
    account_events.note(user, Kind.SIGN_IN_FAILED, "code")
    log.warning("sign_in_failed", account=user.pk, step="code")


@receiver(mfa_signals.authentication_failed)
def _factor_rejected(user: User, authenticator: Authenticator, **more: Any) -> None:
    account_events.note(user, Kind.SIGN_IN_FAILED, authenticator.type)
    log.warning("sign_in_failed", account=user.pk, step=authenticator.type)


@receiver(mfa_signals.authenticator_added)
def _factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **more: Any) -> None:
    """Who has just set up a factor has just shown it; asking for it again at once would only be in the way."""
    account_events.note(user, Kind.FACTOR_ADDED, authenticator.type)
    log.info("factor_added", account=user.pk, factor=authenticator.type)
    if authenticator.type in second_factor.FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True)


@receiver(mfa_signals.authenticator_removed)
def _factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **more: Any) -> None:
    account_events.note(user, Kind.FACTOR_REMOVED, authenticator.type)
    log.info("factor_removed", account=user.pk, factor=authenticator.type)
    if not is_mfa_enabled(user, second_factor.FACTORS):
        second_factor.forget(request)


@receiver(mfa_signals.authenticator_reset)
def _factor_reset(user: User, authenticator: Authenticator, **more: Any) -> None:
    log.info("factor_renewed", account=user.pk, factor=authenticator.type)
