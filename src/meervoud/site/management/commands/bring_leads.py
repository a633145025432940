"""Bring places of an OpenStreetMap extract into a programme as leads."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from meervoud.core.errors import InputError
from meervoud.lib.saying import say_error
from meervoud.matching.lead_lists import bring_leads, read_places
from meervoud.parties.models import Programme


class Command(BaseCommand):
    """`bring_leads FILE --programme SLUG`."""

    help = "Make leads of the places of an OpenStreetMap extract that might lend a room."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for the file and the programme."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--programme", required=True, help="name of the programme in addresses")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  # Any, args: Django's own signature
        """Read, write, and say how many."""
        path: Path = options["file"]
        programme = Programme.objects.filter(slug=options["programme"]).first()
        if programme is None:
            raise CommandError(f"There is no programme {options['programme']!r}.")
        try:
            reading = read_places(path.name, path.read_bytes(), most=None)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}. Check the name.") from error
        except InputError as error:
            raise CommandError(say_error(error)) from error
        found = bring_leads(programme=programme, places=reading.taken, by=None)
        new, changed, left_out = len(found.new), len(found.changed), reading.rows_refused
        self.stdout.write(f"{new} new, {changed} changed, {found.unchanged} unchanged, {left_out} left out.")
