"""An answer on paper: with the scan of it, and of both people where two sign for the party."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from agendas import archiving, dossier, endorsing, versions
from agendas.documents import document_html
from agendas.models import Endorsement, RoundEvent, Scan
from stakeholders.models import Mail, Party
from tests.agendas.test_endorsing import ON_PAPER
from tests.factories import SCAN, complete_agenda, scanned_answer
from tests.pages import let_go, words
from thuiswijk.lib import scans
from thuiswijk.lib.canonical import canonical
from thuiswijk.lib.errors import Refused

TWO = {"second_name": "G. Bos", "second_function": "scriba"}
KEPT = "De gemeente bewaart een scan."
ALONE = "een scan die de gemeente bewaart"


@pytest.fixture
def round_(cast):
    agenda = complete_agenda(cast.trajectory)
    return endorsing.open_round(versions.freeze(agenda, by=cast.leader), deadline=agenda.ends_on, by=cast.leader)


@pytest.fixture
def of_two(cast):
    """A party for which two people sign."""
    Party.objects.filter(pk=cast.parties[1].pk).update(signatories=2)
    return cast.parties[1]


def paper(data: bytes = SCAN, name: str = "brief.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="text/plain")


def note(cast, round_, party, **other) -> str:
    address = reverse("answer_register", args=[round_.version_id, party.pk])
    form = {"digest": round_.version.digest, **ON_PAPER, **other}
    return words(cast.client(cast.leader).post(address, form, follow=True))


def test_scan_shows_an_answer_without_any_note(cast, round_):
    party = cast.parties[1]
    page = note(cast, round_, party, proof="", scan=paper(name="brief van de kerk.exe"))
    scan = Scan.objects.get()
    assert f"genoteerd door {cast.leader.name}: {ALONE}" in page and reverse("scan_download", args=[scan.pk]) in page
    assert (scan.name, scan.kind, bytes(scan.content)) == ("brief van de kerk.pdf", "application/pdf", SCAN)
    given = Endorsement.objects.get()
    assert (given.scan, given.proof, given.registered_by) == (scan, "", cast.leader)
    assert all(ALONE in mail.text for mail in Mail.objects.filter(subject__regex="genoteerd|onderschrijft"))
    event = RoundEvent.objects.order_by("number").last().data
    assert event["scan"] == {"name": scan.name, "size": len(SCAN), "sha256": scan.sha256}
    saved = cast.client(cast.leader).get(reverse("scan_download", args=[scan.pk]))
    assert b"".join(saved.streaming_content) == SCAN
    assert saved["Content-Disposition"].startswith("attachment") and saved["X-Content-Type-Options"] == "nosniff"
    let_go(saved)


def test_scan_is_for_who_staffs_the_trajectory(cast, round_):
    scan = scanned_answer(round_, cast.parties[1], by=cast.leader).scan
    address, version = reverse("scan_download", args=[scan.pk]), reverse("version_detail", args=[round_.version_id])
    for who, status in ((cast.reader, 403), (cast.adviser, 403), (cast.stranger, 404), (cast.outsider, 404)):
        assert cast.client(who).get(address).status_code == status
    read = words(cast.client(cast.reader).get(version))
    assert ALONE in read and address not in read


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"proof": ""}, "Kies een scan, of schrijf op waaruit dit antwoord blijkt."),
        ({"scan": paper(b"MZ een programma")}, "Dit bestand is geen PDF, JPEG of PNG"),
        ({"scan": paper(b"")}, "Dit bestand is geen PDF, JPEG of PNG"),
        ({"scan": paper(SCAN[:20])}, "Dit bestand is niet heel"),
        ({"scan": paper(SCAN + bytes(scans.MAX_BYTES))}, "Dit bestand is groter dan 10 MB."),
        ({"scan": paper(), "name": ""}, "Kies de scan opnieuw."),
    ],
)
def test_what_is_wrong_with_a_scan_is_told_and_the_rest_stays(cast, round_, sent, says):
    page = note(cast, round_, cast.parties[1], **sent)
    assert says in page and "Als er geld is." in page
    assert not Endorsement.objects.exists() and not Scan.objects.exists()


def test_double_click_keeps_one_scan_and_another_scan_is_told(cast, round_):
    for _ in range(2):
        assert "is genoteerd" in note(cast, round_, cast.parties[1], scan=paper())
    assert "Dat eerste antwoord blijft staan." in note(cast, round_, cast.parties[1], scan=paper(SCAN + b"!"))
    assert Scan.objects.get().endorsement == Endorsement.objects.get()


def test_both_are_named_on_paper_where_two_sign(cast, round_, of_two):
    assert "Vul in wie de tweede was." in note(cast, round_, of_two)
    assert "Dit is dezelfde naam als hierboven." in note(cast, round_, of_two, **TWO | {"second_name": "j. smit"})
    page = note(cast, round_, of_two, **TWO)
    assert (
        f"Het antwoord van {of_two} is genoteerd." in page and "J. Smit, voorzitter, en G. Bos, scriba, namens" in page
    )
    given = Endorsement.objects.get()
    assert (given.second_name, given.second_function, given.second, given.seconded_at) == (
        "G. Bos",
        "scriba",
        None,
        None,
    )
    assert "J. Smit, voorzitter, en G. Bos, scriba," in Mail.objects.get(subject__contains="genoteerd").text
    assert "is genoteerd" in note(cast, round_, of_two, **TWO)
    assert "Dat eerste antwoord" in note(cast, round_, of_two, **TWO | {"second_name": "H. Bos"})


def test_second_is_not_asked_where_one_signs(cast, round_):
    page = words(cast.client(cast.leader).get(reverse("answer_register", args=[round_.version_id, cast.parties[0].pk])))
    assert 'name="scan"' in page and "second_name" not in page and "second_email" not in page


@pytest.mark.parametrize(
    "other", [{}, {"second_name": "G. Bos"}, {"second_name": "J. SMIT", "second_function": "scriba"}]
)
def test_database_takes_no_paper_of_one_where_two_sign(cast, round_, of_two, other):
    asked = round_.requests.get(party=of_two)
    with pytest.raises(IntegrityError), transaction.atomic():
        Endorsement.objects.create(
            round=round_, party=of_two, request=asked, digest=round_.version.digest, answer="volledig", name="J. Smit",
            function="voorzitter", on_behalf_of="C", method="op papier", registered_by=cast.leader, proof="Brief", **other,
        )  # fmt: skip


def test_database_keeps_a_scan_as_it_came(cast, round_):
    given = scanned_answer(round_, cast.parties[1], by=cast.leader)
    for change in ({"content": b"%PDF-1.7 iets anders %%EOF"}, {"name": "ander.pdf"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Scan.objects.filter(pk=given.scan_id).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Scan.objects.filter(pk=given.scan_id)._raw_delete("default")
    asked = round_.requests.get(party=cast.parties[2])
    for wrong in ({"sha256": 64 * "0"}, {"size": 3}):
        file = {"name": "x.pdf", "kind": "application/pdf", "size": 4, "content": b"%PDF", "sha256": 64 * "0"}
        with pytest.raises(IntegrityError), transaction.atomic():
            asked.scans.create(**file | wrong)
    with pytest.raises(Refused):  # the scan of another party
        endorsing.endorse(
            asked, digest=round_.version.digest, answer="volledig", reservations=[], text="", name="A", function="B",
            on_behalf_of="C", decided_on=None, method="ingelogd", scan=scans.read("x.pdf", SCAN),
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Endorsement.objects.create(
            round=round_, party=asked.party, request=asked, digest=round_.version.digest, answer="volledig", name="A",
            function="B", on_behalf_of="C", method="op papier", registered_by=cast.leader, scan=Scan.objects.get(),
        )  # fmt: skip


def test_paper_is_marked_in_document_evidence_data_and_archive(cast, round_, of_two):
    given = scanned_answer(round_, of_two, by=cast.leader, proof="Brief van 3 november.", **TWO)
    final = endorsing.close_round(round_, by=cast.leader, reason="Het is tijd.")
    answers = json.loads(bytes(final.answers))
    told = next(answer for answer in answers["answers"] if answer["party"] == of_two.pk)
    assert (answers["schema"], told["scan"]) == (6, given.scan.sha256)
    assert told["second"] == {"name": "G. Bos", "function": "scriba", "signed_at": None}
    html = document_html(bytes(round_.version.content), bytes(final.answers))
    assert f"Brief van 3 november. {KEPT}" in html and "en G. Bos, scriba" in html and "brief.pdf" not in html
    evidence = canonical(dossier.evidence_of(round_, final))
    shown = " ".join(dossier.dossier_html(evidence).split())
    assert f"Het blijkt uit: Brief van 3 november. {KEPT}" in shown and f"brief.pdf, {len(SCAN)}" in shown
    assert given.scan.sha256[:8] in shown and "G. Bos, scriba, genoteerd met het antwoord" in shown
    [paper] = archiving.scans_of(round_.version)
    assert (paper[0], paper[1](), paper[2]) == (f"antwoord-{given.scan_id}.scan.pdf", SCAN, given.scan.sha256)


def test_answers_from_before_there_were_scans_are_still_drawn(cast, round_):
    scanned_answer(round_, cast.parties[1], by=cast.leader, proof="De brief.")
    final = endorsing.close_round(round_, by=cast.leader, reason="Het is tijd.")
    old = json.loads(bytes(final.answers)) | {"schema": 5}
    for answer in old["answers"]:
        del answer["scan"]
    assert ": De brief.</span>" in document_html(bytes(round_.version.content), canonical(old))
    evidence = dossier.evidence_of(round_, final) | {"schema": 1}
    for answer in evidence["answers"]:
        del answer["scan"], answer["scan_file"]
    shown = " ".join(dossier.dossier_html(canonical(evidence)).split())
    assert "Het blijkt uit: De brief.</td>" in shown
