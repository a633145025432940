"""Tells Django about this room, and keeps the guard over occupations in its place."""

from django.apps import AppConfig

from meervoud.lib.guards import stand
from meervoud.supply.guard import GUARD


class SupplyConfig(AppConfig):
    name = "meervoud.supply"

    def ready(self) -> None:
        """Check the guard at start, and put it back after every migrate."""
        stand(GUARD, self)
