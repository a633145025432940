"""Signed links with which one person answers one proposal without signing in."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core import signing

from meervoud.matching.models import Proposal
from meervoud.parties.models import Person

SALT: Final = "meervoud.matching.answer"
LONGEST: Final = timedelta(days=60)
MOST_LETTERS: Final = 400


@dataclass(frozen=True)
class AnswerLink:
    """What a link says before anything is looked up: which proposal, which side, who, and for what it was written."""

    proposal: UUID
    side: str
    person: UUID
    stamp: str


def write_link(proposal: Proposal, side: str, person: Person) -> str:
    """Return the secret word of a link."""
    said = [proposal.pk.hex, side, person.pk.hex, stamp_of(proposal, person)]
    return signing.dumps(said, salt=SALT)


def read_link(token: str) -> AnswerLink | None:
    """Return what a link says, None where it was tampered with, is cut off, or is older than sixty days."""
    try:
        proposal, side, person, stamp = signing.loads(token[:MOST_LETTERS], salt=SALT, max_age=LONGEST)
        return AnswerLink(UUID(proposal), str(side), UUID(person), str(stamp))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def stamp_of(proposal: Proposal, person: Person) -> str:
    """Return what a link is bound to: the moments that were proposed, and the address it was sent to.

    Where another time was put in the place of a taken one, an old link would say yes to what it never showed.
    """
    when = json.dumps(proposal.snapshot.get("patterns", proposal.snapshot), sort_keys=True, default=str)
    return hashlib.sha256(f"{when} {person.email}".encode()).hexdigest()[:16]
