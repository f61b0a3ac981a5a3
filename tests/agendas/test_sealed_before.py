"""Documents that were sealed with the code of before are whole to the code of now (tests/agendas/sealed/README.md)."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from agendas import documents, dossier, versions
from thuiswijk.lib import seal
from thuiswijk.lib.pdf import attachments

SEALED = Path(__file__).parent / "sealed"
KEY, AUTHORITY = SEALED / "zegel.pem", SEALED / "uitgever.pem"
AGENDAS = sorted(SEALED.glob("schema-*[0-9abc].pdf"))
DOSSIERS = sorted(SEALED.glob("schema-*-bewijs.pdf"))
FIRST = SEALED / "schema-1.pdf"


def names(files: list[Path]) -> list[str]:
    return [file.stem for file in files]


def test_there_is_one_of_every_schema():
    assert {name[:8] for name in names(AGENDAS)} == {f"schema-{number}" for number in range(1, versions.SCHEMA + 1)}
    kept = {json.loads(attachments(file.read_bytes())["bewijs.json"])["schema"] for file in DOSSIERS}
    assert kept == set(range(1, dossier.SCHEMA + 1))


@pytest.mark.parametrize("file", AGENDAS, ids=names(AGENDAS))
def test_agenda_of_before_is_whole_and_says_what_its_data_say(file, capsys):
    call_command("verify_document", str(file), trust=None if file == FIRST else KEY)
    told = capsys.readouterr().out
    assert "heel en niet veranderd" in told
    assert "De 7 verbeterpunten, de toezeggingen en de antwoorden staan er zoals ze zijn vastgelegd." in told


@pytest.mark.parametrize("file", DOSSIERS, ids=names(DOSSIERS))
def test_dossier_of_before_belongs_to_its_agenda(file, capsys):
    call_command("verify_document", str(file).replace("-bewijs", ""), trust=KEY, dossier=file)
    assert "Het bewijsdossier hoort bij dit document" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize("file", AGENDAS, ids=names(AGENDAS))
def test_public_page_finds_nothing_wrong_with_an_agenda_of_before(cast, file):
    upload = SimpleUploadedFile("agenda.pdf", file.read_bytes(), content_type="application/pdf")
    page = cast.client().post("/controleer/", {"file": upload}).content.decode()
    assert "Wij kennen dit document niet" in page  # it is not in this register
    assert "mis:" not in page


@pytest.mark.parametrize("file", AGENDAS, ids=names(AGENDAS))
def test_text_of_before_can_still_be_read_as_a_page(file):
    files = attachments(file.read_bytes())
    page = documents.text_html(files["agenda.json"], files["onderschrijvingen.json"])
    assert page.count("Wij halen dit alleen als de aannemer op tijd vergunning krijgt.") >= 3


def test_certificate_that_has_expired_since_is_told_and_breaks_nothing(capsys):
    call_command("verify_document", str(FIRST))
    assert "heel en niet veranderd" in capsys.readouterr().out
    with pytest.raises(CommandError) as raised:
        call_command("verify_document", str(FIRST), trust=AUTHORITY)
    told = str(raised.value)
    assert f"Het document is heel, en het zegel hoort bij {AUTHORITY}" in told
    assert re.search(r"Het certificaat van het zegel is verlopen op 28 november 2026, 19:5\d uur\.", told)
    with pytest.raises(CommandError, match="niet van het certificaat"):
        call_command("verify_document", str(FIRST), trust=KEY)


def test_document_outlives_the_certificate_that_it_is_compared_with():
    """Who points at the very certificate of the seal vouches for it, also when it has expired."""
    later = datetime(2086, 1, 1, tzinfo=UTC)
    report = seal.check(AGENDAS[-1].read_bytes(), trusted=seal.load_certificates(KEY), moment=later)
    assert report.is_whole and report.is_trusted and report.expired_at is None
