"""The tables of this room."""

from meervoud.outcomes.models.impact_plans import ImpactPlan, Step, StepVersion
from meervoud.outcomes.models.ledger_dekads import LedgerDekad, OfferedMonth
from meervoud.outcomes.models.past_uses import PastSheet, PastUse
from meervoud.outcomes.models.reports import Correction, ProgrammeReport, Published, Released, Story
from meervoud.outcomes.models.surveys import AnswerSheet, Channel, Moment, Wave
from meervoud.outcomes.models.terms import COUNTED, Cost, Figure, FigureTerms, PortfolioValue, Target
from meervoud.outcomes.models.valuations import ImpactReport, ImpactStory, ValuationRun

__all__ = [
    "COUNTED",
    "AnswerSheet",
    "Channel",
    "Correction",
    "Cost",
    "Figure",
    "FigureTerms",
    "ImpactPlan",
    "ImpactReport",
    "ImpactStory",
    "LedgerDekad",
    "Moment",
    "OfferedMonth",
    "PastSheet",
    "PastUse",
    "PortfolioValue",
    "ProgrammeReport",
    "Published",
    "Released",
    "Step",
    "StepVersion",
    "Story",
    "Target",
    "ValuationRun",
    "Wave",
]
