"""Tells Django about this room, and keeps the guard over occupations in its place."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate

from meervoud.supply.guard import check_guard, put_back_after_migrate


class SupplyConfig(AppConfig):
    name = "meervoud.supply"

    def ready(self) -> None:
        """Check the guard at start, and put it back after every migrate."""
        register(check_guard, Tags.database)
        post_migrate.connect(put_back_after_migrate, sender=self, dispatch_uid="occupation_guard")
