"""The tables of agreements."""

from meervoud.agreements.models.agreements import (
    LIVE,
    Agreement,
    Approval,
    Consent,
    Document,
    Kind,
    Signature,
    State,
    Version,
)

__all__ = ["LIVE", "Agreement", "Approval", "Consent", "Document", "Kind", "Signature", "State", "Version"]
