from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from pyhanko.keys import load_cert_from_pemder

from agendas.verifying import SENTENCES
from thuiswijk.lib.inspect_pdf import inspect


class Command(BaseCommand):
    help = "Controleert een verbeteragenda uit de PDF zelf, zonder netwerk en zonder register."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--trust", metavar="CERT", type=Path, help="certificaat (PEM) waar het zegel van moet zijn")

    def handle(self, *args: Any, file: Path, trust: Path | None, **options: Any) -> None:
        try:
            trusted = [load_cert_from_pemder(str(trust))] if trust else []
            found = inspect(file.read_bytes(), trusted=trusted)
        except ValueError as error:
            raise CommandError(f"{trust} is geen certificaat (PEM).") from error
        except OSError as error:
            raise CommandError(f"Het bestand {file} kan niet worden gelezen: {error.strerror}.") from error
        if not found["is_whole"]:
            raise CommandError("\n".join(SENTENCES[code] for code in found["problems"]))
        self.stdout.write(
            f"Het document is heel en niet veranderd. Verzegeld door {found['signer']} op {found['signed_at']}."
        )
        if trust and not found["is_trusted"]:
            raise CommandError(f"Het document is heel, maar het zegel is niet van het certificaat in {trust}.")
        if not trust:
            self.stdout.write(
                "Wie dit zegel zette, is hier niet nagegaan: iedereen kan een zegel met een naam maken. "
                "Geef met --trust het certificaat van de gemeente mee, of vergelijk het document op /controleer."
            )
        if "document_number" in found:
            self.stdout.write(f"{found['title']}, {found['document_number']} versie {found['version']}.")
            self.stdout.write(f"Controlegetal van de agenda: {found['digest']}")
        for party, answer in found.get("answers", []):
            self.stdout.write(f"- {party}: {answer}")
