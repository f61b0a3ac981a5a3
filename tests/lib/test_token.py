"""A key that stays in hardware: SoftHSM, a token in software that speaks PKCS#11 as the real ones do."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.lib.test_seal import PAGE, STATIC
from tests.timestamp_service import TimestampService
from thuiswijk.lib import pdf, seal, timestamps

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN, TOKEN, LABEL = "1234", "gemeente", "zegel"


@pytest.fixture
def service(tmp_path):
    running = TimestampService(tmp_path / "tsa")
    yield running
    running.stop()


@pytest.fixture
def token(service, tmp_path, monkeypatch) -> str:
    """The name of a token with the key of the service's seal, its certificate and the root."""
    if not MODULE.exists() or shutil.which("softhsm2-util") is None:
        pytest.skip("NOT VERIFIED: a key in hardware. SoftHSM (Debian: softhsm2) is not here")
    pkcs11 = pytest.importorskip("pkcs11", reason="NOT VERIFIED: a key in hardware. python-pkcs11 is not here")
    from pkcs11.util.rsa import decode_rsa_private_key
    from pkcs11.util.x509 import decode_x509_certificate

    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    make = ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--so-pin", "5678", "--pin", PIN]
    subprocess.run(make, check=True, capture_output=True)
    certificates, key = (
        [seal.load_certificates(service.folder / f"{name}.pem")[0] for name in ("seal", "root")],
        service.folder / "seal.key",
    )
    der = subprocess.run(
        ["openssl", "rsa", "-in", key, "-outform", "DER", "-traditional"], check=True, capture_output=True
    )
    kept = {pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: LABEL}
    with pkcs11.lib(str(MODULE)).get_token(token_label=TOKEN).open(user_pin=PIN, rw=True) as session:
        session.create_object(decode_rsa_private_key(der.stdout) | kept | {pkcs11.Attribute.SIGN: True})
        for certificate, label in zip(certificates, (LABEL, "wortel"), strict=True):
            session.create_object(decode_x509_certificate(certificate.dump()) | kept | {pkcs11.Attribute.LABEL: label})
    return TOKEN


def test_key_in_a_token_seals_as_one_in_a_file_does(service, token):
    signer = seal.open_token(MODULE, token=token, label=LABEL, pin=PIN)
    page = pdf.repack(
        pdf.draw(PAGE, root=STATIC, attachments=[], when=datetime(2026, 1, 1, tzinfo=UTC), seal_field="Zegel")
    )
    roots = seal.load_certificates(service.roots)
    for _ in range(2):  # the session stays open
        sealed = seal.seal(
            page, signer=signer, reason="Proef", location="Voorbeeldstad", roots=roots,
            timestamper=timestamps.TimestampService(service.url, seconds=20),
        )  # fmt: skip
        report = seal.check(sealed, trusted=roots)
        assert report.is_whole and report.is_trusted and report.level == "B-LTA"
        assert report.common_name == "Zegel Gemeente Voorbeeldstad"

    seal.close(signer)
    with pytest.raises(seal.SealError):  # what a token says that is away, or was closed
        seal.seal(page, signer=signer, reason="Proef", location="Voorbeeldstad")
    for wrong in ({"pin": "9999"}, {"label": "anders"}, {"token": "anders"}):
        with pytest.raises(seal.SealError):
            seal.open_token(MODULE, **{"token": token, "label": LABEL, "pin": PIN} | wrong)
    again = seal.open_token(MODULE, token=token, label=LABEL, pin=PIN)
    assert seal.check(seal.seal(page, signer=again, reason="Proef", location="Voorbeeldstad")).is_whole
    seal.close(again)


def test_module_that_is_not_there_is_told(tmp_path):
    pytest.importorskip("pkcs11", reason="NOT VERIFIED: a key in hardware. python-pkcs11 is not here")
    with pytest.raises(seal.SealError):
        seal.open_token(tmp_path / "niets.so", token=TOKEN, label=LABEL, pin=PIN)
