"""Write the spaces or requests of a programme to a file that the import reads back."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from meervoud.core.errors import MeervoudError
from meervoud.lib.clock import now, today
from meervoud.parties.models import Programme
from meervoud.site.imports.export import Form, export_sheet
from meervoud.site.imports.faults import say_fault
from meervoud.site.imports.runs import setting_of

FORMS: dict[str, Form] = {".csv": "csv", ".xlsx": "xlsx"}


class Command(BaseCommand):
    """`export_sheet --programme SLUG --kind spaces --out FILE.csv`."""

    help = "Write the spaces or requests of a programme to a file ending in .csv or .xlsx."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask what, and where to."""
        parser.add_argument("--programme", required=True, help="name of the programme in addresses")
        parser.add_argument("--kind", required=True, choices=["spaces", "requests"])
        parser.add_argument("--out", required=True, type=Path)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  # Any, args: Django's own signature
        """Write it."""
        programme = Programme.objects.filter(slug=options["programme"]).first()
        if programme is None:
            raise CommandError(f"There is no programme {options['programme']!r}.")
        path: Path = options["out"]
        form = FORMS.get(path.suffix.lower())
        if form is None:
            raise CommandError(f"{path.name} has an ending that cannot be written. Use .csv or .xlsx.")
        try:
            setting = setting_of(programme, None, now(), today())
            content = export_sheet(setting=setting, kind=options["kind"], form=form)
            path.write_bytes(content)
        except MeervoudError as error:
            raise CommandError(say_fault(error)) from error
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}. Check the place.") from error
        self.stdout.write(f"{path} is written.")
