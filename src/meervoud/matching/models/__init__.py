"""The tables of matching."""

from meervoud.matching.models.answers import Answer, Kind, Side
from meervoud.matching.models.desk import DeskCase, DeskNote, NotTheSame, SavedFilter
from meervoud.matching.models.leads import Lead, LeadList, LeadReason, LeadState
from meervoud.matching.models.proposals import KNOWN_TO_BOTH, LIVE, Proposal, State
from meervoud.matching.models.runs import MatchRun, ProposalMark

__all__ = [
    "KNOWN_TO_BOTH",
    "LIVE",
    "Answer",
    "DeskCase",
    "DeskNote",
    "Kind",
    "Lead",
    "LeadList",
    "LeadReason",
    "LeadState",
    "MatchRun",
    "NotTheSame",
    "Proposal",
    "ProposalMark",
    "SavedFilter",
    "Side",
    "State",
]
