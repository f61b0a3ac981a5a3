"""What happens with an account, and what is taken home: rows that are only added, without an address in them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from stakeholders.models import AccountEvent, Download, User
from thuiswijk.lib.text import in_brief

Kind = AccountEvent.Kind
IN_WORDS = {  # a way of signing in, as allauth calls it
    "code": "een code per e-mail",
    "totp": "een code uit een app",
    "webauthn": "een toegangssleutel",
    "recovery_codes": "een herstelcode",
    "socialaccount": "het account van de gemeente",
}


def note(account: User, kind: AccountEvent.Kind, method: str = "") -> None:
    """Writes down that something happened with this account."""
    AccountEvent.objects.create(account=account, kind=kind, method=method[:60])


def note_download(account: User, what: str) -> None:
    """Writes down that somebody who is signed in takes this home. Call it where the answer is made."""
    Download.objects.create(account=account, what=in_brief(what, 200))


def of_last_year(account: User) -> QuerySet[AccountEvent]:
    """What happened with this account, newest first."""
    return account.events.filter(at__gte=year_ago())


def year_ago() -> datetime:
    return timezone.now() - timedelta(days=365)


def in_words(method: str) -> str:
    """The ways in which somebody signed in, as a sentence says it."""
    return " en ".join(IN_WORDS.get(way, way) for way in method.split(", ") if way)
