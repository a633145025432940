"""Tells Django about this room."""

from django.apps import AppConfig


class UsageConfig(AppConfig):
    name = "meervoud.usage"
