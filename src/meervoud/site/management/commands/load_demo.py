"""Fill the database with the made-up demo city."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from meervoud.lib.clock import now, today
from meervoud.parties.models import Person, Programme
from meervoud.site.imports.demo import PEOPLE, SLUG, load_demo
from meervoud.site.imports.demo_impact import load_impact
from meervoud.site.imports.demo_pilot import load_pilot


class Command(BaseCommand):
    """`load_demo [--spaces N] [--seed 1]`."""

    help = "Fill the database with the made-up city of Zilverhaven. On a loaded database it does nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask how large the city is."""
        parser.add_argument("--spaces", type=int, help="how many spaces; without it as many as the plan has")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same city")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  # Any, args: Django's own signature
        """Load it, and say what there is."""
        counts = load_demo(now=now(), today=today(), spaces=options["spaces"], seed=options["seed"])
        _load_pilot()
        if counts is None:
            self.stdout.write("The demo city is loaded already. Nothing was changed.")
            return
        self.stdout.write(
            f"Zilverhaven is there: {counts.neighbourhoods} neighbourhoods, {counts.spaces} spaces online, "
            f"{counts.requests} requests, {counts.busy} spaces with times in use."
        )


def _load_pilot() -> None:
    """Put the made-up pilot beside the city: a programme that is over, with figures to report and an impact plan."""
    city, staff = Programme.objects.get(slug=SLUG), Person.objects.get(email=PEOPLE["matchmaker"][0])
    pilot = load_pilot(beside=city, staff=staff, now=now())
    load_impact(programme=pilot, staff=staff, now=now())
