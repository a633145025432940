"""The tables of this room."""

from meervoud.outcomes.models.ledger_dekads import LedgerDekad, OfferedMonth
from meervoud.outcomes.models.past_uses import PastSheet, PastUse
from meervoud.outcomes.models.reports import Correction, ProgrammeReport, Published, Released, Story
from meervoud.outcomes.models.terms import COUNTED, Cost, Figure, FigureTerms, PortfolioValue, Target

__all__ = [
    "COUNTED",
    "Correction",
    "Cost",
    "Figure",
    "FigureTerms",
    "LedgerDekad",
    "OfferedMonth",
    "PastSheet",
    "PastUse",
    "PortfolioValue",
    "ProgrammeReport",
    "Published",
    "Released",
    "Story",
    "Target",
]
