from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from thuiswijk.lib.sheets import SheetError
from trajectories import intake
from trajectories.models import Meeting


class Command(BaseCommand):
    help = "Leest een CSV- of Excelbestand met inbreng in bij een bijeenkomst: alles of niets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE", help="de korte code van de bijeenkomst")
        parser.add_argument("file", metavar="FILE", type=Path, help="het bestand: .csv of .xlsx")

    def handle(self, *args: Any, code: str, file: Path, **options: Any) -> None:
        meeting = Meeting.objects.filter(code=code.upper()).first()
        if meeting is None:
            raise CommandError(f"Er is geen bijeenkomst met de code {code}.")
        try:
            sheet = intake.read_sheet_of(meeting, name=file.name, data=file.read_bytes(), by=None)
        except OSError as error:
            raise CommandError(f"Het bestand {file} kan niet worden gelezen: {error.strerror}.") from error
        except SheetError as error:
            raise CommandError(str(error)) from error
        if sheet.problems:
            raise CommandError("Er is niets ingelezen.\n" + "\n".join(sheet.problems))
        count = intake.confirm(sheet, by=None)
        self.stdout.write(f"{count} keer inbreng ingelezen; {len(sheet.rows) - count} stond er al.")
