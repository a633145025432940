"""Tells Django about this room, and keeps the guards over what was published, locked or valued in their place."""

from pathlib import Path

from django.apps import AppConfig
from django.conf import settings

from meervoud.files.impact.scales import use_packs
from meervoud.lib.guards import stand
from meervoud.outcomes.guard import GUARDS


class OutcomesConfig(AppConfig):
    name = "meervoud.outcomes"

    def ready(self) -> None:
        """Check the guards at start, put them back after every migrate, and read the scales of this server's own."""
        if settings.SCALE_PACKS:
            use_packs(Path(settings.SCALE_PACKS))
        for each in GUARDS:
            stand(each, self)
