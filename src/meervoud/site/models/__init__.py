"""The tables of the front door."""

from meervoud.site.models.imports import ImportChange, ImportRun

__all__ = ["ImportChange", "ImportRun"]
