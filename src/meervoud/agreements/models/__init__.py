"""The tables of agreements."""

from meervoud.agreements.models.access import AccessSecret, AgreementContact
from meervoud.agreements.models.agreements import (
    LIVE,
    RUNNING,
    WRITTEN,
    Agreement,
    Approval,
    Consent,
    EndedWhy,
    Kind,
    Signature,
    State,
    Version,
)
from meervoud.agreements.models.endings import Dependence, Notice, TrialAnswer
from meervoud.agreements.models.papers import ContractTemplate, Document, Minutes

__all__ = [
    "LIVE",
    "RUNNING",
    "WRITTEN",
    "AccessSecret",
    "Agreement",
    "AgreementContact",
    "Approval",
    "Consent",
    "ContractTemplate",
    "Dependence",
    "Document",
    "EndedWhy",
    "Kind",
    "Minutes",
    "Notice",
    "Signature",
    "State",
    "TrialAnswer",
    "Version",
]
