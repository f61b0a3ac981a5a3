"""The seal with a timestamp service: a real one on loopback, whose answers openssl makes."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import time
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, append_signature_field
from pyhanko.sign.signers import PdfTimeStamper

from tests.lib.test_seal import TAMPERED, change_title, draw, replace_page, swap_attachment, with_revision
from tests.timestamp_service import NAME, WRONG, TimestampService
from thuiswijk.lib import pdf, seal, timestamps

LATER = timedelta(days=3 * 365)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    running = TimestampService(tmp_path_factory.mktemp("tsa"), seal_days=1)
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def right_again(service):
    yield
    service.way, service.lists_revoked = "right", True


@pytest.fixture(scope="module")
def client(service):
    return timestamps.TimestampService(service.url, seconds=20)


@pytest.fixture(scope="module")
def roots(service):
    return seal.load_certificates(service.roots)


@pytest.fixture(scope="module")
def drawn():
    return draw()


def sealed_by(service, drawn: bytes, **how) -> bytes:
    return seal.seal(drawn, signer=seal.load_signer(service.seal, ""), reason="Proef", location="Voorbeeldstad", **how)


@pytest.fixture(scope="module")
def stamped(service, client, drawn):
    return sealed_by(service, drawn, timestamper=client)


@pytest.fixture(scope="module")
def archived(service, client, drawn, roots):
    return sealed_by(service, drawn, timestamper=client, roots=roots)


def test_service_is_asked_once_and_says_when(service, client, drawn, roots):
    before = service.asked
    report = seal.check(sealed_by(service, drawn, timestamper=client), trusted=roots)
    assert service.asked == before + 1
    assert report.is_whole and report.is_trusted and report.is_time_trusted
    assert (report.level, report.timestamp, report.timestamped_by) == ("B-T", seal.TIMESTAMP_SERVICE, NAME)
    assert report.signed_at == report.signed_at.replace(microsecond=0)  # as openssl writes it
    assert abs(report.signed_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_level_without_service_is_our_own_clock(service, drawn, roots):
    report = seal.check(sealed_by(service, drawn, roots=roots), trusted=roots)
    assert report.is_whole and report.is_trusted and not report.is_time_trusted
    assert (report.level, report.timestamp, report.timestamped_by) == ("B-B", seal.OWN_CLOCK, "")


def test_service_that_nobody_vouches_for_proves_nothing(stamped):
    report = seal.check(stamped)
    assert report.is_whole and report.timestamp == seal.TIMESTAMP_SERVICE
    assert not report.is_time_trusted


@pytest.mark.parametrize("way", WRONG)
def test_wrong_answer_of_the_service_seals_nothing(service, client, drawn, way):
    service.way = way
    with pytest.raises(timestamps.TimestampError):
        sealed_by(service, drawn, timestamper=client)


def test_slow_service_is_waited_for_so_long_and_no_longer(service, drawn):
    service.way, service.delay = "slow", 20.0
    hasty, begun = timestamps.TimestampService(service.url, seconds=0.5), time.monotonic()
    with pytest.raises(timestamps.TimestampError):
        sealed_by(service, drawn, timestamper=hasty)
    assert time.monotonic() - begun < 10


def test_service_that_is_down_seals_nothing(service, client, drawn):
    service.stop()
    try:
        with pytest.raises(timestamps.TimestampError):
            sealed_by(service, drawn, timestamper=client)
    finally:
        service.start()


def test_list_of_revoked_certificates_that_does_not_come_is_waited_for(service, client, drawn, roots):
    service.lists_revoked = False
    with pytest.raises(timestamps.TimestampError, match="revocation"):
        sealed_by(service, drawn, timestamper=client, roots=roots)


# --- for later ----------------------------------------------------------------------------------------------------------


def test_archive_is_proved_by_what_is_in_the_file(archived, roots):
    report = seal.check(archived, trusted=roots)
    assert report.is_whole and report.is_trusted and report.is_time_trusted
    assert (report.level, report.problems) == ("B-LTA", ())
    assert pdf.attachments(archived) == {"agenda.json": b'{"punt": 1}'}


def test_seal_outlasts_its_certificate_where_a_service_says_when(service, drawn, stamped, archived, roots):
    """The certificate of this seal lasts a day; that of the service ten years."""
    own_clock = sealed_by(service, drawn)
    for data, lasts in [(own_clock, False), (stamped, True), (archived, True)]:
        assert seal.check(data, trusted=roots).is_trusted
        report = seal.check(data, trusted=roots, moment=datetime.now(UTC) + LATER)
        assert report.is_whole
        assert report.is_trusted is lasts, report.level


def test_timestamp_of_nobody_does_not_stretch_a_certificate(service, drawn, roots, tmp_path):
    """Somebody who got hold of an expired key makes a service of their own, with a clock turned back."""
    other = TimestampService(tmp_path / "other")
    data = sealed_by(service, drawn, timestamper=other.stamper("tsa"))
    other.stop()
    report = seal.check(data, trusted=roots, moment=datetime.now(UTC) + LATER)
    assert not report.is_trusted and not report.is_time_trusted


def test_new_key_leaves_older_documents_valid(service, client, drawn, archived, roots):
    signer = seal.load_signer(service.issue("new", "Zegel Gemeente Voorbeeldstad 2027", days=365), "")
    newer = seal.seal(drawn, signer=signer, reason="Proef", location="Voorbeeldstad", timestamper=client, roots=roots)
    reports = [seal.check(data, trusted=roots) for data in (archived, newer)]
    assert all(report.is_whole and report.is_trusted for report in reports)
    assert [one.common_name for one in reports] == ["Zegel Gemeente Voorbeeldstad", "Zegel Gemeente Voorbeeldstad 2027"]


def test_clock_that_was_turned_back_is_found(service, drawn, roots):
    """The sealer says one moment, and the service another."""
    back = service.stamper("tsa", at=datetime.now(UTC) - timedelta(minutes=50))
    assert seal.check(sealed_by(service, drawn, timestamper=back), trusted=roots).problems == ()
    far_back = service.stamper("tsa", at=datetime.now(UTC) - timedelta(days=2))
    report = seal.check(sealed_by(service, drawn, timestamper=far_back), trusted=roots)
    assert report.problems == ("clocks_differ",)
    assert not report.is_whole


# --- tampering with an archived file ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TAMPERED)
def test_tampering_with_an_archived_file_is_found(archived, name):
    tamper, code = TAMPERED[name]
    report = seal.check(tamper(archived))
    assert not report.is_whole
    assert code in report.problems


@pytest.mark.parametrize("change", [replace_page, swap_attachment, change_title])
def test_change_below_an_archive_timestamp_of_somebody_else_is_found(service, stamped, change, roots):
    """Something is changed in a sealed file, and a timestamp put over the whole: right in itself, over what may not be there."""
    forged = timestamps.archive(
        seal._KeepingMetadata(BytesIO(with_revision(stamped, change))), service=service.stamper("tsa"), roots=roots
    )
    assert seal.check(forged, trusted=roots).problems == ("appended_revision",)


def test_change_within_the_revision_of_the_timestamp_is_found(service, stamped, roots):
    writer = seal._KeepingMetadata(BytesIO(stamped))
    replace_page(writer)
    forged = timestamps.archive(writer, service=service.stamper("tsa"), roots=roots)
    assert seal.check(forged, trusted=roots).problems == ("appended_revision",)


def test_field_beside_the_timestamp_is_found(stamped, service, roots):
    writer = seal._KeepingMetadata(BytesIO(stamped))
    append_signature_field(writer, SigFieldSpec("Stempel", box=(100, 100, 300, 300)))
    forged = timestamps.archive(writer, service=service.stamper("tsa"), roots=roots)
    assert seal.check(forged, trusted=roots).problems == ("appended_revision",)


def test_timestamp_of_nobody_over_the_whole_raises_no_level(stamped, roots, tmp_path):
    other = TimestampService(tmp_path / "other")
    other.stop()
    stamper = PdfTimeStamper(
        other.stamper("tsa"), timestamps.FIELD, readable_field_name=timestamps.FIELD,
        invis_settings=InvisSigSettings(box_out_of_bounds=True),
    )  # fmt: skip
    raised = asyncio.run(stamper.async_timestamp_pdf(seal._KeepingMetadata(BytesIO(stamped)), "sha256"))
    for trusted in ((), roots):
        assert seal.check(raised.getvalue(), trusted=trusted).level == "B-T"


def test_every_part_of_what_was_added_is_covered(stamped, archived):
    """A byte changed in it, at any place but the room behind the timestamp: found."""
    start = len(stamped)  # about: a seal has the same room each time
    for place in range(start + 200, len(archived), 997):
        changed = archived[:place] + bytes([archived[place] ^ 1]) + archived[place + 1 :]
        assert not seal.check(changed).is_whole, place


def test_certification_allows_the_archive_timestamp_and_nothing_else(archived):
    """As another reader judges it: pyHanko's comparison of revisions."""
    for data, level in [(archived, ModificationLevel.LTA_UPDATES), (with_revision(archived, replace_page), None)]:
        signature = PdfFileReader(BytesIO(data)).embedded_regular_signatures[0]
        signature.compute_integrity_info()
        found = signature.diff_result
        assert signature.docmdp_level.name == "NO_CHANGES"
        assert (found.modification_level if isinstance(found, DiffResult) else None) == level
        assert signature.summarise_integrity_info()["docmdp_ok"] is (level is not None)


def test_pdfsig_calls_the_seal_below_the_archive_timestamp_valid(archived, tmp_path):
    if shutil.which("pdfsig") is None:
        pytest.skip("NOT VERIFIED: the program pdfsig (poppler-utils) is not here")
    (tmp_path / "sealed.pdf").write_bytes(archived)
    said = subprocess.run(["pdfsig", tmp_path / "sealed.pdf"], capture_output=True, text=True, check=False).stdout
    first, second = said.split("Signature #2:")
    assert "Signature Validation: Signature is Valid." in first
    assert f"Signer Certificate Common Name: {NAME}" in second and "Total document signed" in second
