"""`/controleer` and `verify_document`, on files that anybody may have made."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from agendas import sealing, verifying
from agendas.models import Document
from thuiswijk.lib import files, seal

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(final, settings, tmp_path) -> Document:
    settings.MEDIA_ROOT, settings.KEYS_DIR = tmp_path / "media", tmp_path / "keys"
    sealing.signer.cache_clear()
    assert sealing.build(final.pk)
    final.refresh_from_db()
    yield final
    sealing.signer.cache_clear()


def bytes_of(document: Document) -> bytes:
    return files.path_of(sealing.documents_folder(), document.sha256).read_bytes()


def test_hostile_file_is_read_by_a_process_that_knows_nothing():
    """No settings, so no database and no key; and none of what draws."""
    code = "import sys, thuiswijk.lib.inspect_pdf; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={}, capture_output=True, text=True
    ).stdout.split()
    assert "thuiswijk.lib.seal" in loaded
    assert not {"thuiswijk.settings", "weasyprint", "psycopg"} & set(loaded)


def upload(cast, data: bytes) -> str:
    file = SimpleUploadedFile("agenda.pdf", data, content_type="application/pdf")
    return cast.client().post("/controleer/", {"file": file}).content.decode()


def test_genuine_file_is_told_with_what_each_party_answered(cast, sealed):
    page = upload(cast, bytes_of(sealed))
    assert "Dit document is echt" in page
    assert "Thuiswijk (voorbeeldzegel)" in page
    assert all(party.name in page for party in cast.parties)


def test_changed_file_is_told_and_points_at_the_real_one(cast, sealed):
    changed = bytearray(bytes_of(sealed))
    changed[-400] ^= 1
    page = upload(cast, bytes(changed))
    assert "Dit document is echt" not in page
    assert "Vertrouw het niet" in page or "Wij kennen dit document niet" in page
    assert "mis:" in page


@pytest.mark.parametrize("data", [b"", b"geen pdf", b"%PDF-1.7\n%%EOF", b"%PDF-" + b"\xff" * 10_000])
def test_any_file_gets_an_answer(cast, data):
    page = upload(cast, data)
    assert "Fout" in page or "Wij kennen dit document niet" in page


def test_public_page_by_code(cast, sealed):
    browser = cast.client()
    page = browser.get(f"/controleer/{sealed.version.code}/").content.decode()
    assert sealed.sha256 in page
    assert sealed.version.digest in page
    assert "@" not in page  # no address of anybody
    download = browser.get(f"/controleer/{sealed.version.code}/document/")
    assert b"".join(download.streaming_content) == bytes_of(sealed)
    assert "attachment" in download["Content-Disposition"]
    assert browser.get("/controleer/VA-1999-0001-v1/").status_code == 404
    assert browser.get("/controleer/onzin/").status_code == 404
    assert browser.get("/controleer/VA-2026-0001-v99999999999999999999/").status_code == 404


@pytest.mark.parametrize("typed", ["{}", " {} ", "va 2026 {number} V1"])
def test_document_is_found_by_the_number_on_paper(cast, sealed, typed):
    code = sealed.version.code
    year, number = code.split("-")[1:3]
    asked = typed.format(code, number=number).replace("2026", year)
    page = cast.client().get("/controleer/", {"nummer": asked}, follow=True)
    assert page.redirect_chain[-1][0] == f"/controleer/{code}/" and page.status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Vul het documentnummer in."),
        ("7", "Dit is geen documentnummer"),
        ("VA-2026-0007", "Dit is geen documentnummer"),
    ],
)
def test_number_that_is_none_is_told(cast, typed, said):
    page = cast.client().get("/controleer/", {"nummer": typed}).content.decode()
    assert (said in page and f'value="{typed}"' in page) or not typed


def test_command_tells_by_its_exit_code(sealed, tmp_path, capsys):
    file = tmp_path / "agenda.pdf"
    file.write_bytes(bytes_of(sealed))
    call_command("verify_document", str(file))
    told = capsys.readouterr().out
    assert "niet veranderd" in told
    assert re.search(r"Verzegeld door .+ op \d{1,2} [a-z]+ \d{4}, \d\d:\d\d uur\.", told)
    assert sealed.version.digest in told
    for broken in (bytes_of(sealed)[:-1], bytes_of(sealed) + b" ", b"x"):
        file.write_bytes(broken)
        with pytest.raises(CommandError):
            call_command("verify_document", str(file))
    with pytest.raises(CommandError, match="kan niet worden gelezen"):
        call_command("verify_document", str(tmp_path / "weg.pdf"))


def test_command_warns_of_a_seal_that_anybody_may_have_made(sealed, tmp_path, capsys):
    file, ours, other = tmp_path / "agenda.pdf", tmp_path / "ours.pem", tmp_path / "other.p12"
    file.write_bytes(bytes_of(sealed))
    call_command("verify_document", str(file))
    assert "niet nagegaan" in capsys.readouterr().out
    ours.write_bytes(sealing.signer().signing_cert.dump())
    call_command("verify_document", str(file), trust=ours)
    assert "niet nagegaan" not in capsys.readouterr().out
    seal.make_key(other, organisation="Gemeente Voorbeeldstad")
    (tmp_path / "other.pem").write_bytes(seal.load_signer(other, "").signing_cert.dump())
    with pytest.raises(CommandError, match="niet van het certificaat"):
        call_command("verify_document", str(file), trust=tmp_path / "other.pem")


def test_file_that_is_cut_short_gets_one_sentence(sealed):
    data = bytes_of(sealed)
    for cut in (data[:-40], data[: len(data) // 2], data[:5_000]):
        assert verifying.sentences_of(verifying.inspect(cut)) == [verifying.SENTENCES["truncated"]]


def test_every_problem_has_a_sentence():
    codes = set(verifying.SENTENCES)
    assert {"changed_bytes", "appended_revision", "bytes_after_end", "truncated", "no_signature"} <= codes
