"""What the platform does by the clock: send mail, read calendars again, let holds and requests expire, forget."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from meervoud.demand.actions import expire_requests
from meervoud.lib.clock import now, today
from meervoud.parties.mail import send_outbox
from meervoud.parties.models import Person
from meervoud.parties.privacy import forget
from meervoud.parties.served import people_to_forget
from meervoud.site.imports.runs import drop_old_imports
from meervoud.supply.calendar import release_expired_holds
from meervoud.supply.host_calendars import due_calendars, read_again


class Command(BaseCommand):
    """`meervoud web tick`: run it every minute, by a timer of the system."""

    help = "Do what is due: mail, calendars, expired holds and requests, data to forget. Run it every minute."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  # Any: Django's own signature
        """Do each thing once; doing it again at once does nothing."""
        moment, day = now(), today()
        done = {
            "mails sent": send_outbox(now=moment),
            "holds expired": release_expired_holds(now=moment),
            "calendars read": len([read_again(calendar=each, now=moment) for each in due_calendars(moment)]),
            "requests expired": expire_requests(today=day),
            "sheets forgotten": drop_old_imports(now=moment),
            "people forgotten": forget_unclaimed(day),
        }
        self.stdout.write(", ".join(f"{name}: {number}" for name, number in done.items()))


def forget_unclaimed(day: date) -> int:
    """Erase the people whose record nobody claimed in time, and return how many."""
    late = list(Person.objects.filter(pk__in=people_to_forget(day), is_active=True))
    for person in late:
        forget(person=person, by=None)
    return len(late)
