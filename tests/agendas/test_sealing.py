"""The worker's side, called as the worker calls it. What happens when it is killed is in tests/faults."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from agendas import sealing, verifying
from agendas.models import Document
from stakeholders.models import Mail
from thuiswijk.lib import files
from thuiswijk.lib.pdf import attachments

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    settings.MEDIA_ROOT, settings.KEYS_DIR = tmp_path / "media", tmp_path / "keys"
    sealing.signer.cache_clear()
    yield
    sealing.signer.cache_clear()


def bytes_of(document: Document) -> bytes:
    return files.path_of(sealing.documents_folder(), document.sha256).read_bytes()


def test_final_document_is_drawn_sealed_and_stored_once(final, cast):
    mails = Mail.objects.count()
    assert sealing.build(final.pk)
    assert not sealing.build(final.pk)  # the same message again
    final.refresh_from_db()
    assert (final.state, final.attempts) == (Document.State.STORED, 1)
    assert final.sealed_by == "Thuiswijk (voorbeeldzegel)"
    assert Mail.objects.count() == mails + 3
    data = bytes_of(final)
    assert attachments(data)["agenda.json"] == bytes(final.version.content)  # what was endorsed is what is sealed
    assert json.loads(attachments(data)["onderschrijvingen.json"])["digest"] == final.version.digest
    assert cast.trajectory.phases.last().step == "nakoming"


def test_verification_knows_what_it_stored_and_what_was_changed(final):
    sealing.build(final.pk)
    final.refresh_from_db()
    data = bytes_of(final)
    assert verifying.verify(data).document == final
    changed = bytearray(data)
    changed[len(data) // 2] ^= 1
    verdict = verifying.verify(bytes(changed))
    assert not verdict.is_genuine
    assert verdict.problems
    cut = verifying.verify(data[:-100])
    assert not cut.is_genuine
    assert cut.problems
    assert verifying.verify(b"geen pdf").problems == ["Dit bestand is geen PDF."]


def test_claimed_document_is_left_alone_until_its_lease_ends(final):
    Document.objects.filter(pk=final.pk).update(
        state="claimed",
        claim="6d7fd6c3-7b9a-4c3b-8f0e-2f4f3c1f5a11",
        leased_until=timezone.now() + timedelta(minutes=1),
    )
    assert not sealing.build(final.pk)
    Document.objects.filter(pk=final.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    assert list(Document.objects.due().filter(pk=final.pk)) == [final]
    assert sealing.build(final.pk)


def test_failure_is_tried_again_and_parked_in_the_end(final, settings, tmp_path, cast):
    blocked = tmp_path / "media"
    blocked.write_text("no folder can be made here")
    for attempt in range(1, Document.MAX_ATTEMPTS + 1):
        Document.objects.filter(pk=final.pk).update(next_try_at=timezone.now())
        assert not sealing.build(final.pk)
        final.refresh_from_db()
        assert final.attempts == attempt
        assert "Error" in final.error
    assert final.state == Document.State.FAILED
    assert not sealing.build(final.pk)
    page = cast.client(cast.leader).get(f"/versies/{final.version_id}/").content.decode()
    assert "Het document kon niet worden gemaakt" in page
    blocked.unlink()
    cast.client(cast.leader).post(f"/documenten/{final.pk}/opnieuw/")
    assert sealing.build(final.pk)


def test_stored_file_is_whole_or_absent(tmp_path):
    name = files.store(tmp_path, b"inhoud")
    assert files.path_of(tmp_path, name).read_bytes() == b"inhoud"
    assert files.store(tmp_path, b"inhoud") == name
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [files.path_of(tmp_path, name)]


def test_document_under_which_every_worker_dies_is_parked(final):
    Document.objects.filter(pk=final.pk).update(
        state="claimed", claim="6d7fd6c3-7b9a-4c3b-8f0e-2f4f3c1f5a11", attempts=Document.MAX_ATTEMPTS,
        leased_until=timezone.now() - timedelta(seconds=1),
    )  # fmt: skip
    sealing.sweep()
    final.refresh_from_db()
    assert final.state == Document.State.FAILED
    assert not sealing.build(final.pk)


def test_evidence_that_can_not_be_ordered_undoes_no_seal(final):
    final.version.documents.create(kind=Document.Kind.EVIDENCE, answers=b"{}")  # a second one is refused
    assert sealing.build(final.pk)
    final.refresh_from_db()
    assert final.is_stored


def test_sweep_orders_the_evidence_that_is_missing_once(final):
    sealing.sweep()
    evidence = final.version.documents.filter(kind=Document.Kind.EVIDENCE)
    assert not evidence.exists()  # the document is not sealed yet
    Document.objects.filter(pk=final.pk).update(
        state=Document.State.STORED, sha256=64 * "a", stored_at=timezone.now(), sealed_by="Gemeente Voorbeeldstad"
    )
    for _ in range(2):
        sealing.sweep()
    assert json.loads(bytes(evidence.get().answers))["document_sha256"] == 64 * "a"


def test_who_reads_along_downloads_and_a_lost_file_is_no_error(final, cast):
    sealing.build(final.pk)
    final.refresh_from_db()
    browser, address = cast.client(cast.reader), f"/documenten/{final.pk}/"
    assert b"".join(browser.get(address).streaming_content) == bytes_of(final)
    assert cast.client(cast.stranger).get(address).status_code == 404
    files.path_of(sealing.documents_folder(), final.sha256).unlink()
    assert browser.get(address).status_code == 404
