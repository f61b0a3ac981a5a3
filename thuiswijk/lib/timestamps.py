"""Timestamps (RFC 3161): that bytes existed at a moment, in the words of a service whose clock is not ours.

Asking for one and judging one are here; so is what keeps a seal provable after its certificate has expired (PAdES B-LTA): the
certificates and lists of revoked ones of that day, and a timestamp over the whole file. `seal` puts them in its files.
"""

import asyncio
import io
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import aiohttp
from asn1crypto import cms, tsp, x509
from cryptography.hazmat.primitives import hashes
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore, collect_validation_info
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import CRLFetchError, InsufficientRevinfoError, OCSPFetchError
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend
from pyhanko_certvalidator.fetchers.api import CertificateFetcher

# Room in the file for a timestamp with its certificates: named beforehand, so that the service is asked only once.
RESERVED = 49_152  # hexadecimal digits; the service may send along all certificates up to its root
MOST_BYTES = 64 * 1024  # of an answer of the service
FIELD = "Archieftijdstempel"


class TimestampError(OSError):
    """The service gave no timestamp that counts. Another try, later, may get one."""


@dataclass(frozen=True)
class Timestamp:
    """at: when, says `by`, the service's name in its certificate. is_right: it is of these bytes, and its certificate is one for
    timestamps. is_trusted: that certificate leads to one of the trusted ones. Without that anybody may have made it."""

    at: datetime
    by: str
    is_right: bool
    is_trusted: bool


class TimestampService(HTTPTimeStamper):
    """The service at an address. What it gives is judged before it is used; raises TimestampError for all that goes wrong."""

    def __init__(self, url: str, *, seconds: float) -> None:
        super().__init__(url, timeout=seconds)

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Asks at this address and no other: it follows no redirect, and reads no more than an answer can be."""
        asked, headers = req.dump(), await self.async_request_headers()
        limit = aiohttp.ClientTimeout(total=self.timeout)
        async with (
            aiohttp.ClientSession(timeout=limit) as session,
            session.post(self.url, data=asked, headers=headers, allow_redirects=False) as response,
        ):
            if response.status != 200:
                raise TimestampError(f"the service answers with status {response.status}")
            answer = b""
            async for chunk in response.content.iter_chunked(8192):
                answer += chunk
                if len(answer) > MOST_BYTES:
                    raise TimestampError("the answer of the service is too long")
        return tsp.TimeStampResp.load(answer)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            stamp = await read(token["content"], {md_algorithm: message_digest}.__getitem__)
        except Exception as error:  # garbage makes the library fall over in any way
            told = f"{error}; {error.__cause__ or type(error).__name__}".replace(
                self.url, "the service"
            )  # may hold a password
            raise TimestampError(f"no timestamp: {told}") from error
        if not stamp.is_right:
            raise TimestampError("the timestamp is not of what was asked, or its certificate is not for timestamps")
        return token


async def read(
    token: cms.SignedData, digest_of: Callable[[str], bytes], context: ValidationContext | None = None
) -> Timestamp:
    """What a timestamp says. digest_of: the name of an algorithm → the digest of the bytes that it should be of.

    Raises all kinds of errors for what is no timestamp.
    """
    # An empty list, not None: None would trust what the machine's browser trusts. Nothing is fetched.
    given = context or ValidationContext(trust_roots=[], allow_fetching=False)
    return judged(TimestampSignatureStatus(**await validate_tst_signed_data(token, given, digest_of)))


def judged(status: TimestampSignatureStatus) -> Timestamp:
    certificate = status.signing_cert
    names = certificate.subject.native
    return Timestamp(
        at=status.timestamp,
        by=str(names.get("common_name") or names.get("organization_name") or "zonder naam"),
        is_right=status.valid and status.intact and _is_for_time(certificate),
        is_trusted=status.trusted,
    )


def _is_for_time(certificate: x509.Certificate) -> bool:
    """Whether a certificate is for timestamps and nothing else, and says so with emphasis (RFC 3161, 2.3)."""
    uses = certificate.extended_key_usage_value
    critical = certificate.critical_extensions
    return uses is not None and uses.native == ["time_stamping"] and "extended_key_usage" in critical


# --- for later: PAdES B-LTA ---------------------------------------------------------------------------------------------


def archive(writer: IncrementalPdfFileWriter, *, service: TimeStamper, roots: Sequence[x509.Certificate]) -> bytes:
    """The sealed file of the writer with all that proves its seal later, and a timestamp over the whole of it.

    Fetches the lists of revoked certificates that the certificates name, once those lead to a root. Raises TimestampError where
    a list does not come or the service fails, and PathError or ValidationError where a certificate leads to no root, or was
    revoked: another try would not help.
    """
    return asyncio.run(_archive(writer, service, roots))


async def _archive(writer: IncrementalPdfFileWriter, service: TimeStamper, roots: Sequence[x509.Certificate]) -> bytes:
    backend = AIOHttpFetcherBackend()
    # No certificate is fetched: the address would come from one that nobody vouches for yet.
    fetchers = replace(backend.get_fetchers(), cert_fetcher=_NoCertificates())
    context = ValidationContext(
        trust_roots=list(roots), allow_fetching=True, fetchers=fetchers, revocation_mode="hard-fail"
    )
    try:
        [embedded] = writer.prev.embedded_signatures
        paths = await collect_validation_info(embedded, context)
        DocumentSecurityStore.supply_dss_in_writer(
            writer, embedded.pkcs7_content.hex().encode(), paths=paths, validation_context=context
        )
        # Outside the page: it is nothing to look at, and a field of no size on it would be read aloud.
        nowhere = InvisSigSettings(box_out_of_bounds=True)
        stamper = PdfTimeStamper(service, FIELD, invis_settings=nowhere, readable_field_name=FIELD)
        stamped = await stamper.async_timestamp_pdf(writer, "sha256", bytes_reserved=RESERVED)
    except (InsufficientRevinfoError, CRLFetchError, OCSPFetchError) as error:
        raise TimestampError(f"what proves the seal later can't be had: {error}") from error
    finally:
        await backend.close()
    return bytes(stamped.getvalue())


class _NoCertificates(CertificateFetcher):
    async def fetch_cert_issuers(self, cert: Any) -> AsyncGenerator[x509.Certificate, None]:
        return
        yield  # a generator of none

    async def fetch_crl_issuers(self, certificate_list: Any) -> AsyncGenerator[x509.Certificate, None]:
        return
        yield  # a generator of none

    def fetched_certs(self) -> list[x509.Certificate]:
        return []


@dataclass(frozen=True)
class Archive:
    """What was added to a sealed file, up to `length`. token: the timestamp over all of that, and `digest_of` what it is over.
    proofs: the certificates and lists of revoked ones, as ValidationContext takes them."""

    length: int
    token: cms.SignedData
    digest_of: Callable[[str], bytes]
    proofs: dict[str, Any]


def archived(pdf: bytes, *, sealed: int, at: tuple[int, int, int, int]) -> Archive | None:
    """What was added to a file whose first `sealed` bytes carry the seal, where that is what may be added and nothing else.

    at: the byte range of its last signature. None where nothing was added, or anything else. Never raises for what is in the file.
    """
    start, end, again, length = at
    whole = again + length
    if start != 0 or not sealed <= end < again <= whole <= len(pdf) or b"/XRefStm" in pdf[sealed:]:
        return None
    try:
        written = re.fullmatch(rb"<([0-9a-f]+|[0-9A-F]+)>", pdf[end:again])
        data = bytes.fromhex(written[1].decode()) if written else b""
        content = cms.ContentInfo.load(data)
        token, rest = content["content"], data[len(content.dump()) :]
        if rest.strip(b"\0") or token["encap_content_info"]["content_type"].native != "tst_info":
            return None
        proofs = _proofs(pdf[:sealed], pdf[:whole])
    except Exception:  # what somebody added may be made in any way; that it can't be read is the answer
        return None
    signed = pdf[:end] + pdf[again:whole]
    return None if proofs is None else Archive(whole, token, lambda name: _digest(name, signed), proofs)


def _digest(name: str, data: bytes) -> bytes:
    hashed = hashes.Hash({"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}[name])
    hashed.update(data)
    return hashed.finalize()


def _proofs(sealed: bytes, pdf: bytes) -> dict[str, Any] | None:
    """The certificates and lists in the file; None where anything was changed but the list of fields, and that of one page.

    Object by object, as pikepdf reads them: pyHanko's own comparison takes ten seconds for 80 pages.
    """
    import pikepdf

    with (
        pikepdf.open(io.BytesIO(sealed), attempt_recovery=False) as before,
        pikepdf.open(io.BytesIO(pdf), attempt_recovery=False) as after,
    ):
        if any(before.trailer[name].objgen != after.trailer[name].objgen for name in ("/Root", "/Info")):
            return None
        pairs = [(one, after.get_object(one.objgen)) for one in before.objects]
        changed = [(old, new) for old, new in pairs if _text(old) != _text(new)]
        added = [_added(old, new) for old, new in changed]
        if len(changed) != 2 or None in added or not all(map(_is_stamp, (one for some in added for one in some or []))):
            return None
        store: Any = after.Root.get("/DSS", {})
        certificates, *lists = ([one.read_bytes() for one in store.get(n, [])] for n in ("/Certs", "/CRLs", "/OCSPs"))
    known = [x509.Certificate.load(one) for one in certificates]
    crls, ocsps = lists
    return {"other_certs": known, "crls": crls, "ocsps": ocsps}


def _text(one: Any, *, without: str = "") -> tuple[bytes, bytes]:
    """An object of a PDF as it is written, with its stream."""
    import pikepdf

    if isinstance(one, pikepdf.Stream):
        return one.stream_dict.unparse(resolved=True), one.read_raw_bytes()
    if without:
        one = pikepdf.Dictionary({name: value for name, value in one.items() if name not in without.split()})
    return one.unparse(resolved=True), b""


def _added(old: Any, new: Any) -> list[Any] | None:
    """The fields that a later version of the catalogue or of a page has more; None where it differs in anything else."""
    is_page = old.get("/Type") == "/Page"
    if not is_page and old.get("/Type") != "/Catalog":
        return None
    apart = "/Annots" if is_page else "/AcroForm /DSS"
    if _text(old, without=apart) != _text(new, without=apart):
        return None
    if not is_page:
        old, new = old.AcroForm, new.AcroForm
        if _text(old, without="/Fields") != _text(new, without="/Fields"):
            return None
    had, has = (list(one.get("/Annots" if is_page else "/Fields", [])) for one in (old, new))
    is_same = [one.objgen for one in had] == [one.objgen for one in has[: len(had)]]
    return has[len(had) :] if is_same else None


def _is_stamp(field: Any) -> bool:
    """Whether a field holds a timestamp over the file and shows nothing."""
    shown = set(field.keys()) - {"/F", "/FT", "/P", "/Rect", "/Subtype", "/T", "/TU", "/Type", "/V"}
    left, bottom, right, top = map(float, field.Rect)
    return not shown and field.V.Type == "/DocTimeStamp" and left == right and bottom == top
