"""Tells Django about this room."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "meervoud.parties"
