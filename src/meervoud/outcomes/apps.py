"""Tells Django about this room, and keeps the guard over what was published in its place."""

from django.apps import AppConfig

from meervoud.lib.guards import stand
from meervoud.outcomes.guard import GUARD


class OutcomesConfig(AppConfig):
    name = "meervoud.outcomes"

    def ready(self) -> None:
        """Check the guard at start, and put it back after every migrate."""
        stand(GUARD, self)
