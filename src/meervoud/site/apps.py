"""Tells Django about this room, and wires what reacts to what."""

from importlib import import_module

from django.apps import AppConfig

from meervoud.lib import images, safe_fetch
from meervoud.lib.events import set_reactions
from meervoud.lib.saying import set_refusals
from meervoud.site.imports.faults import SAYS
from meervoud.site.refusals import WEB
from meervoud.supply import week_grid


class SiteConfig(AppConfig):
    name = "meervoud.site"
    label = "front_door"

    def ready(self) -> None:
        """Set the tables of reactions and refusals; reactions can be imported once every room has its tables."""
        set_reactions(import_module("meervoud.site.reactions").REACTIONS)
        set_refusals(WEB, SAYS, images.REFUSALS, safe_fetch.REFUSALS, week_grid.REFUSALS)
