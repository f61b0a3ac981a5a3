"""A timestamp service on loopback (RFC 3161) that can be slow, wrong or down. What it answers is made by openssl, not by what we
seal with. With it come the certificates: a root, one for the service, one for a seal, and the list of revoked ones."""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

NAME = "Tijdstempeldienst voor de proef"
# Ways of answering that are no answer.
WRONG = ("error", "elsewhere", "garbage", "too_long", "refused", "other_nonce", "other_digest", "not_for_time")
STATUS = {"error": 500, "elsewhere": 302}
CONFIG = """
[tsa]
default_tsa = service
[service]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class TimestampService:
    """Up from the start, at `url`. `way` is how it answers: "right", "slow" (after `delay` seconds), or one of WRONG.

    roots: the file with the root. seal: the file with a key for a seal under that root, without a password. `asked` counts.
    """

    def __init__(self, folder: Path, *, seal_days: float = 365) -> None:
        self.folder, self.way, self.delay, self.asked, self.lists_revoked = folder, "right", 1.0, 0, True
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None
        self._port = 0
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config").write_text(CONFIG.format(folder=folder))
        self.start()
        self._make_certificates(seal_days)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/tsa"

    @property
    def roots(self) -> Path:
        return self.folder / "root.pem"

    @property
    def seal(self) -> Path:
        return self.folder / "seal.p12"

    def start(self) -> None:
        """Up, at the address that it had."""
        if self._server:
            return
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), self._handler())
        self._server.daemon_threads = True
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True).start()

    def stop(self) -> None:
        """Down: whoever calls is refused."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    # --- what it answers

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["Content-Type"] == "application/timestamp-query"
                with service._lock:
                    service.asked += 1
                if service.way == "slow":
                    time.sleep(service.delay)
                with contextlib.suppress(OSError):
                    self._give(STATUS.get(service.way, 200), "application/timestamp-reply", service.answer(query))

            def do_GET(self) -> None:
                found = self.path == "/revoked.crl" and service.lists_revoked
                data = (service.folder / "revoked.crl").read_bytes() if found else b""
                self._give(200 if found else 404, "application/pkix-crl", data)

            def _give(self, status: int, kind: str, data: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                if status == 302:
                    self.send_header("Location", "/revoked.crl")
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler

    def answer(self, query: bytes) -> bytes:
        """The reply to a query, in the way of the moment."""
        asked = tsp.TimeStampReq.load(query)
        match self.way:
            case "garbage":
                return b"\x30\x82" + bytes(range(256))
            case "too_long":
                return self._reply(query) + bytes(100_000)
            case "refused":
                asked["message_imprint"]["hash_algorithm"]["algorithm"] = "sha1"
                asked["message_imprint"]["hashed_message"] = bytes(20)
            case "other_nonce":
                asked["nonce"] = asked["nonce"].native + 1
            case "other_digest":
                asked["message_imprint"]["hashed_message"] = bytes(32)
            case "not_for_time":  # openssl itself refuses to
                return bytes(self.stamper("seal").request_tsa_response(asked).dump())
        return self._reply(asked.dump(force=True))

    def _reply(self, query: bytes) -> bytes:
        with self._lock:  # it counts in a file
            question, answer = self.folder / "query", self.folder / "reply"
            question.write_bytes(query)
            command = [
                "openssl",
                "ts",
                "-reply",
                "-config",
                self.folder / "config",
                "-queryfile",
                question,
                "-out",
                answer,
            ]
            subprocess.run(command, check=True, capture_output=True)
            return answer.read_bytes()

    def stamper(self, name: str, *, at: datetime | None = None) -> DummyTimeStamper:
        """A service inside this process, with the certificate of that name, whose clock stands still at `at`."""
        certificate = x509.load_pem_x509_certificate((self.folder / f"{name}.pem").read_bytes())
        key = serialization.load_pem_private_key((self.folder / f"{name}.key").read_bytes(), None)
        return DummyTimeStamper(
            asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
            keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
            fixed_dt=at,
        )

    # --- its certificates

    def _make_certificates(self, seal_days: float) -> None:
        now = datetime.now(UTC)
        self._root = root_key, root = self._certificate("root", "Proefwortel", days=7300)
        self._certificate("tsa", NAME, days=3650, issuer=self._root, use=ExtendedKeyUsageOID.TIME_STAMPING)
        self.issue("seal", "Zegel Gemeente Voorbeeldstad", days=seal_days)
        revoked = (
            x509.CertificateRevocationListBuilder().issuer_name(root.subject)
            .last_update(now - timedelta(hours=1)).next_update(now + timedelta(days=7))
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
            .sign(root_key, hashes.SHA256())
        )  # fmt: skip
        (self.folder / "revoked.crl").write_bytes(revoked.public_bytes(Encoding.DER))

    def issue(self, name: str, common_name: str, *, days: float) -> Path:
        """The file with a new key for a seal, under the root."""
        key, certificate = self._certificate(name, common_name, days=days, issuer=self._root)
        path, root = self.folder / f"{name}.p12", self._root[1]
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"zegel", key, certificate, [root], NoEncryption()))
        return path

    def _certificate(
        self,
        name: str,
        common_name: str,
        *,
        days: float,
        issuer: tuple[rsa.RSAPrivateKey, x509.Certificate] | None = None,
        use: x509.ObjectIdentifier | None = None,
    ) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
        key, now = rsa.generate_private_key(public_exponent=65537, key_size=2048), datetime.now(UTC)
        organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Gemeente Voorbeeldstad")
        subject = x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
        builder = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(issuer[1].subject if issuer else subject)
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=issuer is not None, content_commitment=issuer is not None, key_encipherment=False,
                    data_encipherment=False, key_agreement=False, key_cert_sign=issuer is None, crl_sign=issuer is None,
                    encipher_only=False, decipher_only=False,
                ),
                critical=True,
            )
        )  # fmt: skip
        if use:
            builder = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=True)
        if issuer:
            where = x509.UniformResourceIdentifier(f"http://127.0.0.1:{self._port}/revoked.crl")
            point = x509.DistributionPoint([where], None, None, None)
            known = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer[0].public_key())
            builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
            builder = builder.add_extension(known, critical=False)
        certificate = builder.sign(issuer[0] if issuer else key, hashes.SHA256())
        (self.folder / f"{name}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        (self.folder / f"{name}.key").write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        )
        return key, certificate
