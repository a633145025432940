"""The tables of matching."""

from meervoud.matching.models.answers import Answer, Kind, Side
from meervoud.matching.models.proposals import LIVE, Proposal, State

__all__ = ["LIVE", "Answer", "Kind", "Proposal", "Side", "State"]
