"""Check that nobody has changed the journal."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from meervoud.core.errors import InputError
from meervoud.lib.chain import check_chain, read_head


class Command(BaseCommand):
    """`meervoud web check_journal [--kept NUMBER:HASH]`."""

    help = "Check the chain of the journal, and that heads which were written down elsewhere are still in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for heads that were kept."""
        parser.add_argument(
            "--kept", action="append", default=[], metavar="NUMBER:HASH", help="a head that was written down before"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  # Any, args: Django's own signature
        """Say how many entries there are and which is the head; end with 1 where something was changed."""
        try:
            kept = [read_head(text) for text in options["kept"]]
        except InputError as error:
            raise CommandError(str(error)) from error
        found = check_chain(kept)
        self.stdout.write(f"entries: {found.entries}")
        self.stdout.write(f"head: {found.head or 'none'}")
        faults = [f"Not in the journal: {head}. Its end was cut, or it was written anew." for head in found.missing]
        if found.broken is not None:
            faults.insert(
                0, f"Entry {found.broken} does not follow from the one before it. Somebody changed the journal."
            )
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write("The chain holds.")
