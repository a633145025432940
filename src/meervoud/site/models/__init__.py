"""The tables of the front door."""

from meervoud.site.models.imports import ImportChange, ImportRun
from meervoud.site.models.keys import SCOPES, ApiKey

__all__ = ["SCOPES", "ApiKey", "ImportChange", "ImportRun"]
