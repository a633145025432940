"""The tables of WHO."""

from meervoud.parties.models.messages import Conversation, Message, OutboxMail
from meervoud.parties.models.moderation import Held, Report
from meervoud.parties.models.organisations import Invitation, Membership, Organisation
from meervoud.parties.models.people import Person, ServedRecord, Viewer
from meervoud.parties.models.programmes import Programme, ProgrammePartner, ProgrammeRole

__all__ = [
    "Conversation",
    "Held",
    "Invitation",
    "Membership",
    "Message",
    "Organisation",
    "OutboxMail",
    "Person",
    "Programme",
    "ProgrammePartner",
    "ProgrammeRole",
    "Report",
    "ServedRecord",
    "Viewer",
]
