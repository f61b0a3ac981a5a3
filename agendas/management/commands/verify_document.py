import hashlib
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.formats import date_format
from django.utils.timezone import localtime

from agendas.documents import AMSTERDAM
from agendas.verifying import sentences_of
from thuiswijk.lib import seal
from thuiswijk.lib.inspect_pdf import inspect


class Command(BaseCommand):
    help = "Controleert een verbeteragenda of bewijsdossier uit de PDF zelf, zonder netwerk en zonder register."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--trust",
            metavar="CERT",
            type=Path,
            help="certificaat (PEM) waar het zegel van moet zijn; zet er dat van de tijdstempeldienst bij",
        )
        parser.add_argument(
            "--dossier", metavar="FILE", type=Path, help="het bewijsdossier dat bij deze verbeteragenda hoort"
        )

    def handle(self, *args: Any, file: Path, trust: Path | None, dossier: Path | None, **options: Any) -> None:
        found, sha256 = self._whole(file, trust)
        self._tell(found, trust)
        if dossier:
            evidence, _ = self._whole(dossier, trust)
            self._tell(evidence, trust)
            same = ("document_number", "version", "digest", "events", "events_head")
            if evidence.get("document_sha256") != sha256 or any(evidence.get(n) != found.get(n) for n in same):
                raise CommandError(f"Het bewijsdossier {dossier} hoort niet bij {file}.")
            self.stdout.write(
                f"Het bewijsdossier hoort bij dit document: {found['events']} gebeurtenissen, dezelfde laatste."
            )

    def _whole(self, file: Path, trust: Path | None) -> tuple[dict[str, Any], str]:
        """What a file says of itself, and its SHA-256; an error where it is not whole."""
        try:
            trusted = seal.load_certificates(trust) if trust else []
            data = file.read_bytes()
            found = inspect(data, trusted=trusted)
        except seal.SealError as error:
            raise CommandError(f"{trust} is geen certificaat (PEM).") from error
        except OSError as error:
            raise CommandError(f"Het bestand {file} kan niet worden gelezen: {error.strerror}.") from error
        if not found["is_whole"]:
            raise CommandError("\n".join(sentences_of(found)))
        if trust and found["expired_at"]:
            raise CommandError(
                f"Het document is heel, en het zegel hoort bij {trust}. Het certificaat van het zegel is verlopen op "
                f"{_moment(found['expired_at'])}. Het bestand bewijst zelf niet dat het daarvoor is verzegeld. "
                "Vergelijk het document op /controleer."
            )
        if trust and not found["is_trusted"]:
            raise CommandError(f"Het document is heel, maar het zegel is niet van het certificaat in {trust}.")
        return found, hashlib.sha256(data).hexdigest()

    def _tell(self, found: dict[str, Any], trust: Path | None) -> None:
        what = "bewijsdossier" if "document_sha256" in found else "document"
        self.stdout.write(
            f"Het {what} is heel en niet veranderd. Verzegeld door {found['signer']} op {_moment(found['signed_at'])}."
        )
        self.stdout.write(self._whose_clock(found, trust))
        if trust and found["archived_by"] and not found["is_archive_trusted"]:
            self.stdout.write(
                f"Over het hele bestand staat nog een tijdstempel, van {found['archived_by']}. Die dienst hoort niet bij de "
                f"certificaten in {trust}: dat tijdstempel bewijst hier niets."
            )
        if not trust:
            self.stdout.write(
                "Wie dit zegel zette, is hier niet nagegaan: iedereen kan een zegel met een naam maken. "
                "Geef met --trust het certificaat van de gemeente mee, of vergelijk het document op /controleer."
            )
        if "document_number" in found:
            self.stdout.write(f"{found['title']}, {found['document_number']} versie {found['version']}.")
            self.stdout.write(f"Controlegetal van de agenda: {found['digest']}")
        if "points" in found:
            what = f"De {found['points']} verbeterpunten, de toezeggingen en de antwoorden"
            self.stdout.write(f"{what} staan er zoals ze zijn vastgelegd.")
        if "document_sha256" in found:
            beside = found["document_sha256"] or "geen, want de versie is ingetrokken"
            self.stdout.write(f"De keten van {found['events']} gebeurtenissen klopt. Bij document: {beside}")
        for party, answer in found.get("answers", []):
            self.stdout.write(f"- {party}: {answer}")

    def _whose_clock(self, found: dict[str, Any], trust: Path | None) -> str:
        """Whether the moment of sealing is proved, or only what the sealer's own clock said."""
        level = f"(PAdES {found['level']})"
        if found["timestamp"] != seal.TIMESTAMP_SERVICE:
            return f"Dat tijdstip komt van de klok van wie verzegelde {level}. Geen tijdstempeldienst bewijst het."
        if found["is_time_trusted"]:
            return f"Dat tijdstip is bewezen door de tijdstempeldienst {found['timestamped_by']} {level}."
        looked = f"hoort niet bij de certificaten in {trust}" if trust else "is hier niet nagegaan"
        return f"Dat tijdstip komt van de tijdstempeldienst {found['timestamped_by']} {level}. Die {looked}."


def _moment(text: str | None) -> str:
    """A moment as it stands in the document, in Amsterdam."""
    if text is None:
        return "een onbekend moment"
    return f"{date_format(localtime(datetime.fromisoformat(text), AMSTERDAM), 'j F Y, H:i')} uur"
