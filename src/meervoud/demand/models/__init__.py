"""The tables of demand."""

from meervoud.demand.models.requests import Request, State
from meervoud.demand.models.rules import RequestRule

__all__ = ["Request", "RequestRule", "State"]
