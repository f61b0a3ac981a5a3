import asyncio
import hashlib
import re
import shutil
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pypdf import PdfReader

from tests.conformance.quick import failures
from thuiswijk.lib import pdf, seal

STATIC = pdf.FONTS.parents[1]
PAGE = """<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8"><title>Proef</title>
<style>html { font-family: "Source Sans 3" }</style></head>
<body><h1>Proef</h1><p>De gemeente plaatst acht lantaarnpalen.</p><div id="zegel" style="height: 3cm">Zegel</div></body></html>"""


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    path = tmp_path_factory.mktemp("keys") / "new" / "zegel.p12"
    seal.make_key(path, organisation="Gemeente Voorbeeldstad", password="geheim")
    return seal.load_signer(path, "geheim")


def draw() -> bytes:
    """A page that is ready for its seal, always the same."""
    drawn = pdf.draw(
        PAGE, root=STATIC, attachments=[("agenda.json", "Gegevens", b'{"punt": 1}')],
        when=datetime(2026, 12, 16, 8, 30, tzinfo=UTC), seal_field="Elektronisch zegel",
    )  # fmt: skip
    return pdf.repack(drawn)


@pytest.fixture(scope="module")
def unsealed():
    return draw()


@pytest.fixture(scope="module")
def sealed(unsealed, signer):
    return seal.seal(unsealed, signer=signer, reason="Vastgestelde verbeteragenda", location="Voorbeeldstad")


@pytest.fixture(scope="module")
def timestamper():
    """A timestamp service of our own: a certificate that may only sign time (RFC 3161, 2.3)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tijdstempeldienst voor de proef")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    der = serialization.Encoding.DER
    return DummyTimeStamper(
        asn1_x509.Certificate.load(certificate.public_bytes(der)),
        asn1_keys.PrivateKeyInfo.load(
            key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        ),
    )


# --- the key ------------------------------------------------------------------------------------------------------------


def test_a_key_is_for_its_owner_only_and_is_never_written_over(tmp_path):
    path = tmp_path / "zegel.p12"
    seal.make_key(path, organisation="Gemeente Voorbeeldstad")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        seal.make_key(path, organisation="Een ander")
    assert path.read_bytes() == before
    certificate = seal.load_signer(path, "").signing_cert
    lasts = certificate.not_valid_after - certificate.not_valid_before
    assert timedelta(days=3650) <= lasts < timedelta(days=3660)


def test_a_long_name_of_an_organisation_still_makes_a_key(tmp_path):
    name = "Gemeenschappelijke Regeling Voorbeeldstad, Molenveld, Havenbuurt en Omstreken"
    seal.make_key(tmp_path / "zegel.p12", organisation=name)
    subject = seal.load_signer(tmp_path / "zegel.p12", "").signing_cert.subject.native
    assert subject["organization_name"] == name[:64]


@pytest.mark.parametrize("password", ["", "fout"])
def test_a_wrong_password_is_told(tmp_path, password):
    seal.make_key(tmp_path / "zegel.p12", organisation="Gemeente Voorbeeldstad", password="goed")
    with pytest.raises(seal.SealError):
        seal.load_signer(tmp_path / "zegel.p12", password)


def test_a_missing_or_broken_key_is_told(tmp_path):
    with pytest.raises(seal.SealError):
        seal.load_signer(tmp_path / "niets.p12", "")
    (tmp_path / "stuk.p12").write_bytes(b"geen sleutel")
    with pytest.raises(seal.SealError):
        seal.load_signer(tmp_path / "stuk.p12", "")


# --- sealing ------------------------------------------------------------------------------------------------------------


def test_a_sealed_document_is_whole_and_says_whose_it_is(sealed, signer):
    before = datetime.now(UTC)
    report = seal.check(sealed)
    assert report.is_sealed and report.is_whole and report.problems == ()
    assert (report.organisation, report.common_name) == ("Gemeente Voorbeeldstad", "Zegel Gemeente Voorbeeldstad")
    assert report.timestamp == seal.OWN_CLOCK
    assert timedelta(0) <= before - report.signed_at < timedelta(minutes=10)
    assert report.is_self_signed and not report.is_trusted
    assert seal.check(sealed, trusted=[signer.signing_cert]).is_trusted


def test_sealing_adds_to_the_file_and_changes_nothing_before_it(unsealed, sealed):
    assert sealed.startswith(unsealed)
    assert pdf.attachments(sealed) == {"agenda.json": b'{"punt": 1}'}


def test_the_metadata_keep_their_bytes(unsealed, sealed):
    """Pins pyHanko's private `_update_meta`: written anew, the metadata would lose PDF/UA's mark."""
    assert hasattr(IncrementalPdfFileWriter, "_update_meta")
    with pikepdf.open(BytesIO(unsealed)) as before, pikepdf.open(BytesIO(sealed)) as after:
        assert before.Root.Metadata.read_bytes() == after.Root.Metadata.read_bytes()
        assert b'pdfuaid:part="1"' in after.Root.Metadata.read_bytes()
        assert dict(before.docinfo) == dict(after.docinfo)


def test_the_seal_fills_the_tagged_field_and_forbids_every_change(sealed):
    reader = PdfReader(BytesIO(sealed))
    [field] = [item.get_object() for item in reader.trailer["/Root"]["/AcroForm"]["/Fields"]]
    assert field["/TU"] == "Elektronisch zegel" and "/StructParent" in field
    signature = field["/V"].get_object()
    assert signature["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature["/Reference"][0].get_object()["/TransformParams"]["/P"] == 1
    assert (signature["/Reason"], signature["/Location"]) == ("Vastgestelde verbeteragenda", "Voorbeeldstad")
    assert b"/Courier" not in sealed


def test_a_sealed_document_still_conforms(sealed):
    assert failures(sealed) == []


def test_a_timestamp_service_gives_the_time(unsealed, signer, timestamper):
    sealed = seal.seal(unsealed, signer=signer, reason="Proef", location="Voorbeeldstad", timestamper=timestamper)
    report = seal.check(sealed)
    assert report.is_whole and report.timestamp == seal.TIMESTAMP_SERVICE
    assert report.signed_at.tzinfo is not None
    assert timedelta(minutes=-1) < datetime.now(UTC) - report.signed_at < timedelta(minutes=10)


def test_a_document_without_the_field_can_not_be_sealed(signer):
    drawn = pdf.draw(PAGE, root=STATIC, attachments=[], when=datetime(2026, 1, 1, tzinfo=UTC), seal_field=None)
    with pytest.raises(seal.SealError):
        seal.seal(pdf.repack(drawn), signer=signer, reason="Proef", location="Voorbeeldstad")


def test_a_document_is_sealed_once(sealed, signer):
    with pytest.raises(seal.SealError):
        seal.seal(sealed, signer=signer, reason="Proef", location="Voorbeeldstad")


def test_pdfsig_calls_the_seal_valid(sealed, tmp_path):
    if shutil.which("pdfsig") is None:
        pytest.skip("NOT VERIFIED: the program pdfsig (poppler-utils) is not here")
    (tmp_path / "sealed.pdf").write_bytes(sealed)
    said = subprocess.run(["pdfsig", tmp_path / "sealed.pdf"], capture_output=True, text=True, check=False).stdout
    assert "Signature Validation: Signature is Valid." in said
    assert "Total document signed" in said


# --- tampering ----------------------------------------------------------------------------------------------------------


def flip(data: bytes, at: int) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)


def with_revision(data: bytes, change) -> bytes:
    """A later revision appended, in which `change(writer)` did something: what pdfsig and qpdf both call valid."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    change(writer)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def replace_page(writer):
    kids = writer.root["/Pages"]["/Kids"]
    stream = generic.StreamObject(stream_data=b"BT /F1 12 Tf 50 700 Td (VERVALST) Tj ET")
    kids[0][generic.pdf_name("/Contents")] = writer.add_object(stream)
    writer.mark_update(kids.raw_get(0))


def swap_attachment(writer):
    attached = writer.root["/AF"][0]
    attached["/EF"][generic.pdf_name("/F")] = writer.add_object(generic.StreamObject(stream_data=b'{"punt": 9}'))
    writer.update_container(attached["/EF"])


def change_title(writer):
    title = generic.DictionaryObject({generic.pdf_name("/Title"): generic.pdf_string("Anders")})
    writer.set_info(writer.add_object(title))


def attachment_swapped_in_place(data: bytes) -> bytes:
    """Another file of the same length, in the place of the real one, with no revision added."""
    with pikepdf.open(BytesIO(data)) as document:
        stored = next(iter(document.attachments.values())).get_file().obj.read_raw_bytes()
    at = data.index(stored)
    return data[:at] + bytes(byte ^ 3 for byte in stored) + data[at + len(stored) :]


def gap(data: bytes) -> tuple[int, int]:
    """Where the signature itself stands: the one part of the file that it does not cover."""
    _, start, end, _ = map(int, re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\s*\]", data).groups())
    return start, end


TAMPERED = {
    "a byte of a page": (lambda data: flip(data, 2_000), "changed_bytes"),
    "a byte of the signature": (lambda data: flip(data, gap(data)[0] + 2_001), "bad_signature"),
    "text hidden behind the signature": (
        lambda data: data[: gap(data)[1] - 9] + b"deadbeef>" + data[gap(data)[1] :],
        "bad_signature",
    ),
    "another attachment in the same place": (attachment_swapped_in_place, "changed_bytes"),
    "a revision with another page": (lambda data: with_revision(data, replace_page), "appended_revision"),
    "a revision with another attachment": (lambda data: with_revision(data, swap_attachment), "appended_revision"),
    "a revision with another title": (lambda data: with_revision(data, change_title), "appended_revision"),
    "a comment after the end": (lambda data: data + b"\n% nog iets\n", "bytes_after_end"),
    "one newline after the end": (lambda data: data + b"\n", "bytes_after_end"),
    "the last 40 bytes gone": (lambda data: data[:-40], "truncated"),
    "the last byte gone": (lambda data: data[:-1], "truncated"),
    "half of it gone": (lambda data: data[: len(data) // 2], "truncated"),
    "something before the start": (lambda data: b"%!\n" + data, "bad_signature"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_tampering_is_found(sealed, name):
    tamper, code = TAMPERED[name]
    report = seal.check(tamper(sealed))
    assert not report.is_whole
    assert code in report.problems


@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@hypothesis_settings(max_examples=60, deadline=None)
def test_any_bit_changed_outside_the_signature_is_found(sealed, where, bit):
    start, end = gap(sealed)
    at = int(where * (len(sealed) - (end - start)))
    at = at if at < start else at + (end - start)
    changed = bytearray(sealed)
    changed[at] ^= 1 << bit
    assert not seal.check(bytes(changed)).is_whole


def test_any_digit_changed_in_the_signature_is_found(sealed):
    """Also in the parts of it that no signature covers: its version, its list of digests, the room behind it."""
    start, end = gap(sealed)
    places = [*range(start + 50, start + 88), *range(start + 100, end, 601), end - 2]
    for place in places:
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        assert not seal.check(changed).is_whole, place - start


def test_the_seal_of_somebody_else_is_not_trusted(unsealed, sealed, signer, tmp_path):
    seal.make_key(tmp_path / "ander.p12", organisation="Gemeente Voorbeeldstad")
    other = seal.load_signer(tmp_path / "ander.p12", "")
    forged = seal.seal(unsealed, signer=other, reason="Vastgestelde verbeteragenda", location="Voorbeeldstad")
    assert seal.check(forged, trusted=[other.signing_cert]).is_trusted
    report = seal.check(forged, trusted=[signer.signing_cert])
    assert report.is_whole and not report.is_trusted


def test_a_second_signature_does_not_hide_the_revision(sealed, tmp_path):
    """Somebody changes the sealed file and signs the whole of it: the first seal no longer covers it."""
    seal.make_key(tmp_path / "ander.p12", organisation="Iemand anders")
    other = seal.load_signer(tmp_path / "ander.p12", "")
    before = sealed + b"\n900 0 obj\n<< /Type /Sig /Contents "
    room = 16_000
    ranges = (0, len(before), len(before) + room, 999)
    after = b" /ByteRange [%d %d %d %d] >>\nendobj\nstartxref\n0\n%%%%EOF\n" % ranges
    after = after.replace(b"999]", b"%03d]" % len(after))
    signature = asyncio.run(other.async_sign(hashlib.sha256(before + after).digest(), "sha256")).dump().hex().encode()
    signed = before + b"<" + signature.ljust(room - 2, b"0") + b">" + after
    report = seal.check(signed)
    assert not report.is_whole
    assert report.organisation == "Gemeente Voorbeeldstad"
    assert report.problems == ("appended_revision",)


# --- files that anybody may hand in -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        (b"", ("not_a_pdf",)),
        (b"hallo", ("not_a_pdf",)),
        (b"%PDF-1.7\n%%EOF\n", ("no_signature",)),
        (b"%PDF-1.7\n", ("truncated", "no_signature")),
        (b"%PDF-1.7\n/ByteRange [0 9 9 9]\n%%EOF", ("bad_signature",)),
        (b"%PDF-1.7\n/ByteRange [0 9 11 5] <>\n%%EOF", ("bad_signature",)),
        (b"%PDF-1.7\n/ByteRange [0 999999999999 999999999999 0]\n%%EOF", ("bad_signature",)),
        (b"%PDF-1.7\n<zz>/ByteRange [0 9 13 5]\n%%EOF", ("bad_signature",)),
        (b"%PDF-1.7\n<3000>/ByteRange [0 9 15 5]\n%%EOF", ("bad_signature",)),
        (b"%PDF-1.7\n" + b"/ByteRange [0 1 2 3]" * 21 + b"\n%%EOF", ("too_many_signatures",)),
    ],
)
def test_what_is_no_sealed_pdf_gets_a_code(data, problems):
    assert seal.check(data) == seal.SealReport(problems=problems)


def test_an_unsealed_document_has_no_signature(unsealed):
    assert seal.check(unsealed) == seal.SealReport(problems=("no_signature",))


def test_a_file_that_is_too_large_is_refused_unread(sealed):
    assert seal.check(sealed, max_bytes=len(sealed) - 1).problems == ("too_large",)
    assert seal.check(sealed, max_bytes=len(sealed)).is_whole


def test_the_text_of_a_byte_range_in_a_document_does_not_mislead(signer):
    """The title stands uncompressed in the metadata, so its words come before the seal in the file."""
    page = PAGE.replace("<title>Proef", "<title>/ByteRange [0 9 11 5] /ByteRange [0 1 2 3]")
    drawn = pdf.draw(page, root=STATIC, attachments=[], when=datetime(2026, 1, 1, tzinfo=UTC), seal_field="Zegel")
    assert b"/ByteRange [0 9 11 5]" in drawn
    assert seal.check(seal.seal(pdf.repack(drawn), signer=signer, reason="Proef", location="Voorbeeldstad")).is_whole


def test_a_file_with_objects_without_end_gets_an_answer(sealed):
    """Nothing of it is parsed: pyHanko's reader was seen to take 852 seconds for a file of 60 pages."""
    data = sealed + b"1 0 obj\n<< /Type /ObjStm /N 1000000 >>\nendobj\n/ByteRange [0 \n" * 300_000
    assert seal.check(data).problems == ("truncated", "bytes_after_end")


@given(st.binary(max_size=400))
@hypothesis_settings(max_examples=100, deadline=None)
def test_no_bytes_make_the_check_fall_over(data):
    assert not seal.check(b"%PDF-1.7\n" + data).is_whole
    hexadecimal = b"<" + data.hex().encode() + b">"
    end = 9 + len(hexadecimal)
    assert not seal.check(b"%PDF-1.7\n" + hexadecimal + b"/ByteRange [0 9 %d 40]%%%%EOF" % end).is_whole


def test_keys_are_written_where_asked(tmp_path: Path):
    seal.make_key(tmp_path / "a" / "b" / "zegel.p12", organisation="Gemeente Voorbeeldstad")
    assert (tmp_path / "a" / "b" / "zegel.p12").is_file()
