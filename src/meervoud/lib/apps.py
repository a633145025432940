"""Tells Django about this room."""

from django.apps import AppConfig


class LibConfig(AppConfig):
    name = "meervoud.lib"
