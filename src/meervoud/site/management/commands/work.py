"""Do slow work beside the web: imports, calendars of hosts, mails."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from meervoud.site.worker import work


class Command(BaseCommand):
    """`meervoud web work`."""

    help = "Do the tasks that wait, until stopped. `meervoud web serve` starts one by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask how long, and what else."""
        parser.add_argument("--once", action="store_true", help="end when no task waits")
        parser.add_argument("--tick", action="store_true", help="do what `tick` does too, each minute")
        parser.add_argument("--beside", type=int, metavar="PROCESS", help="stop when this process is gone")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  # Any: Django's own signature
        """Work."""
        work(ticks=options["tick"], beside=options["beside"], once=options["once"])
