"""The seal of an organisation on a PDF (PAdES, ETSI EN 319 142-1), and the check of a PDF that somebody hands us.

Sealing is pyHanko's work. Checking looks at the bytes alone: a seal counts only when it covers the file from the first byte to
the last, so nothing in the file needs to be parsed but the seal. (Reading a hostile file as a PDF cost pyHanko 852 seconds.) A
later revision is told, not judged, but for the one that we add ourselves: what proves the seal later, and a timestamp over it all.
"""

import asyncio
import contextlib
import io
import logging
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from asn1crypto import cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError as PyHankoPdfError
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko.sign.validation.status import StandardCMSSignatureStatus
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from thuiswijk.lib import timestamps
from thuiswijk.lib.pdf import SEAL_FIELD
from thuiswijk.lib.timestamps import RESERVED, Timestamp, TimestampError

KEY_YEARS = 10
OWN_CLOCK = "own clock"
TIMESTAMP_SERVICE = "timestamp service"
CLOCKS_DIFFER = timedelta(hours=1)

MAX_BYTES = 50 * 1024**2
MAX_SIGNATURES = 20
MAX_SIGNATURE_BYTES = 64 * 1024

# That nobody vouches for a seal is an answer here, not a warning with a traceback; nor may a hostile file fill the log.
logging.getLogger("pyhanko.sign.validation.generic_cms").setLevel(logging.CRITICAL)


class SealError(Exception):
    """The key can't be used, or the seal can't be set; the message says why, for the log."""


# --- the key ------------------------------------------------------------------------------------------------------------


def make_key(path: Path, *, organisation: str, password: str = "") -> None:
    """Make a key with a self-signed certificate (RSA 3072, 10 years) as PKCS#12, readable by this user only.

    It proves that a document was not changed, not who sealed it: for demo and tests. Raises FileExistsError rather than
    write over a key.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "NL"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),  # the bounds of RFC 5280, appendix A.1
            x509.NameAttribute(NameOID.COMMON_NAME, f"Zegel {organisation}"[:64]),
        ]
    )
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))  # a clock may be a little off
        .not_valid_after(now + timedelta(days=365 * KEY_YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
                key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    encryption = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    data = pkcs12.serialize_key_and_certificates(b"zegel", key, certificate, None, encryption)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)


def load_signer(path: Path, password: str) -> signers.Signer:
    """The key and certificates in a PKCS#12 file; its certificate is `.signing_cert`. Raises SealError."""
    try:
        return signers.SimpleSigner.load_pkcs12_data(
            path.read_bytes(), other_certs=[], passphrase=password.encode() if password else None
        )
    except (OSError, ValueError) as error:
        raise SealError(f"the key for the seal can't be read: {error}") from error


def open_token(module: Path, *, token: str, label: str, pin: str) -> signers.Signer:
    """A key in hardware, through the maker's PKCS#11 module: the one in the token of this name, with its certificate, both
    under one label. The session stays open as long as the signer lives. Raises SealError.
    """
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

    signer = None
    try:
        session = open_pkcs11_session(str(module), token_criteria=TokenCriteria(label=token), user_pin=pin)
        signer = PKCS11Signer(session, cert_label=label, key_label=label, other_certs_to_pull=None)
        asyncio.run(signer.ensure_objects_loaded())
    except (SigningError, RuntimeError, OSError) as error:  # python-pkcs11's are RuntimeErrors, often without words
        if signer is not None:
            close(signer)
        raise SealError(f"the key in the token can't be used: {type(error).__name__} {error}") from error
    return signer


def close(signer: signers.Signer) -> None:
    """Ends the session with a token, where the key is in one: a token that is open already can't be opened again."""
    session = getattr(signer, "pkcs11_session", None)
    if session is not None:
        with contextlib.suppress(RuntimeError):
            session.close()


def load_certificates(path: Path) -> list[asn1_x509.Certificate]:
    """The certificates in a PEM file, or the one in a DER file. Raises SealError."""
    try:
        data = path.read_bytes()
        is_text = b"-----BEGIN" in data
        found = x509.load_pem_x509_certificates(data) if is_text else [x509.load_der_x509_certificate(data)]
    except (OSError, ValueError) as error:
        raise SealError(f"the certificates in {path} can't be read: {error}") from error
    return [asn1_x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in found]


# --- sealing ------------------------------------------------------------------------------------------------------------


def seal(
    pdf: bytes,
    *,
    signer: signers.Signer,
    reason: str,
    location: str,
    timestamper: TimeStamper | None = None,
    roots: Sequence[asn1_x509.Certificate] = (),
) -> bytes:
    """Fill the empty seal field of a drawn and repacked PDF (`pdf.draw(seal_field=…)`, `pdf.repack`).

    reason, location: texts that readers show with the seal. timestamper: the timestamp service; with it the level is
    PAdES B-T, without it B-B (our own clock). roots: the certificates that the seal and the timestamp lead to; with them and a
    service it is B-LTA, which can be proved after those of the seal have expired. Nothing may be changed after it (DocMDP 1).
    The pages keep all their bytes: what people read of the seal is in the document itself.

    Raises SealError, and TimestampError where a later try may go well.
    """
    writer = _KeepingMetadata(io.BytesIO(pdf))
    metadata = signers.PdfSignatureMetadata(
        field_name=SEAL_FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        name=_name(signer.signing_cert, "organization_name"),
        reason=reason,
        location=location,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    # The default stamp would bring in Courier, which is not embedded and so breaks PDF/A.
    stamp = StaticStampStyle(border_width=0, background=None)
    sealer = signers.PdfSigner(metadata, signer, timestamper=timestamper, stamp_style=stamp)
    try:
        sealed = sealer.sign_pdf(writer, existing_fields_only=True, bytes_reserved=RESERVED if timestamper else None)
        data = bytes(sealed.getvalue())
        if timestamper and roots:
            data = timestamps.archive(_KeepingMetadata(io.BytesIO(data)), service=timestamper, roots=roots)
    except TimestampError:
        raise
    except (SigningError, PyHankoPdfError, PathError, ValidationError, RuntimeError, OSError, ValueError) as error:
        raise SealError(f"the seal can't be set: {type(error).__name__} {error}") from error
    return data


class _KeepingMetadata(IncrementalPdfFileWriter):
    """pyHanko would write the metadata anew and lose PDF/UA's mark in it."""

    def _update_meta(self) -> None:  # a private name: tests/lib/test_seal.py pins it
        pass


# --- checking -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SealReport:
    """What a file's own bytes say about its seal.

    is_sealed: it carries a seal that can be read. is_whole: that seal is right and covers every byte.
    organisation, common_name: of the certificate; only a name that somebody chose, unless is_trusted.
    signed_at: aware, or None; by `timestamp`: "own clock", "timestamp service" or "" (unknown).
    timestamped_by: the name of that service, also only a name that somebody chose unless is_time_trusted.
    level: B-B, B-T, or B-LTA, which can still be proved when the certificate of the seal has expired.
    archived_by: the service whose timestamp is over the whole file, likewise only a name unless is_archive_trusted.
    is_trusted: the certificate leads to one of the trusted ones.
    expired_at: aware; it led there at the moment that the file gives for its seal, and expired since. Nothing in the file proves
    that moment then, so is_trusted is false; else None.
    problems: codes, worst first: not_a_pdf, too_large, too_many_signatures, truncated, no_signature, bad_signature,
    changed_bytes, appended_revision, bytes_after_end, bad_timestamp, clocks_differ.
    """

    is_sealed: bool = False
    is_whole: bool = False
    organisation: str = ""
    common_name: str = ""
    signed_at: datetime | None = None
    timestamp: str = ""
    timestamped_by: str = ""
    level: str = ""
    archived_by: str = ""
    is_archive_trusted: bool = False
    is_self_signed: bool = False
    is_trusted: bool = False
    expired_at: datetime | None = None
    is_time_trusted: bool = False
    problems: tuple[str, ...] = ()


def check(
    pdf: bytes,
    *,
    trusted: Sequence[asn1_x509.Certificate] = (),
    moment: datetime | None = None,
    max_bytes: int = MAX_BYTES,
    max_signatures: int = MAX_SIGNATURES,
) -> SealReport:
    """Say what is true of the seal on a file that anybody may have made; never raises for what is in the file.

    trusted: certificates that a seal and its timestamps may lead to. The file with another's valid seal is whole as well: look
    at the name and at is_trusted, and first of all whether the file's digest is in the register. moment: when certificates
    must be valid, where no trusted timestamp proves an earlier moment; now, if it is not given.
    """
    if len(pdf) > max_bytes:
        return SealReport(problems=("too_large",))
    if b"%PDF-" not in pdf[:1024]:
        return SealReport(problems=("not_a_pdf",))
    problems = [] if b"%%EOF" in pdf[-1024:] else ["truncated"]
    ranges = [_numbers(match) for match in _some(BYTE_RANGE.finditer(pdf), max_signatures + 1)]
    if len(ranges) > max_signatures:
        return SealReport(problems=(*problems, "too_many_signatures"))
    # The first seal is the one that matters: later ones came with later revisions, which it does not cover.
    seals = (
        (end, again, length, signature)
        for start, end, again, length in ranges
        if start == 0 and (signature := _signature_between(pdf, end, again)) is not None
    )
    found = next(seals, None)
    if found is None:
        return SealReport(problems=(*problems, "bad_signature" if ranges else "no_signature"))
    end, again, length, signature = found

    sealed = again + length
    if max(sealed, sum(ranges[-1][2:])) > len(pdf) and "truncated" not in problems:
        problems.append("truncated")
    archive = timestamps.archived(pdf, sealed=sealed, at=ranges[-1])
    rest = pdf[archive.length if archive else sealed :]
    signed, moment = pdf[:end] + pdf[again:sealed], moment or datetime.now(UTC)
    try:
        status, stamp, over_all = asyncio.run(_validate(signed, signature, archive, trusted, moment))
    except Exception:  # what one changed byte in a signature makes a library raise has no bounds; it is the answer, too
        return SealReport(problems=(*problems, "bad_signature"))
    if not status.intact or (over_all and not over_all.is_right):
        problems.append("changed_bytes")
    elif not status.valid:
        problems.append("bad_signature")
    if b"startxref" in rest:
        problems.append("appended_revision")
    elif rest:
        problems.append("bytes_after_end")

    own_time = _own_time(pdf, end, again)
    if stamp and not stamp.is_right:
        problems.append("bad_timestamp")
    elif stamp and own_time and abs(stamp.at - own_time) > CLOCKS_DIFFER:
        problems.append("clocks_differ")
    is_stamped = stamp is not None and stamp.is_right
    # Anybody can put a timestamp of their own over a file: it counts with what proves the certificates, and from a trusted service.
    has_proofs = bool(archive and (archive.proofs["crls"] or archive.proofs["ocsps"]))
    is_provable_later = has_proofs and bool(over_all and over_all.is_right and (over_all.is_trusted or not trusted))
    signed_at = stamp.at if stamp and is_stamped else own_time
    certificate = status.signing_cert
    expired_at = certificate.not_valid_after
    was_trusted = bool(
        trusted
        and not status.trusted
        and signed_at is not None
        and signed_at < expired_at < moment
        and _was_trusted(signed, signature, trusted, signed_at)
    )
    return SealReport(
        is_sealed=True,
        is_whole=not problems,
        organisation=_name(certificate, "organization_name"),
        common_name=_name(certificate, "common_name"),
        signed_at=signed_at,
        timestamp=(TIMESTAMP_SERVICE if is_stamped else OWN_CLOCK) if signed_at else "",
        timestamped_by=stamp.by if stamp and is_stamped else "",
        level=("B-LTA" if is_provable_later else "B-T") if is_stamped else "B-B",
        archived_by=over_all.by if over_all and over_all.is_right else "",
        is_archive_trusted=bool(over_all and over_all.is_right and over_all.is_trusted),
        is_self_signed=certificate.subject == certificate.issuer,
        is_trusted=status.trusted,
        expired_at=expired_at if was_trusted else None,
        is_time_trusted=bool(stamp and is_stamped and stamp.is_trusted),
        problems=tuple(problems),
    )


NUMBER = rb"\s{0,20}(\d{1,12})"
BYTE_RANGE = re.compile(rb"/ByteRange\s{0,20}\[" + NUMBER * 4 + rb"\s{0,20}\]")
OWN_TIME = re.compile(rb"/M\s{0,4}\(([^)]{10,80})\)")
OCTAL = re.compile(r"\\([0-7]{3})")  # ISO 32000-1, 7.3.4.2
DATE = re.compile(r"D:(\d{14})(?:Z|([+-])(\d\d)'(\d\d)'?)?")  # 7.9.4


def _numbers(match: re.Match[bytes]) -> tuple[int, int, int, int]:
    start, end, again, length = map(int, match.groups())
    return start, end, again, length


def _some(matches: Iterator[re.Match[bytes]], most: int) -> Iterator[re.Match[bytes]]:
    """No more than so many of them: a hostile file can hold a million."""
    return (match for match, _ in zip(matches, range(most), strict=False))


def _signature_between(pdf: bytes, start: int, end: int) -> cms.SignedData | None:
    """The CMS signature that stands as `<hexadecimal>` at [start, end), the one part of the file that is not signed.

    None where it is not written just as a signer writes it: some of its bytes are covered by no signature at all, and one of
    them changed would otherwise go unseen.
    """
    text = pdf[start : min(end, start + 2 * MAX_SIGNATURE_BYTES)]
    if end - start > len(text) or not (text.startswith(b"<") and text.endswith(b">")):
        return None
    try:
        data = bytes.fromhex(text[1:-1].decode("ascii"))
        content = cms.ContentInfo.load(data)
        is_tidy = text[1:-1] in (data.hex().encode(), data.hex().upper().encode()) and _is_tidy(content, data)
        return content["content"] if is_tidy else None
    except (ValueError, TypeError, KeyError):
        return None


def _is_tidy(content: cms.ContentInfo, data: bytes) -> bool:
    """Whether a signature, written again from its parts, gives these bytes, with nothing but zeros behind them.

    One signer, one digest, plain DER, as PAdES asks. What stands in a part is covered by the signature or by the certificate.
    """
    if content["content_type"].native != "signed_data":
        return False
    signed = content["content"]
    [signer] = signed["signer_infos"]
    digest, method = signer["digest_algorithm"], signer["signature_algorithm"]
    plain_digest = cms.DigestAlgorithm({"algorithm": digest["algorithm"].native, "parameters": core.Null()})
    plain_method = cms.SignedDigestAlgorithm({"algorithm": method["algorithm"].native})
    if "ecdsa" not in method["algorithm"].native:
        plain_method["parameters"] = core.Null()
    parts = {
        "version": "v1",
        "sid": signer["sid"],
        "digest_algorithm": plain_digest,
        "signed_attrs": signer["signed_attrs"],
        "signature_algorithm": plain_method,
        "signature": signer["signature"].native,
    }
    if isinstance(signer["unsigned_attrs"], cms.CMSAttributes):  # a timestamp, which is judged by itself
        parts["unsigned_attrs"] = signer["unsigned_attrs"]
    again = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [plain_digest],
            "encap_content_info": {"content_type": "data"},
            "certificates": signed["certificates"],
            "signer_infos": [cms.SignerInfo(parts)],
        }
    )
    written = cms.ContentInfo({"content_type": "signed_data", "content": again}).dump()
    return data.startswith(written) and not data[len(written) :].strip(b"\0")


def _was_trusted(
    signed: bytes, signature: cms.SignedData, trusted: Sequence[asn1_x509.Certificate], moment: datetime
) -> bool:
    try:
        status, _, _ = asyncio.run(_validate(signed, signature, None, trusted, moment))
    except Exception:  # as in check: the moment is what the file says
        return False
    return status.trusted


async def _validate(
    signed: bytes,
    signature: cms.SignedData,
    archive: timestamps.Archive | None,
    trusted: Sequence[asn1_x509.Certificate],
    moment: datetime,
) -> tuple[StandardCMSSignatureStatus, Timestamp | None, Timestamp | None]:
    """What is true of a signature, of its timestamp, and of that over the whole file.

    Each timestamp that is trusted proves that what it is over existed at its moment: a certificate that has expired since was
    valid then, and what was in the file then said whether it was revoked.
    """

    proofs = archive.proofs if archive else {}

    def at(moment: datetime, **known: Any) -> ValidationContext:
        # An empty list, not None: None would trust what the machine's browser trusts. Nothing is fetched.
        return ValidationContext(
            trust_roots=list(trusted), allow_fetching=False, moment=moment, retroactive_revinfo=True, **known
        )

    # The lists in the file are of the day of sealing: they say nothing of the last timestamp's own certificate later on.
    known = {name: proofs[name] for name in proofs if name == "other_certs"}
    over_all = await timestamps.read(archive.token, archive.digest_of, at(moment, **known)) if archive else None
    if over_all and over_all.is_right and over_all.is_trusted:
        moment = over_all.at
    status = await async_validate_detached_cms(signed, signature, at(moment, **proofs))
    stamp = timestamps.judged(status.timestamp_validity) if status.timestamp_validity else None
    if stamp and stamp.is_right and stamp.is_trusted:
        status = await async_validate_detached_cms(signed, signature, at(stamp.at, **proofs), at(moment, **proofs))
    return status, stamp, over_all


def _own_time(pdf: bytes, start: int, end: int) -> datetime | None:
    """The signature dictionary's /M, near the signature itself (ISO 32000-1, 12.8.1): the signer's own clock."""
    before = pdf[max(0, start - 2000) : start].rpartition(b" obj")[2]
    after = pdf[end : end + 2000].partition(b"endobj")[0]
    written = OWN_TIME.search(before) or OWN_TIME.search(after)
    if written is None:
        return None
    text = OCTAL.sub(lambda octal: chr(int(octal[1], 8)), written[1].decode("latin-1"))
    date = DATE.fullmatch(text)
    if date is None:
        return None
    digits, sign, hours, minutes = date.groups()
    try:
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=timezone(offset)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _name(certificate: asn1_x509.Certificate, part: str) -> str:
    """One part of the subject's name, or an empty text."""
    value = certificate.subject.native.get(part, "")
    return value if isinstance(value, str) else " ".join(value)
