"""What happens to agreements that later rooms must know."""

from dataclasses import dataclass
from datetime import datetime

from meervoud.agreements.models import Agreement
from meervoud.parties.models import Person


@dataclass(frozen=True)
class AgreementSigned:
    """Both sides have signed; `agreement.taking` is the time that its proposal held."""

    agreement: Agreement
    by: Person
    now: datetime


@dataclass(frozen=True)
class AgreementWithdrawn:
    """It was taken back before both sides had signed."""

    agreement: Agreement
    by: Person | None
