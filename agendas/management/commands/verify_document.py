from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agendas.verifying import SENTENCES
from thuiswijk.lib.inspect_pdf import inspect


class Command(BaseCommand):
    help = "Controleert een verbeteragenda uit de PDF zelf, zonder netwerk en zonder register."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            found = inspect(file.read_bytes())
        except OSError as error:
            raise CommandError(f"Het bestand {file} kan niet worden gelezen: {error.strerror}.") from error
        if not found["is_whole"]:
            raise CommandError("\n".join(SENTENCES[code] for code in found["problems"]))
        self.stdout.write(
            f"Het document is heel en niet veranderd. Verzegeld door {found['signer']} op {found['signed_at']}."
        )
        if found["is_self_signed"]:
            self.stdout.write(
                "Let op: dit zegel is door de organisatie zelf gemaakt. Vergelijk het ook op /controleer."
            )
        if "document_number" in found:
            self.stdout.write(f"{found['title']}, {found['document_number']} versie {found['version']}.")
            self.stdout.write(f"Controlegetal van de agenda: {found['digest']}")
        for party, answer in found.get("answers", []):
            self.stdout.write(f"- {party}: {answer}")
