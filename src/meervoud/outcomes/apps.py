"""Tells Django about this room, and keeps the guards over what was published, locked or valued in their place."""

from django.apps import AppConfig

from meervoud.lib.guards import stand
from meervoud.outcomes.guard import GUARDS


class OutcomesConfig(AppConfig):
    name = "meervoud.outcomes"

    def ready(self) -> None:
        """Check the guards at start, and put them back after every migrate."""
        for each in GUARDS:
            stand(each, self)
