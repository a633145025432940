"""Tells Django about this room."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "meervoud.matching"
