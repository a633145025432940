"""What happens in this room that later rooms may react to."""

from dataclasses import dataclass
from uuid import UUID

from meervoud.parties.models import Organisation, Person, ServedRecord


@dataclass(frozen=True)
class OrganisationChecked:
    """Staff of a programme said that an organisation is what it says, or that it is not."""

    organisation: Organisation
    was_verified: bool


@dataclass(frozen=True)
class CompanySectorChanged:
    """An organisation is a company of another sector now, or none any more."""

    organisation: Organisation


@dataclass(frozen=True)
class RecordClaimed:
    """Somebody claimed what had been entered for them."""

    record: ServedRecord
    by: Person


@dataclass(frozen=True)
class TextLetThrough:
    """The desk let a text through that was held back; whoever it is for may hear of it now."""

    kind: str
    thing: UUID


@dataclass(frozen=True)
class PersonForgotten:
    """A person is being erased; rooms erase what they know of them, in the same transaction."""

    person: Person
