"""What the platform does by the clock: send mail, read calendars again, let holds and requests expire, forget."""

from typing import Any

from django.core.management.base import BaseCommand

from meervoud.lib.clock import now, today
from meervoud.site.due import do_what_is_due
from meervoud.site.worker import work_off


class Command(BaseCommand):
    """`meervoud web tick`: run it every minute, by a timer of the system."""

    help = "Do what is due: mail, calendars, expired holds and requests, data to forget. Run it every minute."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  # Any: Django's own signature
        """Do each thing once, then the tasks that wait: so it is enough where no worker runs."""
        done = do_what_is_due(now=now(), today=today())
        self.stdout.write(", ".join(f"{name}: {number}" for name, number in done.items()))
        work_off()
