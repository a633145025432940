"""Tells Django about this room, and keeps the guard over what was signed in its place."""

from django.apps import AppConfig

from meervoud.agreements.guard import GUARD
from meervoud.lib.guards import stand


class AgreementsConfig(AppConfig):
    name = "meervoud.agreements"

    def ready(self) -> None:
        """Check the guard at start, and put it back after every migrate."""
        stand(GUARD, self)
