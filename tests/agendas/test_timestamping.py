"""Sealing with a timestamp service: what stands in the register and on the pages, and what happens while the service fails."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.utils import timezone

from agendas import sealing, verifying
from agendas.models import Document
from stakeholders.models import Mail
from tests.timestamp_service import NAME, WRONG, TimestampService
from thuiswijk.lib import files, seal, timestamps

WAITING = "Wij wachten op de tijdstempeldienst"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    service = TimestampService(tmp_path_factory.mktemp("tsa"))
    yield service
    service.stop()


@pytest.fixture(autouse=True)
def service(running, settings, tmp_path):
    """A platform with its own folders, the key of the service's seal, and the service."""
    settings.MEDIA_ROOT, settings.KEYS_DIR = tmp_path / "media", tmp_path / "keys"
    settings.SEAL_PKCS12, settings.SEAL_PASSWORD = str(running.seal), ""
    settings.SEAL_TIMESTAMP_URL, settings.SEAL_TIMESTAMP_SECONDS = running.url, 20
    sealing.signer.cache_clear()
    running.way = "right"
    yield running
    sealing.signer.cache_clear()


def build_again(document: Document) -> bool:
    """What the worker does when it is the document's turn again."""
    Document.objects.filter(pk=document.pk).update(next_try_at=timezone.now())
    is_stored = sealing.build(document.pk)
    document.refresh_from_db()
    return is_stored


def bytes_of(document: Document) -> bytes:
    return files.path_of(sealing.documents_folder(), document.sha256).read_bytes()


def test_document_and_evidence_are_sealed_at_the_moment_of_the_service(final, cast):
    assert build_again(final)
    evidence = final.version.documents.get(kind=Document.Kind.EVIDENCE)
    assert build_again(evidence)
    for document in (final, evidence):
        report = seal.check(bytes_of(document))
        assert report.is_whole and report.timestamp == seal.TIMESTAMP_SERVICE
        assert (document.seal_level, document.timestamped_by) == ("B-T", NAME)
        assert document.signed_at == report.signed_at
    page = cast.client().get(f"/controleer/{final.version.code}/").content.decode()
    assert f"Bewezen door een tijdstempeldienst: {NAME}" in page and "PAdES B-T" in page
    assert f"Het tijdstip is bewezen door {NAME}." in leader_sees(cast, final)


def test_document_is_archived_where_the_roots_are_known(final, service, settings):
    settings.SEAL_ROOTS = str(service.roots)
    assert build_again(final)
    evidence = final.version.documents.get(kind=Document.Kind.EVIDENCE)
    assert build_again(evidence)
    roots = seal.load_certificates(service.roots)
    for document in (final, evidence):
        assert document.seal_level == "B-LTA"
        report = seal.check(bytes_of(document), trusted=roots, moment=timezone.now() + timedelta(days=3 * 365))
        assert report.is_whole and report.is_trusted and report.is_time_trusted
    assert verifying.verify(bytes_of(final)).document == final


def test_document_without_service_says_whose_clock_it_is(final, settings, cast):
    settings.SEAL_TIMESTAMP_URL = ""
    assert build_again(final)
    assert (final.seal_level, final.timestamped_by) == ("B-B", "")
    page = cast.client().get(f"/controleer/{final.version.code}/").content.decode()
    assert "Alleen van de klok van dit platform. Geen andere dienst heeft het bewezen." in page


def leader_sees(cast, document: Document) -> str:
    return cast.client(cast.leader).get(f"/versies/{document.version_id}/").content.decode()


def test_document_waits_for_a_service_that_fails_and_is_sealed_once(final, service, cast, settings):
    mails = Mail.objects.count()
    service.delay = 4.0
    for way in (*WRONG, "slow", "down"):
        service.way, settings.SEAL_TIMESTAMP_SECONDS = way, 0.5 if way == "slow" else 20
        if way == "down":
            service.stop()
        assert not build_again(final), way
        assert final.is_awaiting_timestamp and "TimestampError" in final.error
        assert final.attempts < Document.MAX_ATTEMPTS - 1  # however often: never parked
        assert WAITING in leader_sees(cast, final)
        assert "is nog niet vastgesteld" in cast.client().get(f"/controleer/{final.version.code}/").content.decode()
    assert Mail.objects.count() == mails
    assert not [path for path in sealing.documents_folder().rglob("*") if path.is_file()]

    service.way, settings.SEAL_TIMESTAMP_SECONDS = "right", 20
    service.start()
    assert build_again(final) and not sealing.build(final.pk)
    assert (final.seal_level, final.step, Mail.objects.count()) == ("B-T", "", mails + 3)
    assert WAITING not in leader_sees(cast, final)


def test_seal_that_leads_to_other_roots_is_not_stored(final, service, settings, tmp_path):
    """A mistake in the settings: parked in the end, as every other one is."""
    other = TimestampService(tmp_path / "other")
    other.stop()
    settings.SEAL_ROOTS = str(other.roots)
    for _ in range(Document.MAX_ATTEMPTS):
        assert not build_again(final)
    assert final.state == Document.State.FAILED and "SealError" in final.error and not final.sha256


def test_lost_list_of_revoked_certificates_is_waited_for(final, service, settings):
    settings.SEAL_ROOTS = str(service.roots)
    service.lists_revoked = False
    assert not build_again(final)
    assert final.is_awaiting_timestamp
    service.lists_revoked = True
    assert build_again(final)


def test_command_tells_whose_clock_it_is(final, service, settings, tmp_path, capsys):
    settings.SEAL_ROOTS = str(service.roots)
    assert build_again(final)
    file = tmp_path / "agenda.pdf"
    file.write_bytes(bytes_of(final))
    call_command("verify_document", str(file))
    assert f"komt van de tijdstempeldienst {NAME} (PAdES B-LTA). Die is hier niet nagegaan." in capsys.readouterr().out
    call_command("verify_document", str(file), trust=service.roots)
    assert f"Dat tijdstip is bewezen door de tijdstempeldienst {NAME} (PAdES B-LTA)." in capsys.readouterr().out
    settings.SEAL_TIMESTAMP_URL = settings.SEAL_ROOTS = ""
    evidence = final.version.documents.get(kind=Document.Kind.EVIDENCE)
    assert build_again(evidence)
    file.write_bytes(bytes_of(evidence))
    call_command("verify_document", str(file), trust=service.roots)
    assert "klok van wie verzegelde (PAdES B-B). Geen tijdstempeldienst bewijst het." in capsys.readouterr().out


def test_archive_timestamp_of_a_service_that_nobody_vouches_for_is_told(final, service, settings, tmp_path, capsys):
    """It is right, and anybody can put one there."""
    assert build_again(final)
    other = TimestampService(tmp_path / "other")
    client = timestamps.TimestampService(other.url, seconds=20)
    writer = seal._KeepingMetadata(io.BytesIO(bytes_of(final)))
    both = [*seal.load_certificates(service.roots), *seal.load_certificates(other.roots)]
    file = tmp_path / "agenda.pdf"
    file.write_bytes(timestamps.archive(writer, service=client, roots=both))
    other.stop()
    call_command("verify_document", str(file), trust=service.roots)
    told = capsys.readouterr().out
    assert "Over het hele bestand staat nog een tijdstempel" in told and "bewijst hier niets" in told
    assert "(PAdES B-T)" in told


def test_address_of_the_service_is_told_to_nobody(final, service, settings, caplog):
    """It may hold a password, and the error stands on a page and in the log."""
    settings.SEAL_TIMESTAMP_URL = "http://naam:geheim@127.0.0.1:9/tsa?sleutel=verborgen"
    assert not build_again(final)
    told = final.error + caplog.text
    assert final.is_awaiting_timestamp and "TimestampError" in final.error
    assert not [part for part in ("naam", "geheim", "verborgen") if part in told]


def test_key_is_opened_anew_after_it_failed(final, settings, tmp_path):
    sealing.signer()
    settings.SEAL_PKCS12 = str(tmp_path / "nergens.p12")
    sealing.drop_signer()
    assert not build_again(final) and "SealError" in final.error
    settings.SEAL_PKCS12 = str(tmp_path / "teruggezet.p12")
    seal.make_key(Path(settings.SEAL_PKCS12), organisation="Gemeente Voorbeeldstad")
    settings.SEAL_TIMESTAMP_URL = ""
    assert build_again(final) and final.sealed_by == "Gemeente Voorbeeldstad"


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"SEAL_TIMESTAMP_URL": "tijdstempel.example"}, {"thuiswijk.E001"}),
        ({"SEAL_TIMESTAMP_URL": "ftp://tijdstempel.example"}, {"thuiswijk.E001"}),
        ({"SEAL_TIMESTAMP_URL": "http://tijdstempel.example/"}, {"thuiswijk.E001"}),
        ({"SEAL_TIMESTAMP_URL": "https://naam:geheim@tijdstempel.example:99999999/"}, {"thuiswijk.E001"}),
        ({"SEAL_TIMESTAMP_SECONDS": 0}, {"thuiswijk.E002"}),
        ({"SEAL_TIMESTAMP_SECONDS": 23}, {"thuiswijk.E002"}),
        ({"SEAL_TIMESTAMP_SECONDS": 23, "DOCUMENT_LEASE_SECONDS": 92}, set()),
        ({"SEAL_TIMESTAMP_SECONDS": 5, "DOCUMENT_LEASE_SECONDS": 16}, {"thuiswijk.E002"}),
        ({"SEAL_TIMESTAMP_URL": "", "SEAL_ROOTS": "/nergens.pem"}, {"thuiswijk.E003", "thuiswijk.E004"}),
        ({"SEAL_PKCS11": "/usr/lib/token.so", "SEAL_PKCS12": ""}, {"thuiswijk.E005"}),
        ({"SEAL_PKCS11": "/usr/lib/token.so", "SEAL_PKCS11_TOKEN": "zegel"}, {"thuiswijk.E005"}),
        ({}, set()),
    ],
)
def test_wrong_setting_is_named_at_the_start(settings, wrong, found):
    for name, value in wrong.items():
        setattr(settings, name, value)
    assert {one.id for one in run_checks() if one.id.startswith("thuiswijk.")} == found
