"""What `manage.py check` says of settings that can only be wrong, before a document has to wait for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error


def check_seal(**kwargs: Any) -> list[Error]:
    """One key; the timestamp service is an address, and the roots are certificates; roots alone prove nothing."""
    found = []
    if settings.SEAL_TIMESTAMP_URL and not _is_address(settings.SEAL_TIMESTAMP_URL):
        found.append(
            Error(
                "SEAL_TIMESTAMP_URL is not an address.",  # what it is may hold a password
                hint="The address of a timestamp service (RFC 3161), beginning with https://; http:// on this machine only.",
                id="thuiswijk.E001",
            )
        )
    most = settings.DOCUMENT_LEASE_SECONDS / 4  # asked twice, it stays well below the lease of a document
    if not 0 < settings.SEAL_TIMESTAMP_SECONDS <= most:
        hint = "A service is asked twice within DOCUMENT_LEASE_SECONDS, after the pages were drawn."
        found.append(Error(f"SEAL_TIMESTAMP_SECONDS is not between 0 and {most:g}.", hint=hint, id="thuiswijk.E002"))
    if settings.SEAL_ROOTS and not settings.SEAL_TIMESTAMP_URL:
        found.append(Error("SEAL_ROOTS is set, and SEAL_TIMESTAMP_URL is not.", id="thuiswijk.E003"))
    if settings.SEAL_PKCS11 and (settings.SEAL_PKCS12 or not settings.SEAL_PKCS11_TOKEN):
        hint = "SEAL_PKCS11_TOKEN is the name of the token, and SEAL_PKCS12 is not set beside it."
        found.append(
            Error("SEAL_PKCS11 needs the name of a token, and to be the only key.", hint=hint, id="thuiswijk.E005")
        )
    if settings.SEAL_ROOTS:
        from thuiswijk.lib import seal

        try:
            seal.load_certificates(Path(settings.SEAL_ROOTS))
        except seal.SealError as error:
            hint = "A file with the root certificates of the seal and of the timestamp service, as PEM."
            found.append(Error(f"SEAL_ROOTS: {error}", hint=hint, id="thuiswijk.E004"))
    return found


def _is_address(text: str) -> bool:
    """Whether nobody on the way can answer in place of the service."""
    try:
        url = urlsplit(text)
        is_here = url.hostname in ("127.0.0.1", "::1", "localhost")
        return (
            bool(url.hostname) and (url.port or 1) > 0 and (url.scheme == "https" or (url.scheme == "http" and is_here))
        )
    except ValueError:  # the port is no port
        return False
