"""Tells Django about this room."""

from django.apps import AppConfig


class DemandConfig(AppConfig):
    name = "meervoud.demand"
