"""Import a sheet from the command line: shows what it would do, and writes only with --yes."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from meervoud.core.errors import MeervoudError
from meervoud.lib.clock import now, today
from meervoud.lib.saying import spoken
from meervoud.parties.models import Person, Programme
from meervoud.parties.roles import works_for
from meervoud.site.imports.differences import Preview, Setting, compare
from meervoud.site.imports.faults import say_fault, say_refused
from meervoud.site.imports.orders import confirm_import
from meervoud.site.imports.runs import setting_of, start_import
from meervoud.site.imports.sheets import KINDS, kind_of, read_sheet
from meervoud.site.imports.subjects import subject_of
from meervoud.site.imports.wording import say_field, say_value

MOST_SHOWN = 50


class Command(BaseCommand):
    """`import_sheet FILE --programme SLUG --by EMAIL --kind spaces [--online] [--yes]`."""

    help = "Show what a sheet would change, and with --yes write it, all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for the file, the programme, and who does it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--programme", required=True, help="name of the programme in addresses")
        parser.add_argument("--by", required=True, help="e-mail address of a person who works for the programme")
        parser.add_argument("--kind", required=True, choices=KINDS)
        parser.add_argument("--online", action="store_true", help="the hosts have agreed: put their spaces online")
        parser.add_argument("--yes", action="store_true", help="write it")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  # Any, args: Django's own signature
        """Compare, tell, and write if asked."""
        setting = setting_of_command(options["programme"], options["by"], online=options["online"])
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}. Check the name.") from error
        try:
            kind = kind_of(options["kind"])
            preview = compare(read_sheet(kind, path.name, content, setting.period), subject_of(kind, setting))
            self.tell(preview, setting)
            if options["yes"]:
                run = start_import(setting=setting, kind=kind, name=path.name, content=content, most_rows=None)
                confirm_import(run=run, setting=setting, fingerprint=preview.fingerprint)
                self.stdout.write("Written.")
            else:
                self.stdout.write("Nothing was written. Add --yes to write it.")
        except MeervoudError as error:
            raise CommandError(say_fault(error)) from error

    def tell(self, preview: Preview, setting: Setting) -> None:
        """Print the counts, the refused rows and the differences."""
        said, currency = spoken(), setting.programme.currency
        counts = " + ".join(f"{preview.rows(outcome)} {outcome}" for outcome in ("new", "changed", "unchanged"))
        self.stdout.write(f"{preview.file}: {preview.read} rows read = {counts} + {preview.rows_refused} refused")
        for refusal in preview.refused[:MOST_SHOWN]:
            self.stdout.write(f"  row {refusal.row}, {refusal.column}: {refusal.value!r} {say_refused(said, refusal)}")
        for each in preview.of("changed")[:MOST_SHOWN]:
            self.stdout.write(f"  {each.key} {each.name}")
            for name, value in each.after.items():
                before = say_value(said, name, (each.before or {}).get(name), currency)
                self.stdout.write(f"    {say_field(name)}: {before} -> {say_value(said, name, value, currency)}")


def setting_of_command(slug: str, email: str, *, online: bool = False) -> Setting:
    """Return for which programme and by whom a command works; the person must work for the programme."""
    programme = Programme.objects.filter(slug=slug).first()
    if programme is None:
        raise CommandError(f"There is no programme {slug!r}.")
    person = Person.objects.filter(email__iexact=email).first()
    if person is None or not works_for(person, programme):
        raise CommandError(f"{email} does not work for {programme.name}. Name one of its matchmakers.")
    return setting_of(programme, person, now(), today(), online=online)
